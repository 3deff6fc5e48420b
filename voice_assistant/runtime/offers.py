"""Offers what waits for the user: a recording, and an answer that has come late."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from voice_assistant.commands import Announce, Resume
from voice_assistant.errors import StorageError
from voice_assistant.subscribers.buttons import Button, again
from voice_assistant.system import local_form
from voice_assistant.text.visible import visible
from voice_assistant.translation import _, ngettext

if TYPE_CHECKING:
    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.desktop.face import Face
    from voice_assistant.hearing.archive import Archive
    from voice_assistant.runtime.display import Display
    from voice_assistant.subscribers.notices import Notices
    from voice_assistant.turns.answer.late_answers import Unanswered
    from voice_assistant.turns.assistant import Assistant
    from voice_assistant.turns.services import TurnServices

AT_ONCE_S = 600.0
"""Seconds after the question within which its answer goes on by itself."""


async def offer_late(
    assistant: Assistant,
    display: Display,
    services: TurnServices,
    asked: Unanswered,
    found: HistoryMessage,
) -> None:
    """Offer the answer of a question that was given up; the conversation goes on from there."""
    answer = visible(found.answer)
    if found.conversation_id:
        services.of_profile(asked.profile).conversation.set_current(found.conversation_id)
    display.notices.offer(
        "late answer",
        _("The answer has come"),
        f"{asked.question or found.query}\n\n{answer}",
        Button(_("Say it"), Announce(text=answer)),
        unasked=True,
    )
    if asked.spoken and not await display.is_quiet():
        assistant.post(Announce(text=_("The answer has come.")))


def pick_up(assistant: Assistant, notices: Notices, left: Unanswered) -> None:
    """Go on with the answer that the end of the last process cut off.

    Where the user has ended the assistant, or that was long ago, it is offered: nobody expects the
    assistant to speak by itself.
    """
    if not left.quit and time.time() - left.asked_at < AT_ONCE_S:
        assistant.post(Resume())
        return
    notices.offer(
        "unfinished",
        _("An answer was not finished"),
        _("The assistant was ended in the middle of it."),
        Button(_("Go on"), Resume()),
        unasked=True,
    )


async def offer_recording(archive: Archive, notices: Notices, shown: Face) -> None:
    """Offer the newest recording that waits for an answer, as soon as notifications work."""
    await shown.notifications.working.wait()
    kept = None
    with contextlib.suppress(StorageError):  # a check of the folder tells that
        kept = archive.newest()
    if kept:
        began_s = kept.began.timestamp()
        notices.offer(
            "recording",
            _(
                "A recording from {time} has not been answered",
                time=local_form.clock(began_s),
            ),
            ngettext(
                "It was made on {date} and is {n} second long.",
                "It was made on {date} and is {n} seconds long.",
                round(kept.seconds),
                date=local_form.date(began_s),
            ),
            again(kept.name),
            unasked=True,
        )
