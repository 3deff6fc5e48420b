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
import time
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.commands import AnyCommand, Ask, Command, Retry, Stop
from voice_assistant.desktop.hotkey.command_key import CommandKey
from voice_assistant.errors import AlreadyRunning, DaemonError
from voice_assistant.events import AnyEvent, Idle
from voice_assistant.system import control_address, paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.events import Handler
    from voice_assistant.status import Status

    Post = Callable[[AnyCommand, Handler | None], None]

log = logging.getLogger(__name__)

LONGEST_LINE_BYTES = 1_000_000


class StatusQuery(Command, frozen=True, tag="status"):
    """Asks for the daemon's status; answered here, never by the assistant."""


class Done(msgspec.Struct, frozen=True):
    """The answer to a command that was posted."""

    ok: bool = True


class Refused(msgspec.Struct, frozen=True):
    """The answer to a line that is no command."""

    error: str


class _Origin(msgspec.Struct):
    """What a command's program tells of itself, beside the command."""

    began_s: float | None = None


CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The clock by which Linux tells when a process was started."""

_decode_origin = msgspec.json.Decoder(_Origin).decode
_decode = msgspec.json.Decoder(AnyCommand | StatusQuery).decode
_encode = msgspec.json.Encoder().encode


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
        post: takes commands, and with each the handler of the events of its turn.
        status: returns the answer to `status`.
    """

    def __init__(self, post: Post, status: Callable[[], Status]) -> None:
        self._post = post
        self._status = status
        self._key = CommandKey()

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
            command = _decode(line)
        except msgspec.MsgspecError as error:
            _send(writer, Refused(f"That is no command: {error}"))
            return
        match command:
            case StatusQuery():
                _send(writer, self._status())
            case Ask() | Retry():
                await self._ask(command, reader, writer)
            case _:
                if self._key.means(command, _began_s(line)):
                    self._post(command, None)
                _send(writer, Done())

    async def _ask(
        self, command: Ask | Retry, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Send the events of the turn; a caller who hangs up before its end stops it."""
        over = asyncio.Event()

        def handle(event: AnyEvent) -> None:
            _send(writer, event)
            if isinstance(event, Idle):
                over.set()

        self._post(command, handle)
        hung_up = asyncio.create_task(reader.read())
        ended = asyncio.create_task(over.wait())
        await asyncio.wait([hung_up, ended], return_when=asyncio.FIRST_COMPLETED)
        if not over.is_set():
            self._post(Stop(), None)
        for task in (hung_up, ended):
            task.cancel()


def _began_s(line: bytes) -> float:
    """When the program that sent `line` was started, in seconds since the machine was."""
    began_s = _decode_origin(line).began_s
    return time.clock_gettime(CLOCK) if began_s is None else began_s


def _send(writer: asyncio.StreamWriter, message: Any) -> None:
    if not writer.is_closing():
        writer.write(_encode(message) + b"\n")
