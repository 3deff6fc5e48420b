"""How a command that speaks with the server is done: connect, ask, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from voice_assistant.backend.conversation import Conversation
from voice_assistant.backend.link import link_for, warn_if_unprotected
from voice_assistant.cli import interruption
from voice_assistant.cli.terminal import show_json, warn
from voice_assistant.errors import InputError
from voice_assistant.settings import loading
from voice_assistant.system import logs, paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from voice_assistant.api.client import Client
    from voice_assistant.cli.command import ServerCommand
    from voice_assistant.settings.schema import Settings

T = TypeVar("T")


class Connected(NamedTuple):
    """What a command works with.

    Attributes:
        client: the server, whichever it is.
        conversation: which one goes on.
        settings: all of them.
        server: its name, for people.
    """

    client: Client
    conversation: Conversation
    settings: Settings
    server: str

    def conversation_id(self, given: str) -> str:
        """The id that is meant: "current" is the conversation that goes on.

        Raises:
            InputError: none goes on.
        """
        if given != "current":
            return given
        if not self.conversation.id:
            raise InputError(
                "No conversation goes on",
                "Name one: `voice-assistant conversations list` shows them.",
            )
        return self.conversation.id


class Shown(NamedTuple):
    """What a command answers: the same for programs and for people."""

    value: Any
    text: str


class Done(msgspec.Struct):
    """The value of a command that answers nothing."""

    result: str = "success"


def run(command: ServerCommand, given: Mapping[str, Any]) -> int:
    """Ask the server, and print its answer; the exit status.

    Args:
        command: what was typed.
        given: its arguments, and `as_json`.
    """
    arguments = dict(given)
    as_json = arguments.pop("as_json")
    settings = loading.load(paths.config_file())
    logs.start("error")
    warn_if_unprotected(settings, warn)
    shown = interruption.run(answer(settings, command, arguments))
    if as_json:
        show_json(shown.value)
    else:
        print(shown.text)
    return 0


async def answer(settings: Settings, command: ServerCommand, given: Mapping[str, Any]) -> Shown:
    """What the server answers to a command with these arguments.

    Raises:
        AssistantError: it does not, or the command makes no sense there.
    """
    async with link_for(settings) as link:
        conversation = Conversation(paths.data_dir() / "conversations.json", link.name)
        at = Connected(await link.connect(), conversation, settings, link.name)
        return await command.do(at, **given)


async def first(things: AsyncIterator[T], limit: int) -> list[T]:
    """The first `limit` of them."""
    found: list[T] = []
    async for thing in things:
        found.append(thing)
        if len(found) == limit:
            break
    return found
