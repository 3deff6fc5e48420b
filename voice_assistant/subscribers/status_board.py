"""How things stand: the phase, the follow-ups, what is missing. Read by tray and `status`."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from voice_assistant import __version__, events
from voice_assistant.status import Report, TrayState

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.backend.capabilities import Capabilities
    from voice_assistant.backend.conversation import Conversation
    from voice_assistant.backend.link import Link
    from voice_assistant.desktop.autostart import Autostart
    from voice_assistant.errors import AssistantError
    from voice_assistant.hearing.archive import Archive
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.speech.player import Player

LOOK_S = 2.0
"""How often one looks what others changed on the disk: it costs one look at each of two files."""

log = logging.getLogger(__name__)


class StatusBoard:
    """A subscriber of events, and of what comes and goes of the desktop.

    Args:
        link: who answers.
        conversation: which one goes on.
        capabilities: what the app there is and can do.
        archive: where recordings wait.
        player: how loud and fast answers are.
        microphone: whether it is kept open, and how loud it is.
        login: whether it starts the assistant.
    """

    def __init__(
        self,
        link: Link,
        conversation: Conversation,
        capabilities: Capabilities,
        archive: Archive,
        player: Player,
        *,
        microphone: Microphone,
        login: Autostart,
    ) -> None:
        self._link = link
        self._conversation = conversation
        self._capabilities = capabilities
        self._archive = archive
        self._unanswered = False
        self._looked_ns = 0
        self._player = player
        self._microphone = microphone
        self._login = login
        self._starts_at_login = login.on
        self._phases = events.Phases()
        self._suggestions: tuple[str, ...] = ()
        self._missing: dict[str, AssistantError] = {}
        self._sayers: list[Callable[[str, str], None]] = []
        self._followers: list[Callable[[TrayState], None]] = []
        self._look_into_archive()
        self._shown = self._state()
        player.on_change(self._changed)

    def follow(self, follower: Callable[[TrayState], None]) -> None:
        """Call `follower` with the state, now and whenever it changes."""
        self._followers.append(follower)
        follower(self._state())

    def on_missing(self, say: Callable[[str, str], None]) -> None:
        """Call `say` with title and hint of each part found missing: once, until it is back."""
        self._sayers.append(say)

    def tell(self, event: events.AnyEvent) -> None:
        """Take one event."""
        self._phases.tell(event)
        if isinstance(event, events.Asked):
            self._suggestions = ()
        if isinstance(event, events.Suggested):
            self._suggestions = event.questions
        if isinstance(event, events.Idle):
            self._look_into_archive()
        if isinstance(event, events.Failed) and event.code == "unauthorized":
            self._link.forget()
        self._changed()

    async def watch_disk(self, every_s: float = LOOK_S) -> None:
        """Notice what others do with the recordings and the login, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            if self._archive.changed_ns != self._looked_ns:
                self._look_into_archive()
            self.look_at_login()

    def look_at_login(self) -> None:
        """Notice whether a login starts the assistant."""
        self._starts_at_login = self._login.on
        self._changed()

    def missing(self, part: str, problem: AssistantError) -> None:
        """A part does not work; said once until `found`, and once for all parts it fails."""
        if part not in self._missing:
            log.warning("%s: %s. %s", part, problem.title, problem.hint)
            if problem.title not in self._titles():
                for say in self._sayers:
                    say(problem.title, problem.hint)
        self._missing[part] = problem
        self._changed()

    def found(self, part: str) -> None:
        """A part works (again)."""
        if self._missing.pop(part, None):
            log.info("%s: works again", part)
        self._changed()

    def report(self) -> Report:
        """For `status`."""
        info = self._capabilities.info
        return Report(
            version=__version__,
            pid=os.getpid(),
            phase=self._phases.now,
            backend=self._link.name,
            app=info.name if info else "",
            server_version=self._capabilities.server_version,
            conversation_id=self._conversation.id,
            volume=self._player.volume,
            speed=self._player.speed,
            microphone_open=self._microphone.kept_open,
            level_dbfs=self._microphone.level_dbfs,
            missing=tuple(
                dict.fromkeys(f"{p.title}. {p.hint}".strip() for p in self._missing.values())
            ),
        )

    def _look_into_archive(self) -> None:
        self._looked_ns = self._archive.changed_ns
        self._unanswered = self._archive.newest() is not None

    def _state(self) -> TrayState:
        return TrayState(
            phase=self._phases.now,
            suggestions=self._suggestions,
            problems=self._titles(),
            unanswered=self._unanswered,
            volume=self._player.volume,
            speed=self._player.speed,
            microphone_open=self._microphone.kept_open,
            starts_at_login=self._starts_at_login,
        )

    def _titles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(problem.title for problem in self._missing.values()))

    def _changed(self) -> None:
        if (state := self._state()) != self._shown:
            self._shown = state
            for follower in self._followers:
                follower(state)
