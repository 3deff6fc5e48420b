"""Recognises the words of a recording while the recording still arrives."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from voice_assistant.audio.codec.decoder import LONGEST_S, SpeechDecoder
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.codec.whole_file import TooLong
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.resampler import Resampler
from voice_assistant.engines.recognition.recognizer import RecognizerDied

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.recognizer import Recognizer

log = logging.getLogger(__name__)

STREAMED = (b"RIFF", b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3")
"""The first bytes of WAV and MP3 files, which can be decoded while they arrive."""

MAGIC_BYTES = 4


async def words(recognizer: Recognizer, recording: AsyncIterator[bytes]) -> str:
    """Return the words of a recording that arrives in pieces; "" if it has no words.

    Raises:
        InputError: the recording is not audio, or has no sound in it.
        TooLong: the recording is longer than `LONGEST_S`.
        RecognizerDied: the recogniser's process was lost twice.
    """
    arrived = bytearray()
    text = None
    try:
        text = await _while_it_arrives(recognizer, recording, arrived)
    except RecognizerDied:
        log.warning("the recogniser was lost; the recording starts again from the beginning")
    if text is not None:
        return text
    async for data in recording:
        arrived += data
    pcm = await asyncio.to_thread(read_speech, bytes(arrived))
    return await recognizer.recognize(pcm)


async def _while_it_arrives(
    recognizer: Recognizer, recording: AsyncIterator[bytes], arrived: bytearray
) -> str | None:
    """Return the words; None if the recording can only be decoded as a whole.

    Args:
        recognizer: recognises the words.
        recording: the bytes of the recording.
        arrived: gets the bytes that were taken from `recording`.
    """
    samples = _Samples()
    heard = False
    decoded = 0
    async with recognizer.utterance() as utterance:
        async for data in recording:
            arrived += data
            if len(arrived) < MAGIC_BYTES:
                continue
            if not arrived.startswith(STREAMED):
                return None
            for pcm in samples.feed(bytes(arrived[decoded:])):
                heard = True
                await utterance.feed(pcm)
            decoded = len(arrived)
        for pcm in samples.close():
            heard = True
            await utterance.feed(pcm)
        return await utterance.finish() if heard else None


class _Samples:
    """Turns the bytes of a WAV or MP3 file into samples at 16 kHz, in blocks that are never empty.

    Raises:
        TooLong: (by the iterators) the file is longer than `LONGEST_S`.
    """

    def __init__(self) -> None:
        self._decoder = SpeechDecoder()
        self._resampler = Resampler(SPEECH_RATE_HZ, SPEECH_RATE_HZ)
        self._source = (0, SPEECH_RATE_HZ)
        self._given_s = 0.0

    def feed(self, data: bytes) -> Iterator[Pcm]:
        """Take the next bytes of the file, and yield their samples."""
        return self._limited(self._resampled(self._decoder.feed(data)))

    def close(self) -> Iterator[Pcm]:
        """Yield the last samples of the file."""
        yield from self._limited(self._resampled(self._decoder.close()))
        rest = self._resampler.finish()
        if rest.size:
            yield rest

    def _limited(self, blocks: Iterator[Pcm]) -> Iterator[Pcm]:
        for pcm in blocks:
            self._given_s += pcm.size / SPEECH_RATE_HZ
            if self._given_s >= LONGEST_S:
                raise TooLong(f"The recording is longer than {LONGEST_S / 60:.0f} minutes")
            if pcm.size:
                yield pcm

    def _resampled(self, decoded: list[Decoded]) -> Iterator[Pcm]:
        for pcm, rate_hz, file in decoded:
            if (file, rate_hz) != self._source:
                yield self._resampler.finish()
                self._resampler = Resampler(rate_hz, SPEECH_RATE_HZ)
                self._source = (file, rate_hz)
            yield self._resampler.feed(pcm)
