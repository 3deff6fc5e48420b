"""Speaks sentences: makes one MP3 file that is sent while it is made."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from voice_assistant.audio.codec.encoder import Mp3Encoder
from voice_assistant.audio.resampler import Resampler
from voice_assistant.text.speakable import speakable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.voices.voice import Voice

BITRATE_KBPS = 64
PAUSE_S = 0.12
"""Silence after each sentence. The silence also pushes out the samples that the encoder holds back
(up to 90 ms)."""

PIECE_BYTES = 4096
"""The longest piece of the file, as on real servers."""


class Piece(NamedTuple):
    """The next bytes of the file.

    Attributes:
        data: the bytes.
        words: the sentence whose sound begins with them, "" for a sentence that goes on.
    """

    data: bytes
    words: str = ""


async def mp3(voice: Voice, sentences: AsyncIterable[str]) -> AsyncGenerator[Piece]:
    """Yield one MP3 file; each sentence is spoken as soon as it is known.

    Raises:
        VoiceFailed: the voice does not speak.
    """
    file: _File | None = None
    async for sentence in sentences:
        words = speakable(sentence)
        if not words:
            continue
        async with contextlib.aclosing(voice.speak(words)) as speech:
            async for pcm, rate_hz in speech:
                file = file or _File(rate_hz)
                for data in file.feed(pcm, rate_hz):
                    yield Piece(data, words)
                    words = ""
        if file:
            for data in file.pause():
                yield Piece(data)
    if file:
        for data in file.finish():
            yield Piece(data)


class _File:
    """An MP3 file while it is made. A voice may change its sample rate, a file cannot.

    Args:
        rate_hz: the sample rate of the file.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = self._fed_rate_hz = rate_hz
        self._encoder = Mp3Encoder(rate_hz, bitrate_kbps=BITRATE_KBPS)
        self._resampler = Resampler(rate_hz, rate_hz)

    def feed(self, pcm: Pcm, rate_hz: int) -> list[bytes]:
        if rate_hz != self._fed_rate_hz:
            self._fed_rate_hz = rate_hz
            self._resampler = Resampler(rate_hz, self._rate_hz)
        return _pieces(self._encoder.feed(self._resampler.feed(pcm)))

    def pause(self) -> list[bytes]:
        silence = np.zeros(int(self._fed_rate_hz * PAUSE_S), np.int16)
        return self.feed(silence, self._fed_rate_hz)

    def finish(self) -> list[bytes]:
        return _pieces(self._encoder.finish())


def _pieces(data: bytes) -> list[bytes]:
    return [data[at : at + PIECE_BYTES] for at in range(0, len(data), PIECE_BYTES)]
