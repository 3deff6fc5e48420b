"""Finds what the tray's menu offers to choose: microphones, loudspeakers, voices."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from voice_assistant.engines.voices.listing import voices
from voice_assistant.errors import DeviceError
from voice_assistant.sound.devices import devices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voice_assistant.engines.voices.listing import Listed
    from voice_assistant.settings.schema import Settings
    from voice_assistant.settings.sections.desktop import ChosenSetting
    from voice_assistant.sound.portaudio import Kind

log = logging.getLogger(__name__)

BEGIN_S = 5.0
"""Seconds after the start: the first question must not wait for the devices to be listed."""

_KEYS: dict[Kind, ChosenSetting] = {"input": "microphone.device", "output": "speaker.device"}

REST_S = 2.0
"""Seconds between two looks: a panel may tell several times that a menu opens."""


class Choices:
    """Looks what there is, a while after the start and whenever the menu opens.

    Args:
        show: called with the values that each setting can have, by the setting's key.
        settings: returns the settings in use.
        begin_s: seconds until the first look.
        rest_s: seconds between two looks.
    """

    def __init__(
        self,
        show: Callable[[Mapping[ChosenSetting, tuple[str, ...]]], None],
        settings: Callable[[], Settings],
        *,
        begin_s: float = BEGIN_S,
        rest_s: float = REST_S,
    ) -> None:
        self._show = show
        self._settings = settings
        self._begin_s = begin_s
        self._rest_s = rest_s
        self._wanted = asyncio.Event()

    def look(self) -> None:
        """Look soon; returns at once."""
        self._wanted.set()

    async def run(self) -> None:
        """Look whenever that is wanted, until cancelled."""
        await asyncio.sleep(self._begin_s)
        while True:
            self._wanted.clear()
            self._show(await asyncio.to_thread(found, self._settings()))
            await asyncio.sleep(self._rest_s)
            await self._wanted.wait()


def found(settings: Settings) -> dict[ChosenSetting, tuple[str, ...]]:
    """Return the values that settings can have, by the settings' keys. Blocks for a while."""
    names: dict[ChosenSetting, list[str]] = {"microphone.device": [], "speaker.device": []}
    try:
        for device in devices():
            names[_KEYS[device.kind]].append(device.name)
    except DeviceError as error:
        log.debug("no devices to choose from: %s", error)
    backend = settings.backend
    if backend.kind == "embedded" and not backend.profile:
        names["backend.voice"] = [f"{one.engine} {one.voice}" for one in voices() if _usual(one)]
    return {key: tuple(dict.fromkeys(values)) for key, values in names.items()}


def _usual(one: Listed) -> bool:
    """Return whether a menu has room for a voice: espeak-ng has more than a hundred."""
    return one.engine != "espeak-ng"
