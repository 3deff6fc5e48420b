"""Speech that a test can read: `utter` makes a sound of a text, `read` the text of a sound."""

from __future__ import annotations

import io
import wave

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm

SECONDS_PER_UNIT = 0.05
"""How long one UTF-16 unit of a text sounds."""

_UNIT = int(SECONDS_PER_UNIT * SPEECH_RATE_HZ)
_READ_AT = _UNIT // 2
_BREATH = int(0.01 * SPEECH_RATE_HZ)
_QUIET = 2  # no unit of a text


def utter(text: str) -> Pcm:
    """Return `text` as a sound at 16 kHz: each of its UTF-16 units is one level, held for 50 ms.

    Like all speech it dies away: the last 10 ms are next to silent.
    """
    units = np.frombuffer(text.encode("utf-16-le"), dtype="<i2").astype(np.int16)
    pcm = np.repeat(units, _UNIT)
    pcm[-_BREATH:] = _QUIET
    return pcm


def read(pcm: Pcm) -> str:
    """Return the text of an uttered sound; a unit is read if half of it was heard."""
    units, before = pcm[_READ_AT::_UNIT], pcm[_READ_AT - _BREATH :: _UNIT]
    units = np.where(units == _QUIET, before[: len(units)], units).astype("<i2")
    return units.tobytes().decode("utf-16-le", errors="replace").replace("\0", "")


def wav(pcm: Pcm, rate_hz: int = SPEECH_RATE_HZ) -> bytes:
    """Return a complete WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(pcm.astype("<i2").tobytes())
    return file.getvalue()


def pieces(data: bytes, size: int = 4096) -> list[bytes]:
    """Return `data` in pieces, cut as a network cuts it."""
    return [data[at : at + size] for at in range(0, len(data), size)]
