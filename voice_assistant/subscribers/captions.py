"""Derives the caption of the moment from events."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.desktop.overlay.caption import Caption
from voice_assistant.settings.titles import in_titles
from voice_assistant.subscribers.paused_by_voice import PausedByVoice
from voice_assistant.text.plain import plain
from voice_assistant.text.printable import printable
from voice_assistant.text.sentences import Sentences
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 400
"""Characters of the answer's end of which the caption shows the last sentence."""


class Captions(events.Subscriber):
    """A `Subscriber` that knows what a caption shows now.

    Args:
        sentence: returns the sentence that is being spoken, "" if that is not known.
        level_dbfs: returns the microphone's level, None while nothing is recorded.
        stay_s: returns for how many seconds a caption stays when all is over.

    Attributes:
        wanted: set while there may be a caption.
    """

    def __init__(
        self,
        sentence: Callable[[], str],
        level_dbfs: Callable[[], float | None],
        stay_s: Callable[[], float],
    ) -> None:
        self.wanted = asyncio.Event()
        self._sentence = sentence
        self._level_dbfs = level_dbfs
        self._stay_s = stay_s
        self._phases = events.Phases()
        self._paused = PausedByVoice()
        self._question = ""
        self._text = ""
        self._last = ""  # the last sentence that was spoken
        self._over_s = 0.0

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._phases.handle(event)
        self._paused.handle(event)
        match event:
            case events.Listening():
                self._begin("")
            case events.HeardSoFar(text=text):
                self._question = text
            case events.Asked(question=words) | events.Dictated(text=words):
                self._begin(words)
            case events.Commanded(words=words, reply=reply):
                self._begin(words, reply)
            case events.Announced(text=text):
                self._begin("", text)
            case events.Text(delta=delta):
                self._text += delta
            case events.Replaced(text=text) | events.Answered(text=text):
                self._text = text
            case events.Failed(title=title):
                self._text, self._over_s = in_titles(title), time.monotonic()
            case events.Idle():
                self._over_s = time.monotonic()
            case _:
                return
        self.wanted.set()

    @property
    def now(self) -> Caption | None:
        """Return the caption of this moment; None for none."""
        phase = self._phases.now
        over = phase in {"idle", "error"}
        if over and time.monotonic() - self._over_s >= self._stay_s():
            self.wanted.clear()
            return None
        if phase == "listening":
            return Caption(phase, self._level_dbfs(), printable(self._question))
        if phase in {"speaking", "paused"}:
            self._last = self._sentence() or self._last
        words = self._last or last_sentence(self._text)
        if phase == "thinking" and not self._text:
            words = ""
        question = _(events.Paused.told) if self._paused.now else printable(self._question)
        return Caption(phase, None, question, printable(words))

    def _begin(self, question: str, text: str = "") -> None:
        self._question, self._text, self._last = question, text, ""


def last_sentence(text: str) -> str:
    """Return the last sentence of a text in Markdown, also one that is not complete."""
    splitter = Sentences()
    sentences = [*splitter.feed(text[-LONGEST:]), *splitter.finish()]
    return plain(sentences[-1]).strip() if sentences else ""
