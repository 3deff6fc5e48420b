"""Keeps each recording on the disk until it is answered.

A recording is written while it is made, so that neither a crash nor a failed upload loses words.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Self

import numpy as np

from voice_assistant.api.models import Upload
from voice_assistant.audio.amplifier import Amplifier
from voice_assistant.audio.codec.encoder import Mp3Encoder, WavEncoder
from voice_assistant.audio.codec.files import WavWriter, read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import AssistantError
from voice_assistant.hearing.archive import SHORTEST_S, name_of, not_kept
from voice_assistant.ports import RECORDINGS
from voice_assistant.system.plain_files import is_missing
from voice_assistant.system.signal import Signal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path
    from types import TracebackType

    from voice_assistant.audio.codec.encoder import UploadFormat
    from voice_assistant.audio.echo import Echo
    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.archive import Archive
    from voice_assistant.ports import Problems

log = logging.getLogger(__name__)

MOST_UPLOAD_BYTES = 15_000_000
"""The limit of a recording in Dify's documentation; servers take twice as much."""

PORTION_SAMPLES = 60 * SPEECH_RATE_HZ
"""Samples that are encoded at once: LAME wants room for several times as many."""

WAV_BYTES_S = SPEECH_RATE_HZ * 2
MP3_BYTES_S = 32_000 // 8


class Recordings:
    """Makes recordings.

    Args:
        archive: where they are kept.
        upload_format: "mp3" is an eighth of the size; "wav" is exact, for a server on this machine.
        problems: gets the error of a disk that refuses a recording; None: only the log gets it.
        echo: makes the filter that removes the start sound from the upload; None if no start sound
            is played. The file on the disk keeps the sound as the microphone recorded it.

    Attributes:
        archive: where they are kept.
    """

    def __init__(
        self,
        archive: Archive,
        upload_format: UploadFormat,
        problems: Problems | None = None,
        echo: Callable[[], Echo | None] | None = None,
    ) -> None:
        self.archive = archive
        self._format = upload_format
        self._problems = problems
        self._echo = echo or (lambda: None)

    def new(self, *, dictation: bool = False) -> Recording:
        """Begin a recording: a context manager that closes its file, and keeps it until `forget`.

        If the disk cannot be written to, only the copy on the disk is lost, never the turn: the
        problem is reported, and the recording goes on in memory.

        Args:
            dictation: its words are to be typed, not asked.
        """
        return Recording(
            self.archive, self._format, self._problems, self._echo(), dictation=dictation
        )

    def sent_as(self, upload_format: UploadFormat) -> Recordings:
        """Return the same recordings, sent in another format."""
        return Recordings(self.archive, upload_format, self._problems, self._echo)

    @property
    def longest_s(self) -> float:
        """Return the length of the longest recording that a server takes, in seconds."""
        return MOST_UPLOAD_BYTES / (WAV_BYTES_S if self._format == "wav" else MP3_BYTES_S)

    def read(self, file: Path) -> Pcm:
        """Return the samples of a kept recording. Blocks for some milliseconds per minute of it.

        Raises:
            InputError: it cannot be read.
        """
        pcm = read_speech(file)
        echo = self._echo()
        if echo is None:
            return pcm
        return np.concatenate([echo.feed(pcm), echo.finish()])

    def upload(self, pcm: Pcm) -> Upload:
        """Return the upload of speech that was recorded elsewhere (16 kHz).

        What is too long for a WAV file becomes an MP3 file. Blocks for some milliseconds per
        minute of it, then for some hundred.
        """
        too_long = len(pcm) > self.longest_s * SPEECH_RATE_HZ
        upload_format: UploadFormat = "mp3" if too_long else self._format
        encoder = _encoder(upload_format)
        portions = (pcm[at : at + PORTION_SAMPLES] for at in range(0, len(pcm), PORTION_SAMPLES))
        encoded = b"".join([*map(encoder.feed, portions), encoder.finish()])
        return _upload(encoded, upload_format)


def _encoder(upload_format: UploadFormat) -> Mp3Encoder | WavEncoder:
    return (Mp3Encoder if upload_format == "mp3" else WavEncoder)(SPEECH_RATE_HZ)


def _upload(encoded: bytes | AsyncIterator[bytes], upload_format: UploadFormat) -> Upload:
    """Return the upload, with a type that all servers take: new ones refuse audio/mpeg, x-wav."""
    return Upload(content=encoded, name=f"speech.{upload_format}", mime=f"audio/{upload_format}")


class StoredRecording:
    """A recording on the disk, until it is answered.

    Args:
        archive: the archive that keeps the recording.
        file: the recording's file, None if the disk refused it.
        words: the recording's words, "" while they are not known.
    """

    def __init__(self, archive: Archive, file: Path | None, words: str = "") -> None:
        self._archive = archive
        self._file = file
        self._words = words
        self._dropped = False

    @property
    def name(self) -> str:
        """Return the name for trying the recording again; "" if it is not on the disk."""
        return "" if self._file is None or is_missing(self._file) else name_of(self._file)

    @property
    def words(self) -> str:
        """Return the recording's words, "" while they are not known."""
        return self._words

    def keep_words(self, words: str) -> None:
        """Keep the recording's words beside its file, so that the question can be asked again."""
        if words != self._words:
            self._words = words
            if self._file:
                self._archive.keep_words(self._file, words)

    def forget(self) -> None:
        """Delete the file: nobody has spoken."""
        self._drop(self._archive.delete)

    def answered(self) -> None:
        """Note that the complete answer came: the file is deleted, or kept for some days."""
        self._drop(self._archive.answered)

    def _drop(self, drop: Callable[[Path], None]) -> None:
        self._dropped = True
        self.close()
        if self._file:
            try:
                drop(self._file)
            except OSError as error:
                log.warning("the recording stays on the disk: %s", error)

    def close(self) -> None:
        """Finish the file. Harmless when done twice."""

    def keep(self) -> None:
        """Let the disk have the whole recording, if that can be done. Harmless when done twice."""


