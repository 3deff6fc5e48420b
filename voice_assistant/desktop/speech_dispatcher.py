"""Speaks through speech-dispatcher, whose voice is that of the screen reader.

The server says one message at a time, whichever program sends it, so that nobody hears two voices.
The protocol, SSIP: https://htmlpreview.github.io/?https://github.com/brailcom/speechd/blob/master/doc/ssip.html
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import logging
import math
import os
import socket
import sys
from collections import defaultdict, deque
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.errors import SpeakerError
from voice_assistant.text.languages import language_of
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

REPLY_S = 3.0
"""Seconds in which the server answers; it does so before it speaks."""

_OK = "2"  # what the codes of answers begin with, see "Return Codes" in the protocol
_EVENT = "7"
_OVER = {"702", "703"}  # it was said, or cancelled


class _Link:
    """One connection: answers come in the order of the commands, events at any time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._awaited: deque[asyncio.Future[list[str]]] = deque()
        self._over: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._lost = False
        self._listening = asyncio.create_task(self._listen())
        self.language = ""
        self.rate = 0

    @property
    def lost(self) -> bool:
        """Return whether the server has ended the connection."""
        return self._lost

    def send(self, line: str) -> asyncio.Future[list[str]]:
        """Send a line; return what becomes the lines of its answer."""
        answer: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._awaited.append(answer)
        self._writer.write(f"{line}\r\n".encode())
        return answer

    async def ask(self, line: str) -> list[str]:
        """Send a line, and return the lines of the answer.

        Raises:
            SpeakerError: the server refuses, or is gone.
        """
        if self._lost:
            raise not_there()
        answer = self.send(line)
        try:
            async with asyncio.timeout(REPLY_S):
                lines = await answer
        except TimeoutError as error:
            raise not_there() from error
        if not lines[-1].startswith(_OK):
            log.info("speech-dispatcher refuses %s: %s", line.split(" ", 1)[0], lines[-1])
            raise not_there()
        return lines

    async def said(self, number: str) -> None:
        """Wait until a message was said, or cancelled.

        Raises:
            SpeakerError: the server is gone.
        """
        try:
            await self._over[number].wait()
        finally:
            del self._over[number]
        if self._lost:
            raise not_there()

    async def close(self) -> None:
        """End the connection."""
        self._listening.cancel()
        await asyncio.wait([self._listening])
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _listen(self) -> None:
        lines: list[str] = []
        try:
            while line := await self._reader.readline():
                lines.append(line.decode(errors="replace").rstrip("\r\n"))
                if lines[-1][3:4] != "-":
                    self._take(lines)
                    lines = []
        except (OSError, ValueError) as error:
            log.debug("speech-dispatcher was lost: %s", error)
        finally:
            self._lost = True
            for over in self._over.values():
                over.set()
            for answer in self._awaited:
                if not answer.done():
                    answer.set_result([""])

    def _take(self, lines: list[str]) -> None:
        """Take an event, or the answer to the first command that has none yet."""
        code = lines[-1][:3]
        if code.startswith(_EVENT):
            if code in _OVER:
                self._over[lines[0][4:]].set()
        elif self._awaited:
            answer = self._awaited.popleft()
            if not answer.done():
                answer.set_result(lines)


