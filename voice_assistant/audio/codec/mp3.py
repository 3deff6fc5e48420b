"""Reads MP3's own descriptions: frame headers, Info frames, tags. ISO 11172-3 and 13818-3.

A file is a chain of frames; each frame has a header that tells the frame's length. The module knows
layer III only, and no "free format" (frames without a bitrate): no encoder of speech makes it.
"""

from __future__ import annotations

import functools
import struct
from typing import NamedTuple

HEADER_BYTES = 4
ID3_HEADER_BYTES = 10
ID3V1_BYTES = 128
DECODER_DELAY = 529
"""Samples of delay that every decoder of layer III adds to the encoder's delay."""

_MPEG1, _MPEG2, _MPEG25 = 0b11, 0b10, 0b00
_RATES_HZ = {
    _MPEG1: (44100, 48000, 32000),
    _MPEG2: (22050, 24000, 16000),
    _MPEG25: (11025, 12000, 8000),
}
_BITRATES_KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES_1, _SAMPLES_2 = 1152, 576
_SYNC = 0x7FF
_LAYER_3 = 0b01
_MONO = 0b11


class Header(NamedTuple):
    """The meaning of a frame's first four bytes.

    Frames of one file share `rate_hz` and `channels`; only the length and the CRC may change.
    """

    rate_hz: int
    channels: int
    length: int  # bytes of the frame, this header included
    samples: int  # of each channel
    side_at: int  # where the side information begins: behind the header and the CRC
    side_length: int

    def alike(self, other: Header) -> bool:
        """Return whether both can be headers of one file."""
        return (self.rate_hz, self.channels) == (other.rate_hz, other.channels)

    @property
    def main_length(self) -> int:
        """Return the bytes of sound in the frame; the sound of later frames may begin in them."""
        return self.length - self.side_at - self.side_length


def parse_header(data: bytes | bytearray, at: int = 0) -> Header | None:
    """Return the frame header at a place; None without a header, or without four bytes."""
    word = bytes(memoryview(data)[at : at + HEADER_BYTES])
    return _header(word) if len(word) == HEADER_BYTES else None


