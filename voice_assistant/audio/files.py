"""Audio files: reading speech from any of them, writing WAV."""

from __future__ import annotations

import io
import logging
import os
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import soundfile

from voice_assistant.audio.format import SPEECH_RATE_HZ, to_pcm
from voice_assistant.audio.resampler import Resampler
from voice_assistant.audio.wav import header
from voice_assistant.errors import InputError

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 256 * 2**20
"""The largest file that is read: a film given by mistake must not fill the memory."""

_WHAT_WORKS = "WAV, MP3, FLAC and OGG files always work; M4A, WebM and others need ffmpeg."


def read_speech(source: Path | bytes, name: str = "") -> Pcm:
    """Any audio file as speech: mono, 16 kHz.

    Args:
        source: a file, or the bytes of one.
        name: what messages call it; a file's own name where it is left out.

    Raises:
        InputError: there is no such file, it cannot be read, or it holds no sound.
    """
    if isinstance(source, Path):
        name = name or source.name
        source = _read(source, name)
    name = name or "the recording"
    if not source:
        raise InputError(f"{name} is empty", _WHAT_WORKS)
    pcm, rate_hz = decode(source, name)
    if not pcm.size:
        raise InputError(f"{name} holds no sound", "Record it again, or choose another file.")
    resampler = Resampler(rate_hz, SPEECH_RATE_HZ)
    return np.concatenate([resampler.feed(pcm), resampler.finish()])


def decode(data: bytes, name: str) -> tuple[Pcm, int]:
    """The bytes of one audio file as samples and their rate in Hz.

    By libsndfile where it knows the format, else by ffmpeg where that is installed.

    Raises:
        InputError: it is no audio, or ffmpeg is needed and missing.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            # Floats, for integers read from a file of floats are not scaled.
            return to_pcm(file.read(dtype="float32")), file.samplerate
    except soundfile.LibsndfileError:
        log.debug("%s: not for libsndfile", name)
    if shutil.which("ffmpeg") and shutil.which("ffprobe"):
        return _decode_with_ffmpeg(data, name)
    if _needs_ffmpeg(data):
        hint = "Install ffmpeg, or save it as WAV, MP3, FLAC or OGG."
        raise InputError(f"{name} cannot be read without ffmpeg", hint)
    raise InputError(f"{name} is not an audio file", _WHAT_WORKS)


def write_wav(file: Path, pcm: Pcm, rate_hz: int) -> None:
    """Write a WAV file that only its owner can read.

    Raises:
        OSError: it cannot be written.
    """
    with WavWriter(file, rate_hz) as writer:
        writer.write(pcm)


class WavWriter:
    """A WAV file that grows while it is recorded and can be read at any time.

    Until it is closed its header says that the length is unknown, so what was written survives a
    process that is killed. Only the owner can read it.

    Args:
        file: where; what was there is lost.
        rate_hz: the rate of what is written.

    Raises:
        OSError: it cannot be written (`write` and `close` too: a full disk).
    """

    def __init__(self, file: Path, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._data_bytes = 0
        self._file = open(file, "wb", opener=_open_private)  # noqa: SIM115 - `close` does
        try:
            file.chmod(0o600)  # one that was there keeps its mode otherwise
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


def _open_private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


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


def _decode_with_ffmpeg(data: bytes, name: str) -> tuple[Pcm, int]:
    with warnings.catch_warnings():
        # While it is imported pydub warns of what we know: audioop leaves the standard library
        # (audioop-lts takes its place), and its own regular expressions are sloppily quoted.
        warnings.simplefilter("ignore")
        import pydub  # noqa: PLC0415 - 70 ms that most runs never need
    try:
        segment = pydub.AudioSegment.from_file(io.BytesIO(data)).set_sample_width(2)
    except (pydub.exceptions.CouldntDecodeError, LookupError, ValueError, OSError) as error:
        # LookupError: pydub takes the first of no audio streams; ffmpeg sees films in text files.
        raise InputError(f"{name} is not an audio file", _WHAT_WORKS) from error
    samples = np.frombuffer(segment.raw_data, np.int16).reshape(-1, segment.channels)
    return to_pcm(samples / 32768.0), segment.frame_rate


def _needs_ffmpeg(data: bytes) -> bool:
    """Whether the first bytes are those of MP4 (M4A), Matroska (WebM), AAC, AMR or ASF (WMA)."""
    magics = (b"\x1a\x45\xdf\xa3", b"#!AMR", b"\x30\x26\xb2\x75", b"\xff\xf1", b"\xff\xf9", b"ADIF")
    return data[4:8] == b"ftyp" or data.startswith(magics)
