"""The turns that are not over: one has the floor, the others are held for it.

A turn that answers can be held for another turn: for a key press that may be a slip, or for an
announcement. A held turn loses nothing, and goes on when the other is over.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Any, cast

from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    Running = tuple[Turn, asyncio.Task[None]]

log = logging.getLogger(__name__)

INTERRUPT_S = 5.0
"""Seconds in which an interrupted turn must be silent and send `Idle`: it needs milliseconds."""


class Floor:
    """Runs turns beside each other, and ends them.

    Args:
        interrupt_s: seconds after which an interrupted turn that does not end is given up.
    """

    def __init__(self, interrupt_s: float = INTERRUPT_S) -> None:
        self._interrupt_s = interrupt_s
        self._running: list[Running] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost: list[asyncio.Task[None]] = []  # given up: nobody waits for their end
        self._unholding: asyncio.Task[None] | None = None

    @property
    def turn(self) -> Turn | None:
        """The turn that has the floor; None without a turn."""
        return self.turns[-1] if self.turns else None

    @property
    def turns(self) -> list[Turn]:
        """The turns that are not over: the last one has the floor, the others are held."""
        self._running = [(turn, task) for turn, task in self._running if not turn.over.is_set()]
        return [turn for turn, _ in self._running]

    async def give_to(self, turn: Turn) -> None:
        """Run a turn, which has the floor from now on."""
        self._running.append((turn, self.start(turn.run())))
        # A task that is cancelled before its first step sends no event, not even Idle.
        await asyncio.sleep(0)

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run `work` beside the turns. A task group would wait for a turn that was given up."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def unhold_after(self, sound_over: Callable[[], Awaitable[None]]) -> None:
        """Let the turn that has the floor go on once a short sound is over."""

        async def unhold(turn: Turn) -> None:
            await sound_over()
            if turn is self.turn:
                turn.unhold()

        self._cancel_unholding()
        if self.turn:
            self._unholding = self.start(unhold(self.turn))

    def _cancel_unholding(self) -> None:
        if self._unholding:
            self._unholding.cancel()

    async def clear(self, tell: Callable[[Turn], None]) -> None:
        """End every turn. A turn that still asks its server to stop does so beside the next turn.

        Args:
            tell: called with each turn before its end, to say why it ends.
        """
        self._cancel_unholding()
        await self._end(self._running, tell)

    async def drop_before(self, last: Turn) -> None:
        """End the turns that are held for `last`; but an alarm rings on after it."""
        held = itertools.takewhile(lambda running: running[0] is not last, self._running)
        await self._end([running for running in held if not running[0].rings], Turn.dismiss)

    async def end(self, turn: Turn) -> None:
        """End one turn."""
        await self._end([one for one in self._running if one[0] is turn], Turn.dismiss)

    async def hang_up(self, limit_s: float) -> None:
        """Wait until no task is left, for at most `limit_s` seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit_s)

    async def close(self) -> None:
        """Cancel every task."""
        for task in self._tasks:
            task.cancel()
        await self.hang_up(self._interrupt_s)

    async def _end(self, running: Sequence[Running], tell: Callable[[Turn], None]) -> None:
        """End turns; return when they are silent and have sent their last events."""
        ending = [(turn, task) for turn, task in running if not turn.over.is_set()]
        for turn, task in ending:
            tell(turn)
            task.cancel()
        try:
            async with asyncio.timeout(self._interrupt_s):
                for turn, _ in ending:
                    await turn.over.wait()
        except TimeoutError:
            self._give_up(ending)

    def _give_up(self, running: Sequence[Running]) -> None:
        """Go on without those turns that do not end."""
        for turn, task in running:
            if not turn.over.is_set():
                calls = _waiting_at(task)
                log.error("%r was interrupted and does not end: given up within %s", turn, calls)
                turn.give_up()
                self._tasks.discard(task)
                self._lost.append(task)


def _waiting_at(task: asyncio.Task[None]) -> str:
    """Return the names of the calls in which a task waits, outermost first, for the log."""
    calls, coroutine = [], cast("Any", task.get_coro())
    while frame := getattr(coroutine, "cr_frame", None):
        calls.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        coroutine = coroutine.cr_await
    return " > ".join(calls)
