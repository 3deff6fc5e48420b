"""The recogniser's own process: frames of audio on standard input, words on standard output.

A frame is a kind (one byte), the length of its payload (four bytes, big-endian) and the payload:

    GRAMMAR  the known commands as an FSG; first, and once
    BEGIN    a new utterance, its number in four bytes; one that was not finished is dropped
    AUDIO    samples: 16 kHz, mono, int16 in the machine's byte order
    FINISH   the utterance is complete
    WORDS    (on standard output) the utterance's number in four bytes, then its words in UTF-8

The process ends when standard input does.

Two ways of listening are better than either alone: a language model hears anything, and commands
badly; a grammar hears commands well, and turns anything into one. So the grammar's words are taken
where they *sound* like what the language model heard. Both work while the audio arrives; what the
language model still has to do at its end, with more care, is waited for only where that is needed.
"""

from __future__ import annotations

import enum
import signal
import struct
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pocketsphinx import Decoder

HEADER = struct.Struct(">BI")

MAX_DIFFERENCE = 0.5
"""Up to this share of its sounds a command may differ from what the language model heard."""


class Kind(enum.IntEnum):
    """What a frame holds."""

    GRAMMAR = 0
    BEGIN = 1
    AUDIO = 2
    FINISH = 3
    WORDS = 4


class Ears:
    """Both ways of listening, to one utterance at a time.

    Args:
        grammar: the known commands, as an FSG.
    """

    def __init__(self, grammar: str) -> None:
        from pocketsphinx import Decoder  # noqa: PLC0415  (slow to load, and not everywhere)

        # Without dither digital silence is a number that breaks the features.
        self._free = Decoder(loglevel="FATAL", dither=True)
        self._commands = Decoder(loglevel="FATAL", dither=True, lm=None)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "commands.fsg"
            file.write_text(grammar)
            self._commands.add_fsg("commands", self._commands.read_fsg(str(file)))
        self._commands.activate_search("commands")
        self._listening: list[Decoder] = []

    def begin(self) -> None:
        """A new utterance; drops one that was not finished."""
        self.rest()
        for decoder in (self._free, self._commands):
            decoder.start_utt()
            self._listening.append(decoder)

    def hear(self, audio: bytes) -> None:
        """The next samples."""
        for decoder in self._listening:
            decoder.process_raw(audio)

    def words(self) -> str:
        """The end of the utterance, and what was said."""
        roughly = _hypothesis(self._free)
        self._end(self._commands)
        command = _hypothesis(self._commands)
        if self._alike(roughly, command):
            return command
        self._end(self._free)  # about as long as all the rest
        heard = _hypothesis(self._free)
        return command if self._alike(heard, command) else heard

    def rest(self) -> None:
        """End what `words` left, when nobody waits any more."""
        for decoder in tuple(self._listening):
            self._end(decoder)

    def _end(self, decoder: Decoder) -> None:
        decoder.end_utt()
        self._listening.remove(decoder)

    def _alike(self, heard: str, command: str) -> bool:
        if not heard or not command:
            return False
        return phone_difference(heard, command, self._free.lookup_word) <= MAX_DIFFERENCE


def phone_difference(one: str, other: str, lookup: Callable[[str], str | None]) -> float:
    """How differently two texts sound: 0 (alike) to 1 (nothing in common).

    Args:
        one: words in lower case.
        other: words in lower case.
        lookup: the phones of a word, separated by spaces; None for an unknown word.
    """
    phones = [
        [phone for word in text.split() for phone in (lookup(word) or word).split()]
        for text in (one, other)
    ]
    longer = max(len(phones[0]), len(phones[1]))
    return _edit_distance(*phones) / longer if longer else 0.0


def _edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            diagonal, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right)),
            )
    return row[-1]


def _hypothesis(decoder: Decoder) -> str:
    hypothesis = decoder.hyp()
    return hypothesis.hypstr.strip().lower() if hypothesis else ""


def frames(stream: BinaryIO) -> Iterator[tuple[Kind, bytes]]:
    """The frames of a stream until its end; a frame that is cut off is no frame."""
    while len(header := stream.read(HEADER.size)) == HEADER.size:
        kind, size = HEADER.unpack(header)
        payload = stream.read(size)
        if len(payload) < size:
            return
        yield Kind(kind), payload


def main() -> None:
    """Listen until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for our parent, who ends our input
    incoming = frames(sys.stdin.buffer)
    first = next(incoming, None)
    if first is None:
        return
    ears = Ears(first[1].decode())
    number = b""
    for kind, payload in incoming:
        match kind:
            case Kind.BEGIN:
                number = payload
                ears.begin()
            case Kind.AUDIO:
                ears.hear(payload)
            case Kind.FINISH:
                answer = number + ears.words().encode()
                sys.stdout.buffer.write(HEADER.pack(Kind.WORDS, len(answer)) + answer)
                sys.stdout.buffer.flush()
                ears.rest()


if __name__ == "__main__":
    main()
