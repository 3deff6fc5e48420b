"""`feedback`, and `app feedbacks`."""

from __future__ import annotations

from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown
from voice_assistant.errors import InputError


async def like(at: Connected, message: str, comment: str) -> Shown:
    """Like an answer."""
    await at.client.feedback(await _message_id(at, message), "like", comment)
    return Shown(Done(), "Liked.")


async def dislike(at: Connected, message: str, comment: str) -> Shown:
    """Dislike one."""
    await at.client.feedback(await _message_id(at, message), "dislike", comment)
    return Shown(Done(), "Disliked.")


async def clear(at: Connected, message: str) -> Shown:
    """Take it back."""
    await at.client.feedback(await _message_id(at, message), None)
    return Shown(Done(), "Taken back.")


async def show_all(at: Connected, page: int, limit: int) -> Shown:
    """What all users thought."""
    found = await at.client.app_feedbacks(page=page, limit=limit)
    rows = [
        (one.created_at[:16].replace("T", " "), one.rating, one.message_id, one.content)
        for one in found.data
    ]
    return Shown(list(found.data), words.table(rows, empty="Nobody has said anything."))


async def _message_id(at: Connected, given: str) -> str:
    """The answer that is meant: by default the last one, of the latest conversation if need be."""
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
    raise InputError("There is no answer yet", "Ask something first.")
