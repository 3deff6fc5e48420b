"""Applies changes of the settings file to the running daemon."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.desktop.hotkey import check_keys
from voice_assistant.errors import AssistantError
from voice_assistant.settings import editing, loading
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.settings.sections.declaration import Effect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_assistant.ports import Problems
    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""Seconds between two looks (`stat`) at the settings file."""

PART = "settings"


def change_setting(file: Path, one: Setting, value: object) -> None:
    """Write this value of a setting into the settings file; None takes the setting out.

    What belongs to the backend goes to the profile that answers.

    Raises:
        ConfigError: the value cannot be used, or the file has an error; the file is unchanged.
        StorageError: the file cannot be written.
    """
    editing.change_in_use(file, one, value, lambda settings: check_keys(settings.hotkey))


class Change(msgspec.Struct, frozen=True):
    """The effect of a change of the settings file.

    Attributes:
        at_once: keys of settings that have just taken effect.
        after_restart: keys of all settings that differ from those in use until a restart.
    """

    at_once: tuple[str, ...] = ()
    after_restart: tuple[str, ...] = ()


class LiveSettings:
    """The settings in use, which follow the file.

    Args:
        settings: the settings that the daemon began with, as loaded.
        file: the settings file.
        problems: gets the error of a file that cannot be used; the settings in use then stay.
        look_s: seconds between two looks at the file.

    Attributes:
        now: the settings in use.
        waiting: keys of settings that take effect after a restart.
        file: the settings file.
    """

    def __init__(
        self, settings: Settings, file: Path, problems: Problems, *, look_s: float = LOOK_S
    ) -> None:
        self.now = settings
        self.waiting: tuple[str, ...] = ()
        self.file = file
        self._problems = problems
        self._look_s = look_s
        self._followers: list[Callable[[Settings, Settings], None]] = []
        self._seen = self._stamp()

    def follow(self, follower: Callable[[Settings, Settings], None]) -> None:
        """Call `follower` with the settings before and after each change."""
        self._followers.append(follower)

    def from_file(self) -> Settings:
        """Return the settings that the file has now, with the profile in use.

        Raises:
            ConfigError: the file cannot be used.
        """
        return loading.load(self.file)

    def read_again(self) -> Change:
        """Read the file, and apply what has changed.

        Raises:
            AssistantError: the file cannot be used; the settings in use stay.
        """
        self._seen = self._stamp()
        try:
            wanted = loading.load(self.file)
            check_keys(wanted.hotkey)
        except AssistantError as error:
            self._problems.report_problem(PART, error)
            raise
        self._problems.clear_problem(PART)
        changed = [one for one in every_setting() if _value(wanted, one) != _value(self.now, one)]
        at_once = tuple(one for one in changed if one.effect is Effect.AT_ONCE)
        self.waiting = tuple(one.key for one in changed if one.effect is Effect.AFTER_RESTART)
        before = self.now
        for one in at_once:
            value = {one.name: _value(wanted, one)}
            section = msgspec.structs.replace(getattr(self.now, one.section), **value)
            self.now = msgspec.structs.replace(self.now, **{one.section: section})
        self.now = msgspec.structs.replace(self.now, profiles=wanted.profiles)
        if changed:
            log.info("changed settings: %s", ", ".join(one.key for one in changed))
        for follower in self._followers:
            follower(before, self.now)
        return Change(tuple(one.key for one in at_once), self.waiting)

    async def run(self) -> None:
        """Notice changes of the file by other programs, until cancelled."""
        while True:
            await asyncio.sleep(self._look_s)
            if self._stamp() != self._seen:
                try:
                    self.read_again()
                except AssistantError as error:
                    log.info("the settings in use stay: %s", error.title)

    def _stamp(self) -> tuple[int, int, int] | None:
        """Return what changes with every new content of the file; None without a file."""
        try:
            found = self.file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _value(settings: Settings, one: Setting) -> Any:
    return getattr(getattr(settings, one.section), one.name)
