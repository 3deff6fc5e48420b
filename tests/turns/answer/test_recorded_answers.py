"""Every recorded answer ends, every word of it is heard, and nothing of a model's thinking."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fakes import FakeSpeaker, until, utter, wav
from helpers.replay import RECORDED, json, names, replay, response, trace
from helpers.turns.staging import staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.commands import Ask
from voice_assistant.text.speakable import speakable

ANSWERS = [
    (version, name)
    for version in RECORDED
    for name in names(version)
    if b"text/event-stream" in (raw := trace(version, name).raw)
    and re.search(rb'"event": ?"message"', raw)
]
PARAMETERS = dict.fromkeys(RECORDED, "get-parameters") | {
    "1.14.2": "get-parameters-chatflow-annotation-on"
}
THOUGHTFUL = [(version, name) for version, name in ANSWERS if "think" in name]
THOUGHT = re.compile("think|user wants|aloud|secret|style|color", re.IGNORECASE)
SENTENCES = ["The answer is forty two.", "It was easy to find."]
BREAKS = {"chat-llm-midfail"}


class Told:
    """What was told of an answer.

    Attributes:
        asked: the sentences that were requested, in any order.
        heard: the words of their sound.
        shown: what was shown, at any time.
        kept: the answer as it is kept.
    """

    def __init__(self, stage_events, asked, heard):
        self.asked, self.heard = asked, heard
        self.shown = [
            event.delta if isinstance(event, events.Text) else event.text
            for event in stage_events
            if isinstance(event, events.Text | events.Replaced)
        ]
        self.kept = "".join(one.text for one in stage_events if isinstance(one, events.Answered))
        self.spoken = next((one for one in stage_events if isinstance(one, events.Spoken)), None)
        self.failed = [one for one in stage_events if isinstance(one, events.Failed)]


async def told(version, reply):
    asked = []

    def speak(request):
        asked.append(request.json()["text"])
        return response(200, wav(utter(asked[-1])), "audio/wav")

    gone = json(404, {"code": "not_found", "message": "", "status": 404})
    routes = {
        "GET /workflow/*/events": gone,  # what is cut off is lost
        "GET /messages": gone,
        "GET /parameters": trace(version, PARAMETERS[version]),
        "GET /info": json(200, {"name": "app", "mode": "advanced-chat"}),
        "POST /chat-messages": reply,
        "POST /text-to-audio": speak,
    }
    speaker = FakeSpeaker()
    async with (
        replay(routes) as server,
        Client(server.url, "key", "user") as client,
        staged(backend=client, speaker=speaker) as stage,
    ):
        stage.post(Ask(text="what"))
        await until(lambda: stage.kinds()[-1:] == ["idle"], seconds=30)
        return Told(stage.events, asked, speaker.heard_words)


def letters(text):
    return re.sub(r"\W", "", text)


@pytest.mark.parametrize(("version", "name"), ANSWERS)
async def test_every_recorded_answer_ends_and_is_spoken_to_its_end(version, name):
    answer = await told(version, trace(version, name))
    assert answer.spoken.complete
    assert bool(answer.failed) == (name in BREAKS)
    words = letters(speakable(answer.kept))
    asked = "".join(sorted(map(letters, answer.asked), key=words.rfind))
    assert words.endswith(asked)
    if not answer.spoken.stream_s:
        assert words == letters(answer.heard)


async def test_the_signs_of_tables_and_code_are_not_heard():
    answer = await told("1.14.2", trace("1.14.2", "chat-stream-markdown"))
    assert answer.spoken.stream_s == 0
    assert "City: Paris, People: 2100000." in answer.asked
    assert not re.search(r"[|`*#]", answer.heard)


@pytest.mark.parametrize(("version", "name"), THOUGHTFUL)
async def test_of_a_recorded_answer_with_thinking_the_answer_alone_is_heard_and_shown(
    version, name
):
    answer = await told(version, trace(version, name))
    assert answer.kept == " ".join(SENTENCES)
    assert not THOUGHT.search("".join(answer.shown))
    assert answer.spoken.stream_s == 0
    assert answer.heard == "".join(SENTENCES)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("chat-llm-midfail", "The model failed: the model broke off"),
        ("chat-node-fails-not-llm", "A step of the app failed: Read"),
        ("chatmode-llm-fails", "The model provider refused the request: the model is out of order"),
        ("err-chat-workflow-app", "The app behind this key cannot chat"),
        ("err-chat-unpublished", "The server refused the request: Workflow not published"),
    ],
)
async def test_a_recorded_failure_is_told_in_its_own_words(name, title):
    answer = await told("1.14.2", trace("1.14.2", name))
    assert [failed.title for failed in answer.failed] == [title]


@pytest.mark.parametrize(("version", "name"), THOUGHTFUL)
async def test_of_thinking_that_is_cut_off_anywhere_nothing_is_heard(version, name):
    whole = trace(version, name)
    ends = [found.end() for found in re.finditer(rb"\n\n\r\n(?=[0-9a-f]+\r\n)", whole.raw)]
    for end in ends[1::4]:
        answer = await told(version, replace(whole, raw=whole.raw[:end], close=True))
        assert not THOUGHT.search("".join([*answer.shown, answer.kept, *answer.asked]))
        assert answer.spoken.stream_s == 0
        assert answer.spoken.complete
