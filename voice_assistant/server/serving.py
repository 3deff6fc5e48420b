"""A listening socket on this machine, and uvicorn on it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from typing import TYPE_CHECKING

import uvicorn

from voice_assistant.errors import ConfigError
from voice_assistant.server.app import create_app
from voice_assistant.server.door import Door

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from voice_assistant.server.parts import Parts

HOST = "127.0.0.1"
KEEP_ALIVE_S = 180
"""An idle connection's life: a client opens one when the user begins to speak, for later."""

GOODBYE_S = 2
"""How long requests in progress may take when the server ends."""


def listen(port: int) -> socket.socket:
    """A socket that listens on 127.0.0.1; port 0 chooses a free one.

    Raises:
        ConfigError: the port is taken, or may not be used.
    """
    # Without the protocol asyncio would not set TCP_NODELAY, and events would be 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # A restarted server gets its port back at once. (On Windows it would share a taken one.)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        raise ConfigError(
            f"Port {port} {what}", "Choose another one with --port, or end who has it."
        ) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """The address of the API on this socket."""
    return f"http://{HOST}:{listener.getsockname()[1]}/v1"


@contextlib.asynccontextmanager
async def serving(parts: Parts, token: str, listener: socket.socket) -> AsyncIterator[None]:
    """The API is served on `listener` for as long as the context lasts; closes the socket."""
    door = Door()
    config = uvicorn.Config(
        create_app(parts, token, door.admit),
        http=door.protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GOODBYE_S,
    )
    server = asyncio.create_task(_Server(config, parts.closing).serve(sockets=[listener]))
    try:
        yield
    finally:
        parts.closing.set()
        await server


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals alone and sleeps until it is to end."""

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        # Uvicorn's own wakes up ten times a second, to look for signals and to tell the date.
        await self._closing.wait()
