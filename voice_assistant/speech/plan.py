"""The speech plan: which sentences the stream has spoken, and which must be requested.

A server with autoPlay sends speech within the answer's stream. Newer ones (1.13+) end the stream
when the text is whole and lose the audio that is not sent by then: short answers come without any,
long ones lose their end. So the plan names the sentences that are owed: they are requested one by
one from `/text-to-audio`.
"""

from __future__ import annotations

import re
from collections import deque
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING

from voice_assistant.speech.audibility import has_words
from voice_assistant.speech.coverage import StreamFiles, covered
from voice_assistant.speech.planned_text import PlannedText
from voice_assistant.speech.prosody import UNHEARD, ExpectedTiming, longest_s
from voice_assistant.text.speakable import speakable

if TYPE_CHECKING:
    from voice_assistant.audio.codec.decoder import Decoded
    from voice_assistant.audio.format import Pcm
    from voice_assistant.speech.coverage import Coverage
    from voice_assistant.speech.prosody import Prosody

_WORD = re.compile(r"[^\W_]")
_MOST_LOOKED_AT = 20
"""Sentences in which no words are found, in one go: to look at so many takes some 50 ms."""


class StreamAudio(Enum):
    """The part that the stream's audio has in the plan."""

    UNPROMISED = "it is taken should it come"
    AWAITED = "it is promised, or has begun to come: nothing is requested meanwhile"
    OVER = "it has ended, or is no longer taken"