@functools.lru_cache(maxsize=256)  # a file has a handful of different headers
def _header(word: bytes) -> Header | None:
    bits = int.from_bytes(word, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    bitrate, rate = bits >> 12 & 15, bits >> 10 & 3
    if bits >> 21 != _SYNC or version not in _RATES_HZ or layer != _LAYER_3:
        return None
    if bitrate in (0, 15) or rate == 3:  # noqa: PLR2004 - the reserved values
        return None
    first = version == _MPEG1
    rate_hz = _RATES_HZ[version][rate]
    kbps = (_BITRATES_KBPS_1 if first else _BITRATES_KBPS_2)[bitrate]
    samples = _SAMPLES_1 if first else _SAMPLES_2
    mono = bits >> 6 & 3 == _MONO
    return Header(
        rate_hz=rate_hz,
        channels=1 if mono else 2,
        length=samples // 8 * kbps * 1000 // rate_hz + (bits >> 9 & 1),
        samples=samples,
        side_at=HEADER_BYTES if bits >> 16 & 1 else HEADER_BYTES + 2,
        side_length=(17 if mono else 32) if first else (9 if mono else 17),
    )


class Frame(NamedTuple):
    """One complete frame."""

    header: Header
    data: bytes

    @property
    def reaches_back(self) -> int:
        """Return how far back, in bytes of earlier frames' sound, this frame's sound begins."""
        side_at = self.header.side_at
        return int.from_bytes(self.data[side_at : side_at + 2], "big") >> self._other_bits

    def muted(self, reaches_back: int) -> bytes:
        """Return a frame of silence that keeps this frame's bytes of sound for later frames.

        Args:
            reaches_back: the number that the frame names. libmpg123 keeps only as many bytes of
                earlier frames as each frame names, so 0 would cut later frames off from them.
        """
        at, length = self.header.side_at, self.header.side_length
        side = (reaches_back << self._other_bits).to_bytes(2, "big").ljust(length, b"\0")
        return self.data[:at] + side + self.data[at + length :]

    @property
    def _other_bits(self) -> int:
        """Return the bits that do not tell `reaches_back`: 9 bits tell it in MPEG-1, else 8."""
        return 7 if self.header.samples == _SAMPLES_1 else 8


class Info(NamedTuple):
    """The description in an Info (or Xing, or VBRI) frame of the frames behind it."""

    frames: int  # how many follow; 0 where it does not say
    begin: int  # the first sample of the original, counted from the first of the first frame,
    end: int | None  # and the one behind its last; None: to the end


def parse_info(frame: Frame) -> Info | None:
    """Return the description in an Info frame; None if the frame is a frame of sound.

    Layout: flags; then, each if its flag is set, number of frames, number of bytes, a table of 100
    and the quality; then LAME's part: 21 bytes, then delay and padding with 12 bits each. As in
    libmpg123, nothing is trimmed if the number of frames is missing.
    """
    header, data = frame
    at = header.side_at + header.side_length
    if data[36:40] == b"VBRI":  # Fraunhofer's, always here; it knows no padding
        return Info(0, 0, None)
    if data[at : at + 4] not in (b"Xing", b"Info") or len(data) < at + 8:
        return None
    flags = data[at + 7]
    frames = int.from_bytes(data[at + 8 : at + 12], "big") if flags & 1 else 0
    if not frames:
        return Info(0, 0, None)
    lame = at + 12 + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    told = len(data) >= lame + 24 and data[lame]
    both = int.from_bytes(data[lame + 21 : lame + 24], "big") if told else 0
    delay, padding = both >> 12, both & 0xFFF
    end = frames * header.samples - padding + DECODER_DELAY
    return Info(frames, delay + DECODER_DELAY, end)


def info_frame(like: bytes, frames: int) -> bytes:
    """Return an Info frame for a file of `frames` frames like this one.

    Decoders skip `DECODER_DELAY` samples behind it.
    """
    return _empty_frame(like, _INFO_BITRATE, struct.pack(">4sII", b"Info", 1, frames))


def silent_frame(like: bytes) -> bytes:
    """Return a frame of silence for a file of frames like this one, with hardly a byte of sound."""
    return _empty_frame(like, _LEAST_BITRATE, b"")


_INFO_BITRATE, _LEAST_BITRATE = 8, 1  # as headers number them: 64 or 112 kbit/s, 8 or 32


def _empty_frame(like: bytes, bitrate: int, body: bytes) -> bytes:
    bits = int.from_bytes(like[:HEADER_BYTES], "big")
    bits = bits & ~0xF200 | 0x10000 | bitrate << 12  # without CRC and padding
    word = bits.to_bytes(HEADER_BYTES, "big")
    header = _header(word)
    if header is None:
        raise ValueError("not a frame of MP3")
    return (word + bytes(header.side_length) + body).ljust(header.length, b"\0")


def id3_length(data: bytes | bytearray) -> int | None:
    """Return the length of the ID3v2 tag (2.2 to 2.4) that begins `data`, with its footer, or None.

    Unsynchronisation changes the tag's content, not its length.
    """
    head = bytes(memoryview(data)[:ID3_HEADER_BYTES])
    if len(head) < ID3_HEADER_BYTES or head[:3] != b"ID3" or head[3] not in (2, 3, 4):
        return None
    size = head[6:10]
    if head[4] == 0xFF or head[5] & 0x0F or max(size) >= 0x80:  # noqa: PLR2004 - the standard's
        return None
    length = functools.reduce(lambda total, byte: total << 7 | byte, size, 0)
    footer = ID3_HEADER_BYTES if head[5] & 0x10 else 0
    return ID3_HEADER_BYTES + length + footer
