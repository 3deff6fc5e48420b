"""Runs the embedded backend as a child process, and keeps it alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import sys
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import msgspec

from voice_assistant.errors import BackendError
from voice_assistant.server.handshake import Greeting, Ready
from voice_assistant.system.child_environment import child_environment
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from voice_assistant.server.chat_model.access import Access
    from voice_assistant.settings.sections.backend import EmbeddedSettings

log = logging.getLogger(__name__)

READY_S = 30.0
"""Seconds that a child may need until it serves: it loads the recogniser, perhaps slowly."""

GOODBYE_S = 5.0
"""Seconds that a child may need to end when it is told to; then it is killed."""

STEADY_S = 10.0
"""Seconds after which a child's death has another cause than the death before."""

SILENT_S = 20.0
"""Seconds without a sign of life after which a child counts as hanging, and is replaced.

The child sends a sign four times as often. A machine under load may delay it."""

RESTARTS_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Waits before the restarts of children that die one after the other; the last wait repeats."""

LAST_WORDS_S = 1.0
"""Seconds to wait for the end of a dead child's log."""

LINE_LIMIT = 1 << 20
"""The most bytes of one line of the child's log."""

TELL_AFTER = 3
"""Quick deaths in a row from which the problem is reported; fewer are a mishap."""


class Served(msgspec.Struct, frozen=True):
    """An embedded backend that another process of ours runs; it stands in for `EmbeddedServer`.

    Attributes:
        url: its address; "" if none runs.
        token: the secret that clients must send.
    """

    url: str = ""
    token: str = ""

    async def ready(self) -> None:
        """Return at once: it serves."""

    async def close(self) -> None:
        """Do nothing: it belongs to another process."""


