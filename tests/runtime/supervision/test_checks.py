"""What a turn reports is registered at once, and cleared as soon as a check finds it over."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from fakes import until

from voice_assistant import events
from voice_assistant.errors import SpeakerError
from voice_assistant.runtime.supervision.checks import Checks
from voice_assistant.runtime.supervision.supervised import supervise
from voice_assistant.subscribers.missing_parts import MissingParts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LOST = SpeakerError("The speaker was lost", "Connect one.")


class Parts:
    """Two parts under supervision, as the daemon has them."""

    def __init__(self) -> None:
        self.missing = MissingParts(self.warn)
        self.checks = Checks(self.missing)
        self.warned: list[str] = []
        self.checked: list[str] = []
        self.error: SpeakerError | None = None
        for name in ("speaker", "recordings"):
            self.checks.add(name, lambda name=name: self.check(name))

    def warn(self, title: str, _: str) -> None:
        self.warned.append(title)

    async def check(self, name: str) -> None:
        self.checked.append(name)
        if name == "speaker" and self.error:
            raise self.error


@contextlib.asynccontextmanager
async def supervised() -> AsyncIterator[Parts]:
    parts = Parts()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(supervise(part, parts.missing)) for part in parts.checks.parts]
        await until(lambda: len(parts.checked) == 2)
        parts.checked.clear()
        yield parts
        for task in tasks:
            task.cancel()


async def test_a_problem_that_is_over_is_still_a_warning_and_is_cleared_by_the_check():
    async with supervised() as parts:
        parts.checks.report_problem("speaker", LOST)
        assert parts.warned == ["The speaker was lost"]
        assert parts.missing.titles == ("The speaker was lost",)
        await until(lambda: parts.missing.titles == ())
        assert sorted(parts.checked) == ["recordings", "speaker"]


async def test_a_problem_that_goes_on_stays_and_is_one_warning():
    async with supervised() as parts:
        parts.error = LOST
        parts.checks.report_problem("speaker", LOST)
        await until(lambda: "speaker" in parts.checked)
        assert parts.missing.titles == ("The speaker was lost",)
        assert parts.warned == ["The speaker was lost"]


async def test_a_turn_that_failed_has_everything_checked_and_another_event_nothing():
    async with supervised() as parts:
        parts.checks.handle(events.Idle())
        await asyncio.sleep(0)
        assert parts.checked == []
        parts.error = LOST
        parts.checks.handle(events.Failed(title="It failed", hint="", code="unreachable"))
        await until(lambda: parts.missing.titles == ("The speaker was lost",))
        assert sorted(parts.checked) == ["recordings", "speaker"]
