"""A recording is on disk until its words are known.

Written as it is recorded, so that neither a crash nor a failed upload costs anybody their words.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Self

import numpy as np

from voice_assistant.api.models import Upload
from voice_assistant.audio.codec.encoder import Mp3Encoder, WavEncoder
from voice_assistant.audio.codec.files import WavWriter, read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.hearing.archive import name_of, not_kept

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from types import TracebackType

    from voice_assistant.audio.codec.encoder import UploadFormat
    from voice_assistant.audio.echo import Echo
    from voice_assistant.audio.format import Pcm
    from voice_assistant.errors import DeviceError
    from voice_assistant.hearing.archive import Archive

log = logging.getLogger(__name__)

MOST_UPLOAD_BYTES = 15_000_000
"""What Dify's documentation allows a recording; servers take twice as much."""

WAV_BYTES_S = SPEECH_RATE_HZ * 2
MP3_BYTES_S = 32_000 // 8


class Recordings:
    """Makes recordings.

    Args:
        archive: where they are kept.
        upload_format: "mp3" is an eighth of the size; "wav" is exact, for a server on this machine.
        missing: told when the disk refuses one.
        echo: makes what takes the start sound out of what the server hears; None where none is
            played. What is on the disk is as the microphone heard it.

    Attributes:
        archive: where they are kept.
    """

    def __init__(
        self,
        archive: Archive,
        upload_format: UploadFormat,
        missing: Callable[[DeviceError], None] = lambda _: None,
        echo: Callable[[], Echo] | None = None,
    ) -> None:
        self.archive = archive
        self._format = upload_format
        self._missing = missing
        self._echo = echo

    def new(self) -> Recording:
        """Begin one; a context manager that closes the file and keeps it unless `forget` is called.

        A disk that cannot be written to costs the safety copy, never the turn: it is said, and the
        recording goes on in memory.
        """
        echo = self._echo() if self._echo else None
        return Recording(self.archive, self._format, self._missing, echo)

    @property
    def longest_s(self) -> float:
        """What a server still takes."""
        return MOST_UPLOAD_BYTES / (WAV_BYTES_S if self._format == "wav" else MP3_BYTES_S)

    def read(self, file: Path) -> Pcm:
        """What was said in one that was kept. Blocks for some milliseconds a minute.

        Raises:
            InputError: it cannot be read.
        """
        pcm = read_speech(file)
        if self._echo is None:
            return pcm
        echo = self._echo()
        return np.concatenate([echo.feed(pcm), echo.finish()])

    def upload(self, pcm: Pcm) -> Upload:
        """Speech that was recorded elsewhere (16 kHz), as it goes to the server."""
        encoder = _encoder(self._format)
        return _upload(encoder.feed(pcm) + encoder.finish(), self._format)


def _encoder(upload_format: UploadFormat) -> Mp3Encoder | WavEncoder:
    return (Mp3Encoder if upload_format == "mp3" else WavEncoder)(SPEECH_RATE_HZ)


def _upload(encoded: bytes | AsyncIterator[bytes], upload_format: UploadFormat) -> Upload:
    """Named as old and new servers take it alike: audio/mpeg and audio/x-wav are refused by new."""
    return Upload(content=encoded, name=f"speech.{upload_format}", mime=f"audio/{upload_format}")


class StoredRecording:
    """A recording on the disk, until its words are known.

    Args:
        archive: where it is.
        file: its file, None where the disk refused it.
    """

    def __init__(self, archive: Archive, file: Path | None) -> None:
        self._archive = archive
        self._file = file

    @property
    def name(self) -> str:
        """By which it can be tried again; "" where it is not on the disk (any more)."""
        return name_of(self._file) if self._file and self._file.exists() else ""

    def forget(self) -> None:
        """There are no words in it: the file goes."""
        self.close()
        if self._file:
            with contextlib.suppress(OSError):  # a disk that takes nothing; `tidy` tells
                self._file.unlink(missing_ok=True)

    def answered(self) -> None:
        """Its words are known: the file goes, or is kept for as long as that is wished."""
        self.close()
        if self._file:
            self._archive.answered(self._file)

    def close(self) -> None:
        """Finish the file. Harmless when done twice."""


class Recording(StoredRecording):
    """One recording, growing while the user speaks.

    Attributes:
        finished: nothing more will be written.
    """

    def __init__(
        self,
        archive: Archive,
        upload_format: UploadFormat,
        missing: Callable[[DeviceError], None],
        echo: Echo | None = None,
    ) -> None:
        super().__init__(archive, None)
        self._missing = missing
        self._echo = echo
        self._format = upload_format
        self._encoder = _encoder(upload_format)
        self._encoded = bytearray()
        self._grown = asyncio.Event()
        self.finished = False
        self._samples = 0
        self._writer: WavWriter | None = None
        try:
            self._file = archive.new_file()
            self._writer = WavWriter(self._file, SPEECH_RATE_HZ)
        except OSError as error:
            self._lose_the_copy(error)

    @property
    def seconds(self) -> float:
        """How much was recorded."""
        return self._samples / SPEECH_RATE_HZ

    def write(self, pcm: Pcm) -> None:
        """Add a block of samples at 16 kHz."""
        self._samples += len(pcm)
        self._encode(self._echo.feed(pcm) if self._echo else pcm)
        if self._writer:
            try:
                self._writer.write(pcm)
            except OSError as error:
                self._lose_the_copy(error)

    def finish(self) -> None:
        """What was said is complete: nothing can be written after."""
        if not self.finished:
            if self._echo:
                self._encode(self._echo.finish())
            self._encoded += self._encoder.finish()
            self.finished = True
            self._grown.set()

    def _encode(self, pcm: Pcm) -> None:
        if pcm.size:
            self._encoded += self._encoder.feed(pcm)
            self._grown.set()

    def pcm(self) -> Pcm:
        """The finished recording. Blocks for some milliseconds a minute."""
        return read_speech(bytes(self._encoded))

    def upload(self) -> Upload:
        """The recording as it goes to the server: whole, or as it grows where it still does."""
        encoded = bytes(self._encoded) if self.finished else self._while_it_grows()
        return _upload(encoded, self._format)

    async def _while_it_grows(self) -> AsyncIterator[bytes]:
        sent = 0
        while sent < len(self._encoded) or not self.finished:
            self._grown.clear()
            if chunk := bytes(self._encoded[sent:]):
                sent += len(chunk)
                yield chunk
            else:
                await self._grown.wait()

    def close(self) -> None:
        """Finish the file. Harmless when done twice."""
        writer, self._writer = self._writer, None
        if writer:
            try:
                writer.close()
            except OSError as error:
                self._lose_the_copy(error)

    def _lose_the_copy(self, error: OSError) -> None:
        log.warning("the recording cannot be kept on disk, it goes on in memory: %s", error)
        writer, self._writer = self._writer, None
        if writer:
            with contextlib.suppress(OSError):
                writer.close()
        self._missing(not_kept(error.strerror))

    def __enter__(self) -> Self:
        """Nothing: the file is open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, and see that there are not too many."""
        self.close()
        self._archive.tidy()
