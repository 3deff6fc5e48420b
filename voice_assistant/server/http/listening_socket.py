"""A listening socket on this machine, and uvicorn on it without its own housekeeping."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from typing import TYPE_CHECKING

import uvicorn

from voice_assistant.errors import ConfigError
from voice_assistant.server.http.strangers import Strangers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from starlette.types import ASGIApp

HOST = "127.0.0.1"
KEEP_ALIVE_S = 180
"""How long an idle connection is kept: a client opens one when the user begins to speak, and needs
it when the question is complete."""

AT_ONCE = 64
"""Connections that are taken before strangers are told apart. asyncio takes as many at once as wait
at the socket; uvicorn lets 2048 wait: more than a process may have open."""

GOODBYE_S = 2
"""How long requests in progress may take when the server ends."""


def listen(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1; port 0 chooses a free port.

    Raises:
        ConfigError: another program uses the port, or the user may not use it.
    """
    # Without `IPPROTO_TCP` asyncio does not set TCP_NODELAY, and events are 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # A restarted server gets its port back at once. (On Windows two servers would share it.)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        raise ConfigError(
            f"Port {port} {what}", "Choose another port with --port, or end its program."
        ) from error
    return listener


@contextlib.asynccontextmanager
async def serving_app(
    make: Callable[[Callable[[object], None]], ASGIApp],
    listener: socket.socket,
    closing: asyncio.Event,
) -> AsyncIterator[None]:
    """Serve an app on `listener` while the context lasts; its end closes the socket.

    Args:
        make: returns the app; it gets a function to call with the address of each client that has
            proved itself.
        listener: see `listen`.
        closing: set at the end, so that streams without end can end.
    """
    strangers = Strangers()
    config = uvicorn.Config(
        make(strangers.admit),
        http=strangers.protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=AT_ONCE,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GOODBYE_S,
    )
    server = asyncio.create_task(_Server(config, closing).serve(sockets=[listener]))
    try:
        yield
    finally:
        closing.set()
        await server


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers and without its ten wake-ups per second."""

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._closing = closing

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        # Uvicorn's own loop wakes up ten times a second, for signals and for the date header.
        await self._closing.wait()
