"""Decodes audio files that are complete."""

from __future__ import annotations

import io
import logging
import shutil
import warnings
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from voice_assistant.audio.codec.wav import LEAST_HZ, MOST_HZ
from voice_assistant.audio.format import mean_mix
from voice_assistant.errors import InputError
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.audio.format import Mix, Pcm

log = logging.getLogger(__name__)

LONGEST_S = 2 * 60 * 60
"""The most seconds that are decoded: few bytes of a file can be hours of silence."""

_BLOCK_SAMPLES = 2**16

WHAT_WORKS = N_("WAV, MP3, FLAC and OGG files always work; M4A, WebM and others need ffmpeg.")


class TooLong(InputError):
    """The sound is longer than speech can be."""


def decode_whole(data: bytes, name: str, longest_s: float = LONGEST_S) -> tuple[Pcm, int]:
    """Return the first `longest_s` of one audio file as samples, and their rate in Hz.

    Raises:
        InputError: see `blocks_of`.
    """
    rate_hz, blocks = blocks_of(data, name, longest_s)
    return np.concatenate([np.empty(0, np.int16), *blocks]), rate_hz


def blocks_of(
    data: bytes,
    name: str,
    longest_s: float = LONGEST_S,
    mixing: Callable[[int], Mix] = mean_mix,
) -> tuple[int, Iterator[Pcm]]:
    """Return the rate in Hz of one audio file, and its first `longest_s`, decoded part by part.

    libsndfile decodes the formats that it knows, and ffmpeg, if it is installed, the others.
    `mixing` returns, for the file's rate, the mix that makes its channels one.

    Raises:
        InputError: the data is not audio, its rate is not a rate of speech, or ffmpeg is missing.
    """
    try:
        file = soundfile.SoundFile(io.BytesIO(data))
    except soundfile.LibsndfileError:
        log.debug("%s: not for libsndfile", name)
    else:
        return _checked(file.samplerate, name), _with_help(file, data, name, longest_s, mixing)
    if _has_ffmpeg():
        pcm, rate_hz = _decode_with_ffmpeg(data, name, longest_s, mixing)
        return _checked(rate_hz, name), iter((pcm,))
    if _needs_ffmpeg(data):
        hint = _("Install ffmpeg, or save it as WAV, MP3, FLAC or OGG.")
        raise InputError(_("{name} cannot be read without ffmpeg", name=name), hint)
    raise InputError(_("{name} is not an audio file", name=name), _(WHAT_WORKS))


def _checked(rate_hz: int, name: str) -> int:
    if not LEAST_HZ <= rate_hz <= MOST_HZ:
        raise InputError(
            _("{name} has {rate_hz:,} samples a second", name=name, rate_hz=rate_hz),
            _("Speech has {least:,} to {most:,}.", least=LEAST_HZ, most=MOST_HZ),
        )
    return rate_hz


def _has_ffmpeg() -> bool:
    return bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))


def _with_help(
    file: soundfile.SoundFile,
    data: bytes,
    name: str,
    longest_s: float,
    mixing: Callable[[int], Mix],
) -> Iterator[Pcm]:
    """Yield the samples of a file; if libsndfile fails to read it, ffmpeg may succeed."""
    given = 0
    try:
        for pcm in _blocks(file, longest_s, mixing(file.samplerate)):
            given += pcm.size
            yield pcm
    except soundfile.LibsndfileError as error:
        log.debug("%s: libsndfile gives up: %s", name, error)
        if _has_ffmpeg():
            pcm, rate_hz = _decode_with_ffmpeg(data, name, longest_s, mixing)
            if rate_hz == file.samplerate:
                yield pcm[given:]
        elif not given:
            raise InputError(_("{name} is not an audio file", name=name), _(WHAT_WORKS)) from error


def _blocks(file: soundfile.SoundFile, longest_s: float, mix: Mix) -> Iterator[Pcm]:
    """Yield the samples of a file; its header may claim that there are billions of them."""
    left = int(file.samplerate * longest_s)
    most = max(1, _BLOCK_SAMPLES // file.channels)
    with file:
        # Read floats: integers read from a file of floats are not scaled.
        while left > 0 and len(samples := file.read(min(left, most), dtype="float32")):
            yield mix(samples)
            left -= len(samples)


def _decode_with_ffmpeg(
    data: bytes, name: str, longest_s: float, mixing: Callable[[int], Mix]
) -> tuple[Pcm, int]:
    with warnings.catch_warnings():
        # While it is imported pydub warns of what we know: audioop leaves the standard library
        # (audioop-lts takes its place), and its own regular expressions are sloppily quoted.
        warnings.simplefilter("ignore")
        import pydub  # noqa: PLC0415 - 70 ms that most runs never need
    try:
        segment = pydub.AudioSegment.from_file(io.BytesIO(data), duration=longest_s)
        segment = segment.set_sample_width(2)
    except (pydub.exceptions.CouldntDecodeError, LookupError, ValueError, OSError) as error:
        # LookupError: pydub takes the first of no audio streams; ffmpeg sees films in text files.
        raise InputError(_("{name} is not an audio file", name=name), _(WHAT_WORKS)) from error
    samples = np.frombuffer(segment.raw_data, np.int16).reshape(-1, segment.channels)
    return mixing(segment.frame_rate)(samples / 32768.0), segment.frame_rate


def _needs_ffmpeg(data: bytes) -> bool:
    """Return whether the data is MP4 (M4A), Matroska (WebM), AAC, AMR or ASF (WMA)."""
    magics = (b"\x1a\x45\xdf\xa3", b"#!AMR", b"\x30\x26\xb2\x75", b"\xff\xf1", b"\xff\xf9", b"ADIF")
    return data[4:8] == b"ftyp" or data.startswith(magics)
