"""Supervises parts that may be missing and come back: reports problems, and starts parts again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from voice_assistant.errors import AssistantError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.ports import Problems

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""Seconds until a missing part is started again."""


class Supervised(Protocol):
    """A part that is run or checked: a device, a service of the desktop, the backend.

    Attributes:
        name: the part's name in the log and in reports of its problems.
    """

    name: str

    async def run(self, ready: Callable[[], None]) -> None:
        """Work until cancelled; call `ready` as soon as the part works.

        Raises:
            AssistantError: the part is missing, or was lost.
        """
        ...


async def supervise(part: Supervised, problems: Problems) -> None:
    """Keep `part` running until cancelled: report its problems, and start it again."""
    while True:
        try:
            await part.run(lambda: problems.clear_problem(part.name))
        except AssistantError as error:
            problems.report_problem(part.name, error)
        except Exception as error:
            log.exception("a bug ended the %s", part.name)
            problems.report_problem(
                part.name,
                AssistantError(
                    _("The {name} failed: {error}", name=part.name, error=error),
                    _("See its log."),
                ),
            )
        await asyncio.sleep(RETRY_S)
