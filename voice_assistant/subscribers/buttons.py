"""The buttons of notifications, each with the command that a click posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from voice_assistant.commands import AnyCommand, Ask, Copy, Mute, New, OpenFiles, Rate, Retry
from voice_assistant.errors import ConversationTooLong, MicrophoneOff
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant import events


class Button(NamedTuple):
    """A button: its label, and the command that a click posts."""

    label: str
    command: AnyCommand


def again(recording: str, *, question: str = "") -> Button:
    """The button that tries a recording again, or asks its words again where they are known."""
    return Button(_("Ask again") if question else _("Try again"), Retry(recording=recording))


def after_failure(failed: events.Failed, asked: events.Asked) -> tuple[Button, ...]:
    """Return the button that helps a failed turn: mostly, its question is tried again."""
    if failed.code == MicrophoneOff.code:
        return (Button(_("Switch the microphone on"), Mute(on=False)),)
    if failed.code == ConversationTooLong.code:
        return (_in_new_conversation(failed, asked),)
    if failed.recording:
        return (again(failed.recording, question=failed.question),)
    if failed.question:
        return (Button(_("Ask again"), _asked_again(asked)),)
    return ()


def _in_new_conversation(failed: events.Failed, asked: events.Asked) -> Button:
    """The button that asks a question again in a new conversation, or only begins one."""
    command: AnyCommand = New()
    if failed.recording:
        command = Retry(recording=failed.recording, new=True)
    elif failed.question:
        command = msgspec.structs.replace(_asked_again(asked), new=True)
    return Button(_("New conversation"), command)


def _asked_again(asked: events.Asked) -> Ask:
    """The command that asks a question again, in its words and about the same files."""
    return Ask(text=asked.question, files=asked.files)


def opening(files: Sequence[str]) -> tuple[Button, ...]:
    """Return the button that opens the files of an answer; none if it has none."""
    return (Button(_("Open"), OpenFiles()),) if files else ()


def ratings() -> tuple[Button, ...]:
    """Return the buttons of an answer without follow-up questions."""
    return (
        Button(_("Good answer"), Rate(rating="good")),
        Button(_("Bad answer"), Rate(rating="bad")),
    )


def copying(answer: str) -> tuple[Button, ...]:
    """Return the button that copies an answer."""
    return (Button(_("Copy"), Copy(text=answer)),)


def follow_up(question: str) -> Button:
    """Return the button of a follow-up question."""
    label = printable(question)
    return Button(label, Ask(text=label, source="suggestion"))
