"""The notifications beside that of the turn: what does not work, and what is offered.

Each kind has a notification of its own, so that none takes the place of another.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.errors import sentences
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.ports import Notifier
    from voice_assistant.status import Status
    from voice_assistant.subscribers.buttons import Button
    from voice_assistant.subscribers.missing_parts import MissingParts

PROBLEM = "problem"


class _Notice(NamedTuple):
    kind: str
    title: str
    body: str
    buttons: tuple[Button, ...]
    unasked: bool = False


JUST_S = 2.0
"""Seconds for which what does not work was told just now."""

LOOK_S = 15.0
"""Seconds between two looks whether the user may be disturbed, while something waits for that."""


async def _never() -> bool:
    return False


class Notices:
    """Shows what parts of the program have to say outside of turns.

    Args:
        notifier: shows the notifications.
        missing: the register of what does not work.
        do_not_disturb: returns whether what nobody asked for has to wait.
        look_s: seconds until `do_not_disturb` is asked again while something waits.
    """

    def __init__(
        self,
        notifier: Notifier,
        missing: MissingParts,
        do_not_disturb: Callable[[], Awaitable[bool]] = _never,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        self._notifier = notifier
        self._missing = missing
        self._do_not_disturb = do_not_disturb
        self._look_s = look_s
        self._waiting: dict[str, _Notice] = {}
        self._titles: tuple[str, ...] = ()
        self._told_s = float("-inf")
        self._due: asyncio.Queue[_Notice] = asyncio.Queue()
        missing.on_report(self._look)

    def offer(
        self, kind: str, title: str, body: str, *buttons: Button, unasked: bool = False
    ) -> None:
        """Show a notification with buttons; it replaces an earlier one of the same kind.

        Args:
            kind: what it is about.
            title: one line.
            body: what stands below it.
            buttons: the buttons.
            unasked: nothing that the user did is the cause: it waits while the desktop is set to
                "do not disturb".
        """
        self._due.put_nowait(_Notice(kind, title, body, buttons, unasked))

    def close(self, kind: str) -> None:
        """Close the notification of a kind."""
        self.offer(kind, "", "")

    def remind(self, title: str) -> bool:
        """Show what does not work once more, if `title` is of that; return whether it is."""
        if title not in self._missing.titles:
            return False
        if time.monotonic() > self._told_s + JUST_S:
            self.close(PROBLEM)  # the user may have dismissed it: it is to come again
            self._tell()
        return True

    def greet(self, how_to_talk: str, *buttons: Button) -> None:
        """Say that the assistant runs, and how to talk to it; "" if no key works."""
        how = how_to_talk or _("Click on its icon to talk.")
        self.offer("greeting", _("The assistant runs"), how, *buttons, unasked=True)

    def about(self, status: Status, how_to_talk: str) -> None:
        """Show which program this is, who answers, and how to talk to it."""
        lines = (_("Who answers: {app}", app=status.app or status.backend), how_to_talk)
        self.offer(
            "about",
            _("Voice assistant {version}", version=status.version),
            "\n".join(lines).strip(),
        )

    def _look(self) -> None:
        """Show all problems if one is new; close their notification when none is left."""
        titles = self._missing.titles
        if titles != self._titles and (not titles or set(titles) - set(self._titles)):
            self._tell()
        self._titles = titles

    def _tell(self) -> None:
        self._told_s = time.monotonic()
        self.offer(PROBLEM, *_told(self._missing))

    async def run(self) -> None:
        """Show one after the other, until cancelled."""
        while True:
            notice = await self._next()
            self._waiting.pop(notice.kind, None)
            if notice.unasked and await self._do_not_disturb():
                self._waiting[notice.kind] = notice
            elif notice.title:
                await self._notifier.show(
                    notice.title, notice.body, notice.buttons, kind=notice.kind
                )
            else:
                await self._notifier.close(notice.kind)

    async def _next(self) -> _Notice:
        """Return what is to be shown next; what waits is due again after `look_s`."""
        while True:
            try:
                async with asyncio.timeout(self._look_s if self._waiting else None):
                    return await self._due.get()
            except TimeoutError:
                for notice in self._waiting.values():
                    self._due.put_nowait(notice)


def _told(missing: MissingParts) -> tuple[str, str]:
    """Return title and body for all problems; "" twice for none."""
    problems = missing.problems
    if len(problems) > 1:
        lines = "\n".join(f"• {sentences(title, hint)}" for title, hint in problems.items())
        return _("Not everything works"), lines
    return next(iter(problems.items()), ("", ""))
