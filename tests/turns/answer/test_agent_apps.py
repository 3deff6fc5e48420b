"""Agent apps, of which no exchange was recorded: the events are written from their documents.

Their text is streamed as agent_message, between steps with tools; one closing message has the final
output once more, and replaces what was streamed since the last tool.
"""

from __future__ import annotations

import base64

import pytest
from fakes import FakeSpeaker, pieces, until, utter, wav
from helpers.replay import json, replay, response, sse
from helpers.turns.staging import IDS, staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.commands import Ask

PARIS = "Paris is the capital. It is on the Seine."
SPOKEN = ["Paris is the capital.", "It is on the Seine."]
TOOL = {"event": "agent_thought", "id": "a", "tool": "search", "observation": "{}"}
END = {"event": "message_end", "id": "message", "metadata": {"usage": {}}}


def streamed(text):
    return [
        {"event": "agent_message", "answer": text[at : at + 5]} for at in range(0, len(text), 5)
    ]


def said(text):
    """The server's speech: of all text that it has sent, so of a closing message as well."""
    return [
        {"event": "tts_message", "audio": base64.b64encode(piece).decode()}
        for piece in pieces(wav(utter(text)))
    ]


def closing(text):
    return {"event": "message", "answer": text}


async def told(*script, auto_play="disabled"):
    """The answer as it was kept and shown, and what was heard."""
    speaker = FakeSpeaker()

    def speak(request):
        return response(200, wav(utter(request.json()["text"])), "audio/wav")

    routes = {
        "GET /parameters": json(200, {"text_to_speech": {"enabled": True, "autoPlay": auto_play}}),
        "GET /info": json(200, {"name": "app", "mode": "agent"}),
        "POST /chat-messages": sse(*({**IDS, **event} for event in script)),
        "POST /text-to-audio": speak,
    }
    async with (
        replay(routes) as server,
        Client(server.url, "key", "user") as client,
        staged(backend=client, speaker=speaker) as stage,
    ):
        stage.post(Ask(text="what"))
        await until(lambda: stage.kinds()[-1:] == ["idle"])
    (answered,) = (event for event in stage.events if isinstance(event, events.Answered))
    assert answered.text == stage.shown()
    assert answered.complete
    return answered.text, speaker.heard_words


SEE = "Let me look that up."


@pytest.mark.parametrize(
    ("script", "text", "spoken"),
    [
        ([*streamed(PARIS), closing(PARIS), END], PARIS, SPOKEN),
        (
            [*streamed(SEE), TOOL, *streamed(PARIS), closing(PARIS), END],
            f"{SEE}\n\n{PARIS}",
            [SEE, *SPOKEN],
        ),
        ([*streamed(SEE), TOOL, closing(PARIS), END], f"{SEE}\n\n{PARIS}", [SEE, *SPOKEN]),
        ([*streamed(PARIS), closing(f"{PARIS} Go."), END], f"{PARIS} Go.", [*SPOKEN, "Go."]),
        ([*streamed(PARIS), closing('{"city": "Paris"}'), END], '{"city": "Paris"}', SPOKEN),
        ([*streamed(f"<think>Hm.</think>{PARIS}"), closing(PARIS), END], PARIS, SPOKEN),
        ([*streamed(f"No. {PARIS}"), closing(PARIS), END], PARIS, ["No.", *SPOKEN]),
        ([closing(PARIS), END], PARIS, SPOKEN),
        ([*streamed(PARIS), END], PARIS, SPOKEN),
    ],
)
async def test_an_agents_text_is_shown_and_spoken_once(script, text, spoken):
    assert await told(*script) == (text, "".join(spoken))


@pytest.mark.parametrize("output", [PARIS, '{"city": "Paris"}'])
async def test_the_servers_speech_of_a_closing_message_is_not_heard(output):
    script = [*streamed(PARIS), *said(PARIS), closing(output), *said(output), END]
    text, heard = await told(*script, auto_play="enabled")
    assert text == output
    assert heard.replace(" ", "") == PARIS.replace(" ", "")


async def test_an_agents_output_that_differs_takes_the_place_of_what_was_streamed():
    text, heard = await told(*streamed(SEE), TOOL, *streamed("It may be"), closing(PARIS), END)
    assert text == f"{SEE}\n\n{PARIS}"
    assert heard.endswith("".join(SPOKEN))
    assert heard.count(SPOKEN[0]) == 1
