"""Cuts a byte stream into parts that can be decoded: MP3 frames, WAV samples, other complete files.

This module alone decides what each byte belongs to. The rules:

1. At the start of the stream, and behind the end of each part, the first bytes tell the kind of the
   next part: an MP3 frame, a tag, a WAV file, another kind of audio file.
2. An MP3 frame is returned as soon as it is complete, unless bytes in it look like a beginning.
   Then the next bytes decide: a frame that was cut short contains the beginning of the next frame,
   so nonsense follows at its end. Such a frame is lost; the frames behind it are not.
3. Bytes of no known kind are skipped up to the next beginning. At that place, and where the format
   changes, a frame header counts only if another header follows exactly at the frame's end.
4. A tag's length does not count if frames follow each other within the tag, or a WAV file begins.
"""

from __future__ import annotations

from typing import NamedTuple

from voice_assistant.audio.codec import wav
from voice_assistant.audio.codec.beginnings import (
    Kind,
    candidates,
    hides_a_beginning,
    kind_at,
    one_by_one,
)
from voice_assistant.audio.codec.mp3 import (
    HEADER_BYTES,
    ID3V1_BYTES,
    Frame,
    Header,
    id3_length,
    parse_header,
)

MAX_OTHER_BYTES = 64 * 2**20
"""The most bytes kept of a file that can only be decoded when it is complete."""


class Border(NamedTuple):
    """The border between two files."""


class LostFrame(NamedTuple):
    """The place of a frame that was cut short."""


class WavSamples(NamedTuple):
    """The next samples of a WAV file, a whole number of blocks."""

    format: wav.Format
    data: bytes


class OtherFile(NamedTuple):
    """A complete file of another kind, returned when the stream ends."""

    data: bytes


_CHAIN = 4
"""Frames of sound in a row that prove that a tag is over: a cover picture has one by chance."""

Part = Border | Frame | LostFrame | WavSamples | OtherFile


