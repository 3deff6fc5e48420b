"""Runs a command that asks the server: connects, asks, and shows the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import msgspec

from voice_assistant.backend.conversation import Conversation
from voice_assistant.backend.embedded_process import Served
from voice_assistant.backend.link import link_for, warn_if_unprotected
from voice_assistant.cli.control import Control
from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import show_json, warn
from voice_assistant.errors import AssistantError, InputError
from voice_assistant.settings import loading
from voice_assistant.system import logs, paths
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterator,
        Awaitable,
        Callable,
        Iterable,
        Mapping,
        Sequence,
    )

    from voice_assistant.api.client import Client
    from voice_assistant.settings.schema import Settings

T = TypeVar("T")


class Connected(NamedTuple):
    """The connection that a command uses.

    Attributes:
        client: the client of the server.
        conversation: the current conversation.
        settings: all settings.
        server: the server's name, for people.
    """

    client: Client
    conversation: Conversation
    settings: Settings
    server: str

    def conversation_id(self, given: str) -> str:
        """Return the id of a conversation; `given` is an id, or "current".

        Raises:
            InputError: there is no current conversation.
        """
        if given != "current":
            return given
        if not self.conversation.id:
            raise InputError(
                _("There is no current conversation"),
                _("Give an id: `voice-assistant conversations list` shows all."),
            )
        return self.conversation.id


class Failure(NamedTuple):
    """One of several things that a command could not do: its name, and the reason."""

    name: str
    error: AssistantError


class Shown(NamedTuple):
    """The result of a command: `value` for programs, the same as `text` for people.

    `failures` are the things that the command could not do; it went on with the others.
    """

    value: Any
    text: str
    failures: Sequence[Failure] = ()


Do: TypeAlias = "Callable[..., Awaitable[Shown]]"
"""Runs one command; its parameters are a `Connected` and the arguments."""


class Done(msgspec.Struct, omit_defaults=True):
    """The value of a command without a result.

    Attributes:
        result: "success", "partial" or "failure".
        done: what was done, where something was not.
    """

    result: str
    done: list[str] = []


def run(do: Do, given: Mapping[str, Any]) -> int:
    """Ask the server, print its answer, and return the exit status.

    Args:
        do: the coroutine function of the command that the user typed.
        given: the command's arguments, and `as_json`.
    """
    arguments = dict(given)
    as_json = arguments.pop("as_json")
    settings = loading.load(paths.config_file())
    logs.start("error")
    warn_if_unprotected(settings, warn)
    shown = interruption.run(answer(settings, do, arguments))
    if as_json:
        show_json(shown.value)
    else:
        print(shown.text)
    for name, error in shown.failures:
        warn(f"{name}: {error.title}", error.hint)
    return shown.failures[0].error.exit_code if shown.failures else 0


async def answer(settings: Settings, do: Do, given: Mapping[str, Any]) -> Shown:
    """Return the server's answer to a command with these arguments.

    Raises:
        AssistantError: the server failed or refused, or the command cannot be run.
    """
    async with link_for(settings, _of_daemon(settings)) as link:
        conversation = Conversation(
            paths.data_dir() / "conversations.json",
            link.name,
            idle_s=settings.conversation.idle_minutes * 60,
        )
        client = await link.connect()
        conversation.belongs_to(client.app)
        at = Connected(client, conversation, settings, link.name)
        return await do(at, **given)


def _of_daemon(settings: Settings) -> Served | None:
    """Return the embedded backend of the running assistant: to start another one takes a second."""
    if settings.backend.kind != "embedded":
        return None
    try:
        with Control() as daemon:
            answer = daemon.request(b'{"command":"backend"}')
        served = msgspec.json.decode(answer, type=Served)
    except (AssistantError, msgspec.DecodeError):
        return None
    return served if served.url else None


async def each(
    names: Iterable[str], do: Callable[[str], Awaitable[T]]
) -> tuple[dict[str, T], list[Failure]]:
    """Do something with each thing, and go on after one that fails.

    Returns:
        The results by the things' names, and what failed.

    Raises:
        AssistantError: there is one thing only, and that failed.
    """
    done: dict[str, T] = {}
    failures: list[Failure] = []
    things = tuple(dict.fromkeys(names))
    for name in things:
        try:
            done[name] = await do(name)
        except AssistantError as error:
            if len(things) == 1:
                raise
            failures.append(Failure(name, error))
    return done, failures


def deleted(names: Iterable[str], failures: Sequence[Failure]) -> Shown:
    """Return what is shown of things that were deleted, and of those that were not."""
    if not failures:
        return Shown(Done("success"), _("Deleted."))
    names = list(names)
    if not names:
        return Shown(Done("failure"), _("Deleted: none."), failures)
    return Shown(Done("partial", names), _("Deleted: {names}.", names=", ".join(names)), failures)


async def first(things: AsyncIterator[T], limit: int) -> list[T]:
    """Return the first `limit` things."""
    found: list[T] = []
    async for thing in things:
        found.append(thing)
        if len(found) == limit:
            break
    return found
