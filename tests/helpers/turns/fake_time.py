"""A loop whose time passes only while all tasks wait: hours of a story take milliseconds."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any, TypeVar

from helpers.speech.spoken import AtOnce

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


QUICK_S, SURE_S = 0.002, 0.05
"""Real seconds in which what was sent on this machine has arrived: most probably, and surely."""
LOST_S = 10.0
"""Real seconds after which nothing can be on its way any more."""


class _Waiting(selectors.DefaultSelector):
    """Moves the time to the next timer where the loop would wait for it.

    Sockets of the story's own servers are heard before: no time passes while a message is on its
    way.
    """

    waited_s = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout is None:  # a thread may wake the loop: one shuts its executor down
            ready = super().select(LOST_S)
        elif not ready and timeout and len(self.get_map()) > 1:  # one is the loop's own
            ready = super().select(QUICK_S if timeout < SURE_S else SURE_S)
        assert ready or timeout is not None, "everybody waits, and for no timer"
        if not ready and timeout:
            self.waited_s += timeout
        return ready


class FakeTime(asyncio.SelectorEventLoop):
    """A loop with a time of its own, and without threads.

    Attributes:
        problems: what nobody was there to take: exceptions of tasks that were forgotten.
    """

    def __init__(self) -> None:
        self._waiting = _Waiting()
        super().__init__(self._waiting)
        self.problems: list[dict[str, Any]] = []
        self.set_default_executor(AtOnce())
        self.set_exception_handler(lambda _, problem: self.problems.append(problem))

    def time(self) -> float:
        return self._waiting.waited_s


def tell(story: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in fake time.

    Raises:
        AssertionError: an exception had nobody to take it, or a task outlives the story.
    """
    with asyncio.Runner(loop_factory=FakeTime) as runner:
        told = runner.run(story)
        runner.run(asyncio.sleep(0.1))  # generators that libraries forgot close in tasks
        loop = runner.get_loop()
        assert isinstance(loop, FakeTime)
        assert not asyncio.all_tasks(loop), asyncio.all_tasks(loop)
    assert not loop.problems
    return told
