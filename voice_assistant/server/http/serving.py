"""Serves the API of the embedded backend."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voice_assistant.server.app import create_app
from voice_assistant.server.http.listening_socket import HOST, listen, serving_app

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator

    from voice_assistant.server.parts import Parts

__all__ = ["listen", "serving", "url_of"]


def url_of(listener: socket.socket) -> str:
    """Return the address of the API on this socket."""
    return f"http://{HOST}:{listener.getsockname()[1]}/v1"


@contextlib.asynccontextmanager
async def serving(parts: Parts, token: str, listener: socket.socket) -> AsyncIterator[None]:
    """Serve the API on `listener` while the context lasts; its end closes the socket."""
    async with serving_app(lambda admit: create_app(parts, token, admit), listener, parts.closing):
        yield
