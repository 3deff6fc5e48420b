"""Finds the servers of chat models on this machine, and what their models can do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from voice_assistant.api.http.proxies import is_loopback
from voice_assistant.errors import BackendError
from voice_assistant.server.chat_model.access import Access
from voice_assistant.server.chat_model.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL_PORTS = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}
"""The ports on which these servers listen if nobody chose another one."""

LOOK_S = 1.0
"""Seconds for one look at all ports: a server lists its models within milliseconds."""

ABILITIES_S = 2.0
LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp (include/net/tcp_states.h of Linux)."""

FIRST_PERSON_UID = 1000
"""Accounts of people begin here; services of the system, as Ollama's, run below.
https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes"""


class Found(NamedTuple):
    """A server of chat models.

    Attributes:
        server: the program's name.
        url: the base address of its API.
        models: the names of its chat models, never empty.
    """

    server: str
    url: str
    models: tuple[str, ...]


class _Model(msgspec.Struct):
    id: str
    max_model_len: int | None = None


class _Models(msgspec.Struct):
    data: list[_Model] | None = None


async def look(ports: Mapping[str, int] = USUAL_PORTS) -> list[Found]:
    """Return the servers that answer on these ports of this machine, in the order of the ports.

    A server of another person on this machine is passed over: questions are not for them.
    """
    found = await asyncio.gather(*(_look_at(name, port) for name, port in ports.items()))
    return [one for one in found if one]


async def _look_at(server: str, port: int) -> Found | None:
    if not _ours(port):
        return None
    url = f"http://127.0.0.1:{port}/v1"
    try:
        async with asyncio.timeout(LOOK_S), Connection(Access(url)) as connection:
            models = await chat_models(connection)
    except (BackendError, TimeoutError):
        return None
    return Found(server, url, models) if models else None


async def chat_models(connection: Connection) -> tuple[str, ...]:
    """Return the names of the models that a server lists, without those that only embed.

    Raises:
        BackendError: see `Connection.get`.
    """
    listed: _Models = await connection.get("models", _Models)
    return tuple(model.id for model in listed.data or () if "embed" not in model.id.lower())


def _ours(port: int) -> bool:
    """Return whether no other person has a server on this port; True where nobody can know."""
    if sys.platform == "win32":
        return True
    found: set[int] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            found |= owners(Path(table).read_text(), port)
    return all(owner < FIRST_PERSON_UID or owner == os.getuid() for owner in found)


def owners(table: str, port: int) -> set[int]:
    """Return the accounts that listen on a port.

    Args:
        table: the text of /proc/net/tcp or /proc/net/tcp6.
        port: the port.
    """
    rows = [row.split() for row in table.splitlines()[1:]]
    return {
        int(row[7])
        for row in rows
        if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port
    }


class Abilities(NamedTuple):
    """The abilities of a model, as far as its server says.

    Attributes:
        window_tokens: how much the model reads at once, 0 if the server does not say.
        sees_pictures: whether the model reads pictures.
    """

    window_tokens: int = 0
    sees_pictures: bool = False


async def abilities(connection: Connection, access: Access) -> Abilities:
    """Ask a server what its model can do, in the ways of the usual servers.

    The API itself has no such question. Servers beyond this machine are only asked for their list.
    """
    asked = [_from_list(connection, access.model)]
    if is_loopback(connection.host.rpartition(":")[0]):
        asked += [
            _from_llama_cpp(connection),
            _from_lm_studio(connection, access.model),
            _from_ollama(connection, access.model),
        ]
    told = await asyncio.gather(*map(_in_time, asked))
    return Abilities(max(one.window_tokens for one in told), any(one.sees_pictures for one in told))


async def _in_time(asked: Any) -> Abilities:
    try:
        async with asyncio.timeout(ABILITIES_S):
            told: Abilities = await asked
    except (BackendError, TimeoutError):
        return Abilities()
    return told


async def _from_list(connection: Connection, model: str) -> Abilities:
    """As vLLM: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html."""
    listed: _Models = await connection.get("models", _Models)
    lengths = [one.max_model_len for one in listed.data or () if one.id == model]
    return Abilities(next(filter(None, lengths), 0))


class _Modalities(msgspec.Struct, frozen=True):
    vision: bool = False


class _Generation(msgspec.Struct, frozen=True):
    n_ctx: int = 0


class _Props(msgspec.Struct):
    default_generation_settings: _Generation = _Generation()
    modalities: _Modalities = _Modalities()


async def _from_llama_cpp(connection: Connection) -> Abilities:
    """As https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md, GET /props."""
    props: _Props = await connection.get("/props", _Props)
    return Abilities(props.default_generation_settings.n_ctx, props.modalities.vision)


class _Loaded(msgspec.Struct):
    id: str
    type: str = ""
    loaded_context_length: int = 0


class _LoadedModels(msgspec.Struct):
    data: list[_Loaded] = []


async def _from_lm_studio(connection: Connection, model: str) -> Abilities:
    """As https://lmstudio.ai/docs/developer/rest/endpoints, GET /api/v0/models."""
    listed: _LoadedModels = await connection.get("/api/v0/models", _LoadedModels)
    for one in listed.data:
        if one.id == model:
            return Abilities(one.loaded_context_length, one.type == "vlm")
    return Abilities()


class _Shown(msgspec.Struct):
    capabilities: list[str] = []


async def _from_ollama(connection: Connection, model: str) -> Abilities:
    """As https://github.com/ollama/ollama/blob/main/docs/api.md, POST /api/show.

    It tells how much the model could read, and not how much the server lets it read.
    """
    shown: _Shown = await connection.get("/api/show", _Shown, {"model": model})
    return Abilities(0, "vision" in shown.capabilities)
