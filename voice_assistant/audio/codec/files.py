"""Audio files: reading speech from any of them, writing WAV."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import numpy as np

from voice_assistant.audio.channel_choice import ChannelChoice
from voice_assistant.audio.codec.decoder import LONGEST_S, Decoded, SpeechDecoder
from voice_assistant.audio.codec.wav import header
from voice_assistant.audio.codec.whole_file import WHAT_WORKS, TooLong, blocks_of
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.resampler import Resampler
from voice_assistant.errors import InputError
from voice_assistant.system.private_files import opener

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.audio.format import Mix, Pcm

MAX_FILE_BYTES = 256 * 2**20
"""The largest file that is read: a film given by mistake must not fill the memory."""


_STEP_BYTES = 2**16  # are decoded at once: a minute of the thriftiest MP3


def read_speech(source: Path | bytes, name: str = "", *, longest_s: float = LONGEST_S) -> Pcm:
    """Any audio file as speech: mono, 16 kHz.

    Args:
        source: a file, or the bytes of one.
        name: what messages call it; a file's own name where it is left out.
        longest_s: how much of it is decoded at most.

    Raises:
        InputError: there is no such file, it cannot be read, or it holds no sound.
        TooLong: it goes on for longer than `longest_s`.
    """
    if isinstance(source, Path):
        name = name or source.name
        source = _read(source, name)
    name = name or "the recording"
    if not source:
        raise InputError(f"{name} is empty", WHAT_WORKS)
    blocks, size = [np.empty(0, np.int16)], 0
    for block in _decode(source, name):
        blocks.append(block)
        size += block.size
        if size >= longest_s * SPEECH_RATE_HZ:
            minutes = f"{longest_s / 60:.0f} minutes"
            raise TooLong(f"{name} is longer than {minutes}", "Cut out the part with speech.")
    pcm = np.concatenate(blocks)
    if not pcm.size:
        raise InputError(f"{name} holds no sound", "Record it again, or choose another file.")
    return pcm


class WavWriter:
    """A WAV file that grows while it is recorded and can be read at any time.

    Until it is closed its header says that the length is unknown, so what was written survives a
    process that is killed. So long it is also locked: see `being_written`. Only the owner can read
    it. Nobody waits for the disk: the system writes it within half a minute, which a power cut can
    lose; to wait at the end of each question would delay each answer.

    Args:
        file: where; what was there is lost.
        rate_hz: the rate of what is written.

    Raises:
        OSError: it cannot be written (`write` and `close` too: a full disk).
    """

    def __init__(self, file: Path, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._file = open(file, "wb", opener=opener)  # noqa: SIM115 - `close` does
        try:
            _lock(self._file)  # where somebody else writes it too, nobody waits
            self._write(header(rate_hz))
        except BaseException:
            self._file.close()
            raise

    def write(self, pcm: Pcm) -> None:
        """Append samples; they are out of the process's hands when this returns."""
        self._data_bytes += pcm.nbytes
        self._write(pcm.astype("<i2", copy=False).tobytes())

    def close(self) -> None:
        """Write the true length and close the file. A second call is ignored."""
        if self._file.closed:
            return
        with self._file:
            self._file.seek(0)
            self._file.write(header(self._rate_hz, self._data_bytes))

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Close it, whatever happened."""
        self.close()

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()


def being_written(file: Path) -> bool:
    """Whether a `WavWriter` of any process still has it open. One that was killed has not.

    Raises:
        OSError: it cannot be opened.
    """
    with file.open("rb") as opened:
        return not _lock(opened, shared=True)


def _lock(file: IO[bytes], *, shared: bool = False) -> bool:
    """Lock a file until it is closed; False where another writer has it.

    There are file systems, and platforms, without locks: nobody has anything there.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _read(file: Path, name: str) -> bytes:
    try:
        if file.is_dir():
            raise InputError(f"{name} is a folder, not an audio file")
        if not file.is_file():
            raise InputError(f"There is no file {file}", "Check the name and the folder.")
        if file.stat().st_size > MAX_FILE_BYTES:
            hint = f"Up to {MAX_FILE_BYTES // 2**20} MB can be read; cut out the part with speech."
            raise InputError(f"{name} is too large", hint)
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read", f"{error.strerror}.") from error


def _decode(data: bytes, name: str) -> Iterator[Pcm]:
    for rate_hz, parts in itertools.groupby(_decoded(data, name), key=lambda part: part.rate_hz):
        resampler = Resampler(rate_hz, SPEECH_RATE_HZ)
        yield from (resampler.feed(part.pcm) for part in parts)
        yield resampler.finish()


def _decoded(data: bytes, name: str) -> Iterator[Decoded]:
    """The samples, decoded as they are taken: few bytes can be hours of them."""
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