class SpeechPlan:
    """Decides which sentence is spoken next, and by whom.

    The stream's audio is taken as long as nothing was played from `/text-to-audio`; while it may
    come, or has begun to come, nothing is requested. When it has ended, or is given up because it
    leaves the listener in silence, the sentences that it left out are requested.

    Args:
        auto_play: the stream is said to bring audio. None (older servers do not say) is taken
            for no, as those servers do: should audio come nevertheless, it takes over.
        prosody: what is known of the server's voice.

    Attributes:
        prosody: the same, and what was learned of it from speech whose words are known.
        over: the stream has ended.
        goes_on: `next_sentence` has found no words yet, and is to be called again.
        broken: the last file of the stream's audio was cut off, and none of its sentences counts:
            what of it was not heard yet had better not be.
    """

    def __init__(self, *, auto_play: bool | None, prosody: Prosody = UNHEARD) -> None:
        self.prosody = prosody
        self._audio = StreamAudio.AWAITED if auto_play else StreamAudio.UNPROMISED
        self.over = False
        self._begin()

    def _begin(self) -> None:
        self._text = PlannedText()
        self._files = StreamFiles()
        self._next = 0
        self._lines: deque[str] = deque()
        self._covered = 0
        self.goes_on = False
        self.broken = False

    def text(self, delta: str) -> None:
        """Take the next piece of the answer, as the server cut it."""
        self._text.feed(delta)

    def pause(self) -> None:
        """Take the last sentence as complete: no text has come for a while."""
        self._text.pause()

    def replaced(self, text: str) -> None:
        """Replace all text so far; from now on the stream's audio cannot be trusted."""
        self._audio = StreamAudio.OVER
        self._begin()
        self.text(text)

    def audio(self, sound: Decoded) -> list[tuple[bool, Pcm]]:
        """Sound of the stream that will be heard. Only while the plan `listens`.

        The first makes void what `next_sentence` has named before.

        Returns:
            Its parts, each with whether a sentence seems to begin with it.
        """
        self._audio = StreamAudio.AWAITED
        return self._files.add(sound)

    def ignore_audio(self) -> None:
        """Take no more audio of the stream: other speech has begun."""
        self._audio = StreamAudio.OVER

    def audio_ended(self, *, last_whole: bool | None, last_played: bool = True) -> None:
        """End the stream's audio, and find out which sentences it has spoken.

        Args:
            last_whole: the last file came to its end, or was cut off; None if that is not known.
            last_played: some of the last file was played. If none was, a file that was cut off is
                better requested as a whole: how far a part reaches can only be estimated.
        """
        if not self.listens:
            return
        self._audio = StreamAudio.OVER
        if self._files.pauses:
            self._text.batches.finish()
            coverage = self._coverage(last_whole=last_whole)
            self.prosody = coverage.prosody
            before, self._covered = coverage.last
            if not last_played and self._covered not in self._text.batches.borders:
                self._covered = before
            self._next = 0
            self._lines.clear()
            self.broken = self._covered == before

    def awaits_audio(self, *, last_whole: bool | None) -> bool:
        """Whether there are whole sentences that the stream's audio should say, but has not yet.

        Args:
            last_whole: see `audio_ended`.
        """
        if self._audio is not StreamAudio.AWAITED or not self._text.sentences:
            return False
        _, reached = self._coverage(last_whole=last_whole).last
        return any(
            speakable(self._text.batches.text[max(begin, reached) : end])
            for begin, end in self._text.sentences
            if end > reached
        )

    def ended(self, *, last_whole: bool | None = None) -> None:
        """End the stream: the text is complete, or as complete as it will be.

        Args:
            last_whole: see `audio_ended`.
        """
        if self.over:
            return
        self.over = True
        self._text.finish()
        self.audio_ended(last_whole=last_whole)

    def next_sentence(self) -> str | None:
        """The next words to request, each time others; None: nothing now, or ever (`complete`).

        They are a sentence, or a row of a table: some tables are longer than what a server
        speaks at once.
        """
        looked, waits = 0, self._audio is StreamAudio.AWAITED
        while not (waits or self._lines) and self._next < len(self._text.sentences):
            if looked == _MOST_LOOKED_AT:
                self.goes_on = True
                return None
            begin, end = self._text.sentences[self._next]
            self._next += 1
            text, unsaid = self._text.batches.text, max(begin, self._covered)
            if not _WORD.search(text, unsaid, end):
                continue
            looked += 1
            if unsaid == begin or speakable(text[unsaid:end]):
                words = speakable(text[begin:end], within=self._text.batches.beginning)
                # No words are nothing to wait for: whoever asks takes them for the end.
                self._lines.extend(filter(has_words, words.split("\n")))
        self.goes_on = False
        return self._lines.popleft() if self._lines and not waits else None

    def learn_timing(self, words: str, speech: StreamFiles) -> None:
        """Learn how the voice says the words of `next_sentence`, from their speech."""
        voice = self.prosody.reading(self._text.batches.beginning)
        if len(speech.pauses) == 1 and voice.reading(words) == voice:
            (pauses,) = speech.pauses
            self.prosody = voice.after([ExpectedTiming.of(words)], pauses.silences, pauses.end_s)

    @property
    def listens(self) -> bool:
        """Whether the stream's audio is still taken."""
        return self._audio is not StreamAudio.OVER

    @property
    def read_by_signs(self) -> bool:
        """Whether a table or code has come, of which the stream's audio reads every sign."""
        return self._text.read_by_signs

    @property
    def beginning(self) -> str:
        """The speakable text of the answer, as much of it as tells its language."""
        return speakable(self._text.batches.beginning)

    @property
    def complete(self) -> bool:
        """Everything that must be requested has been named."""
        return self.over and not self._lines and self._next >= len(self._text.sentences)

    def _coverage(self, *, last_whole: bool | None) -> Coverage:
        ends = [end for _, end in self._text.sentences]
        coverage = covered(
            self._text.batches, ends, self._files, last_whole=last_whole, prosody=self.prosody
        )
        # Nobody has heard a silent file, and of music no words. What comes behind one is said
        # again, in its place.
        longest = longest_s(self._text.batches.text)
        audible = sum(
            1
            for _ in takewhile(
                lambda file: file.audible and file.spoken_s <= longest, self._files.pauses
            )
        )
        reached = [0, *coverage.ends][audible]
        silent = len(coverage.ends) - audible
        return coverage._replace(ends=coverage.ends[:audible] + [reached] * silent)
