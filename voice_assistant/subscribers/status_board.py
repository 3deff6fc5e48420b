"""Derives the status from events, from the parts of the program, and from the disk."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.backend.link import shown
from voice_assistant.desktop.hotkey import how_to_talk, keys
from voice_assistant.desktop.hotkey.keys import TALK
from voice_assistant.events import Idle
from voice_assistant.ports import BACKEND, INPUTS, MICROPHONE, SOUND_SYSTEM, SPEECH_TO_TEXT
from voice_assistant.settings import profiles
from voice_assistant.status import Choosable, Status
from voice_assistant.subscribers.present_turn import PresentTurn
from voice_assistant.system import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from voice_assistant import events
    from voice_assistant.api.alerts import WaitingTimer
    from voice_assistant.backend.apps import App
    from voice_assistant.hearing.attention import Attention
    from voice_assistant.history.recorder import Recorder
    from voice_assistant.settings.schema import Settings
    from voice_assistant.settings.sections.desktop import ChosenSetting
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.speech.player import Player
    from voice_assistant.subscribers.missing_parts import MissingParts
    from voice_assistant.subscribers.ratings import Ratings
    from voice_assistant.subscribers.recent_conversations import RecentConversations
    from voice_assistant.subscribers.watched_disk import WatchedDisk

POLL_S = 2.0
"""Seconds between two looks at the disk."""


NEEDED = (BACKEND, INPUTS, MICROPHONE, SPEECH_TO_TEXT, TALK, SOUND_SYSTEM)
"""The parts without which nothing can be asked by voice; a speaker that is missing leaves text."""


@dataclass(frozen=True, kw_only=True)
class StatusSources:
    """The parts of the program that a status is read from.

    Attributes:
        missing: the register of parts that do not work.
        app: returns the app in use: its name, conversation and version.
        player: tells the volume and speed of answers.
        microphone: tells whether the microphone is kept open or muted, and its level.
        attention: tells whether conversation mode is on, and whether slow speakers are waited for.
        recorder: tells whether nothing is kept in the record.
        ratings: tells the rating of the last answer.
        recent: tells the last conversations.
        unfinished: tells whether an answer can go on that the end of the program has cut off.
        restart_for: tells which changed settings need a restart.
    """

    missing: MissingParts
    app: Callable[[], App]
    player: Player
    microphone: Microphone
    attention: Attention
    recorder: Recorder
    ratings: Ratings
    recent: RecentConversations
    unfinished: Callable[[], bool] = bool
    restart_for: Callable[[], tuple[str, ...]] = tuple

    def on_change(self, follower: Callable[[], None]) -> None:
        """Call `follower` whenever one of the parts has changed."""
        self.missing.on_report(follower)
        self.player.on_change(follower)
        self.microphone.on_change(follower)
        self.attention.on_change(follower)
        self.recorder.on_change(follower)
        self.ratings.on_change(follower)
        self.recent.on_change(follower)


class StatusBoard:
    """A `Subscriber` that derives the `Status`, and passes on every new status.

    Args:
        sources: the parts that a status is read from.
        disk: what it shows of the disk.
        settings: tells the profiles.
        poll_s: seconds between two looks at the disk.
    """

    def __init__(
        self,
        sources: StatusSources,
        disk: WatchedDisk,
        settings: Settings,
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._started_at = time.time()
        self._sources = sources
        self._disk = disk
        self._settings = settings
        self._poll_s = poll_s
        self._turn = PresentTurn()
        self._timers: tuple[tuple[str, float], ...] = ()
        self._choices: Mapping[ChosenSetting, tuple[str, ...]] = {}
        self._followers: list[Callable[[Status], None]] = []
        self._shown = self._to_show()
        sources.on_change(self._changed)

    def follow(self, follower: Callable[[Status], None]) -> None:
        """Call `follower` with the status, now and whenever it changes.

        The level is always None in this status: it changes too often for menus (see `LevelMeter`).
        What is read from the disk may be `poll_s` seconds old.
        """
        self._followers.append(follower)
        follower(self._to_show())

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._turn.handle(event)
        if isinstance(event, Idle):
            self._disk.look()
        self._changed()

    async def run(self) -> None:
        """Watch the disk for changes by other processes and by commands, until cancelled."""
        while True:
            await asyncio.sleep(self._poll_s)
            self._disk.look_at_changes()
            self._changed()

    def look(self) -> None:
        """Look at the disk now: something there was changed."""
        self._disk.look()
        self._changed()

    def use(self, settings: Settings) -> None:
        """Show the app and the profiles of these settings from now on."""
        self._settings = settings
        self.look()

    def show_timers(self, timers: Iterable[WaitingTimer]) -> None:
        """Show these timers from now on."""
        self._timers = tuple((timer.text, timer.due) for timer in timers)
        self._changed()

    def show_choices(self, choices: Mapping[ChosenSetting, tuple[str, ...]]) -> None:
        """Show these values of settings, by the settings' keys, from now on."""
        self._choices = choices
        self._changed()

    def status(self) -> Status:
        """Return the status at this moment, with the microphone's level."""
        sources = self._sources
        listens = self._turn.phase == "listening"
        return msgspec.structs.replace(
            self._to_show(),
            conversation_id=sources.app().conversation.id,
            level_dbfs=sources.microphone.level_dbfs if listens else None,
        )

    def _to_show(self) -> Status:
        sources, disk, turn, settings = self._sources, self._disk, self._turn, self._settings
        app = sources.app()
        info, failed = app.capabilities.info, turn.failed
        return Status(
            version=version.running(),
            pid=os.getpid(),
            started_at=self._started_at,
            phase=turn.phase,
            talk_key=self._talk_key(),
            backend=shown(app.link.name),
            app=info.name if info else "",
            server_version=app.capabilities.server_version,
            conversation_id=disk.conversation_id,
            volume=sources.player.volume,
            speed=sources.player.speed,
            conversation_mode=sources.attention.on,
            wake_word=sources.attention.wakes,
            wake_phrase=sources.attention.wake_phrase,
            slow_speaker=sources.attention.slow_speaker,
            muted=sources.microphone.muted,
            microphone_open=sources.microphone.kept_open,
            missing=sources.missing.lines,
            problems=sources.missing.titles,
            rings=bool(turn.ringing),
            timers=self._timers,
            how_to_talk=how_to_talk(settings.hotkey),
            not_ready=sources.missing.first_title(NEEDED),
            uploading=turn.uploading,
            to_say=turn.to_say,
            suggestions=turn.suggestions,
            failed_question=failed.question if failed else "",
            failed_files=failed.files if failed else (),
            recent_conversations=sources.recent.found,
            can_rate=sources.ratings.can_rate,
            rating=sources.ratings.rating,
            unanswered=disk.unanswered,
            unfinished=sources.unfinished(),
            profile=profiles.in_use(settings),
            profiles=profiles.names(settings),
            off_the_record=sources.recorder.off,
            choices=tuple(_choosable(settings, *one) for one in self._choices.items() if one[1]),
            restart_for=sources.restart_for(),
            starts_at_login=disk.starts_at_login,
        )

    def _talk_key(self) -> str:
        written = self._settings.hotkey.keys
        works = written.strip() and self._sources.missing.works(TALK)
        return keys.parse(written).title if works else ""

    def _changed(self) -> None:
        if (status := self._to_show()) != self._shown:
            self._shown = status
            for follower in self._followers:
                follower(status)


def _choosable(settings: Settings, key: ChosenSetting, values: tuple[str, ...]) -> Choosable:
    section, _, name = key.partition(".")
    return Choosable(key, str(getattr(getattr(settings, section), name)), values)
