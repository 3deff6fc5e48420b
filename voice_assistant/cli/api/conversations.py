"""`conversations`: shows and changes the user's conversations."""

from __future__ import annotations

import msgspec

from voice_assistant.api.models import Conversation, HistoryMessage, Json
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown, deleted, each, first
from voice_assistant.errors import InputError, NotFound
from voice_assistant.translation import _


class Whole(msgspec.Struct):
    """A conversation with all its messages, the oldest first."""

    conversation: Conversation
    messages: list[HistoryMessage]


async def show_all(at: Connected, limit: int) -> Shown:
    """List the user's conversations."""
    found = await first(at.client.conversations.iter(), limit)
    current = at.conversation.id
    rows = [
        (
            "*" if one.id == current else " ",
            str(number),
            one.id,
            words.when(one.updated_at),
            one.name,
        )
        for number, one in enumerate(found, 1)
    ]
    return Shown(found, words.table(rows, empty=_("There are no conversations.")))


async def show(at: Connected, conversation: str) -> Shown:
    """Show a conversation. No endpoint returns a single one, so the list is searched for it."""
    id_ = at.conversation_id(conversation)
    async for found in at.client.conversations.iter():
        if found.id == id_:
            break
    else:
        raise NotFound(
            _("The conversation does not exist"),
            _("`voice-assistant conversations list` shows all."),
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
    text = f"{words.facts(told)}\n\n{words.dialogue(messages, empty=_('Nothing was said yet.'))}"
    return Shown(Whole(found, messages), text)


async def resume(at: Connected, conversation: str) -> Shown:
    """Let the next question belong to a conversation, by its number in the list or its id."""
    number = 0
    async for one in at.client.conversations.iter():
        number += 1
        if conversation in (str(number), one.id):
            at.conversation.set_current(one.id)
            return Shown(one, _("The next question belongs to: {name}", name=one.name))
    raise NotFound(
        _("There is no conversation {conversation}", conversation=conversation),
        _("`voice-assistant conversations list` shows all."),
    )


async def rename(at: Connected, conversation: str, name: list[str]) -> Shown:
    """Give a conversation a name."""
    id_ = at.conversation_id(conversation)
    named = await at.client.conversations.rename(id_, " ".join(name).strip())
    return Shown(named, _("It is called: {name}", name=named.name))


async def delete(at: Connected, conversations: list[str]) -> Shown:
    """Delete conversations. If one is the current one, the next question begins a new one."""

    async def delete_one(id_: str) -> None:
        await at.client.conversations.delete(id_)
        if id_ == at.conversation.id:
            at.conversation.forget()

    gone, failures = await each(map(at.conversation_id, conversations), delete_one)
    return deleted(gone, failures)


async def variables(at: Connected, conversation: str) -> Shown:
    """Show the variables that the app keeps for a conversation."""
    id_ = at.conversation_id(conversation)
    found = [one async for one in at.client.conversations.iter_variables(id_)]
    rows = [
        (one.id, one.name, one.value_type, words.value(one.value), one.description) for one in found
    ]
    return Shown(found, words.table(rows, empty=_("The conversation has no variables.")))


async def set_variable(at: Connected, conversation: str, name: str, value: str) -> Shown:
    """Give a variable of a conversation a new value; the value is read as JSON if it is JSON."""
    id_ = at.conversation_id(conversation)
    async for one in at.client.conversations.iter_variables(id_):
        if name in (one.id, one.name):
            break
    else:
        raise NotFound(
            _("The conversation has no variable {name}", name=name),
            _("`voice-assistant conversations variables list` shows all."),
        )
    new: Json = value
    if one.value_type != "string":
        try:
            new = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            raise InputError(
                _(
                    "{value!r} is no value for {name} ({value_type})",
                    value=value,
                    name=one.name,
                    value_type=one.value_type,
                ),
                _("Write it as JSON."),
            ) from None
    changed = await at.client.conversations.set_variable(id_, one.id, new)
    return Shown(changed, f"{changed.name or one.name} = {words.value(changed.value)}")


async def messages(at: Connected, conversation: str, limit: int) -> Shown:
    """Show the last messages of a conversation, the oldest first."""
    id_ = at.conversation_id(conversation)
    found = (await first(at.client.conversations.iter_messages(id_), limit))[::-1]
    return Shown(found, words.dialogue(found, empty=_("Nothing was said yet.")))
