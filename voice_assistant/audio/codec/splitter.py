"""Cuts a byte stream into what can be decoded: MP3 frames, WAV samples, or a whole other file.

Everything that decides what a byte belongs to is here. The rules:

1. At the start of the stream and wherever something ended, what follows tells by its first bytes
   what it is: an MP3 frame, a tag, a WAV file, another kind of audio file.
2. An MP3 frame is given as soon as it is whole, unless something in it looks like a beginning. Then
   what follows decides: a frame that was cut short has swallowed the beginning of the next, so that
   nonsense follows where it should end. Such a frame is lost; the ones behind it are not.
3. What is none of these is skipped up to the next beginning. There, and where the format changes,
   a frame header is not believed until another follows exactly where the frame ends.
4. A tag's length is not believed where frames follow each other within it, or a WAV file begins.
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
"""How much is kept of a file that can only be decoded whole."""


class Border(NamedTuple):
    """A file ended or begins here."""


class LostFrame(NamedTuple):
    """A frame that was cut short stood here."""


class WavSamples(NamedTuple):
    """The next samples of a WAV file, a whole number of blocks."""

    format: wav.Format
    data: bytes


class OtherFile(NamedTuple):
    """A whole file of another kind, given when the stream ends."""

    data: bytes


_CHAIN = 4
"""So many frames of sound in a row do not stand in a tag: its cover picture has one by chance."""

Part = Border | Frame | LostFrame | WavSamples | OtherFile


class Splitter:
    """Feed it a stream in pieces of any size: it gives the parts that are whole.

    Attributes:
        junk_bytes: how much belonged to nothing.
        cut_off: the last file broke off: it is shorter than it tells itself, or ends within a
            frame. Only known once the stream is over.
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
        """The next bytes of the stream in, the parts that became whole out."""
        self._buffer += data
        while self._buffer and self._step():
            pass
        parts, self._parts = self._parts, []
        return parts

    def close(self) -> list[Part]:
        """The stream is over: what only waited for more."""
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
        """Do one thing with the front of the buffer; False where that needs more bytes."""
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
        """Drop what is the tag's, up to what cannot be: its length was nonsense then."""
        at, found = self._find_in_tag()
        if found:
            self._junk(at)
            self._skip = 0
        else:
            self._skip -= len(self._drop(at))
        return bool(at or found)

    def _find_in_tag(self) -> tuple[int, bool]:
        """How many bytes are surely the tag's, and whether something begins behind them."""
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
        """Whether frames follow each other from a place in a tag on; None: too early to tell."""
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
            self._searching = self._ended  # in what is left of the frame something may begin
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
        """The first beginning from `start` up to `stop`.

        Returns:
            Where it is and True; where one may be that needs more bytes and None; `stop` and False.
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
        """Whether a frame ends where it should: something begins there. None: too early to tell."""
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
