"""Parts that may be missing and may come back: run with the rest, say it once, look again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from voice_assistant.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.subscribers.status_board import StatusBoard

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""How often a missing part is looked for."""


class Supervised(Protocol):
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


async def supervise(part: Supervised, board: StatusBoard) -> None:
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
