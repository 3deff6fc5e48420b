"""Recognises the words of a recording while the recording still arrives."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.audio.codec.decoder import LONGEST_S, SpeechDecoder
from voice_assistant.audio.codec.files import speech_blocks
from voice_assistant.audio.codec.whole_file import WHAT_WORKS, TooLong
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.resampler import Resampler
from voice_assistant.errors import InputError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.audio.format import Pcm
    from voice_assistant.engines.recognition.recognizer import Recognizer
    from voice_assistant.engines.recognition.utterance import Utterance
    from voice_assistant.server.live_words import LiveWords

STREAMED = (b"RIFF", b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3")
"""The first bytes of WAV and MP3 files, which can be decoded while they arrive."""

MAGIC_BYTES = 4


async def words(
    recognizer: Recognizer, recording: AsyncIterator[bytes], live: LiveWords
) -> Transcript:
    """Return the words of a recording that arrives in pieces.

    Args:
        recognizer: finds the words.
        recording: the bytes of the recording.
        live: gets the words so far, if somebody wants them.

    Raises:
        InputError: the recording is not audio, or has no sound in it.
        TooLong: the recording is longer than `LONGEST_S`.
        RecognitionFailed: speech cannot be recognised on this machine.
        ModelMissing: the recogniser's model is not installed, or damaged.
    """
    arrived = bytearray()
    async with recognizer.utterance() as utterance, live.of(utterance):
        if not await _while_it_arrives(utterance, recording, arrived):
            async for data in recording:
                arrived += data
            await _as_a_whole(utterance, bytes(arrived))
        return await utterance.finish()


async def _while_it_arrives(
    utterance: Utterance, recording: AsyncIterator[bytes], arrived: bytearray
) -> bool:
    """Take the sound of a recording; return False if it can only be decoded as a whole.

    Args:
        utterance: takes the sound.
        recording: the bytes of the recording.
        arrived: gets the bytes that were taken from `recording`.
    """
    samples = _Samples()
    heard = False
    decoded = 0
    async for data in recording:
        arrived += data
        if len(arrived) < MAGIC_BYTES:
            continue
        if not arrived.startswith(STREAMED):
            return False
        for pcm in samples.feed(bytes(arrived[decoded:])):
            heard = True
            await utterance.feed(pcm)
        decoded = len(arrived)
    for pcm in samples.close():
        heard = True
        await utterance.feed(pcm)
    return heard


async def _as_a_whole(utterance: Utterance, data: bytes) -> None:
    """Take the sound of a complete recording, block by block: few bytes can be hours of sound."""
    if not data:
        raise InputError("the recording is empty", WHAT_WORKS)
    heard = False
    blocks = speech_blocks(data, "the recording")
    while (pcm := await asyncio.to_thread(next, blocks, None)) is not None:
        heard = heard or bool(pcm.size)
        await utterance.feed(pcm)
    if not heard:
        raise InputError("the recording holds no sound", "Record it again.")


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
