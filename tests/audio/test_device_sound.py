"""What becomes of a device's blocks."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import sine, speech_like

from voice_assistant.audio.device_sound import DeviceSound
from voice_assistant.audio.level import rms_dbfs

SPEECH = speech_like(16_000, 1.0)


def test_one_channel_of_16_khz_stays_as_it_is():
    sound = DeviceSound(16_000, 1)
    blocks = [sound.feed(block.tobytes()) for block in np.array_split(SPEECH, 50)]
    assert np.array_equal(np.concatenate([*blocks, sound.finish()]), SPEECH)


@pytest.mark.parametrize("rate_hz", [8000, 44_100, 48_000])
def test_a_second_of_sound_is_16_000_samples(rate_hz):
    sound = DeviceSound(rate_hz, 2)
    stereo = np.repeat(sine(rate_hz, 1.0, 440).astype(np.int16), 2)
    assert sound.feed(stereo.tobytes()).size + sound.finish().size == pytest.approx(16_000, abs=1)


def test_after_its_end_it_begins_anew():
    sound = DeviceSound(48_000, 1)
    raw = sine(48_000, 1.0, 440).astype(np.int16).tobytes()
    first, again = ([sound.feed(raw), sound.finish()] for _ in range(2))
    assert np.array_equal(np.concatenate(first), np.concatenate(again))


def test_a_look_at_a_block_changes_nothing():
    raw = np.column_stack([SPEECH, np.zeros_like(SPEECH)]).tobytes()
    looked_at, other = DeviceSound(48_000, 2), DeviceSound(48_000, 2)
    assert looked_at.peek(raw).size == SPEECH.size
    assert rms_dbfs(looked_at.peek(raw)) < rms_dbfs(SPEECH)
    assert np.array_equal(looked_at.feed(raw), other.feed(raw))
