"""The plan on recorded answers: every word is spoken, and at most one sentence twice."""

from __future__ import annotations

import re

import pytest
from helpers.speech.exchanges import EXCHANGES, audio, audio_text_of, text_of
from helpers.speech.planned import named

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.text.sentences import Sentences


def words_of(text):
    return " ".join(re.findall(r"\w+", text))


def follow(steps, *, auto_play, cut=None):
    """Play the steps into a plan, up to the `cut`th piece of audio; what it asks for."""
    plan, decoder = SpeechPlan(auto_play=auto_play), SpeechDecoder()
    asked = []
    pieces = 0
    for step in steps:
        match step[0]:
            case "text":
                plan.text(step[1])
            case "audio":
                pieces += 1
                if cut is None or pieces <= cut:
                    for decoded in decoder.feed(audio(step)):
                        plan.audio(decoded)
            case "audio_ended" if cut is None:
                for decoded in decoder.close():
                    plan.audio(decoded)
                plan.audio_ended(last_whole=True)
        asked += named(plan)
    if plan.listens:
        for decoded in decoder.close():
            plan.audio(decoded)
    plan.ended()
    return asked + named(plan)


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_word_of_a_real_answer_is_spoken_and_at_most_one_sentence_twice(name):
    steps = EXCHANGES[name]
    spoken = words_of(audio_text_of(steps))
    asked = [words_of(one) for one in follow(steps, auto_play="noautoplay" not in name)]
    splitter = Sentences()
    sentences = splitter.feed(text_of(steps)) + splitter.finish()
    heard = [words_of(one) in spoken for one in sentences]
    owed = [words_of(one) for one in sentences if words_of(one) not in spoken]
    assert asked[len(asked) - len(owed) :] == owed
    assert len(asked) <= len(owed) + 1
    assert heard == sorted(heard, reverse=True)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("0.15.3/chat-stream-full", []),
        ("0.15.3/chat-stream-continue", []),
        ("0.15.3/chat-keepalive", []),
        ("0.15.3/chat-stream-moderation-input", []),
        ("1.14.0/chat-stream-full", ["The temperature is 3.5 degrees today."]),
        ("1.14.0/chat-keepalive", ["OK."]),
        (
            "1.14.0/end-race",
            [
                "Paris is the capital of France!",
                "Is there anything else you would like to know?",
                "The temperature is 3.5 degrees today.",
            ],
        ),
        (
            "1.14.0/chat-stream-ttsfail",
            [
                "TTSBOOM third sentence.",
                "Fourth sentence.",
                "Fifth sentence.",
                "Sixth sentence.",
            ],
        ),
    ],
)
def test_just_what_a_real_stream_left_out_is_asked_for(name, asked):
    assert follow(EXCHANGES[name], auto_play=True) == asked


@pytest.mark.parametrize("cut", range(22))
def test_a_real_answer_cut_off_anywhere_is_made_whole(cut):
    """The second batch begins with the tenth piece and ends with the eighteenth."""
    asked = follow(EXCHANGES["0.15.3/chat-stream-full"], auto_play=True, cut=cut)
    sentences = [
        "Hello, this is the local test assistant.",
        "I heard your question and I will answer it in a few sentences.",
        "Paris is the capital of France!",
        "Is there anything else you would like to know?",
        "The temperature is 3.5 degrees today.",
    ]
    assert asked == sentences[len(sentences) - len(asked) :]
    # Where each sentence ends in the audio: pieces by the pauses in the files.
    ends = [4, 9, 12, 15, 20]
    heard = sum(cut >= end for end in ends)
    assert heard - 1 <= len(sentences) - len(asked) <= heard
