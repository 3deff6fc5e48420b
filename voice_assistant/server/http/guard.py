"""Admits only programs of this machine that know the token, and no web page."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from voice_assistant import __version__
from voice_assistant.server.http.wire import Refusal, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

VERSION = f"embedded-{__version__}"
"""The value of the header `X-Version`."""


class Guard:
    """Wraps an ASGI app; refuses requests before any body is read.

    A web page cannot get in: its requests have an `Origin`, or, after DNS rebinding (a name of the
    attacker that points at 127.0.0.1), a foreign `Host`; and the page does not know the token.

    Args:
        app: the guarded app.
        token: the token that requests must show.
        admit: called with the client's address of each request that is passed on.
    """

    def __init__(self, app: ASGIApp, token: str, admit: Callable[[object], None]) -> None:
        self._app = app
        self._admit = admit
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a refusal."""

        async def versioned(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Version"] = VERSION
            await send(message)

        refusal = self._refusal(scope)
        if not refusal:
            self._admit(scope["client"])
        await (refused(refusal) if refusal else self._app)(scope, receive, versioned)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        port = scope["server"][1]
        if headers.get("host") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
            return Refusal(403, "forbidden", "This server answers to 127.0.0.1 only.")
        if "origin" in headers:
            return Refusal(403, "forbidden", "This server does not answer web pages.")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            wanted = "Authorization header must be provided and start with 'Bearer'"
            return Refusal(401, "unauthorized", wanted)
        if not hmac.compare_digest(token.strip().encode(), self._token):
            return Refusal(401, "unauthorized", "Access token is invalid")
        return None
