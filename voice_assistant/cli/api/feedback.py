"""`feedback` and `app feedbacks`: rates answers, and shows ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown
from voice_assistant.errors import InputError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import AppFeedback

MOST_ON_PAGE = 100
"""The most entries that servers put on a page."""


async def like(at: Connected, message: str, comment: str) -> Shown:
    """Like an answer."""
    await at.client.feedback(await _message_id(at, message), "like", comment)
    return Shown(Done("success"), "Liked.")


async def dislike(at: Connected, message: str, comment: str) -> Shown:
    """Dislike an answer."""
    await at.client.feedback(await _message_id(at, message), "dislike", comment)
    return Shown(Done("success"), "Disliked.")


async def clear(at: Connected, message: str) -> Shown:
    """Delete the rating of an answer."""
    await at.client.feedback(await _message_id(at, message), None)
    return Shown(Done("success"), _("The rating is deleted."))


async def show_all(at: Connected, page: int, limit: int) -> Shown:
    """Show the ratings of all users, from a page on."""
    found: list[AppFeedback] = []
    size = min(limit, MOST_ON_PAGE)
    while len(found) < limit:
        came = (await at.client.app_feedbacks(page=page, limit=size)).data
        found += came[: limit - len(found)]
        if len(came) < size:
            break
        page += 1
    rows = [
        (one.created_at[:16].replace("T", " "), one.rating, one.message_id, one.content)
        for one in found
    ]
    return Shown(found, words.table(rows, empty=_("No answer has been rated yet.")))


async def _message_id(at: Connected, given: str) -> str:
    """Return the id of the answer: by default the last answer of the current conversation.

    Without a current conversation, the latest conversation counts.
    """
    if given:
        return given
    conversation_id = at.conversation.id
    if not conversation_id:
        latest = (await at.client.conversations.list(limit=1)).data
        conversation_id = latest[0].id if latest else ""
    if conversation_id:
        last = (await at.client.conversations.messages(conversation_id, limit=1)).data
        if last:
            return last[-1].id
    raise InputError(_("There is no answer yet"), _("Ask something first."))