class Splitter:
    """Takes a stream in pieces of any size, and returns the complete parts.

    Attributes:
        junk_bytes: the number of bytes that belonged to no part.
        cut_off: the last file broke off: it is shorter than its header says, or ends within a
            frame. Only known at the stream's end.
    """

    def __init__(self) -> None:
        self.junk_bytes = 0
        self.cut_off = False
        self._buffer = bytearray()
        self._parts: list[Part] = []
        self._ended = False
        self._skip = 0  # bytes of a tag still to come
        self._searching = False
        self._previous: Header | None = None  # of the frame that ended where the buffer begins
        self._wav: wav.Reader | None = None
        self._other: bytearray | None = None

    def feed(self, data: bytes) -> list[Part]:
        """Take the next bytes of the stream; return the parts that became complete."""
        self._buffer += data
        while self._buffer and self._step():
            pass
        parts, self._parts = self._parts, []
        return parts

    def close(self) -> list[Part]:
        """End the stream; return the parts that waited for more bytes."""
        self._ended = True
        if self._wav is None:
            self.cut_off = self._ends_within_a_frame
        parts = self.feed(b"")
        if self._wav is not None:
            self.cut_off = self._wav.lacks_samples
        self._junk(len(self._buffer))
        if self._other is not None:
            parts += [OtherFile(data) for data in one_by_one(bytes(self._other))]
        return parts

    @property
    def _ends_within_a_frame(self) -> bool:
        header = parse_header(self._buffer)
        if header is None or self._previous is None or not header.alike(self._previous):
            return False
        return len(self._buffer) < header.length

    def _step(self) -> bool:
        """Do one step at the front of the buffer; return False if it needs more bytes."""
        if self._skip:
            return self._skip_tag()
        if self._wav is not None:
            return self._read_wav(self._wav)
        if self._other is None:
            return self._search() if self._searching else self._begin()
        room = MAX_OTHER_BYTES - len(self._other)
        self._other += self._drop(len(self._buffer))[:room]
        return True

    def _begin(self) -> bool:
        if header := parse_header(self._buffer):
            return self._read_frame(header)
        kind = kind_at(self._buffer)
        if kind is Kind.SHORT and not self._ended:
            return False
        if kind in (Kind.ID3, Kind.ID3V1):
            self._border()
            self._skip = id3_length(self._buffer) or ID3V1_BYTES
        elif kind is Kind.WAV:
            self._border()
            self._wav = wav.Reader()
        elif kind is Kind.OTHER and self._previous is None:
            self._border()
            self._other = bytearray()
        else:
            self._searching = True
        return True

    def _skip_tag(self) -> bool:
        """Drop the tag's bytes, up to bytes that cannot be a tag's: its length was wrong then."""
        at, found = self._find_in_tag()
        if found:
            self._junk(at)
            self._skip = 0
        else:
            self._skip -= len(self._drop(at))
        return bool(at or found)

    def _find_in_tag(self) -> tuple[int, bool]:
        """Return how many bytes are surely the tag's, and whether a part begins behind them."""
        stop = min(self._skip, len(self._buffer))
        for at in candidates(self._buffer):
            if at >= stop:
                break
            kind = kind_at(self._buffer, at)
            found: bool | None = kind is Kind.WAV
            if kind is Kind.SHORT and not self._ended:
                found = None
            elif kind is Kind.FRAME:
                found = self._chain(at)
            if found is not False:
                return at, bool(found)
        return stop, False

    def _chain(self, at: int) -> bool | None:
        """Return whether frames follow each other from a place in a tag on; None: too early."""
        first = parse_header(self._buffer, at)
        for _ in range(_CHAIN):
            header = parse_header(self._buffer, at)
            if header is None or first is None or not header.alike(first):
                short = len(self._buffer) - at < HEADER_BYTES
                return None if short and not self._ended else False
            at += header.length
            if at > self._skip:
                return False
        return True

    def _read_frame(self, header: Header) -> bool:
        if len(self._buffer) < header.length:
            self._searching = self._ended  # a part may begin in the rest of the frame
            return self._ended
        frame = bytes(self._buffer[: header.length])
        expected = self._previous is None or header.alike(self._previous)
        if not expected or hides_a_beginning(frame):
            follows = self._follows(header.length, header)
            at, hidden = self._find(1, header.length) if follows is False else (0, False)
            if follows is None or hidden is None:
                return False
            if not follows and not expected:
                self._searching = True
                return True
            if hidden:
                self._junk(at)
                self._parts.append(LostFrame())
                self._previous = None
                return True
        self._drop(header.length)
        self._parts.append(Frame(header, frame))
        self._previous = header
        return True

    def _read_wav(self, reader: wav.Reader) -> bool:
        before = len(self._buffer)
        samples = reader.read(self._buffer, ended=self._ended)
        if samples and reader.format is not None:
            self._parts.append(WavSamples(reader.format, samples))
        if reader.done:
            self._wav = None
            self._border()
        return reader.done or len(self._buffer) < before

    def _search(self) -> bool:
        at, found = self._find(0, len(self._buffer))
        self._junk(at)
        if found:
            self._searching = False
            self._previous = None
        return bool(found)

    def _find(self, start: int, stop: int) -> tuple[int, bool | None]:
        """Find the first beginning from `start` up to `stop`.

        Returns:
            Its place and True; the place of a possible one that needs more bytes and None; or
            `stop` and False.
        """
        for at in candidates(self._buffer, start):
            if at >= stop:
                break
            kind = kind_at(self._buffer, at)
            believed: bool | None = kind in (Kind.ID3, Kind.WAV)
            if kind is Kind.SHORT and not self._ended:
                believed = None
            elif kind is Kind.FRAME and (header := parse_header(self._buffer, at)):
                believed = self._follows(at + header.length, header)
            if believed is not False:
                return at, believed
        return stop, False

    def _follows(self, end: int, header: Header) -> bool | None:
        """Return whether a part begins where the frame should end; None if it is too early."""
        kind = kind_at(self._buffer, end)
        if kind is Kind.SHORT:
            return end == len(self._buffer) if self._ended else None
        if kind is Kind.FRAME and (following := parse_header(self._buffer, end)):
            return header.alike(following)
        return kind in (Kind.ID3, Kind.ID3V1, Kind.WAV)

    def _border(self) -> None:
        self._parts.append(Border())
        self._previous = None

    def _junk(self, length: int) -> None:
        self.junk_bytes += len(self._drop(length))

    def _drop(self, length: int) -> bytes:
        dropped = bytes(self._buffer[:length])
        del self._buffer[:length]
        return dropped
