"""What is checked at the start, and again when a turn had trouble: devices, the backend."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.backend import app_inputs
from voice_assistant.backend.capabilities import check_chat, check_hearing, check_speech
from voice_assistant.events import Failed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.errors import DeviceError
    from voice_assistant.events import AnyEvent
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.sound.speaker import Speaker
    from voice_assistant.turns.services import TurnServices


class Checked:
    """A part that is looked at rather than run: a device, the backend.

    Args:
        name: see `supervision.Supervised`.
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


def add_checks(
    checks: Checks, parts: TurnServices, microphone: Microphone, speaker: Speaker
) -> None:
    """Check what this program works with."""
    settings = parts.settings
    archive = parts.recordings.archive
    checks.add("recordings", lambda: asyncio.to_thread(archive.check))
    if not settings.microphone.pre_roll_s:
        checks.add(microphone.name, lambda: asyncio.to_thread(microphone.check))
    checks.add("speaker", lambda: asyncio.to_thread(speaker.check))
    checks.add("backend", lambda: _ask_abilities(parts, checks.look_again))
    if settings.speech_to_text.local == "never":
        checks.require("speech to text", lambda: check_hearing(parts.capabilities.known))
    if settings.speech.enabled and parts.voice is None:
        checks.require("text to speech", lambda: check_speech(parts.capabilities.known))
    checks.require("inputs", lambda: _check_inputs(parts))


async def _ask_abilities(parts: TurnServices, found: Callable[[], None]) -> None:
    client = await parts.connect()
    await parts.capabilities.read(client)
    await parts.capabilities.introduce(client)
    found()
    check_chat(parts.capabilities.info)


def _check_inputs(parts: TurnServices) -> None:
    if abilities := parts.capabilities.known:
        app_inputs.checked(abilities.user_input_form, parts.settings.backend.inputs)
