"""The local socket by which the command line reaches the running daemon.

One JSON line in, one JSON line out; only `ask` and `retry` are answered by one line for each event
of their turn.
The socket lies in a folder that only its owner can enter.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.commands import AnyCommand, Ask, Command, Retry, Stop
from voice_assistant.errors import AlreadyRunning, DaemonError
from voice_assistant.events import AnyEvent, Idle
from voice_assistant.system import control_address, paths
from voice_assistant.system.json_lines import decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.status import Report
    from voice_assistant.turns.assistant import Subscriber

    Post = Callable[[AnyCommand, Subscriber | None], None]

log = logging.getLogger(__name__)

LONGEST_LINE_BYTES = 1_000_000


class Status(Command, frozen=True):
    """Asks how the daemon is; answered here, never by the assistant."""


class Done(msgspec.Struct, frozen=True):
    """The answer to a command that was taken."""

    ok: bool = True


class Refused(msgspec.Struct, frozen=True):
    """The answer to a line that is no command."""

    error: str


_DECODER = msgspec.json.Decoder(AnyCommand | Status)


@contextlib.contextmanager
def only_daemon() -> Iterator[None]:
    """Hold the lock that makes this process the one daemon of its user.

    Raises:
        AlreadyRunning: another one has it.
    """
    file = paths.runtime_dir() / "daemon.lock"
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                "The assistant is running already",
                "Talk to it with `voice-assistant status`, or end it with `voice-assistant quit`.",
            ) from error
        yield
    finally:
        os.close(descriptor)


class ControlSocket:
    """Serves the socket.

    Args:
        post: takes commands, and for each the listener of its turn.
        report: answers `status`.
    """

    def __init__(self, post: Post, report: Callable[[], Report]) -> None:
        self._post = post
        self._report = report

    async def run(self) -> None:
        """Serve until cancelled. Call it only while holding `only_daemon`.

        Raises:
            DaemonError: the socket cannot be made.
        """
        paths.runtime_dir()
        file = control_address.socket_file()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(file)  # noqa: PTH108  (left by a daemon that was killed; we hold the lock)
        try:
            server = await asyncio.start_unix_server(self._serve, file, limit=LONGEST_LINE_BYTES)
        except OSError as error:
            raise DaemonError(
                f"The control socket {file} cannot be made: {error}",
                "Check that the folder is yours, or set XDG_RUNTIME_DIR.",
            ) from error
        os.chmod(file, 0o600)  # noqa: PTH101
        try:
            async with server:
                await server.serve_forever()
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file)  # noqa: PTH108

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if line := await reader.readline():
                await self._answer(line, reader, writer)
            await writer.drain()
        except (ConnectionError, ValueError) as error:
            log.debug("a command line went away: %r", error)
        finally:
            writer.close()

    async def _answer(
        self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            command = decoded(line, _DECODER)
        except msgspec.MsgspecError as error:
            _say(writer, Refused(f"That is no command: {error}"))
            return
        match command:
            case Status():
                _say(writer, self._report())
            case Ask() | Retry():
                await self._ask(command, reader, writer)
            case _:
                self._post(command, None)
                _say(writer, Done())

    async def _ask(
        self, command: Ask | Retry, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Send the events of the turn; who hangs up before its end wants it stopped."""
        over = asyncio.Event()

        def tell(event: AnyEvent) -> None:
            _say(writer, event)
            if isinstance(event, Idle):
                over.set()

        self._post(command, tell)
        hung_up = asyncio.create_task(reader.read())
        ended = asyncio.create_task(over.wait())
        await asyncio.wait([hung_up, ended], return_when=asyncio.FIRST_COMPLETED)
        if not over.is_set():
            self._post(Stop(), None)
        for task in (hung_up, ended):
            task.cancel()


def _say(writer: asyncio.StreamWriter, message: Any) -> None:
    if not writer.is_closing():
        writer.write(encoded(message) + b"\n")
