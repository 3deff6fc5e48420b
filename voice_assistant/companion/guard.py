"""Lets in the user's own browser only."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from voice_assistant import translation
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_S = 60.0
"""How long a token may take to be used: a browser may have to start first."""

ENTER = "/enter"

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# The browser leaves out a strict cookie where another program began the way here: so the page
# itself makes the second step, and not a redirection.
_ENTERED = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Voice assistant</title>'
    '<link rel="icon" href="/page/icon.svg"><meta http-equiv="refresh" content="0;url=/#{view}">'
)


def _closed() -> str:
    """Return the page of somebody whom the window does not know."""
    title, expired = _("Voice assistant"), _("This window has expired")
    again = _("Open it again: from the tray, or with `voice-assistant window`.")
    again = re.sub("`(.+?)`", r"<code>\1</code>", again)
    return (
        f'<!doctype html><html lang="{translation.tag()}">'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><h1>{expired}</h1><p>{again}"
    )


class Guard:
    """Wraps an ASGI app; refuses requests before any body is read.

    Other users of the machine do not know the token, nor the cookie that it is exchanged for. Pages
    of other sites have a foreign `Origin` or, after DNS rebinding, a foreign `Host`, and the
    browser sends them no strict cookie.

    Args:
        app: the guarded app.
        secret: the value of the cookie.
        admit: called with the client's address of each request that is passed on.
        ours: returns whether a client's port and the server's are the ends of a connection that our
            own account has opened. A token is of use to nobody else: command lines show it.
    """

    def __init__(
        self,
        app: ASGIApp,
        secret: str,
        admit: Callable[[object], None] = lambda _: None,
        ours: Callable[[int, int], bool] = lambda *_: True,
    ) -> None:
        self._ours = ours
        self._app = app
        self._secret = secret
        self._admit = admit
        self._tokens: dict[str, tuple[float, str]] = {}

    def new_token(self, view: str = "") -> str:
        """Return a token that opens a view of the page once, within `TOKEN_S`."""
        token = secrets.token_urlsafe(32)
        self._tokens[token] = time.monotonic() + TOKEN_S, view
        return token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = self._answer(scope)
        if answer is None:
            self._admit(scope["client"])
        await (answer or self._app)(scope, receive, guarded)

    def _answer(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        port = scope["server"][1]
        host = f"127.0.0.1:{port}"
        if headers.get("host") != host:
            return PlainTextResponse(_("This page is at 127.0.0.1 only."), 403)
        origin = headers.get("origin")
        if origin not in (None, f"http://{host}") or (
            scope["method"] not in ("GET", "HEAD") and origin is None
        ):
            return PlainTextResponse(_("Other pages are not let in."), 403)
        name = f"voice_assistant_{port}"
        if scope["path"] == ENTER:
            if not self._ours(scope["client"][1], port):
                return PlainTextResponse(_("This window belongs to another user."), 403)
            return self._entered(scope["query_string"].decode("latin-1"), name)
        found = cookie_parser(headers.get("cookie", "")).get(name, "")
        if hmac.compare_digest(found.encode(), self._secret.encode()):
            return None
        return HTMLResponse(_closed(), 403)

    def _entered(self, token: str, name: str) -> Response:
        until, view = self._tokens.pop(token, (0.0, ""))
        if time.monotonic() > until:
            return HTMLResponse(_closed(), 403)
        response = HTMLResponse(_ENTERED.format(view=view))
        response.set_cookie(name, self._secret, httponly=True, samesite="strict", path="/")
        return response
