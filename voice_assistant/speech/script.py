"""What there is to say, in sentences, and how much of it the speaker was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.audio.pauses import from_first_sound
from voice_assistant.audio.tape import Tape
from voice_assistant.speech.cursor import Cursor
from voice_assistant.system.signal import Signal

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm


class Script:
    """The sound of an answer, which grows while it is read. Places are seconds from its begin.

    Attributes:
        complete: nothing more will be added.
        changed: notified whenever there is more to read, or less, or it is read from elsewhere.
    """

    def __init__(self) -> None:
        self.complete = False
        self.changed = Signal()
        self._tape = Tape()
        self._cursor = Cursor(self._tape)  # the speaker was given what lies before the cursor

    def __repr__(self) -> str:
        """How much there is, and how much of it the speaker was given."""
        more = "complete" if self.complete else "growing"
        return f"<Script: {self.reached_s:.1f} of {self.end_s:.1f} s, {more}>"

    # Whoever has the sound adds it.

    @property
    def end_s(self) -> float:
        """How many seconds there are so far."""
        return self._tape.end_s

    @property
    def last_sentence_complete(self) -> bool:
        """Nothing more belongs to the last sentence."""
        return self._tape.last_sentence_complete

    def begin_sentence(self) -> None:
        """Complete the last sentence: what is added next begins another one."""
        self._tape.begin_sentence()
        self.changed.notify()

    def add(self, pcm: Pcm, rate_hz: int) -> None:
        """Append samples. Silence before the script's first sound is left out."""
        if not self._tape.end_s:
            pcm = from_first_sound(pcm)
        self._tape.add(pcm, rate_hz)
        self._cursor.settle()
        self.changed.notify()

    def end(self) -> None:
        """Complete the script: nothing more will be added."""
        self.complete = True
        self.begin_sentence()

    def cut(self, at_s: float) -> None:
        """Forget what comes after `at_s`, except what the speaker was given."""
        self._tape.cut(max(at_s, self._cursor.at_s))
        self.changed.notify()

    def clear(self) -> None:
        """Forget everything."""
        self._cursor.go_to(0.0)
        self._tape.cut(0.0)
        self.changed.notify()

    async def handed_over(self) -> None:
        """Wait until the speaker was given all there is."""
        await self.changed.until(lambda: not self.has_more)

    # The narration reads it.

    @property
    def reached_s(self) -> float:
        """How many seconds the speaker was given."""
        return self._cursor.at_s

    @property
    def has_more(self) -> bool:
        """There is something to read."""
        return self._cursor.has_more

    @property
    def between_sentences(self) -> bool:
        """No sentence was read in part."""
        return self._cursor.between_sentences

    def read(self, most_s: float) -> tuple[Pcm, int]:
        """Up to `most_s` seconds of one sentence, and their rate in Hz; only where `has_more`."""
        samples = self._cursor.read(most_s)
        self.changed.notify()
        return samples

    def go_to(self, at_s: float) -> None:
        """Read on from `at_s`."""
        self._cursor.go_to(at_s)
        self.changed.notify()

    def skip(self) -> None:
        """Read on from the next sentence, even if that one has yet to come."""
        self._cursor.skip()
        self.changed.notify()

    def back(self, speed: float) -> None:
        """Read this sentence again; at its beginning, the one before. It was played at `speed`."""
        self._cursor.back(speed)
        self.changed.notify()

    def rewind_to_sentence(self, speed: float) -> None:
        """Read a sentence again that was played, at `speed`, in part."""
        self._cursor.rewind_to_sentence(speed)
        self.changed.notify()
