"""Finds what begins at a place in a stream of bytes, by the first bytes."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from voice_assistant.audio.codec import wav
from voice_assistant.audio.codec.mp3 import HEADER_BYTES, ID3_HEADER_BYTES, id3_length, parse_header

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_MAGIC = re.compile(
    rb"OggS|fLaC|FORM|caff|#!AMR|ADIF|\xff[\xf0\xf1\xf8\xf9]"  # the last is AAC
    rb"|\x1a\x45\xdf\xa3|\x30\x26\xb2\x75|(?s:....)ftyp"  # Matroska (WebM), ASF (WMA), MP4
)
_OTHER_BEGINNINGS = (rb"OggS\0\x02\0{8}", rb"fLaC\0\0\0\x22", rb"\x1a\x45\xdf\xa3")
_MOST_OTHERS = 99
_CANDIDATE = re.compile(
    rb"\xff(?:[\xe2\xe3\xf2\xf3\xfa\xfb][^\x00-\x0f\xf0-\xff]|.?\Z)"  # layer III of each version
    # Each alternative begins with a letter of its own: this makes the search twice as fast.
    rb"|I(?:D3(?:[\2-\4]|\Z)|D?\Z)|R(?:IFF|(?:IF?)?\Z)",
    re.DOTALL,
)


class Kind(enum.Enum):
    """The kind of data that begins at a place."""

    FRAME = enum.auto()
    ID3 = enum.auto()  # version 2: stands in front of a file
    ID3V1 = enum.auto()  # stands behind a file
    WAV = enum.auto()
    OTHER = enum.auto()
    UNKNOWN = enum.auto()
    SHORT = enum.auto()  # too few bytes to tell


def kind_at(data: bytes | bytearray, at: int = 0) -> Kind:
    """Return the kind of data that begins at a place."""
    head = bytes(data[at : at + wav.MAGIC_BYTES])
    needed = wav.MAGIC_BYTES
    if parse_header(head):
        return Kind.FRAME
    if head[:1] == b"\xff":
        needed = HEADER_BYTES
    elif head[:3] == b"ID3":
        needed = ID3_HEADER_BYTES
    if id3_length(head):
        return Kind.ID3
    if head[:3] == b"TAG":
        return Kind.ID3V1
    if wav.MAGIC.match(head):
        return Kind.WAV
    if _OTHER_MAGIC.match(head):
        return Kind.OTHER
    return Kind.SHORT if len(head) < needed else Kind.UNKNOWN


def candidates(data: bytes | bytearray, start: int = 0) -> Iterator[int]:
    """Yield the places from `start` on where a frame, a tag or a WAV file may begin."""
    return (found.start() for found in _CANDIDATE.finditer(data, start))


def hides_a_beginning(frame: bytes) -> bool:
    """Return whether some bytes in a frame look like a beginning, or like a part of one."""
    for at in candidates(frame, 1):
        if frame[at] == frame[0] and frame[at : at + 2] not in (frame[:1], frame[:2]):
            continue  # rare: all frames of a file begin with the same two bytes
        if kind_at(frame, at) in (Kind.FRAME, Kind.ID3, Kind.WAV, Kind.SHORT):
            return True
    return False


def one_by_one(data: bytes) -> list[bytes]:
    """Return the Ogg, FLAC or WebM files of a row separately; data of another kind in one piece."""
    for beginning in _OTHER_BEGINNINGS:
        if re.match(beginning, data):
            return re.split(b"(?=" + beginning + b")", data, maxsplit=_MOST_OTHERS)[1:]
    return [data]
