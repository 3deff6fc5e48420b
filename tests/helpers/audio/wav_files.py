"""Recordings as the program leaves them on the disk."""

from __future__ import annotations

from voice_assistant.audio.codec.files import WavWriter


def write_wav(file, pcm, rate_hz):
    with WavWriter(file, rate_hz) as writer:
        writer.write(pcm)
