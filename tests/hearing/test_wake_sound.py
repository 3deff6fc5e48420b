"""The sound that tells that the assistant woke: heard after the phrase, and over no word."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import utter
from helpers.turns.staging import LoudEars
from helpers.turns.story import HISS

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.hearing.wake_sound import PAUSE_S, WakeSound

BLOCK = 320
WORD, QUESTION = utter("computer"), utter("what time is it")


class Sound:
    """A sound that is taken out of what follows, by silence in its place."""

    def __init__(self) -> None:
        self.played = 0

    def play(self):
        self.played += 1
        return lambda block: block * 0


def heard_after(said, *after) -> tuple[int, np.ndarray]:
    """Return how often the sound was played, and the blocks that were handed on."""
    sound = Sound()
    wake_sound = WakeSound(said, LoudEars(), sound.play)
    whole = np.concatenate(after)
    blocks = [wake_sound.feed(whole[at : at + BLOCK]) for at in range(0, len(whole), BLOCK)]
    return sound.played, np.concatenate(blocks)


def test_a_pause_after_the_phrase_has_the_sound_and_its_echo_is_removed():
    pause = HISS[:SPEECH_RATE_HZ]
    played, handed_on = heard_after(WORD, pause, QUESTION)
    assert played == 1
    assert handed_on[: round(PAUSE_S * SPEECH_RATE_HZ) - BLOCK].any()
    assert not handed_on[round(PAUSE_S * SPEECH_RATE_HZ) + BLOCK :].any()


@pytest.mark.parametrize("said", [WORD, np.concatenate([WORD, QUESTION[:800]])])
def test_a_question_in_the_same_breath_has_no_sound_over_it_or_behind_it(said):
    after = [QUESTION, HISS[:SPEECH_RATE_HZ], QUESTION]
    played, handed_on = heard_after(said, *after)
    assert played == 0
    assert np.array_equal(handed_on, np.concatenate(after))
