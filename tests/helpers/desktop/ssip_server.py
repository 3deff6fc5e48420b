"""A speech-dispatcher that says nothing: it tells what it was told, and ends messages on wish."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class SsipServer:
    """Takes messages; one is said at a time, for `said_s`, or until `end` if that is None.

    Attributes:
        said: the messages that were said to their end.
        commands: all lines but those of messages.
        begun: how many messages were begun.
        may_speak: set while a message that was begun is answered at once.
        refuses: what a command begins with that is refused.
    """

    def __init__(self, *, said_s: float | None = 0.0) -> None:
        self.said_s = said_s
        self.said: list[str] = []
        self.commands: list[str] = []
        self.refuses = "nothing"
        self.begun = 0
        self.may_speak = asyncio.Event()
        self.may_speak.set()
        self.queue: list[tuple[int, str]] = []
        self._number = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self._writers.append(writer)
        message: list[str] | None = None
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            if message is not None and line != ".":
                message.append(line)
            elif message is not None:
                self._number += 1
                self.queue.append((self._number, "\n".join(message)))
                message = None
                self._answer(writer, f"225-{self._number}", "225 OK MESSAGE QUEUED")
                if self.said_s is not None:
                    asyncio.get_running_loop().call_later(self.said_s, self.end)
            elif line.startswith(self.refuses):
                self.commands.append(line)
                self._answer(writer, "300 ERR NO")
            elif line == "SPEAK":
                message = []
                self.begun += 1
                await self.may_speak.wait()
                self._answer(writer, "230 OK RECEIVING DATA")
            else:
                self.commands.append(line)
                self._answer(writer, "200 OK")
                if line == "CANCEL SELF":
                    while self.queue:
                        self._event("703 CANCELED")
        writer.close()

    def end(self) -> None:
        """Say the first message to its end."""
        if self.queue:
            self.said.append(self.queue[0][1])
            self._event("702 END")

    def drop(self) -> None:
        """End all connections."""
        for writer in self._writers:
            writer.close()

    def _event(self, event: str) -> None:
        number, _ = self.queue.pop(0)
        code = event[:3]
        self._answer(self._writers[-1], f"{code}-{number}", f"{code}-1", event)

    def _answer(self, writer: asyncio.StreamWriter, *lines: str) -> None:
        writer.write("".join(f"{line}\r\n" for line in lines).encode())


@contextlib.asynccontextmanager
async def ssip_server(monkeypatch, folder: Path, **options) -> AsyncIterator[SsipServer]:
    """Run a server, which is that of the user."""
    stub = SsipServer(**options)
    place = folder / "speechd.sock"
    monkeypatch.setenv("SPEECHD_ADDRESS", f"unix_socket:{place}")
    server = await asyncio.start_unix_server(stub.talk, place)
    try:
        yield stub
    finally:
        server.close()
        stub.drop()
