"""The control socket, by which the command line reaches the running daemon.

A command is one JSON line, and so is its answer; only `ask` and `retry` are answered by one line
for each event of their turn.
The socket lies in a folder that only its owner can enter.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.backend.embedded_process import Served
from voice_assistant.commands import AnyCommand, Ask, Command, Retry, Stop
from voice_assistant.desktop.hotkey.command_key import CommandKey
from voice_assistant.errors import AssistantError, sentences
from voice_assistant.events import AnyEvent, Failed, Idle
from voice_assistant.runtime.process.daemon_lock import bound
from voice_assistant.system import control_address, paths
from voice_assistant.system.json_lines import decoded, encoded
from voice_assistant.system.private_files import folder
from voice_assistant.system.steady_clock import elapsed_s
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.events import Handler
    from voice_assistant.runtime.live_settings import Change
    from voice_assistant.status import Status
    from voice_assistant.system.control_channel import Bound

    Post = Callable[[AnyCommand, Handler | None], None]

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

LONGEST_LINE_BYTES = 1_000_000

LINE_S = 10.0
"""Seconds in which a connection has to send its command: each one takes a descriptor."""

LOOK_S = 2.0
"""Seconds between two checks that the socket still exists: people, and programs that clean up
temporary folders, delete it."""

MOST_CONNECTIONS = 256
"""The most questions at the same time."""
if sys.platform != "win32":  # it counts descriptors: most of them are needed for the answers
    _ALL_DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    MOST_CONNECTIONS = max(8, min(MOST_CONNECTIONS, _ALL_DESCRIPTORS // 4))


class StatusQuery(Command, frozen=True, tag="status"):
    """Asks for the daemon's status; the control socket answers, not the assistant."""


class BackendQuery(Command, frozen=True, tag="backend"):
    """Asks where the embedded backend serves; the answer is a `Served`."""


class SettingsChanged(Command, frozen=True, tag="settings"):
    """Says that the settings file has changed; the answer is a `live_settings.Change`."""


class Done(msgspec.Struct, frozen=True):
    """The answer to a command that was passed on."""

    ok: bool = True


class Refused(msgspec.Struct, frozen=True):
    """The answer to a line that is not a command."""

    error: str


class _Origin(msgspec.Struct):
    """The start of the program that sends a command, as it says."""

    began_s: float | None = None


_ORIGIN = msgspec.json.Decoder(_Origin)
_DECODER = msgspec.json.Decoder(AnyCommand | StatusQuery | BackendQuery | SettingsChanged)


class ControlSocket:
    """Serves the control socket.

    Args:
        post: takes a command, and the handler of the events of its turn.
        status: returns the answer to `status`.
        read_settings: reads the settings file again, and returns what has changed.
        served: returns the embedded backend that runs.
        look_s: seconds between two checks that the socket still exists.
        line_s: seconds in which a connection has to send its command.
        most: the most questions at the same time.
    """

    def __init__(
        self,
        post: Post,
        status: Callable[[], Status],
        read_settings: Callable[[], Change],
        *,
        served: Callable[[], Served] = Served,
        look_s: float = LOOK_S,
        line_s: float = LINE_S,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        self._post = post
        self._status = status
        self._served = served
        self._read_settings = read_settings
        self._key = CommandKey()
        self._look_s = look_s
        self._line_s = line_s
        self._most = most
        self._connections = 0

    async def run(self) -> None:
        """Serve until cancelled. Call `run` only while holding `daemon_lock.only_daemon`.

        A deleted or replaced socket is made again, because no command would reach the daemon.

        Raises:
            DaemonError: the socket cannot be made at the start.
        """
        file = control_address.socket_file()
        folder(paths.runtime_dir())
        made = bound(file)
        while True:
            ours = os.stat(file)  # noqa: PTH116
            server = await asyncio.start_server(
                partial(self._serve, made),
                sock=made.socket,
                limit=LONGEST_LINE_BYTES,
                start_serving=False,
            )
            try:
                await server.start_serving()
                while _is_there(file, ours):  # noqa: ASYNC110  (no event for a deleted file)
                    await asyncio.sleep(self._look_s)
            finally:
                server.close()  # open connections continue
                if _is_there(file, ours):
                    os.unlink(file)  # noqa: PTH108
            log.warning("the control socket %s is gone: it is made again", file)
            made = await self._made_again(file)

    async def _made_again(self, file: str) -> Bound:
        told_of = ""
        while True:
            try:
                folder(paths.runtime_dir())
                return bound(file)
            except AssistantError as error:
                if error.title != told_of:
                    log.warning("nobody can reach the assistant: %s", error.title)
                    told_of = error.title
            await asyncio.sleep(self._look_s)

    async def _serve(
        self, made: Bound, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._connections += 1
        try:
            async with asyncio.timeout(self._line_s):
                line = await reader.readline() if await made.admits(reader, writer) else b""
            if line:
                await self._answer(line, reader, writer)
            await writer.drain()
        except (ConnectionError, ValueError, TimeoutError) as error:
            log.debug("a command line closed its connection: %r", error)
        finally:
            self._connections -= 1
            writer.close()

    async def _answer(
        self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            command = decoded(line, _DECODER)
        except msgspec.MsgspecError as error:
            _send(writer, Refused(_("That is no command: {error}", error=error)))
            return
        match command:
            case StatusQuery():
                _send(writer, self._status())
            case BackendQuery():
                _send(writer, self._served())
            case SettingsChanged():
                _send(writer, self._changed_settings())
            case Ask() | Retry() if self._connections > self._most:
                title = _("The assistant is asked too many questions at once")
                _send(writer, Failed(title=title, hint=_("Wait for an answer."), code="daemon"))
                _send(writer, Idle())
            case Ask() | Retry():
                await self._ask(command, reader, writer)
            case _:
                if self._key.means(command, _began_s(line)):
                    self._post(command, None)
                _send(writer, Done())

    def _changed_settings(self) -> Change | Refused:
        try:
            return self._read_settings()
        except AssistantError as error:
            return Refused(sentences(error.title, error.hint))

    async def _ask(
        self, command: Ask | Retry, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Send the events of the turn; a caller that hangs up before its end stops the turn."""
        over = asyncio.Event()

        def handle(event: AnyEvent) -> None:
            _send(writer, event)
            if isinstance(event, Idle):
                over.set()

        self._post(command, handle)
        hung_up = asyncio.create_task(_end_of(reader))
        ended = asyncio.create_task(over.wait())
        await asyncio.wait([hung_up, ended], return_when=asyncio.FIRST_COMPLETED)
        if not over.is_set():
            self._post(Stop(), None)
        for task in (hung_up, ended):
            task.cancel()


async def _end_of(reader: asyncio.StreamReader) -> None:
    """Wait until the other side hangs up; nothing that it still sends is kept."""
    while await reader.read(LONGEST_LINE_BYTES):
        pass


def _is_there(file: str, ours: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(file), ours)  # noqa: PTH116
    except OSError:
        return False


def _began_s(line: bytes) -> float:
    """Return when the program that sent `line` was started, in seconds since the machine was."""
    began_s = decoded(line, _ORIGIN).began_s
    return elapsed_s() if began_s is None else began_s


def _send(writer: asyncio.StreamWriter, message: Any) -> None:
    if not writer.is_closing():
        writer.write(encoded(message) + b"\n")
