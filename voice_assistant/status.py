"""How things stand: the one state that the tray, `status` and every other display are made from."""

from __future__ import annotations

import msgspec

from voice_assistant.events import Phase  # msgspec reads it


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the running assistant; the answer to `status`, and what the tray shows.

    Attributes:
        version: of the daemon.
        pid: of the daemon.
        phase: what the assistant is doing.
        backend: who answers, and where.
        app: the name that the backend's app gives itself, "" where it gives none.
        server_version: the version that the backend's server gives itself, such as "1.14.0"; ""
            likewise.
        conversation_id: the conversation that goes on, "" where the next question begins one.
        volume: of all sound; 1.0 is the loudest.
        speed: of answers; 1.0 is as fast as they come.
        microphone_open: the microphone records although nobody speaks to it, for the pre-roll.
        level_dbfs: how loud the microphone is, None while nothing is recorded.
        missing: parts that do not work: title and hint of each problem.
        problems: the titles alone, for displays that have room for no more.
        suggestions: questions that could be asked next.
        unanswered: there is a recording that can be tried again.
        starts_at_login: the desktop starts the assistant when the user logs in.
    """

    version: str = ""
    pid: int = 0
    phase: Phase = "idle"
    backend: str = ""
    app: str = ""
    server_version: str = ""
    conversation_id: str = ""
    volume: float = 1.0
    speed: float = 1.0
    microphone_open: bool = False
    level_dbfs: float | None = None
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    unanswered: bool = False
    starts_at_login: bool = False
