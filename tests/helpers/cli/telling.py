"""Types a command that speaks with the server, and answers it."""

from __future__ import annotations

import json as json_module
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest
from helpers.replay import replay

from voice_assistant.backend.conversation import Conversation
from voice_assistant.cli.api import run
from voice_assistant.cli.parsing import parser
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.backend import BackendSettings
from voice_assistant.system import paths

if TYPE_CHECKING:
    from helpers.replay import Request

    from voice_assistant.cli.api.run import Failure

CURRENT = "ba88805a-1cf9-4ee9-a29b-4ee8c6b2cd75"


class Told(NamedTuple):
    """What a command printed, what it asked the server, and what still runs."""

    text: str
    value: Any
    requests: list[Request]
    failures: list[Failure]
    current: str


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A user's own folders and key."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("VOICE_ASSISTANT_API_KEY", "app-KEY")


async def tell(*typed: str, routes: dict[str, Any], current: str = CURRENT, **backend: Any) -> Told:
    """Type a command while a server answers by `routes`."""
    command, given = parser.parse(typed)
    arguments = {name: value for name, value in given.items() if name != "as_json"}

    async def go() -> Told:
        async with replay(routes) as server:
            settings = Settings(
                backend=BackendSettings(kind="dify", url=server.url, user="u1", **backend)
            )
            kept = Conversation(paths.data_dir() / "conversations.json", server.url)
            if current:
                kept.set_current(current)
            shown = await run.answer(settings, command.do, arguments)
            value = json_module.loads(msgspec.json.encode(shown.value))
            return Told(shown.text, value, server.requests, list(shown.failures), kept.id)

    return await go()