class EmbeddedServer:
    """The embedded backend: `async with` or `ready` starts it; it is kept alive until `close`.

    A child that dies is started again on the same port with the same token, so `url` and `token`
    stay true from the first `ready()` on.

    Args:
        data: the folder of the backend's conversations, timers and files.
        settings: the engine and the voice that the backend speaks with.
        access: returns what it takes to ask the chat model of the settings.
        hears: whether the child will hear questions: it loads the recogniser at once.
        silent_s: seconds without a sign of life after which the child counts as hanging.

    Attributes:
        token: the secret that clients must send.
        url: the backend's address, "" until it first served.
        pid: the child's process id, None while no child runs.
    """

    def __init__(
        self,
        data: Path,
        settings: EmbeddedSettings,
        access: Callable[[], Awaitable[Access]] | None = None,
        *,
        hears: bool = True,
        silent_s: float = SILENT_S,
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self.url = ""
        self.pid: int | None = None
        self._data = data
        self._settings = settings
        self._access = access
        self._hears = hears
        self._silent_s = silent_s
        self._last_words = ""
        self._problem = ""
        self._settled = asyncio.Event()
        self._supervision: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to start the backend; `ready()` waits until it serves."""
        self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the child."""
        await self.close()

    async def ready(self) -> None:
        """Start the backend, unless it was started, and wait until it serves.

        Raises:
            BackendError: the child died several times. Restarts go on, so a later call may succeed.
        """
        self._start()
        await self._settled.wait()
        if self._problem:
            raise BackendError(
                _("The program on this machine that answers does not run"),
                _("{problem} The log may say more.", problem=self._problem),
            )

    def _start(self) -> None:
        if self._supervision is None:
            self._supervision = asyncio.create_task(self._supervise())

    async def close(self) -> None:
        """End the child: ask it to end, then kill it. More calls do nothing."""
        if self._supervision:
            self._supervision.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._supervision
            self._supervision = None

    async def _supervise(self) -> None:
        clock = asyncio.get_running_loop().time
        deaths = 0
        while True:
            began = clock()
            try:
                end = _("it ended with status {status}", status=await self._live())
            except OSError as error:  # too many open files or processes, no memory
                end = _("it cannot be started: {error}", error=error.strerror or error)
            except Exception as error:  # even a bug must not leave anybody waiting
                log.exception("the embedded backend cannot be started")
                end = _("it cannot be started: {error}", error=error)
            log.warning("the embedded backend: %s", end)
            deaths = 1 if clock() - began > STEADY_S else deaths + 1
            if deaths < TELL_AFTER:
                self._settled.clear()
            else:
                self._problem = self._last_words or f"{end[:1].upper()}{end[1:]}."
                self._settled.set()
            await asyncio.sleep(RESTARTS_S[min(deaths, len(RESTARTS_S)) - 1])

    async def _live(self) -> int:
        """Run one child from its start to its end; return its exit status."""
        self._last_words = ""
        async with self._process() as process:
            await self._greet(process)
            await self._follow(process)
            return await process.wait()

    @contextlib.asynccontextmanager
    async def _process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "voice_assistant.server"),
            *("--data", str(self._data), "--port", str(urlsplit(self.url).port or 0)),
            *("--engine", self._settings.engine, "--voice", self._settings.voice),
            *(() if self._hears else ("--hears-later",)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE_LIMIT,
            # The child imports from our paths, and never from the current folder.
            env=child_environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path))),
        )
        self.pid = process.pid
        log_copying = asyncio.create_task(self._copy_log(process))
        try:
            yield process
        finally:
            self.pid = None
            await _end(process)
            # Programs that the child started may live a little longer, and hold the log open.
            await asyncio.wait({log_copying}, timeout=LAST_WORDS_S)
            log_copying.cancel()

    async def _greet(self, process: asyncio.subprocess.Process) -> None:
        """Send the child the token, and wait for its line; kill the child if no line comes."""
        assert process.stdin  # noqa: S101  (it is a pipe)
        assert process.stdout  # noqa: S101  (it is a pipe)
        access = await self._access() if self._access else None
        greeting = Greeting(self.token, beat_s=self._silent_s / 4, chat_model=access)
        try:
            async with asyncio.timeout(READY_S):
                process.stdin.write(msgspec.json.encode(greeting) + b"\n")
                ready = msgspec.json.decode(await process.stdout.readline(), type=Ready)
        except (TimeoutError, msgspec.DecodeError) as error:
            log.warning("the embedded backend did not start: %r", error)
            _kill(process)
            return
        log.info("the embedded backend serves, version %s", ready.version)
        self.url = ready.url
        self._problem = ""
        self._settled.set()

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        """Return when the child has ended; kill it if it hangs."""
        assert process.stdout  # noqa: S101  (it is a pipe)
        silent_s = 0.0
        while silent_s < self._silent_s:
            try:
                async with asyncio.timeout(self._silent_s / 2):
                    if not await process.stdout.readline():
                        return
                silent_s = 0.0
            # In two steps: after this process itself was suspended, the time is over although the
            # child's sign of life can be read.
            except TimeoutError:
                silent_s += self._silent_s / 2
        log.warning("the embedded backend has hung for %g s; killing it", silent_s)
        _kill(process)

    async def _copy_log(self, process: asyncio.subprocess.Process) -> None:
        """Copy the child's log into our log."""
        assert process.stderr  # noqa: S101  (it is a pipe)
        async for line in process.stderr:
            level, _, message = line.decode(errors="replace").rstrip().partition(" ")
            if level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
                log.log(getattr(logging, level), "%s", message)
            else:
                log.warning("%s %s", level, message)  # a line of a traceback
            if level == "ERROR":
                self._last_words = message.partition(": ")[2]


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin  # noqa: S101  (it is a pipe)
    process.stdin.close()  # tells the child to end
    try:
        async with asyncio.timeout(GOODBYE_S):
            await process.wait()
    except TimeoutError:
        log.warning("the embedded backend does not end; killing it")
        _kill(process)
        await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
