"""An answer is said on from the sentence that was reached."""

from __future__ import annotations

import itertools

import pytest

from voice_assistant.turns.answer.speech import SpeechOfAnswer
from voice_assistant.turns.answer.speech_onward import SpeechOnward

TEXT = "One. Two!\n\n---\n\nThree? Four."


class Said(SpeechOfAnswer):
    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def text(self, delta: str) -> None:
        self.words += delta

    def replaced(self, text: str) -> None:
        self.words = text


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        (0, "One. Two! --- Three? Four."),
        (1, "Two! --- Three? Four."),
        (3, "Four."),
        (4, ""),
        (9, ""),
    ],
)
def test_what_was_said_is_left_out_wherever_the_text_is_cut(said, rest):
    for cut in range(len(TEXT)):
        speech = Said()
        onward = SpeechOnward(speech, said)
        for piece in (TEXT[:cut], TEXT[cut:]):
            onward.text(piece)
        onward.ended()
        assert " ".join(speech.words.split()) == rest


def test_a_replaced_text_is_said_from_the_same_sentence_on():
    speech = Said()
    onward = SpeechOnward(speech, 1)
    onward.text("One")
    onward.replaced("Not one. But two.")
    onward.ended()
    assert speech.words.strip() == "But two."
    onward.replaced("No.")
    assert speech.words == "No."


def test_signs_one_by_one():
    speech = Said()
    onward = SpeechOnward(speech, 2)
    for sign in itertools.chain(TEXT):
        onward.text(sign)
    onward.ended()
    assert speech.words.split() == ["---", "Three?", "Four."]
