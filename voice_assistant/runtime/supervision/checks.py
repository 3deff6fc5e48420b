"""Checks of devices and the backend: at the start, and again when a turn had a problem."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.backend import app_inputs
from voice_assistant.backend.capabilities import check_hearing, check_speech
from voice_assistant.engines.voices.listing import check_voices
from voice_assistant.events import Failed, Subscriber
from voice_assistant.ports import (
    BACKEND,
    CONVERSATION,
    INPUTS,
    RECORDINGS,
    SPEAKER,
    SPEECH_TO_TEXT,
    VOICE,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.errors import AssistantError
    from voice_assistant.events import AnyEvent
    from voice_assistant.ports import Problems
    from voice_assistant.settings.schema import Settings
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.sound.speaker import Speaker
    from voice_assistant.turns.services import TurnServices


class Checked:
    """A part that is checked rather than run: a device, the backend.

    Args:
        name: see `supervised.Supervised`.
        check: raises an AssistantError if the part does not work.

    Attributes:
        suspected: set when the part may have stopped working, or may work again.
    """

    def __init__(self, name: str, check: Callable[[], Awaitable[object]]) -> None:
        self.name = name
        self.suspected = asyncio.Event()
        self._check = check

    async def run(self, ready: Callable[[], None]) -> None:
        """Check now, and again each time `suspected` is set, until cancelled.

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

    A reported problem goes to the register at once. Then all parts are checked: the part itself, so
    that a problem that is over does not stay registered, and the others, because one cause may stop
    several parts.

    Args:
        problems: the register of problems; the checks themselves report to it (see `supervise`).

    Attributes:
        parts: all checked parts, for `supervise`.
    """

    def __init__(self, problems: Problems) -> None:
        self.parts: list[Checked] = []
        self._requirements: list[Checked] = []
        self._problems = problems

    def add(self, name: str, check: Callable[[], Awaitable[object]]) -> None:
        """Add the check of a device, or of the backend."""
        self.parts.append(Checked(name, check))

    def require(self, name: str, check: Callable[[], object]) -> None:
        """Add a check of the backend's known abilities: a required ability, or a required input."""

        async def look() -> None:
            check()

        self.add(name, look)
        self._requirements.append(self.parts[-1])

    def check_requirements(self) -> None:
        """Check the requirements again: the backend's abilities were read."""
        for part in self._requirements:
            part.suspected.set()

    def handle(self, event: AnyEvent) -> None:
        """Take one event: after a failed turn check all parts, any of them may be the cause."""
        if isinstance(event, Failed):
            self.check_all()

    def report_problem(self, part: str, error: AssistantError) -> None:
        """Register that a turn continued without `part`, and check all parts."""
        self._problems.report_problem(part, error)
        self.check_all()

    def clear_problem(self, part: str) -> None:
        """Register that `part` works (again)."""
        self._problems.clear_problem(part)

    def check_all(self) -> None:
        """Check all parts: any of them may have changed."""
        for part in self.parts:
            part.suspected.set()


def add_checks(
    checks: Checks, services: TurnServices, microphone: Microphone, speaker: Speaker
) -> None:
    """Add the checks of all parts that turns use."""
    settings = services.settings
    archive = services.recordings.archive
    checks.add(RECORDINGS, lambda: asyncio.to_thread(archive.check))
    checks.add(CONVERSATION, lambda: _check_conversation(services))
    if not settings.microphone.pre_roll_s:
        checks.add(microphone.name, lambda: asyncio.to_thread(microphone.check))
    checks.add(SPEAKER, lambda: asyncio.to_thread(speaker.check))
    checks.add(VOICE, lambda: check_voice(services.settings))
    checks.add(BACKEND, lambda: _ask_abilities(services, checks.check_requirements))
    checks.require(SPEECH_TO_TEXT, lambda: _check_hearing(services))
    checks.require("text to speech", lambda: _check_speech(services))
    checks.require(INPUTS, lambda: _check_inputs(services))


async def check_voice(settings: Settings) -> None:
    """Check that the voices of this machine that the settings name are there.

    Raises:
        ConfigError: one is not.
    """
    if settings.embedded.voice or settings.backend.voice:
        await asyncio.to_thread(check_voices, settings.embedded, settings.backend)


async def _ask_abilities(services: TurnServices, known: Callable[[], None]) -> None:
    client = await services.connect()
    await services.capabilities.read(client)
    await services.capabilities.introduce(client)
    known()
    services.capabilities.check_chat()


async def _check_conversation(services: TurnServices) -> None:
    services.conversation.check()


def _check_hearing(services: TurnServices) -> None:
    if services.settings.speech_to_text.local == "never":
        embedded = services.settings.backend.kind == "embedded"
        check_hearing(services.capabilities.known, embedded=embedded)


def _check_speech(services: TurnServices) -> None:
    if services.settings.speech.enabled and services.voice is None:
        check_speech(services.capabilities.known)


def _check_inputs(services: TurnServices) -> None:
    if abilities := services.capabilities.known:
        form = [one for one in abilities.user_input_form if one.kind not in app_inputs.FILES]
        app_inputs.checked(form, services.settings.backend.inputs)
