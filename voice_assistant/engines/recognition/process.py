"""The recogniser's own process: audio on standard input, words on standard output.

Standard input carries frames: a kind (one byte), the length of the payload (four bytes,
big-endian), and the payload.

    GRAMMAR  the known commands as an FSG, "" for no commands; the first frame, sent once
    BEGIN    a new utterance and its number in decimal; an unfinished utterance is dropped
    AUDIO    samples: 16 kHz, mono, int16 in the machine's byte order
    FINISH   the utterance is complete

Standard output carries lines: the number of a finished utterance, and its words. The process ends
when its standard input ends.
"""

from __future__ import annotations

import enum
import signal
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from voice_assistant.engines.recognition.command_grammar import Commands
from voice_assistant.system.temporary import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pocketsphinx import Decoder

HEADER = struct.Struct(">BI")


class Kind(enum.IntEnum):
    """The kind of a frame."""

    GRAMMAR = 0
    BEGIN = 1
    AUDIO = 2
    FINISH = 3


class TwoDecoders:
    """Two decoders that recognise the same utterance while it arrives.

    Args:
        grammar: the known commands as an FSG; "" for no commands, and one decoder.
    """

    def __init__(self, grammar: str) -> None:
        self._decoders = [_decoder()]
        self._commands = Commands(grammar, self._decoders[0].lookup_word)
        self._begun = False
        if grammar:
            decoder = _decoder(lm=None)
            with temporary_folder() as folder:
                file = Path(folder) / "commands.fsg"
                file.write_text(grammar)
                decoder.add_fsg("commands", decoder.read_fsg(str(file)))
            decoder.activate_search("commands")
            self._decoders.append(decoder)

    def begin(self) -> None:
        """Begin a new utterance; an unfinished utterance is dropped."""
        if self._begun:
            self._end()
        for decoder in self._decoders:
            decoder.start_utt()
        self._begun = True

    def hear(self, audio: bytes) -> None:
        """Take the next samples of the utterance."""
        for decoder in self._decoders:
            decoder.process_raw(audio)

    def words(self) -> str:
        """End the utterance, and return its words; "" without words."""
        self._end()
        hypotheses = [decoder.hyp() for decoder in self._decoders]
        heard, *command = (hyp.hypstr.lower() if hyp else "" for hyp in hypotheses)
        return self._commands.choose(heard, *command) if heard and command else heard

    def _end(self) -> None:
        for decoder in self._decoders:
            decoder.end_utt()
        self._begun = False


def _decoder(**settings: None) -> Decoder:
    from pocketsphinx import Decoder  # noqa: PLC0415  (pocketsphinx is not on every platform)

    # Without dither, digital silence gives a value that breaks the decoder's features.
    return Decoder(loglevel="FATAL", dither=True, **settings)


def frames(stream: BinaryIO) -> Iterator[tuple[Kind, bytes]]:
    """Yield the frames of a stream until its end; a frame that is cut off is ignored."""
    while len(header := stream.read(HEADER.size)) == HEADER.size:
        kind, size = HEADER.unpack(header)
        payload = stream.read(size)
        if len(payload) < size:
            return
        yield Kind(kind), payload


def main() -> None:
    """Recognise utterances until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the parent
    incoming = frames(sys.stdin.buffer)
    first = next(incoming, None)
    if first is None:
        return
    ears = TwoDecoders(first[1].decode())
    number = ""
    for kind, payload in incoming:
        match kind:
            case Kind.BEGIN:
                number = payload.decode()
                ears.begin()
            case Kind.AUDIO:
                ears.hear(payload)
            case Kind.FINISH:
                sys.stdout.write(f"{number} {ears.words()}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
