"""Checks of devices and the backend: at the start, and again when a turn had a problem."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.backend import app_inputs
from voice_assistant.backend.capabilities import check_hearing, check_speech
from voice_assistant.events import Failed, Subscriber
from voice_assistant.ports import RECORDINGS, SPEAKER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.errors import AssistantError
    from voice_assistant.events import AnyEvent
    from voice_assistant.ports import Problems
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.sound.speaker import Speaker
    from voice_assistant.turns.services import TurnServices


class Checked:
    """A part that is checked rather than run: a device, the backend.

    Args:
        name: see `supervision.Supervised`.
        check: raises an AssistantError where the part does not work.

    Attributes:
        suspected: set when the part may have stopped working, or may work again.
    """

    def __init__(self, name: str, check: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self.suspected = asyncio.Event()
        self._check = check

    async def run(self, ready: Callable[[], None]) -> None:
        """Check now, and again whenever the part is suspected, until cancelled.

        Raises:
            AssistantError: the part does not work.
        """
        while True:
            self.suspected.clear()
            await self._check()
            ready()
            await self.suspected.wait()


class Checks(Subscriber):
    """All checks: a `Subscriber`, and the `ports.Problems` of turns and devices.

    A problem is passed on to the register at once. Its part is then checked, so that a problem
    that is over does not stay registered; so are all others, for one cause may stop several.

    Args:
        problems: the register, which the checks themselves report to (see `supervise`).

    Attributes:
        parts: everything that is checked, to be supervised.
    """

    def __init__(self, problems: Problems) -> None:
        self.parts: list[Checked] = []
        self._requirements: list[Checked] = []
        self._problems = problems

    def add(self, name: str, check: Callable[[], Awaitable[object]]) -> None:
        """Check a device, or the backend."""
        self.parts.append(Checked(name, check))

    def require(self, name: str, check: Callable[[], object]) -> None:
        """Check what is known of the backend: something it must offer, or be given."""

        async def look() -> None:
            check()

        self.add(name, look)
        self._requirements.append(self.parts[-1])

    def check_requirements(self) -> None:
        """Check again what the backend must offer: more is known of it."""
        for part in self._requirements:
            part.suspected.set()

    def handle(self, event: AnyEvent) -> None:
        """Take one event: a turn that failed may have failed for any part."""
        if isinstance(event, Failed):
            self._check_all()

    def report_problem(self, part: str, error: AssistantError) -> None:
        """Register that a turn went on without `part`, and check all parts."""
        self._problems.report_problem(part, error)
        self._check_all()

    def clear_problem(self, part: str) -> None:
        """Register that `part` works (again)."""
        self._problems.clear_problem(part)

    def _check_all(self) -> None:
        for part in self.parts:
            part.suspected.set()


def add_checks(
    checks: Checks, services: TurnServices, microphone: Microphone, speaker: Speaker
) -> None:
    """Add the checks of everything that turns work with."""
    settings = services.settings
    archive = services.recordings.archive
    checks.add(RECORDINGS, lambda: asyncio.to_thread(archive.check))
    if not settings.microphone.pre_roll_s:
        checks.add(microphone.name, lambda: asyncio.to_thread(microphone.check))
    checks.add(SPEAKER, lambda: asyncio.to_thread(speaker.check))
    checks.add("backend", lambda: _ask_abilities(services, checks.check_requirements))
    if settings.speech_to_text.local == "never":
        checks.require("speech to text", lambda: check_hearing(services.capabilities.known))
    if settings.speech.enabled and services.voice is None:
        checks.require("text to speech", lambda: check_speech(services.capabilities.known))
    checks.require("inputs", lambda: _check_inputs(services))


async def _ask_abilities(services: TurnServices, known: Callable[[], None]) -> None:
    client = await services.connect()
    await services.capabilities.read(client)
    await services.capabilities.introduce(client)
    known()


def _check_inputs(services: TurnServices) -> None:
    if abilities := services.capabilities.known:
        app_inputs.checked(abilities.user_input_form, services.settings.backend.inputs)
