"""The parts of the program that the page shows, and the form of its requests and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from voice_assistant.api.client import Client
    from voice_assistant.api.models import Parameters
    from voice_assistant.commands import AnyCommand
    from voice_assistant.companion.feed import Feed
    from voice_assistant.settings.catalogue import Setting
    from voice_assistant.settings.schema import Settings

MOST_BYTES = 200_000
"""The largest request: a question that somebody pasted."""


class Heard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The news of a trial of the microphone: a level again and again, then words or a problem."""

    level_dbfs: float | None = None
    words: str | None = None
    problem: str = ""


class Trials(Protocol):
    """The trials of the setup, before or after something is chosen."""

    async def server(self, url: str, key: str, *, profile: str, anyway: bool) -> str:
        """Ask the app at `url`, then keep address and key; return what people are told.

        Args:
            url: the address of the app's API.
            key: its key; "": the key that is known already.
            profile: the profile that gets them, "" for the section [backend].
            anyway: keep them also if the server cannot be asked.

        Raises:
            AssistantError: the server refuses the key, or does not answer; nothing is kept.
        """
        ...

    def delete_profile(self, name: str) -> None:
        """Take a profile out of the settings file.

        Raises:
            AssistantError: it is the one that answers, or the file cannot be written.
        """
        ...

    async def models(self) -> object:
        """Return the servers of chat models on this machine, as JSON would hold them."""
        ...

    def listen(self) -> AsyncIterator[Heard]:
        """Record one sentence, and yield its level and its words."""
        ...

    async def say(self, text: str, engine: str, voice: str) -> None:
        """Say a text to its end; "" for the voice in use.

        Raises:
            AssistantError: it cannot be said.
        """
        ...

    async def offers(self) -> dict[str, list[str]]:
        """Return what can be chosen for settings that name a device, by their keys."""
        ...

    def voices(self) -> object:
        """Return the voices of this machine, as JSON would hold them. Blocks."""
        ...

    def start_at_login(self, *, on: bool) -> None:
        """Let a login start the assistant, or not."""
        ...


class Doctor(Protocol):
    """Examines what the assistant needs."""

    async def findings(self) -> object:
        """Return what is found about each part, as JSON would hold it."""
        ...

    async def report(self) -> str:
        """Return a text for a report to others, without keys and words."""
        ...

    async def play_back(self) -> None:
        """Record two seconds, and play them.

        Raises:
            AssistantError: the microphone or the speaker does not work.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Program:
    """The parts of the program that the page shows and changes.

    Attributes:
        feed: the state that pages follow.
        post: takes the commands of the page.
        connect: returns the backend as soon as it can be asked.
        parameters: returns what the backend's app can do, None if it does not say.
        settings: returns the settings in use.
        change: writes a value of a setting into the settings file and applies it; returns the keys
            that need a restart. Raises an AssistantError.
        doctor: examines what the assistant needs.
        trials: what the setup tries.
    """

    feed: Feed
    connect: Callable[[], Awaitable[Client]]
    parameters: Callable[[], Awaitable[Parameters | None]]
    post: Callable[[AnyCommand], None]
    settings: Callable[[], Settings]
    change: Callable[[Setting, object], Awaitable[tuple[str, ...]]]
    doctor: Doctor
    trials: Trials


def program_of(request: Request) -> Program:
    """Return the program of the app that got the request."""
    program: Program = request.app.state.program
    return program


async def read(request: Request, decoder: msgspec.json.Decoder[Any]) -> Any:
    """Return what the request's body holds.

    Raises:
        HTTPException: it is too long.
        msgspec.MsgspecError: it is not what the decoder knows.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, _("That is too long."))
    return decoder.decode(body)


def as_json(value: object, status: int = 200) -> Response:
    """Return the answer that holds `value`."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")
