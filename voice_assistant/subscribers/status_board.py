"""Derives the status from events, from the register of missing parts, and from the disk."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.backend.link import shown
from voice_assistant.desktop.hotkey.keys import TALK
from voice_assistant.ports import BACKEND, INPUTS, MICROPHONE, SOUND_SYSTEM, SPEECH_TO_TEXT
from voice_assistant.settings import profiles
from voice_assistant.status import Choosable, Status
from voice_assistant.system import version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from voice_assistant.api.alerts import WaitingTimer
    from voice_assistant.backend.apps import App
    from voice_assistant.desktop.autostart import Autostart
    from voice_assistant.hearing.archive import Archive
    from voice_assistant.hearing.attention import Attention
    from voice_assistant.history.recorder import Recorder
    from voice_assistant.settings.schema import Settings
    from voice_assistant.settings.sections.desktop import ChosenSetting
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.speech.player import Player
    from voice_assistant.subscribers.missing_parts import MissingParts
    from voice_assistant.subscribers.ratings import Ratings
    from voice_assistant.subscribers.recent_conversations import RecentConversations

POLL_S = 2.0
"""Seconds between two looks at the disk: the recordings, the autostart file, the conversation."""


NEEDED = (BACKEND, INPUTS, MICROPHONE, SPEECH_TO_TEXT, TALK, SOUND_SYSTEM)
"""The parts without which nothing can be asked by voice; a speaker that is missing leaves text."""


class StatusBoard:
    """A `Subscriber` that derives the `Status`, and passes on every new status.

    Args:
        missing: the register of parts that do not work.
        app: returns the app in use: its name, conversation and version.
        archive: tells whether recordings wait for an answer.
        player: tells the volume and speed of answers.
        microphone: tells whether the microphone is kept open or muted, and its level.
        login: tells whether a login starts the assistant.
        attention: tells whether conversation mode is on, and whether slow speakers are waited for.
        recorder: tells whether nothing is kept in the record.
        ratings: tells the rating of the last answer.
        recent: tells the last conversations.
        settings: tells the profiles.
        restart_for: tells which changed settings need a restart.
        poll_s: seconds between two looks at the disk.
    """

    def __init__(
        self,
        missing: MissingParts,
        app: Callable[[], App],
        archive: Archive,
        *,
        player: Player,
        microphone: Microphone,
        login: Autostart,
        recorder: Recorder,
        ratings: Ratings,
        recent: RecentConversations,
        settings: Settings,
        attention: Attention,
        restart_for: Callable[[], tuple[str, ...]] = tuple,
        poll_s: float = POLL_S,
    ) -> None:
        self._started_at = time.time()
        self._missing = missing
        self._app = app
        self._archive = archive
        self._player = player
        self._microphone = microphone
        self._login = login
        self._recorder = recorder
        self._ratings = ratings
        self._recent = recent
        self._settings = settings
        self._restart_for = restart_for
        self._attention = attention
        self._poll_s = poll_s
        self._starts_at_login = login.on
        self._conversation_id = app().conversation.id
        self._unanswered = False
        self._polled_ns = 0
        self._timers: tuple[tuple[str, float], ...] = ()
        self._choices: Mapping[ChosenSetting, tuple[str, ...]] = {}
        self._phases = events.Phases()
        self._suggestions: tuple[str, ...] = ()
        self._uploading = ""
        self._asked = events.Asked(question="", source="text")
        self._failed: events.Asked | None = None
        self._followers: list[Callable[[Status], None]] = []
        self._look_into_archive()
        self._shown = self._to_show()
        player.on_change(self._changed)
        microphone.on_change(self._changed)
        attention.on_change(self._changed)
        missing.on_report(self._changed)
        recorder.on_change(self._changed)
        ratings.on_change(self._changed)
        recent.on_change(self._changed)

    def follow(self, follower: Callable[[Status], None]) -> None:
        """Call `follower` with the status, now and whenever it changes.

        The level is always None in this status: it changes too often for menus (see `LevelMeter`).
        What is read from the disk may be `poll_s` seconds old.
        """
        self._followers.append(follower)
        follower(self._to_show())

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._phases.handle(event)
        match event:
            case events.Asked():
                self._suggestions = ()
                self._asked, self._failed = event, None
            case events.Failed(recording="", question=question) if question == self._asked.question:
                self._failed = self._asked
            case events.Uploading(sent_bytes=sent, size_bytes=size):
                self._uploading = event.told if sent < size else ""
            case events.Suggested(questions=questions):
                self._suggestions = questions
            case events.Idle():
                self._uploading = ""
                self._look_into_archive()
                self._conversation_id = self._app().conversation.id
            case _:
                pass
        self._changed()

    async def run(self) -> None:
        """Watch the disk for changes by other processes and by commands, until cancelled."""
        while True:
            await asyncio.sleep(self._poll_s)
            if self._archive.changed_ns != self._polled_ns:
                self._look_into_archive()
            self._conversation_id = self._app().conversation.id
            self.look_at_login()

    def show_timers(self, timers: Iterable[WaitingTimer]) -> None:
        """Show these timers from now on."""
        self._timers = tuple((timer.text, timer.due) for timer in timers)
        self._changed()

    def use(self, settings: Settings) -> None:
        """Show the app and the profiles of these settings from now on."""
        self._settings = settings
        self._conversation_id = self._app().conversation.id
        self._changed()

    def show_choices(self, choices: Mapping[ChosenSetting, tuple[str, ...]]) -> None:
        """Show these values of settings, by the settings' keys, from now on."""
        self._choices = choices
        self._changed()

    def _chosen(self, key: ChosenSetting) -> str:
        section, _, name = key.partition(".")
        return str(getattr(getattr(self._settings, section), name))

    def look_at_login(self) -> None:
        """Update whether a login starts the assistant."""
        self._starts_at_login = self._login.on
        self._changed()

    def status(self) -> Status:
        """Return the status at this moment, with the microphone's level."""
        return msgspec.structs.replace(
            self._to_show(),
            conversation_id=self._app().conversation.id,
            level_dbfs=self._microphone.level_dbfs if self._phases.now == "listening" else None,
        )

    def _look_into_archive(self) -> None:
        self._polled_ns = self._archive.changed_ns
        self._unanswered = self._archive.newest() is not None

    def _to_show(self) -> Status:
        app = self._app()
        info = app.capabilities.info
        return Status(
            version=version.running(),
            pid=os.getpid(),
            started_at=self._started_at,
            phase=self._phases.now,
            backend=shown(app.link.name),
            app=info.name if info else "",
            server_version=app.capabilities.server_version,
            conversation_id=self._conversation_id,
            volume=self._player.volume,
            speed=self._player.speed,
            conversation_mode=self._attention.on,
            wake_word=self._attention.wakes,
            wake_phrase=self._attention.wake_phrase,
            slow_speaker=self._attention.slow_speaker,
            muted=self._microphone.muted,
            microphone_open=self._microphone.kept_open,
            missing=self._missing.lines,
            problems=self._missing.titles,
            timers=self._timers,
            not_ready=self._missing.first_title(NEEDED),
            uploading=self._uploading,
            suggestions=self._suggestions,
            failed_question=self._failed.question if self._failed else "",
            failed_files=self._failed.files if self._failed else (),
            recent_conversations=self._recent.found,
            can_rate=self._ratings.can_rate,
            rating=self._ratings.rating,
            unanswered=self._unanswered,
            profile=profiles.in_use(self._settings),
            profiles=profiles.names(self._settings),
            off_the_record=self._recorder.off,
            choices=tuple(
                Choosable(key, self._chosen(key), values)
                for key, values in self._choices.items()
                if values
            ),
            restart_for=self._restart_for(),
            starts_at_login=self._starts_at_login,
        )

    def _changed(self) -> None:
        if (status := self._to_show()) != self._shown:
            self._shown = status
            for follower in self._followers:
                follower(status)
