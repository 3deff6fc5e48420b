"""Any order of text, thinking, audio and ends finishes; an answer's thinking is never heard."""

from __future__ import annotations

import base64
import json
from contextlib import asynccontextmanager
from itertools import pairwise

from fakes import FakeBackend, FakeSpeaker, pieces, utter, wav
from helpers.turns.staging import IDS, staged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice_assistant.api.models import Parameters
from voice_assistant.api.models.app import TextToSpeech
from voice_assistant.api.stream.chat_stream import ChatStream
from voice_assistant.commands import Ask

THOUGHT = "PLANNED."
ANSWER = "One is the first. Two is the second."
AUTO_PLAY = Parameters(text_to_speech=TextToSpeech(enabled=True, auto_play_word="enabled"))


def said(text):
    return [
        {"event": "tts_message", "audio": base64.b64encode(piece).decode()}
        for piece in pieces(wav(utter(text)))
    ]


def told(answer, event="message"):
    return {"event": event, "answer": answer}


END = [{"event": "message_end", "id": "message"}, {"event": "workflow_finished", "data": {}}]
TOOL = {"event": "agent_thought", "id": "a", "tool": "search"}
SILENT = ["<think>", "</think>", "<", "```\n", "<!-- ", "-->", "| a |\n|---|\n", "</details>"]
TEXTS = st.sampled_from(
    [
        *("", " ", "\n\n", "One is ", "the first. ", ANSWER, THOUGHT, "😀"),
        *("<details><summary>Thinking</summary>", *SILENT),
    ]
)
EVENTS = st.one_of(
    st.builds(told, TEXTS, st.sampled_from(["message", "agent_message", "message_replace"])),
    st.sampled_from(
        [
            *said(ANSWER),
            {"event": "tts_message", "audio": ""},
            {"event": "tts_message_end", "audio": ""},
            {"event": "reasoning_chunk", "data": {"reasoning": THOUGHT}},
            {"event": "reasoning_chunk", "data": {"reasoning": "", "is_final": True}},
            TOOL,
            {"event": "message_file", "id": "f", "type": "image", "url": "https://a.org/b.png"},
            {"event": "workflow_started", "data": {"id": "w"}},
            {"event": "node_finished", "data": {"status": "failed", "node_type": "code"}},
            {"event": "not_known_yet"},
            *END,
        ]
    ),
)


class Streaming(FakeBackend):
    """A server whose answer is a stream of bytes, one event at a time."""

    def __init__(self, script) -> None:
        super().__init__(can=AUTO_PLAY)
        self.script = script

    @asynccontextmanager
    async def chat(self, request, *, sure=False):
        async def chunks():
            for event in self.script:
                yield f"data: {json.dumps({**IDS, **event})}\n\n".encode()

        self.asked.append(request)
        yield ChatStream(chunks(), silence_s=1.0)


async def heard_of(script):
    """What is heard of an answer, once its turn is over."""
    speaker = FakeSpeaker()
    async with staged(backend=Streaming(script), speaker=speaker) as stage:
        stage.post(Ask(text="what"))
        await stage.turn_over()
        assert stage.failures() == []
        assert (stage.count("spoken"), stage.count("idle")) == (1, 1)
    return speaker.heard_words


@given(script=st.lists(EVENTS, max_size=10))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
async def test_an_answer_ends_in_whatever_order_its_events_come(script):
    await heard_of([*script, *END])


OPENINGS = ["<think>", "<THINKING>", "[THINK]", "<details open> <summary> Thinking... </summary>"]
CLOSINGS = ["</think>", "</THINKING>", "[/THINK]", "</details>"]


@given(
    kind=st.integers(0, 3),
    cuts=st.lists(st.integers(1, len(THOUGHT + ANSWER) + 9), max_size=6, unique=True).map(sorted),
    at=st.integers(1, 7),
    ends=st.booleans(),
    event=st.sampled_from(["message", "agent_message"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
async def test_thinking_that_the_server_speaks_is_not_heard(kind, cuts, at, ends, event):
    text = f"{THOUGHT}{CLOSINGS[kind]}{ANSWER}"
    edges = [0, *cuts, len(text)]
    script = [told(OPENINGS[kind], event)]
    script += [told(text[a:b], event) for a, b in pairwise(edges)]
    audio = said(f"{THOUGHT} {ANSWER}") + [{"event": "tts_message_end"}] * ends
    assert await heard_of([*script[:at], *audio, *script[at:], *END]) == ANSWER.replace(". ", ".")
