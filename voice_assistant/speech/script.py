"""The speech of an answer, in sentences, and how much of it the speaker was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.audio.pauses import from_first_sound
from voice_assistant.audio.tape import Tape
from voice_assistant.speech.cursor import Cursor
from voice_assistant.system.signal import Signal

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

_SAME_S = 0.02
"""Places that were counted at another speed are rounded."""


class Script:
    """The sound of an answer, which grows while it is read. Places are seconds from its begin.

    Attributes:
        complete: nothing more will be added.
        changed: notified whenever there is more to read, or less, or reading goes on elsewhere.
    """

    def __init__(self) -> None:
        self.complete = False
        self.changed = Signal()
        self._tape = Tape()
        self._cursor = Cursor(self._tape)  # the speaker was given all before the cursor
        self._words: dict[float, str] = {}  # of sentences, by where they begin

    def __repr__(self) -> str:
        """Return the script's length, and how much of it the speaker was given."""
        more = "complete" if self.complete else "growing"
        return f"<Script: {self.reached_s:.1f} of {self.end_s:.1f} s, {more}>"

    # For the source of the speech, which adds sound.

    @property
    def end_s(self) -> float:
        """Return the script's length so far, in seconds."""
        return self._tape.end_s

    @property
    def last_sentence_complete(self) -> bool:
        """Return whether the last sentence is complete."""
        return self._tape.last_sentence_complete

    def begin_sentence(self) -> None:
        """Complete the last sentence: the next sound begins another one."""
        self._tape.begin_sentence()
        self.changed.notify()

    def name_sentence(self, words: str) -> None:
        """Note the words of the sentence that begins with the next sound."""
        self._words[self.end_s] = words

    def words_at(self, at_s: float) -> str:
        """Return the words of the sentence at `at_s`; "" if they are not known."""
        begins_s = [begin_s for begin_s in self._words if begin_s <= at_s + _SAME_S]
        return self._words[max(begins_s)] if begins_s else ""

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
        """Forget the sound after `at_s`, except sound that the speaker was given."""
        self._tape.cut(max(at_s, self._cursor.at_s))
        self._words = {at: words for at, words in self._words.items() if at < self.end_s}
        self.changed.notify()

    def clear(self) -> None:
        """Forget everything."""
        self._cursor.go_to(0.0)
        self._tape.cut(0.0)
        self._words.clear()
        self.changed.notify()

    async def handed_over(self) -> None:
        """Wait until the speaker was given the whole script."""
        await self.changed.until(lambda: not self.has_more)

    # For the narration, which reads the script.

    @property
    def reached_s(self) -> float:
        """Return how many seconds the speaker was given."""
        return self._cursor.at_s

    @property
    def sentence(self) -> int:
        """Return the number of the sentence that the speaker is being given, from 0."""
        return self._cursor.sentence

    @property
    def has_more(self) -> bool:
        """Return whether there is something to read."""
        return self._cursor.has_more

    @property
    def between_sentences(self) -> bool:
        """Return whether no sentence was read only in part."""
        return self._cursor.between_sentences

    def read(self, most_s: float) -> tuple[Pcm, int]:
        """Return up to `most_s` seconds of one sentence, and their rate in Hz. Needs `has_more`."""
        samples = self._cursor.read(most_s)
        self.changed.notify()
        return samples

    def go_to(self, at_s: float) -> None:
        """Read on from `at_s`."""
        self._cursor.go_to(at_s)
        self.changed.notify()

    def skip(self) -> None:
        """Read on from the next sentence, also if that sentence has yet to come."""
        self._cursor.skip()
        self.changed.notify()

    def back(self, speed: float) -> None:
        """Read this sentence, played at `speed`, again; at its beginning, the sentence before."""
        self._cursor.back(speed)
        self.changed.notify()

    def rewind_to_sentence(self, speed: float) -> None:
        """Read this sentence again if only a part of it was played, at `speed`."""
        self._cursor.rewind_to_sentence(speed)
        self.changed.notify()