class SpeechDispatcher:
    """The user's server. It is connected to with the first words."""

    def __init__(self) -> None:
        self._link: _Link | None = None
        self._talking = asyncio.Lock()
        self._cancelled = 0  # how often

    async def say(self, words: str, *, speed: float = 1.0) -> str:
        """Have words said after what is being said; return the number of the message.

        Raises:
            SpeakerError: the server does not run, or does not obey.
        """
        saying = asyncio.create_task(self._say(words, speed, self._cancelled))
        saying.add_done_callback(_look)
        # Within a message the server takes commands for text: it is sent whole, or not at all.
        return await asyncio.shield(saying)

    async def _say(self, words: str, speed: float, cancelled: int) -> str:
        language = await asyncio.to_thread(language_of, words)
        async with self._talking:
            link = await self._linked()
            rate = max(-100, min(100, round(100 * math.log(speed, 3))))
            if language and language != link.language:
                await link.ask(f"SET SELF LANGUAGE {language}")
                link.language = language
            if rate != link.rate:
                await link.ask(f"SET SELF RATE {rate}")
                link.rate = rate
            await link.ask("SPEAK")
            line = " ".join(words.split())
            stuffed = f".{line}" if line.startswith(".") else line
            *numbers, _end = await link.ask(f"{stuffed}\r\n.")
            if cancelled != self._cancelled:
                link.send("CANCEL SELF")
            return numbers[0][4:] if numbers else ""

    async def said(self, number: str) -> None:
        """Wait until a message was said, or cancelled.

        Raises:
            SpeakerError: the server is gone.
        """
        if link := self._link:
            await link.said(number)

    def cancel(self) -> None:
        """Be silent; returns at once."""
        self._cancelled += 1
        if self._link and not self._link.lost and not self._talking.locked():
            self._link.send("CANCEL SELF")

    async def cancel_all(self) -> None:
        """Cut off what any program says, and what it has queued.

        Raises:
            SpeakerError: the server does not run, or does not obey.
        """
        async with self._talking:
            link = await self._linked()
            await link.ask("CANCEL ALL")

    async def close(self) -> None:
        """End the connection; what is being said is cut off."""
        link, self._link = self._link, None
        if link:
            await link.close()

    async def _linked(self) -> _Link:
        if self._link and self._link.lost:
            await self.close()
        if self._link is None:
            self._link = await _connect()
        return self._link


def _look(saying: asyncio.Task[str]) -> None:
    """Take notice of an error that nobody waits for any more."""
    if not saying.cancelled() and (error := saying.exception()):
        log.debug("nothing was said: %s", error)


def answers(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether the user's server runs. Blocks for less than a millisecond.

    A server on another machine is waited for a little longer.
    """
    family, address = _address(environ)
    with contextlib.closing(socket.socket(family)) as trial:
        trial.settimeout(0.1 if family == socket.AF_INET else 0.0)
        try:
            trial.connect(address)
        except BlockingIOError:
            return True  # it has not yet come to those who ask
        except OSError:
            return False
        return True


async def _connect() -> _Link:
    """Connect to the user's server, and tell it who we are.

    Raises:
        SpeakerError: it does not run.
    """
    family, address = _address(os.environ)
    connection = socket.socket(family)
    connection.setblocking(False)
    try:
        async with asyncio.timeout(REPLY_S):
            await asyncio.get_running_loop().sock_connect(connection, address)
            link = _Link(*await asyncio.open_connection(sock=connection))
    except (OSError, TimeoutError) as error:
        connection.close()
        raise not_there() from error
    await link.ask(f"SET SELF CLIENT_NAME {_user()}:voice-assistant:answers")
    await link.ask("SET SELF NOTIFICATION ALL ON")
    await link.ask("SET SELF PRIORITY MESSAGE")  # after what the screen reader says, never into it
    return link


def _address(environ: Mapping[str, str]) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    """Return where the server listens, as libspeechd finds it."""
    kind, _colon, place = environ.get("SPEECHD_ADDRESS", "").partition(":")
    if kind == "inet_socket" or sys.platform == "win32":
        host, _colon, port = place.partition(":")
        return socket.AF_INET, (host or "127.0.0.1", int(port) if port.isdigit() else 6560)
    runtime = environ.get("XDG_RUNTIME_DIR") or Path("~/.cache").expanduser()
    usual = str(Path(runtime, "speech-dispatcher", "speechd.sock"))
    return socket.AF_UNIX, place if kind == "unix_socket" and place else usual


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def not_there() -> SpeakerError:
    """Return the error of a server that does not run, or does not obey."""
    return SpeakerError(
        _("The screen reader's voice cannot be reached"),
        _("Start speech-dispatcher, or let the assistant speak: speech.spoken_by in the settings."),
    )
