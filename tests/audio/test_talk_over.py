"""A person is noticed over the assistant's own voice, which is not taken for a person."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from helpers.audio.room import at_level, echo_of, microphone_of
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.audio.clock_drift import EARLY_S
from voice_assistant.audio.echo_canceller import Cleaned, EchoCanceller
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.talk_over import TalkOver

ANSWER = (
    "An old fisherman lived there with his dog. Every morning he went out in his boat, for fish."
    " One day the wind was so strong that nobody dared to leave the harbour."
)
BLOCK = SPEECH_RATE_HZ // 50
EARLY = round(EARLY_S * SPEECH_RATE_HZ)

pytestmark = needs_real_engines


def noticed_at_s(finder: TalkOver, microphone, played) -> float | None:
    early = np.concatenate([played[EARLY:], np.zeros(2 * EARLY, np.int16)])
    for at in range(0, len(microphone) - BLOCK, BLOCK):
        finder.feed(microphone[at : at + BLOCK], early[at : at + BLOCK])
        if finder.user_speaks:
            return at / SPEECH_RATE_HZ
    return None


async def test_its_own_voice_interrupts_nobody():
    played = await spoken(ANSWER)
    echo = echo_of(played, delay_s=0.08, drift_ppm=100)
    nobody = microphone_of(echo, np.zeros(len(echo)))
    assert noticed_at_s(TalkOver(EchoCanceller()), nobody, played) is None


@pytest.mark.parametrize("level_db", [0, -6])
async def test_stop_is_noticed_before_it_is_over(level_db):
    played, user = await spoken(ANSWER), await spoken("stop", "rms")
    begin = 6 * SPEECH_RATE_HZ
    echo = echo_of(played, delay_s=0.08, drift_ppm=30)
    microphone = microphone_of(echo, at_level(user, begin, echo, level_db))
    noticed_s = noticed_at_s(TalkOver(EchoCanceller()), microphone, played)
    assert noticed_s is not None
    assert 0 < noticed_s - begin / SPEECH_RATE_HZ < 0.6


async def test_short_answers_from_the_first_one_on_interrupt_nobody():
    played = await spoken(ANSWER)
    finder = TalkOver(EchoCanceller())
    silence = np.zeros(SPEECH_RATE_HZ // 2, np.int16)
    for at in range(0, len(played) - SPEECH_RATE_HZ, SPEECH_RATE_HZ):
        answer = np.concatenate([silence, played[at : at + 2 * SPEECH_RATE_HZ], silence])
        echo = echo_of(answer, delay_s=0.08, drift_ppm=100)
        finder.restart()
        nobody = microphone_of(echo, np.zeros(len(echo)))
        assert noticed_at_s(finder, nobody, answer) is None


@pytest.mark.parametrize("into_s", [0.3, 1.0])
async def test_stop_is_noticed_at_the_beginning_of_the_next_answer_and_again_when_it_goes_on(
    into_s,
):
    played, user = await spoken(ANSWER), await spoken("stop", "rms")
    echo = echo_of(played, delay_s=0.08, drift_ppm=30)
    finder = TalkOver(EchoCanceller())
    for _ in range(2):  # it learns the room for some 10 s
        finder.restart()
        assert noticed_at_s(finder, microphone_of(echo, np.zeros(len(echo))), played) is None
    begin = round(into_s * SPEECH_RATE_HZ)
    for _ in range(3):
        finder.restart()
        noticed_s = noticed_at_s(
            finder, microphone_of(echo, at_level(user, begin, echo, 0)), played
        )
        assert noticed_s is not None
        assert 0 < noticed_s - into_s < 0.6


@pytest.mark.parametrize("jump_s", [0.09, 0.04, -0.04])
async def test_an_echo_that_jumps_as_an_answer_begins_interrupts_nobody(jump_s):
    played = await spoken(ANSWER)
    echo = echo_of(played, delay_s=0.08)
    finder = TalkOver(EchoCanceller())
    for _ in range(2):
        finder.restart()
        noticed_at_s(finder, microphone_of(echo, np.zeros(len(echo))), played)
    interrupted = []
    for later_s in np.arange(0.08, 0.9, 0.06):
        at = round((0.08 + later_s) * SPEECH_RATE_HZ)
        by = round(abs(jump_s) * SPEECH_RATE_HZ)
        gap, behind = (np.zeros(by), at) if jump_s > 0 else (np.zeros(0), at + by)
        jumping = np.concatenate([echo[:at], gap, echo[behind:]])
        finder.restart()
        nobody = microphone_of(jumping, np.zeros(len(jumping)))[: 2 * SPEECH_RATE_HZ]
        if noticed_at_s(finder, nobody, played) is not None:
            interrupted.append(later_s)
    assert not interrupted


async def test_a_sound_server_that_stumbles_in_mid_answer_interrupts_nobody():
    played = await spoken(ANSWER)
    echo = echo_of(played, delay_s=0.08)
    finder = TalkOver(EchoCanceller())
    noticed_at_s(finder, microphone_of(echo, np.zeros(len(echo))), played)
    interrupted = []
    for begin_s, gap_s in itertools.product(np.arange(2.0, 6.0, 0.7), (0.12, 0.2, 0.4)):
        at = round(begin_s * SPEECH_RATE_HZ)
        late = np.concatenate([echo[:at], np.zeros(round(gap_s * SPEECH_RATE_HZ)), echo[at:]])
        finder.restart()
        nobody = microphone_of(late, np.zeros(len(late)))[: at + 2 * SPEECH_RATE_HZ]
        if noticed_at_s(finder, nobody, played) is not None:
            interrupted.append((begin_s, gap_s))
    assert not interrupted


async def test_with_headphones_a_voice_is_enough():
    user = await spoken("what time is it", "rms")
    microphone = np.concatenate([np.zeros(2 * SPEECH_RATE_HZ, np.int16), user])
    noticed_s = noticed_at_s(TalkOver(None), microphone, np.zeros(len(microphone), np.int16))
    assert noticed_s is not None
    assert 2.0 < noticed_s < 3.0


async def test_blocks_of_any_length_give_the_same_sound():
    user = (await spoken("wait", "rms"))[: 7 * BLOCK]
    silence = np.zeros(len(user), np.int16)
    whole = TalkOver(None).feed(user, silence)
    finder = TalkOver(None)
    cut = [finder.feed(user[at : at + 37], silence[at : at + 37]) for at in range(0, len(user), 37)]
    assert np.array_equal(np.concatenate(cut), whole)


class RoomHalfKnown:
    """A canceller that leaves more of the echo in the first 0.2 s of each answer than later on."""

    moves = 0
    in_step = experienced = True

    def __init__(self, begin_db, later_db):
        self._left = 10 ** (begin_db / 20), 10 ** (later_db / 20)
        self.restart()

    def restart(self):
        self._frames = 0

    def process(self, near, far, *, learn=True):
        self._frames += 1
        left = self._left[self._frames > 20] * far
        return [Cleaned(near - far + left, far - left)]

    def explains(self):
        return False

    def unlearn(self):
        pass


class AnyVoice:
    def is_speech(self, frame, rate_hz):
        return True


def noticed_in_answers(finder, count, user_db=-np.inf):
    """Return in how many answers of 1 s a user is noticed, who speaks throughout, or not at all."""
    return sum(is_noticed(finder, seed, user_db) for seed in range(count))


def is_noticed(finder, seed, user_db):
    random = np.random.default_rng(seed)
    far, user = (random.normal(0.0, 3000.0, SPEECH_RATE_HZ) for _ in range(2))
    near = (far + 10 ** (user_db / 20) * user).astype(np.int16)
    finder.restart()
    for at in range(0, SPEECH_RATE_HZ, BLOCK):
        finder.feed(near[at : at + BLOCK], far[at : at + BLOCK].astype(np.int16))
        if finder.user_speaks:
            return True
    return False


def test_more_echo_that_stays_at_the_beginning_of_each_answer_becomes_usual():
    finder = TalkOver(RoomHalfKnown(-18.0, -38.0), AnyVoice())
    noticed_in_answers(finder, 12)
    assert noticed_in_answers(finder, 30) == 0
    assert noticed_in_answers(finder, 5, user_db=-3.0) == 5
    later = TalkOver(RoomHalfKnown(-38.0, -38.0), AnyVoice())
    noticed_in_answers(later, 12)
    assert noticed_in_answers(later, 5, user_db=-18.0) == 5
