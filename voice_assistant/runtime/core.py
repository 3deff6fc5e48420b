"""The core of the daemon: all that turns work with, and nothing that shows it to the user."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant import translation
from voice_assistant.backend.apps import Apps
from voice_assistant.backend.link import warn_if_unprotected
from voice_assistant.history.record_file import history_file
from voice_assistant.runtime.composition import (
    preferences_for,
    recorder_for,
    services_for,
    use_settings,
)
from voice_assistant.runtime.live_settings import LiveSettings
from voice_assistant.runtime.read_aloud import read_aloud_for
from voice_assistant.runtime.supervision.checks import Checks, add_checks
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.speaker import Speaker
from voice_assistant.subscribers.file_keeper import FileKeeper
from voice_assistant.subscribers.missing_parts import MissingParts
from voice_assistant.subscribers.ratings import Ratings
from voice_assistant.subscribers.recent_conversations import RecentConversations
from voice_assistant.system import paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.history.recorder import Recorder
    from voice_assistant.ports import Warn
    from voice_assistant.settings.preferences import Preferences
    from voice_assistant.settings.schema import Settings
    from voice_assistant.turns.services import TurnServices


class Core(NamedTuple):
    """The services of turns, and the parts that commands change without a turn.

    Attributes:
        settings: the settings at the start, with the volume and speed that the user chose.
        live: the settings in use, which follow the file.
        missing: the register of parts that do not work.
        checks: checks the parts that turns use.
        apps: the apps that can answer, and which of them does.
        microphone: records questions.
        speaker: plays answers.
        recorder: keeps the record of turns.
        ratings: rates the answers of the record.
        files: keeps the files of turns.
        older: the last conversations of the record.
        services: the services of turns.
    """

    settings: Settings
    live: LiveSettings
    missing: MissingParts
    checks: Checks
    apps: Apps
    microphone: Microphone
    speaker: Speaker
    recorder: Recorder
    ratings: Ratings
    files: FileKeeper
    older: RecentConversations
    services: TurnServices


@contextlib.asynccontextmanager
async def open_core(settings: Settings, warn: Warn) -> AsyncIterator[Core]:
    """Build the core; the end of the context closes it.

    Args:
        settings: all settings, as loaded.
        warn: shows missing parts on the terminal.

    Raises:
        ConfigError: a setting cannot be used.
    """
    missing = MissingParts(warn)
    live = LiveSettings(settings, paths.config_file(), missing)
    preferences = preferences_for(settings)
    settings = preferences.settings()
    checks = Checks(missing)
    warn_if_unprotected(settings, warn)
    async with contextlib.AsyncExitStack() as resources:
        apps = await resources.enter_async_context(Apps(settings, paths.data_dir(), checks))
        microphone = Microphone(settings.microphone, checks)
        speaker = resources.enter_context(contextlib.closing(Speaker(settings.speaker)))
        recorder = resources.enter_context(recorder_for(settings, missing))
        services = services_for(settings, apps, microphone, speaker, checks, recorder=recorder)
        await resources.enter_async_context(read_aloud_for(services, missing))
        services.read_aloud()  # a screen reader that is wanted and not there is told at once
        add_checks(checks, services, microphone, speaker)
        core = Core(
            settings,
            live,
            missing,
            checks,
            apps,
            microphone,
            speaker,
            recorder,
            Ratings(history_file(), lambda: apps.links, recorder.written),
            FileKeeper(history_file(), recorder, lambda: live.now.backend.trust_pictures),
            RecentConversations(history_file(), lambda: apps.in_use.link.name, recorder.written),
            services,
        )
        _follow_player(core, preferences)
        _follow_recorder(core)
        _follow_settings(core, preferences, warn)
        yield core


def _follow_player(core: Core, preferences: Preferences) -> None:
    """Use and keep each volume and speed that the listener chooses."""
    player = core.services.player
    player.on_change(lambda: core.speaker.set_volume(player.volume))
    player.on_change(lambda: preferences.keep(volume=player.volume, speed=player.speed))


def _follow_recorder(core: Core) -> None:
    """Off the record, no answered recording is kept; `history.enabled` says nothing of those."""
    recorder, archive = core.recorder, core.services.recordings.archive

    def follow() -> None:
        archive.off_the_record = recorder.off and core.settings.history.enabled

    recorder.on_change(follow)
    follow()


def _follow_settings(core: Core, preferences: Preferences, warn: Warn) -> None:
    """Use changed settings at once."""

    def use(before: Settings, now: Settings) -> None:
        logging.getLogger().setLevel(now.log.level.upper())
        translation.choose(now.interface.language)
        preferences.use(now)
        core.microphone.use(now.microphone)
        core.speaker.use(now.speaker)
        use_settings(core.services, core.apps, before, now)
        if now.backend != before.backend:
            core.older.look_again()
            warn_if_unprotected(now, warn)
        core.services.read_aloud()
        core.checks.check_all()

    core.live.follow(use)
