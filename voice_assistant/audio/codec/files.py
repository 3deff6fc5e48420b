"""Reads speech from audio files of any format, and writes WAV files."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import numpy as np

from voice_assistant.audio.channel_choice import ChannelChoice
from voice_assistant.audio.codec.decoder import LONGEST_S, Decoded, SpeechDecoder
from voice_assistant.audio.codec.wav import HEADER_BYTES, header
from voice_assistant.audio.codec.whole_file import WHAT_WORKS, TooLong, blocks_of
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.resampler import Resampler
from voice_assistant.errors import InputError
from voice_assistant.system import file_lock
from voice_assistant.system.plain_files import is_missing
from voice_assistant.system.private_files import opener
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.audio.format import Mix, Pcm

MAX_FILE_BYTES = 256 * 2**20
"""The largest file that is read: a film, given by mistake, must not fill the memory."""


_STEP_BYTES = 2**16  # bytes decoded at once: a minute of the smallest MP3


def read_speech(source: Path | bytes, name: str = "", *, longest_s: float = LONGEST_S) -> Pcm:
    """Return the samples of any audio file as speech: mono, 16 kHz.

    Args:
        source: a file, or the bytes of a file.
        name: the file's name in error messages; by default its own name.
        longest_s: the most seconds that are decoded.

    Raises:
        InputError: the file does not exist, cannot be read, or holds no sound.
        TooLong: the file is longer than `longest_s`.
    """
    if isinstance(source, Path):
        name = name or source.name
        source = _read(source, name)
    name = name or _("the recording")
    if not source:
        raise InputError(_("{name} is empty", name=name), _(WHAT_WORKS))
    pcm = np.concatenate([np.empty(0, np.int16), *speech_blocks(source, name, longest_s=longest_s)])
    if not pcm.size:
        raise InputError(
            _("{name} holds no sound", name=name), _("Record it again, or choose another file.")
        )
    return pcm


def speech_blocks(data: bytes, name: str, *, longest_s: float = LONGEST_S) -> Iterator[Pcm]:
    """Yield the samples of an audio file as speech, mono, 16 kHz, in blocks while it is decoded.

    Args:
        data: the bytes of the file.
        name: the file's name in error messages.
        longest_s: the most seconds that are decoded.

    Raises:
        InputError: (by the iterator) the bytes are not audio.
        TooLong: (by the iterator) the file is longer than `longest_s`.
    """
    size = 0
    for block in _decode(data, name):
        yield block
        size += block.size
        if size >= longest_s * SPEECH_RATE_HZ:
            raise TooLong(
                _("{name} is longer than {minutes:.0f} minutes", name=name, minutes=longest_s / 60),
                _("Cut out the part with speech."),
            )


class WavWriter:
    """Writes a WAV file that grows while it is recorded and can be read at any time.

    Until `close`, the file's header says that the length is unknown, so the samples survive if the
    process is killed. Until then the file is also locked: see `being_written`. Only the owner can
    read it. The writer does not wait for the disk: the system writes the samples within half a
    minute, and a power cut before that loses them; to wait would delay each answer.

    Args:
        file: the file to write; its old content is lost.
        rate_hz: the rate of the samples.

    Raises:
        OSError: the file cannot be written (`write` and `close` raise it too: a full disk).
    """

    def __init__(self, file: Path, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._untouched = True
        self._path = file
        self._file = open(file, "wb", opener=opener)  # noqa: SIM115 - `close` does
        try:
            _lock(self._file)  # if another writer has the lock, do not wait for it
            self._write(header(rate_hz))
        except BaseException:
            self._file.close()
            raise

    def write(self, pcm: Pcm) -> None:
        """Append samples; when this returns, the operating system has them."""
        self._untouched = self._untouched and self._has_its_length
        self._data_bytes += pcm.nbytes
        self._write(pcm.astype("<i2", copy=False).tobytes())

    @property
    def in_place(self) -> bool:
        """Return whether the file is where it was made, and nobody has cut it meanwhile.

        What is written behind a cut has the right place, and zeros before it.
        """
        try:
            found = self._path.stat()
        except OSError:
            return False
        mine = os.fstat(self._file.fileno())
        return os.path.samestat(found, mine) and self._untouched and self._has_its_length

    def close(self) -> None:
        """Write the true length and close the file. A second call is ignored."""
        if self._file.closed:
            return
        with self._file:
            self._file.seek(0)
            self._file.write(header(self._rate_hz, self._data_bytes))

    def __enter__(self) -> Self:
        """Return this writer."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close the file, also after an error."""
        self.close()

    @property
    def _has_its_length(self) -> bool:
        return os.fstat(self._file.fileno()).st_size == HEADER_BYTES + self._data_bytes

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()


def being_written(file: Path) -> bool:
    """Return whether a `WavWriter` of any running process has the file open.

    Raises:
        OSError: the file cannot be opened.
    """
    with file.open("rb") as opened:
        return not _lock(opened, shared=True)


def _lock(file: IO[bytes], *, shared: bool = False) -> bool:
    """Lock a file until it is closed; return False if another writer has the lock.

    On file systems without locks, no writer ever has a lock.
    """
    try:
        return file_lock.lock(file.fileno(), shared=shared)
    except OSError:
        return True


def _read(file: Path, name: str) -> bytes:
    try:
        if file.is_dir():
            raise InputError(
                _("{name} is a folder, not an audio file", name=name),
                _("Check the name and the folder."),
            )
        if is_missing(file):
            raise InputError(
                _("There is no file {file}", file=file), _("Check the name and the folder.")
            )
        if not file.is_file():  # a pipe or a device, whose end may never come
            raise InputError(
                _("{file} is {what}", file=file, what=_("no plain file")),
                _("Write the sound into a file first."),
            )
        if file.stat().st_size > MAX_FILE_BYTES:
            hint = _(
                "Up to {size} MB can be read; cut out the part with speech.",
                size=MAX_FILE_BYTES // 2**20,
            )
            raise InputError(_("{name} is too large", name=name), hint)
        return file.read_bytes()
    except OSError as error:
        raise InputError(_("{name} cannot be read", name=name), f"{error.strerror}.") from error


def _decode(data: bytes, name: str) -> Iterator[Pcm]:
    for rate_hz, parts in itertools.groupby(_decoded(data, name), key=lambda part: part.rate_hz):
        resampler = Resampler(rate_hz, SPEECH_RATE_HZ)
        yield from (resampler.feed(part.pcm) for part in parts)
        yield resampler.finish()


def _decoded(data: bytes, name: str) -> Iterator[Decoded]:
    """Yield the samples, decoded one part at a time: few bytes can be hours of sound."""
    decoder = SpeechDecoder(_voice_mix)
    for start in range(0, len(data), _STEP_BYTES):
        yield from decoder.feed(data[start : start + _STEP_BYTES])
    if decoder.files:
        # MP3 or WAV: libsndfile cuts MP3 of varying bitrate short where it has no Info frame, and
        # takes a WAV file whose sizes are 0 for empty.
        yield from decoder.close()
        return
    rate_hz, blocks = blocks_of(data, name, mixing=_voice_mix)
    yield from (Decoded(pcm, rate_hz, file=0) for pcm in blocks)


def _voice_mix(rate_hz: int) -> Mix:
    return ChannelChoice(rate_hz).feed
