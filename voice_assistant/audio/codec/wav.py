"""Writes the header of WAV files, and reads WAV files in a stream."""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

MAGIC = re.compile(rb"RIFF(?s:....)WAVE")
MAGIC_BYTES = 12
UNKNOWN_SIZE = 0xFFFFFFFF
"""The size in a header whose length is not known yet."""

_MAGIC_CUT_OFF = re.compile(rb"(?s:R|RI|RIF|RIFF.{0,7})\Z")
_SAMPLE_BYTES = 2
HEADER_BYTES = 44
LEAST_HZ, MOST_HZ = 4000, 192_000
"""The rates of speech. At 1 Hz, 32 KB of samples would be hours, and gigabytes after they are
resampled to the rate of speech."""

_LEAST_CUT_S, _LONGEST_TOLD_S = 0.25, 3600.0
"""A file that is shorter than it says itself was cut off, unless it lacks no more than that, or
says that it is longer than speech ever is: some writers put any number there at first."""

_LEAST_FORMAT_BYTES, _MOST_FORMAT_BYTES = 16, 1024


def header(rate_hz: int, data_bytes: int | None = None) -> bytes:
    """Return the 44 bytes in front of mono 16-bit samples.

    Args:
        rate_hz: samples per second.
        data_bytes: the length of the samples, None if it is not known yet.
    """
    if data_bytes is None:
        riff_bytes, data_bytes = UNKNOWN_SIZE, UNKNOWN_SIZE
    else:
        riff_bytes = HEADER_BYTES - 8 + data_bytes
    fmt = struct.pack(
        "<HHIIHH", 1, 1, rate_hz, rate_hz * _SAMPLE_BYTES, _SAMPLE_BYTES, _SAMPLE_BYTES * 8
    )
    return struct.pack(
        "<4sI4s4sI16s4sI", b"RIFF", riff_bytes, b"WAVE", b"fmt ", len(fmt), fmt, b"data", data_bytes
    )


class Format(NamedTuple):
    """A `fmt ` chunk: the coding of a file's samples."""

    chunk: bytes
    rate_hz: int
    block_bytes: int  # one sample of every channel; the smallest piece that can be decoded
    is_pcm: bool  # one channel of 16-bit integers, as nearly every server sends it

    def file(self, samples: bytes) -> bytes:
        """Return a complete file of some samples that were taken out of another file."""
        chunks = b"WAVE" + _chunk(b"fmt ", self.chunk) + _chunk(b"data", samples)
        return _chunk(b"RIFF", chunks)


class Reader:
    """Reads one WAV file at the front of a buffer, and removes the bytes that it has read.

    A size of 0 or near the largest number means that the writer did not know the size: the file
    then reaches to the end of the stream or to the next WAV file.

    Attributes:
        done: the file was read to its end.
        format: how its samples are coded; None until that is known.
    """

    def __init__(self) -> None:
        self.done = False
        self.format: Format | None = None
        self._at = 0  # bytes of the file that were read
        self._end: int | None = None  # the file's end, as its header tells
        self._in_data = False
        self._data_begin = 0
        self._data_end: int | None = None
        self._read_bytes = 0  # of samples
        self._skip = MAGIC_BYTES

    @property
    def lacks_samples(self) -> bool:
        """Whether there are, so far, much fewer samples than the file itself tells of."""
        if self.format is None or self._data_end is None:
            return False
        second_bytes = self.format.rate_hz * self.format.block_bytes
        told_bytes = self._data_end - self._data_begin
        lacking_s = (told_bytes - self._read_bytes) / second_bytes
        return lacking_s > _LEAST_CUT_S and told_bytes < _LONGEST_TOLD_S * second_bytes

    def read(self, buffer: bytearray, *, ended: bool) -> bytes:
        """Do one step; return the samples that became complete, b"" if there are none.

        Args:
            buffer: begins with the first byte that was not read yet.
            ended: whether no more bytes will come.
        """
        if self._at == 0:
            self._end = _known(int.from_bytes(buffer[4:8], "little"), after=8)
        if self._skip:
            self._skip -= len(self._take(buffer, self._skip))
        elif self._in_data and self.format is not None:
            return self._read_samples(buffer, self.format.block_bytes, ended=ended)
        elif self._data_end is not None:
            self.done = True
        else:
            self._read_chunk(buffer)
        return b""

    def _read_chunk(self, buffer: bytearray) -> None:
        if len(buffer) < 8:  # noqa: PLR2004 - name and size
            return
        name, size = struct.unpack_from("<4sI", buffer)
        if name == b"data" and self.format is not None:
            self._take(buffer, 8)
            self._in_data = True
            self._data_begin = self._at
            self._data_end = _known(size, after=self._at)
        elif name == b"fmt " and _LEAST_FORMAT_BYTES <= size <= _MOST_FORMAT_BYTES:
            if len(buffer) >= 8 + size:
                self.format = _parse_format(self._take(buffer, 8 + size)[8:])
                self._skip = size % 2
                self.done = self.format is None
        elif name.isascii() and name not in (b"data", b"fmt "):
            self._take(buffer, 8)
            self._skip = size + size % 2
        else:
            self.done = True

    def _read_samples(self, buffer: bytearray, block_bytes: int, *, ended: bool) -> bytes:
        left = len(buffer) if self._data_end is None else self._data_end - self._at
        # The next file may begin before this file should end: this file was cut off.
        next_file = MAGIC.search(buffer, 0, left + MAGIC_BYTES - 1)
        length = next_file.start() if next_file else min(left, len(buffer))
        over = next_file is not None or (length == left and self._data_end is not None)
        if next_file is None and not ended:
            cut_off = _MAGIC_CUT_OFF.search(buffer, max(0, length - MAGIC_BYTES))
            if cut_off and cut_off.start() < left:
                length, over = cut_off.start(), False
        samples = self._take(buffer, length - length % block_bytes)
        self._read_bytes += len(samples)
        if over:
            self._take(buffer, length - len(samples))
            self._in_data = False
            self.done = next_file is not None or self._end is None
            # Chunks behind the samples (titles, markers) are ignored; samples are padded to even.
            self._skip = max(0, (self._end or 0) - self._at)
        return samples

    def _take(self, buffer: bytearray, length: int) -> bytes:
        taken = bytes(buffer[:length])
        del buffer[:length]
        self._at += len(taken)
        return taken


def _known(size: int, after: int) -> int | None:
    """Return where a part of that size ends; None if the size means "not known"."""
    return after + size if 0 < size < 0x7FFF0000 else None  # noqa: PLR2004 - sox writes 0x7FFFF000


def _parse_format(chunk: bytes) -> Format | None:
    coding, channels, rate_hz, _, block_bytes, bits = struct.unpack_from("<HHIIHH", chunk)
    if not (channels and LEAST_HZ <= rate_hz <= MOST_HZ and block_bytes):
        return None
    is_pcm = (coding, channels, block_bytes, bits) == (1, 1, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES)
    return Format(chunk, rate_hz, block_bytes, is_pcm)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
