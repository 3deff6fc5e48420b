"""Settings of what is kept on this disk: recordings, the record of turns, the log."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from voice_assistant.settings.sections.declaration import Section, at_once, needs_restart


class RecordingSettings(Section, frozen=True):
    """Recordings of questions on this disk."""

    keep_days: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=3650.0),
        at_once(
            "A recording is deleted as soon as it is answered. This setting keeps it for so many "
            "days longer. One that is not answered is kept until it is tried again or deleted. "
            "Beyond 1,000 recordings, or 1 GB, the oldest go, answered ones first."
        ),
    ] = 0.0


class HistorySettings(Section, frozen=True):
    """The record of questions and answers on this disk."""

    enabled: Annotated[
        bool,
        needs_restart(
            "Keep a record of all questions and answers on this disk, for you alone: "
            "`voice-assistant history` shows and searches it. `history off`, or the tray, keeps "
            "nothing until `history on` or a restart."
        ),
    ] = True
    keep_days: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=36500.0),
        needs_restart("Days that a turn is kept in the record. 0: for ever."),
    ] = 0.0


class LogSettings(Section, frozen=True):
    """The log."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        at_once(
            '"debug", "info", "warning" or "error". Words that were said are only written at '
            '"debug".'
        ),
    ] = "info"
