"""How a command that speaks with the server is done: connect, ask, show."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from voice_assistant.backend.conversation import Conversation
from voice_assistant.backend.link import link_for, warn_if_unprotected
from voice_assistant.cli.printing import warn
from voice_assistant.errors import InputError
from voice_assistant.settings import loading
from voice_assistant.system import logs, paths

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator

    from voice_assistant.api.client import Client
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


def run(options: argparse.Namespace) -> int:
    """Do the command that was typed, and print its answer; the exit status."""
    settings = loading.load(paths.config_file())
    logs.start("error")
    warn_if_unprotected(settings, warn)
    shown = asyncio.run(answer(settings, options))
    print(msgspec.json.encode(shown.value).decode() if options.json else shown.text)
    return 0


async def answer(settings: Settings, options: argparse.Namespace) -> Shown:
    """What the server answers to the command that was typed.

    Raises:
        AssistantError: it does not, or the command makes no sense there.
    """
    module, _, name = options.verb.do.partition(".")
    do = getattr(importlib.import_module(f"voice_assistant.cli.api.{module}"), name)
    async with link_for(settings) as link:
        conversation = Conversation(paths.data_dir() / "conversations.json", link.name)
        at = Connected(await link.connect(), conversation, settings, link.name)
        shown: Shown = await do(at, options)
        return shown


async def first(things: AsyncIterator[T], limit: int) -> list[T]:
    """The first `limit` of them."""
    found: list[T] = []
    async for thing in things:
        found.append(thing)
        if len(found) == limit:
            break
    return found
