"""How things stand: what `status` answers, and what the tray shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from voice_assistant.events import Phase


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to `status`.

    Attributes:
        version: of the daemon.
        pid: of the daemon.
        phase: what the tray icon shows.
        backend: who answers, and where.
        app: what the app there calls itself, "" where it does not say.
        server_version: what its server calls itself, such as "1.14.0"; "" likewise.
        conversation_id: the conversation that goes on, "" where the next question begins one.
        volume: 1.0 is as loud as it comes.
        speed: 1.0 is as fast as answers come.
        microphone_open: it listens although nobody speaks to it, for the pre-roll.
        level_dbfs: how loud the microphone is at the moment, None while nothing is recorded.
        missing: what does not work at the moment, and how to mend it.
    """

    version: str
    pid: int
    phase: str
    backend: str
    app: str
    server_version: str
    conversation_id: str
    volume: float
    speed: float
    microphone_open: bool = False
    level_dbfs: float | None = None
    missing: tuple[str, ...]


class TrayState(NamedTuple):
    """What the tray shows.

    Attributes:
        phase: what the assistant is doing.
        suggestions: questions that could be asked next.
        problems: what is missing, one line each.
        unanswered: there is a recording that can be tried again.
        volume: of all sound, up to 1.0.
        speed: of answers, 1.0 as they come.
        microphone_open: it listens although nobody speaks to it.
        level_dbfs: how loud the microphone is, None while nobody is listened to.
        starts_at_login: the desktop starts the assistant when the user logs in.
    """

    phase: Phase = "idle"
    suggestions: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unanswered: bool = False
    volume: float = 1.0
    speed: float = 1.0
    microphone_open: bool = False
    level_dbfs: float | None = None
    starts_at_login: bool = False