class Recording(StoredRecording):
    """One recording, growing while the user speaks.

    Attributes:
        finished: nothing more will be written.
        follower: called with the samples that are uploaded, as they come.
        voice_dbfs: the level of the speech so far: soft speech is amplified for the upload. None
            while nobody has spoken.
    """

    def __init__(
        self,
        archive: Archive,
        upload_format: UploadFormat,
        problems: Problems | None,
        echo: Echo | None = None,
        *,
        dictation: bool = False,
    ) -> None:
        super().__init__(archive, None)
        self._problems = problems
        self._echo = echo
        self._dictation = dictation
        self._format = upload_format
        self._encoder = _encoder(upload_format)
        self._encoded = bytearray()
        self._grown = Signal()
        self.finished = False
        self.voice_dbfs: float | None = None
        self._amplifier = Amplifier()
        self.follower: Callable[[Pcm], None] = lambda _: None
        self._samples = 0
        self._writer: WavWriter | None = None
        self._on_disk = True  # False: the disk has refused, or lost, some of it
        self._told = False  # whether the user was told that
        try:
            self._file = archive.new_file(dictation=dictation)
            self._writer = WavWriter(self._file, SPEECH_RATE_HZ)
        except OSError as error:
            self._lose_the_copy(error.strerror)

    @property
    def seconds(self) -> float:
        """Return the recording's length so far, in seconds."""
        return self._samples / SPEECH_RATE_HZ

    def write(self, pcm: Pcm) -> None:
        """Add a block of samples at 16 kHz; none is taken after `finish`."""
        if self.finished:
            return
        self._samples += len(pcm)
        self._encode(self._echo.feed(pcm) if self._echo else pcm)
        if self._writer:
            try:
                self._writer.write(pcm)
            except OSError as error:
                self._lose_the_copy(error.strerror)

    def finish(self) -> None:
        """Complete the recording: nothing can be written afterwards."""
        if not self.finished:
            if self._echo:
                self._encode(self._echo.finish())
            self._encoded += self._encoder.finish()
            self.finished = True
            self._grown.notify()

    def _encode(self, pcm: Pcm) -> None:
        if pcm.size:
            pcm = self._amplifier.feed(pcm, self.voice_dbfs)
            self.follower(pcm)
            self._encoded += self._encoder.feed(pcm)
            self._grown.notify()

    async def begun(self) -> None:
        """Wait until there is something to upload, or until nothing can come any more."""
        await self._grown.until(lambda: bool(self._encoded) or self.finished)

    def pcm(self) -> Pcm:
        """Return the finished recording's samples. Blocks for some milliseconds per minute."""
        return read_speech(bytes(self._encoded))

    def upload(self) -> Upload:
        """Return the upload of the recording; it follows a recording that still grows."""
        encoded = bytes(self._encoded) if self.finished else self._while_it_grows()
        return _upload(encoded, self._format)

    async def _while_it_grows(self) -> AsyncIterator[bytes]:
        sent = 0
        while chunk := await self._beyond(sent):
            sent += len(chunk)
            yield chunk

    async def _beyond(self, sent: int) -> bytes:
        """Wait for bytes beyond `sent`, and return them; b"" if the recording has no more."""
        await self._grown.until(lambda: sent < len(self._encoded) or self.finished)
        return bytes(self._encoded[sent:])

    def close(self) -> None:
        """Finish the file. Harmless when done twice."""
        writer, self._writer = self._writer, None
        if writer:
            self._on_disk = writer.in_place
            try:
                writer.close()
            except OSError as error:
                self._lose_the_copy(error.strerror)
        self.keep()

    def keep(self) -> None:
        """Write what is in memory, where the disk has refused or lost some of it, or its folder.

        If only the file is gone, after `close`, the user has deleted it, and it stays so.
        """
        there = self._file is not None and not is_missing(self._file.parent)
        if self._dropped or self._writer or (self._on_disk and there):
            return
        if self.seconds < SHORTEST_S:
            return
        self.finish()
        try:
            self._file = self._file or self._archive.new_file(dictation=self._dictation)
            self._archive.keep(self._file, self.pcm())
        except OSError as error:
            self._lose_the_copy(error.strerror)
        except AssistantError as error:
            self._lose_the_copy(error.title)
        else:
            self._on_disk = True
            log.info("a recording that the disk had lost is written again, from memory")
            if self._words:
                self._archive.keep_words(self._file, self._words)

    def _lose_the_copy(self, reason: object) -> None:
        log.warning("the recording cannot be kept on disk, it goes on in memory: %s", reason)
        writer, self._writer = self._writer, None
        if writer:
            with contextlib.suppress(OSError):
                writer.close()
        self._on_disk = False
        if self._problems is not None and not self._told:
            self._told = True
            self._problems.report_problem(RECORDINGS, not_kept(reason))

    def __enter__(self) -> Self:
        """Return the recording; its file is open already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, and delete recordings that need not be kept."""
        self.close()
        self._archive.tidy()
