"""Serves the page from the first time that it is wanted, and opens it in the user's browser."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import subprocess
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.companion.app import create_app
from voice_assistant.companion.guard import ENTER, Guard
from voice_assistant.companion.uploads import Uploads
from voice_assistant.errors import ConfigError, DaemonError
from voice_assistant.server.http.listening_socket import HOST, listen, serving_app
from voice_assistant.system import plain_files, private_files
from voice_assistant.system.sockets import is_ours, tells_owners
from voice_assistant.system.temporary import temporary_folder
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from voice_assistant.companion.program import Program
    from voice_assistant.ports import Problems

log = logging.getLogger(__name__)

APP_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "brave-browser",
)
"""Browsers that open a page as a window of its own, by `--app=`."""

START_S = 1.5
"""Seconds within which a browser that does not start has ended."""

BROWSER = N_("browser")
"""The part whose problem is reported."""


class _Session(msgspec.Struct, frozen=True):
    """The port and the cookie's value, by which an open page finds the next daemon."""

    port: int
    secret: str


class PageServer:
    """A supervised part: the page's server.

    Args:
        program: what the page shows, and acts upon.
        closing: set at the end, so that the pages' streams end.
        session: the file of the session; it is there while a page may be open.
        problems: gets the error of a browser that does not start.
        show: opens an address in a browser, on a thread of its own.
    """

    name = "window"

    def __init__(
        self,
        program: Program,
        closing: asyncio.Event,
        session: Path,
        problems: Problems,
        show: Callable[[str], None] | None = None,
    ) -> None:
        self._program = program
        self._closing = closing
        self._show = show or open_in_browser
        self._session = session
        self._problems = problems
        self._address = ""
        self._guard: Guard | None = None

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until cancelled.

        Raises:
            DaemonError: no port can be used.
        """
        with temporary_folder() as folder:
            await self._serve(ready, Uploads(Path(folder)))

    async def _serve(self, ready: Callable[[], None], uploads: Uploads) -> None:
        listener, session = _begin(self._session)
        port = listener.getsockname()[1]

        def make(admit: Callable[[object], None]) -> ASGIApp:
            ours = is_ours if tells_owners() else lambda *_: True
            self._guard = Guard(create_app(self._program, uploads), session.secret, admit, ours)
            return self._guard

        session = _Session(port, session.secret)
        private_files.replace(self._session, msgspec.json.encode(session))
        self._closing.clear()
        async with serving_app(make, listener, self._closing):
            log.info("the window is served at %s:%d", HOST, port)
            self._address = f"http://{HOST}:{port}"
            ready()
            try:
                await asyncio.Event().wait()
            finally:
                self._guard = None
                self._closing.set()
                self._program.feed.close()

    def end_for_good(self) -> None:
        """Tell open pages that they do not come back by themselves; they are told at the end."""
        self._program.feed.end_for_good()

    def open(self, view: str = "") -> None:
        """Open a view of the page in the user's browser; returns at once.

        Others can see the token, for all command lines can be seen; the guard lets in our account
        alone. Where the system does not tell accounts, the token travels in a file for the user
        alone; programs in a sandbox (Snap, Flatpak) cannot read such a file.
        """
        if self._guard is None:
            return
        address = f"{self._address}{ENTER}?{self._guard.new_token(view)}"
        if not tells_owners():
            file = self._session.with_suffix(".html")
            page = f'<!doctype html><meta http-equiv="refresh" content="0;url={address}">'
            private_files.replace(file, page.encode())
            address = file.as_uri()
        showing = asyncio.get_running_loop().run_in_executor(None, self._show, address)
        showing.add_done_callback(self._shown)

    def _shown(self, showing: asyncio.Future[None]) -> None:
        if showing.cancelled():
            return
        error = showing.exception()
        if isinstance(error, DaemonError):
            self._problems.report_problem(BROWSER, error)
        elif error:
            log.error("a bug: the window was not shown", exc_info=error)
        else:
            self._problems.clear_problem(BROWSER)


def open_in_browser(address: str, usual: Callable[[str], bool] = webbrowser.open) -> None:
    """Open an address as a window of its own, or in the user's browser. Blocks for a moment.

    Args:
        address: the address.
        usual: opens an address in the user's browser; returns whether that was possible.

    Raises:
        DaemonError: no browser could be started.
    """
    programs = map(shutil.which, APP_BROWSERS if not os.environ.get("BROWSER") else ())
    if any(_stays(program, f"--app={address}") for program in filter(None, programs)):
        return
    if not usual(address):
        raise DaemonError(_("No browser could be started"), _("Set BROWSER to yours."))


def _stays(program: str, argument: str) -> bool:
    """Start a browser; return whether it stays, or has handed the page to one that runs.

    Some refuse to start: Chromium does for root.
    """
    process = subprocess.Popen(
        [program, argument],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(START_S) == 0
    except subprocess.TimeoutExpired:
        return True


def _begin(file: Path) -> tuple[socket.socket, _Session]:
    """Return a listening socket and a session: those of the daemon before, if a page is open."""
    try:
        before = plain_files.read_json(file, _Session)
        return listen(before.port), before
    except (OSError, ValueError, ConfigError):
        pass  # no daemon before, or its port is taken: pages open now have to be opened again
    try:
        return listen(0), _Session(0, secrets.token_urlsafe(32))
    except ConfigError as error:
        raise DaemonError(_("The window cannot be shown"), error.title) from error
