"""What the pieces of an utterance are together, without a network: their words are known."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.api.models import Transcript
from voice_assistant.engines.recognition.command_grammar import Commands
from voice_assistant.engines.recognition.ears import Ears, Said

NO_SOUND = np.zeros(0, np.int16)


def test_one_piece_with_words_is_all_that_was_said():
    words = Transcript(text="Click the fine", sure=False, perhaps="flip a coin")
    heard = Ears(None, Commands()).words(Said((Transcript(text=""), words), NO_SOUND))
    assert heard == words


@pytest.mark.parametrize(
    ("certainties", "sure", "guessed"),
    [
        ([(True, False), (True, False)], True, False),
        ([(True, False), (False, False)], False, False),
        ([(False, True), (True, False)], False, True),
    ],
)
def test_all_words_are_as_sure_as_the_least_sure_piece(certainties, sure, guessed):
    pieces = tuple(
        Transcript(text="words", sure=sure, guessed=guessed) for sure, guessed in certainties
    )
    heard = Ears(None, Commands()).words(Said(pieces, NO_SOUND))
    assert heard == Transcript(text="words words", sure=sure, guessed=guessed)
