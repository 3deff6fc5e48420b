"""Keeps the volume and the speed that the listener chose last."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import StorageError
from voice_assistant.settings.sections.speech import SpeedFactor, VolumeLevel
from voice_assistant.system.plain_files import out_of_reach, read_json
from voice_assistant.system.private_files import replace, set_aside

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.settings.schema import Settings

log = logging.getLogger(__name__)


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """Volume and speed."""

    volume: VolumeLevel
    speed: SpeedFactor


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the file: the chosen values, and the values of the settings at that time."""

    settings: Sound
    chosen: Sound


class Preferences:
    """Volume and speed, kept across restarts.

    At first the values of the settings hold. A chosen value holds until its setting is changed.

    Args:
        file: the JSON file of the chosen values, readable by its owner only.
        settings: the settings in use.
    """

    def __init__(self, file: Path, settings: Settings) -> None:
        self._file = file
        self._first = Sound(volume=settings.speaker.volume, speed=settings.speech.speed)
        self._settings = settings

    def settings(self) -> Settings:
        """Return the settings with the chosen values."""
        chosen = self._chosen()
        settings, replace = self._settings, msgspec.structs.replace
        return replace(
            settings,
            speaker=replace(settings.speaker, volume=chosen.volume),
            speech=replace(settings.speech, speed=chosen.speed),
        )

    def use(self, settings: Settings) -> None:
        """Let these settings hold from now on, and choices that follow."""
        self._settings = settings
        self._first = Sound(volume=settings.speaker.volume, speed=settings.speech.speed)

    def keep(self, *, volume: float, speed: float) -> None:
        """Keep the chosen values. If the disk is full, only the log reports it."""
        kept = _Kept(settings=self._first, chosen=Sound(volume=volume, speed=speed))
        try:
            replace(self._file, msgspec.json.encode(kept))
        except StorageError as error:
            log.warning("volume and speed are not kept: %s", error)

    def _chosen(self) -> Sound:
        try:
            kept = read_json(self._file, _Kept)
        except FileNotFoundError:
            return self._first
        except (OSError, ValueError) as error:
            if not isinstance(error, OSError) or out_of_reach(error):
                set_aside(self._file, error)
            log.warning("%s cannot be read, the settings hold: %s", self._file, error)
            return self._first
        first, then, chosen = self._first, kept.settings, kept.chosen
        return Sound(
            volume=chosen.volume if first.volume == then.volume else first.volume,
            speed=chosen.speed if first.speed == then.speed else first.speed,
        )
