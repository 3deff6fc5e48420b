"""The talk key is touched while an answer is spoken."""

from __future__ import annotations

import time

import pytest
from bench import Desktop
from bench.sounds import flite, load, places
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, Assistant, aloud, events, held
from helpers.e2e.dify import access, app, served
from helpers.replay import response, trace

CONFIG = """
[hotkey]
mode = "{mode}"
[microphone]
nothing_said_s = 5.0
"""


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="") as whole:
        yield whole


@pytest.mark.parametrize(("mode", "touch_over_s"), [("hold", 5), ("hybrid", 10)])
def test_touching_the_talk_key_during_an_answer_loses_none_of_it(desktop, mode, touch_over_s):
    """Not even where the microphone hears the end of the answer and the start sound.

    A touch in the hybrid way listens until nobody has begun to speak for two seconds.
    """

    def speak(request):
        said.append(request.json()["text"])
        return response(200, flite(said[-1]).read_bytes(), "audio/wav")

    said: list[str] = []
    chat = trace("1.14.0", "chat-stream-noautoplay", pace=2.0)  # it is still being written
    # With a held key the server decides whether somebody spoke: nobody did.
    no_words = response(200, b'{"text": ""}', "application/json")
    routes = app("1.14.0", chat_messages=chat, text_to_audio=speak, audio_to_text=no_words)
    with (
        served(routes) as server,
        aloud(desktop),
        Assistant(desktop, CONFIG.format(mode=mode) + NO_FACE, **access(server)) as assistant,
    ):
        assistant.wait_until_complete()
        with desktop.listen() as heard:
            asked = assistant.begin("ask", "--json", "what can you do")
            assistant.wait_for_phase("speaking")
            for held_s in (0.0, 1.0):
                before = heard.loud_s
                wait_for(lambda before=before: heard.loud_s > before + 1.2, "the answer is heard")
                with held(desktop):
                    assistant.wait_for_phase("listening", 5) if held_s else None
                    time.sleep(held_s)
                assistant.wait_for_phase("speaking", 5 if held_s else touch_over_s)
            told = {event["event"]: event for event in events(asked.communicate(timeout=60)[0])}
            wait_for(lambda: heard.pcm[-4000:].max() < 100, "silence")
    assert told["spoken"]["complete"]
    assert not [one.path for one in server.requests if one.path.endswith("/stop")]
    times = [places(heard.pcm, load(flite(sentence))) for sentence in said]
    assert len(said) > 3
    assert min(times) == 1
    assert sum(times) <= len(times) + 2, "a touch repeats one sentence, and no more"
