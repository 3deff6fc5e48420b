from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from helpers.audio.signals import blocks, sine, speech_like

from voice_assistant.audio.codec.encoder import MP3_RATES_HZ, Mp3Encoder, WavEncoder


def encoded(encoder, pcm, block):
    return b"".join([*(encoder.feed(b) for b in blocks(pcm, block)), encoder.finish()])


@pytest.mark.parametrize("rate_hz", MP3_RATES_HZ)
def test_an_mp3_keeps_its_rate_and_its_sound(rate_hz):
    pcm = sine(rate_hz, 0.5)

    back, back_hz = soundfile.read(io.BytesIO(encoded(Mp3Encoder(rate_hz), pcm, 320)))

    assert back_hz == rate_hz
    assert len(pcm) <= len(back) <= len(pcm) + 4 * 1152
    assert abs(np.max(back) - 0.3) < 0.05


def test_an_mp3_of_speech_takes_four_kilobytes_a_second():
    assert len(encoded(Mp3Encoder(16_000), speech_like(16_000, 5.0), 320)) < 5.2 * 4_000


def test_the_bitrate_is_what_was_asked_for():
    small = encoded(Mp3Encoder(16_000, bitrate_kbps=16), speech_like(16_000, 5.0), 320)

    assert len(small) < 5.2 * 2_000


def test_an_mp3_grows_while_it_is_spoken():
    encoder = Mp3Encoder(16_000)
    early = sum(len(encoder.feed(block)) for block in blocks(speech_like(16_000, 2.0), 320))

    late = len(encoder.finish())

    assert early > 7_000
    assert late < 1_000


def test_an_mp3_of_nothing_can_be_finished():
    assert isinstance(Mp3Encoder(16_000).finish(), bytes)


def test_an_mp3_encoder_writes_nothing_to_the_terminal(capfd):
    encoded(Mp3Encoder(16_000), sine(16_000, 0.2), 320)

    assert capfd.readouterr() == ("", "")


def test_a_rate_that_mp3_does_not_know_is_refused():
    with pytest.raises(ValueError, match="no rate of 16001 Hz"):
        Mp3Encoder(16_001)


@pytest.mark.parametrize("block", [1, 7, 320, 100_000])
def test_a_wav_is_read_back_bit_for_bit(block):
    pcm = speech_like(16_000, 0.3)

    back, rate_hz = soundfile.read(
        io.BytesIO(encoded(WavEncoder(16_000), pcm, block)), dtype="int16"
    )

    assert rate_hz == 16_000
    assert np.array_equal(back, pcm)


def test_a_wav_of_nothing_is_a_header():
    encoder = WavEncoder(16_000)

    data = encoder.finish()

    assert len(data) == 44
    assert data[4:8] == data[40:44] == b"\xff\xff\xff\xff"
    assert encoder.finish() == b""
