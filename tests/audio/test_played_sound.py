"""What the loudspeaker plays, by the time at which it is heard."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.played_sound import KEPT_S, PlayedSound


def level(seconds: float, value: float, rate_hz: int = SPEECH_RATE_HZ) -> np.ndarray:
    return np.full(round(seconds * rate_hz), value, np.float32)


def loudness(pcm) -> float:
    return float(np.abs(pcm / 32768.0).mean())


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_sound_is_found_at_its_time_whatever_its_rate(rate_hz):
    played = PlayedSound()
    for n in range(10):
        played.note(level(0.1, 0.5, rate_hz), rate_hz, 100.0 + n / 10)
    assert loudness(played.between(99.5, 4000)) == 0.0
    assert loudness(played.between(100.3, 4000)) == pytest.approx(0.5, abs=0.01)
    assert loudness(played.between(102.0, 4000)) == 0.0


def test_where_the_device_was_silent_there_is_silence():
    played = PlayedSound()
    played.note(level(0.2, 0.5), SPEECH_RATE_HZ, 10.0)
    played.note(level(0.2, 0.5), SPEECH_RATE_HZ, 11.0)
    assert loudness(played.between(10.4, 4000)) == 0.0
    assert loudness(played.between(11.0, 3200)) == pytest.approx(0.5, abs=0.01)


def test_silenced_sound_is_not_heard():
    played = PlayedSound()
    played.note(level(1.0, 0.5), SPEECH_RATE_HZ, 10.0)
    played.cut(10.5)
    assert loudness(played.between(10.0, 8000)) == pytest.approx(0.5, abs=0.01)
    assert loudness(played.between(10.5, 8000)) == 0.0


def test_sound_that_is_long_past_is_forgotten():
    played = PlayedSound()
    for n in range(100):
        played.note(level(0.1, 0.5), SPEECH_RATE_HZ, 10.0 + n / 10)
    played.between(20.0, 160)
    assert len(played._pieces) <= KEPT_S / 0.1 + 2
