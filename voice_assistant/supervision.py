"""Parts that may be missing and may come back: run with the rest, say it once, look again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from voice_assistant.errors import AssistantError
from voice_assistant.events import Failed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.board import Board
    from voice_assistant.errors import DeviceError
    from voice_assistant.events import AnyEvent

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""How often a missing part is looked for."""


class Part(Protocol):
    """Something of the desktop.

    Attributes:
        name: for the log and `status`.
    """

    name: str

    async def run(self, ready: Callable[[], None]) -> None:
        """Work until cancelled; call `ready` as soon as it works.

        Raises:
            AssistantError: it is missing, or was lost.
        """
        ...


class Checked:
    """A part that is looked at rather than run: a device, the backend.

    Args:
        name: see `Part`.
        check: raises an AssistantError where it does not work.

    Attributes:
        suspected: set when a turn went on without it, or failed for it.
    """

    def __init__(self, name: str, check: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self.suspected = asyncio.Event()
        self._check = check

    async def run(self, ready: Callable[[], None]) -> None:
        """Check now, and again whenever it is suspected."""
        while True:
            self.suspected.clear()
            await self._check()
            ready()
            await self.suspected.wait()


class Checks:
    """What is checked at the start, and again when a turn had trouble.

    Attributes:
        parts: all of it, to be supervised.
    """

    def __init__(self) -> None:
        self.parts: list[Checked] = []
        self._requirements: list[Checked] = []

    def add(self, name: str, check: Callable[[], Awaitable[object]]) -> None:
        """Check a device, or the backend."""
        self.parts.append(Checked(name, check))

    def require(self, name: str, check: Callable[[], object]) -> None:
        """Check what is known of the backend: something it must offer, or be given."""

        async def look() -> None:
            check()

        self.add(name, look)
        self._requirements.append(self.parts[-1])

    def look_again(self) -> None:
        """More is known of the backend."""
        for part in self._requirements:
            part.suspected.set()

    def suspect(self, _: DeviceError) -> None:
        """A turn went on without a device."""
        for part in self.parts:
            part.suspected.set()

    def tell(self, event: AnyEvent) -> None:
        """Take one event: a turn that failed may have failed for any of them."""
        if isinstance(event, Failed):
            for part in self.parts:
                part.suspected.set()


async def supervise(part: Part, board: Board) -> None:
    """Keep a part running; what is missing is said once, and looked for until it is back."""
    while True:
        try:
            await part.run(lambda: board.found(part.name))
        except AssistantError as error:
            board.missing(part.name, error)
        except Exception as error:
            log.exception("a bug ended the %s", part.name)
            board.missing(part.name, AssistantError(f"The {part.name} failed: {error}"))
        await asyncio.sleep(RETRY_S)
