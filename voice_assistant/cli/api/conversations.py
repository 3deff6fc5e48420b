"""`conversations` and `history`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant.api.models import Conversation, HistoryMessage
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown, first
from voice_assistant.errors import NotFound

if TYPE_CHECKING:
    import argparse


class Whole(msgspec.Struct):
    """A conversation with all that was said in it, the oldest first."""

    conversation: Conversation
    messages: list[HistoryMessage]


async def show_all(at: Connected, options: argparse.Namespace) -> Shown:
    """List them."""
    found = await first(at.client.conversations.iter(), options.limit)
    current = at.conversation.id
    rows = [
        ("*" if one.id == current else " ", one.id, words.when(one.updated_at), one.name)
        for one in found
    ]
    return Shown(found, words.table(rows, empty="There are no conversations."))


async def show(at: Connected, options: argparse.Namespace) -> Shown:
    """One of them: no endpoint tells of a single one, so it is looked for in the list."""
    id_ = at.conversation_id(options.id)
    async for conversation in at.client.conversations.iter():
        if conversation.id == id_:
            break
    else:
        raise NotFound(
            "The conversation does not exist", "`voice-assistant conversations list` shows all."
        )
    messages = [one async for one in at.client.conversations.iter_messages(id_)][::-1]
    inputs = ", ".join(f"{name} = {words.value(v)}" for name, v in conversation.inputs.items())
    told = {
        "name": conversation.name,
        "id": conversation.id,
        "created": words.when(conversation.created_at),
        "updated": words.when(conversation.updated_at),
        "inputs": inputs,
        "opening": conversation.introduction,
    }
    text = f"{words.facts(told)}\n\n{words.dialogue(messages, empty='Nothing was said yet.')}"
    return Shown(Whole(conversation, messages), text)


async def rename(at: Connected, options: argparse.Namespace) -> Shown:
    """Name one."""
    id_ = at.conversation_id(options.id)
    named = await at.client.conversations.rename(id_, " ".join(options.name).strip())
    return Shown(named, f"It is called: {named.name}")


async def delete(at: Connected, options: argparse.Namespace) -> Shown:
    """Delete some; what goes on with one of them is a new one."""
    for id_ in [at.conversation_id(given) for given in options.id]:
        await at.client.conversations.delete(id_)
        if id_ == at.conversation.id:
            at.conversation.forget()
    return Shown(Done(), "Deleted.")


async def variables(at: Connected, options: argparse.Namespace) -> Shown:
    """What the app remembers of one."""
    id_ = at.conversation_id(options.id)
    found = [one async for one in at.client.conversations.iter_variables(id_)]
    rows = [(one.name, one.value_type, words.value(one.value), one.description) for one in found]
    return Shown(found, words.table(rows, empty="It has no variables."))


async def history(at: Connected, options: argparse.Namespace) -> Shown:
    """What was said last, the oldest first."""
    id_ = at.conversation_id(options.conversation)
    found = (await first(at.client.conversations.iter_messages(id_), options.limit))[::-1]
    return Shown(found, words.dialogue(found, empty="Nothing was said yet."))
