"""The notification of the turn: question, answer so far, and follow-up questions as buttons."""

from __future__ import annotations

import asyncio
import contextlib
from enum import Enum
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.commands import Ask, Fill
from voice_assistant.errors import NothingHeard, sentences
from voice_assistant.ports import BODY_MAX
from voice_assistant.subscribers.buttons import (
    Button,
    after_failure,
    copying,
    follow_up,
    opening,
    ratings,
)
from voice_assistant.subscribers.notification_text import WAITING, NotificationText
from voice_assistant.text.excerpt import around
from voice_assistant.text.plain import plain
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.ports import Notifier
    from voice_assistant.settings.sections.desktop import NotificationSettings

MOST_BUTTONS = 3
UPDATE_S = 0.3
"""A notification that changes more often only flickers."""
GROWING_S = 1.0
"""Seconds between two updates of a text that merely grows: each one is a call of the daemon."""
SETTLED_S = 2.0
"""How long a complete answer may wait for its follow-up questions to enter a history with them."""


class Growth(Enum):
    """The growth of the text that is shown."""

    GROWING = "more of the answer's text is to come"
    SETTLING = "the text is complete, follow-up questions may be to come"
    COMPLETE = "nothing is to come"


class TurnNotification:
    """A `Subscriber` that keeps the notification up to date.

    Args:
        notifier: shows the notification.
        settings: what it shows, and how long.
        sentence: returns the sentence that is being spoken, "" if it is not known.
        is_told: returns whether the notification of what does not work tells this title now.
    """

    def __init__(
        self,
        notifier: Notifier,
        settings: NotificationSettings,
        sentence: Callable[[], str] = str,
        is_told: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._notifier = notifier
        self._settings = settings
        self._sentence = sentence
        self._is_told = is_told
        self._sentence_shown = ""
        self._spoken_turn = 0  # the number of the turn whose answer is being spoken
        self._changed = asyncio.Event()
        self._urgent = asyncio.Event()  # the change is more than a text that has grown
        self._shown = NotificationText()
        self._asked = events.Asked(question="", source="text")  # the last question
        self._brought: tuple[Button, ...] = ()  # opens the files of the answer, if it has some
        self._answering = 0  # the number of the turn whose answer is shown and not over
        self._growth = Growth.COMPLETE

    def use(self, settings: NotificationSettings) -> None:
        """Use other settings from now on."""
        self._settings = settings

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._follow_speech(event)
        if isinstance(event, events.Working):
            self._shown.passing = f"{event.told}\n\n"
            self._change(self._growth)
        if self._answering not in {0, event.turn}:
            self._note_beside(event)
        else:
            self._show_turn(event)
        self._show_answer(event)

    def _note_beside(self, event: events.AnyEvent) -> None:
        """Show the event of a turn beside the answer that is shown, which goes on after it."""
        match event:
            case events.Asked():
                self._ask(event)
            case events.Announced(rings=True):
                pass  # see `AlarmNotification`
            case events.Announced(text=text) | events.Commanded(reply=text) if text:
                self._add(text)
            case events.Failed(title=title, hint=hint):
                self._add(sentences(title, hint))
            case _:
                pass

    def _show_turn(self, event: events.AnyEvent) -> None:
        """Show the event of the turn that has the notification for itself."""
        match event:
            case events.HeardSoFar(text=text) if self._settings.words:
                self._put(f"{text} …", "", Growth.GROWING)
            case events.Asked():
                self._ask(event)
            case events.Announced(rings=True):
                pass  # see `AlarmNotification`
            case events.Announced(text=text):
                self._begin(text, "")
            case events.Commanded(words=words, reply=reply) if reply:
                self._begin(words, reply)
            case events.Dictated(text=text) if self._growth is Growth.GROWING:
                self._begin(text, "")  # in place of the words so far
            case events.Failed():
                self._fail(event)
            case events.Idle():
                self._answering = 0
                self._end_growth()
            case _:
                pass

    def _show_answer(self, event: events.AnyEvent) -> None:  # noqa: C901  (a case for each event)
        """Show what comes of an answer."""
        match event:
            case events.Uploading(sent_bytes=sent, size_bytes=size):
                self._put(self._shown.title, event.told if sent < size else WAITING, Growth.GROWING)
            case events.Queued():
                self._put(self._shown.title, _(events.Queued.told), Growth.GROWING)
            case events.Form():
                self._ask_back(event)
            case events.FormFilled():
                self._begin(self._asked.question, WAITING)
                self._growth = Growth.GROWING
            case events.Lost() | events.ConversationGone():
                self._add(_(event.told))
            case events.Text(delta=delta):
                self._grow(delta)
            case events.Replaced(text=text):
                self._put(self._shown.title, text, Growth.GROWING)
            case events.Answered(text=text):
                self._put(self._shown.title, text, Growth.SETTLING)
                self._shown.buttons = self._brought = opening(event.files)
                rated = (ratings(),) if event.message_id and event.complete else ()
                self._shown.extras = (*rated, copying(text)) if text else rated
            case events.Spoken(problem=problem) if problem:
                note = _("(Not all of it could be spoken: {problem}.)", problem=problem)
                self._shown.body = f"{self._shown.body}\n\n{note}".lstrip()
                self._change(self._growth)
            case events.Suggested(questions=questions):
                self._shown.buttons = (*self._brought, *map(follow_up, questions))[:MOST_BUTTONS]
                self._change(Growth.COMPLETE)
            case _:
                pass

    def _ask(self, asked: events.Asked) -> None:
        """Show a question, whose answer is to come."""
        self._answering = asked.turn
        self._asked = asked
        self._begin(asked.question, WAITING)
        self._growth = Growth.GROWING

    def _ask_back(self, form: events.Form) -> None:
        """Show the form with which the app asks, and its buttons."""
        buttons = (Button(one.title, Fill(items=(one.id,))) for one in form.buttons[:MOST_BUTTONS])
        title = form.title or self._asked.question
        self._begin(title, f"{form.text}\n\n{form.ask}", *buttons)

    async def run(self) -> None:
        """Show every change, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._looks_in_s):
                    await self._changed.wait()
            if not self._changed.is_set():
                if self._growth is Growth.SETTLING:
                    self._growth = Growth.COMPLETE
                elif self._sentence() == self._sentence_shown:
                    continue
            self._changed.clear()
            self._urgent.clear()
            growing = self._growth is not Growth.COMPLETE or bool(self._spoken_turn)
            stay_s = self._settings.stay_s
            await self._notifier.show(*self._to_show(), growing=growing, stay_s=stay_s)
            await asyncio.sleep(UPDATE_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GROWING_S - UPDATE_S):
                    await self._urgent.wait()

    @property
    def _looks_in_s(self) -> float | None:
        """In how many seconds there is something to show without an event; None for never."""
        if self._growth is Growth.SETTLING:
            return SETTLED_S
        return GROWING_S if self._spoken_turn else None

    def _follow_speech(self, event: events.AnyEvent) -> None:
        """Keep the notification on the screen while its answer is being spoken."""
        match event:
            case events.Speaking(turn=self._answering):
                self._spoken_turn = event.turn
                self._change(self._growth)
            case events.Spoken(turn=self._spoken_turn) | events.Idle(turn=self._spoken_turn):
                self._spoken_turn = 0
                self._change(self._growth)
            case events.Asked():
                self._spoken_turn = 0
            case _:
                pass

    def _to_show(self) -> tuple[str, str, tuple[Button, ...], tuple[tuple[Button, ...], ...]]:
        """Return title, body, buttons, and the groups of further buttons."""
        shown = self._shown
        if self._settings.words:
            return shown.title, self._part_to_show(), shown.buttons, shown.extras
        over = self._growth is Growth.COMPLETE
        buttons = tuple(each for each in shown.buttons if not isinstance(each.command, Ask))
        title = _("There is an answer") if over else _("A question is being answered")
        if shown.failed:
            title = _("A question was not answered")
        return title, "", buttons, shown.extras

    def _part_to_show(self) -> str:
        """Return the whole text, or the part of a long one that is being spoken."""
        text = plain(self._shown.text)
        self._sentence_shown = self._sentence() if self._spoken_turn else ""
        return around(text, plain(self._sentence_shown), BODY_MAX)

    def _fail(self, failed: events.Failed) -> None:
        """Show a failure; what was asked, and what came of the answer, stay visible.

        The failure is the title only where nothing was asked: the notification of what does not
        work may have the same title at this moment.
        """
        told = sentences(failed.title, failed.hint)
        came = self._shown.came.strip()
        if self._answering == failed.turn and came:
            self._begin(self._shown.title, f"{came}\n\n({told})")
        elif question := failed.question or (self._answering == failed.turn and self._shown.title):
            self._begin(question, told)
        elif failed.recording and failed.code != NothingHeard.code:
            self._begin(_("What you said is kept"), told)
        elif self._is_told(failed.title):
            return
        else:
            self._begin(failed.title, failed.hint)
        self._shown.failed = True
        self._shown.buttons = after_failure(failed, self._asked)

    def _begin(self, title: str, body: str, *buttons: Button) -> None:
        self._shown.begin(title, body, *buttons)
        self._change(Growth.COMPLETE)

    def _grow(self, delta: str) -> None:
        """Show the next piece of the answer's text."""
        begins = self._shown.waits
        self._shown.grow(delta)
        self._change(Growth.GROWING, urgent=begins)

    def _add(self, note: str) -> None:
        """Put `note` above the text that is shown."""
        self._shown.note = f"{note}\n\n"
        self._change(self._growth)

    def _put(self, title: str, body: str, growth: Growth) -> None:
        begins = growth is not Growth.GROWING or self._shown.waits
        self._shown.put(title, body)
        self._change(growth, urgent=begins)

    def _end_growth(self) -> None:
        if self._growth is not Growth.COMPLETE:
            self._change(Growth.COMPLETE)

    def _change(self, growth: Growth, *, urgent: bool = True) -> None:
        self._growth = growth
        self._changed.set()
        if urgent:
            self._urgent.set()
