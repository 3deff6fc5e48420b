"""`conversations`: shows and changes the user's conversations."""

from __future__ import annotations

import msgspec

from voice_assistant.api.models import Conversation, HistoryMessage
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown, first
from voice_assistant.errors import NotFound


class Whole(msgspec.Struct):
    """A conversation with all its messages, the oldest first."""

    conversation: Conversation
    messages: list[HistoryMessage]


async def show_all(at: Connected, limit: int) -> Shown:
    """List the user's conversations."""
    found = await first(at.client.conversations.iter(), limit)
    current = at.conversation.id
    rows = [
        ("*" if one.id == current else " ", one.id, words.when(one.updated_at), one.name)
        for one in found
    ]
    return Shown(found, words.table(rows, empty="There are no conversations."))


async def show(at: Connected, conversation: str) -> Shown:
    """Show a conversation. No endpoint returns a single one, so the list is searched for it."""
    id_ = at.conversation_id(conversation)
    async for found in at.client.conversations.iter():
        if found.id == id_:
            break
    else:
        raise NotFound(
            "The conversation does not exist", "`voice-assistant conversations list` shows all."
        )
    messages = [one async for one in at.client.conversations.iter_messages(id_)][::-1]
    inputs = ", ".join(f"{name} = {words.value(v)}" for name, v in found.inputs.items())
    told = {
        "name": found.name,
        "id": found.id,
        "created": words.when(found.created_at),
        "updated": words.when(found.updated_at),
        "inputs": inputs,
        "opening": found.introduction,
    }
    text = f"{words.facts(told)}\n\n{words.dialogue(messages, empty='Nothing was said yet.')}"
    return Shown(Whole(found, messages), text)


async def rename(at: Connected, conversation: str, name: list[str]) -> Shown:
    """Give a conversation a name."""
    id_ = at.conversation_id(conversation)
    named = await at.client.conversations.rename(id_, " ".join(name).strip())
    return Shown(named, f"It is called: {named.name}")


async def delete(at: Connected, conversations: list[str]) -> Shown:
    """Delete conversations. If one is the current one, the next question begins a new one."""
    for id_ in [at.conversation_id(given) for given in conversations]:
        await at.client.conversations.delete(id_)
        if id_ == at.conversation.id:
            at.conversation.forget()
    return Shown(Done(), "Deleted.")


async def variables(at: Connected, conversation: str) -> Shown:
    """Show the variables that the app keeps for a conversation."""
    id_ = at.conversation_id(conversation)
    found = [one async for one in at.client.conversations.iter_variables(id_)]
    rows = [(one.name, one.value_type, words.value(one.value), one.description) for one in found]
    return Shown(found, words.table(rows, empty="The conversation has no variables."))


async def messages(at: Connected, conversation: str, limit: int) -> Shown:
    """Show the last messages of a conversation, the oldest first."""
    id_ = at.conversation_id(conversation)
    found = (await first(at.client.conversations.iter_messages(id_), limit))[::-1]
    return Shown(found, words.dialogue(found, empty="Nothing was said yet."))
