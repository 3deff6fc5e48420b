"""A loopback server that answers with recorded exchanges, or with anything else, byte for byte.

    async with replay(trace("1.14.0", "chat-stream-full", cut=7)) as server:
        ...                                   # everything is answered with it, at `server.url`
    async with replay({"POST /chat-messages": trace(...), "GET /info": [json(503, {}), ...]}):
        ...                                   # a list is answered in turn; its last one stays

A `*` in a route stands for any part of a path.

    async with replay({"POST /text-to-audio": speak}):
        ...                                   # a function makes the reply from the request

What arrived is in `server.requests`.
"""

from __future__ import annotations

import asyncio
import functools
import json as json_module
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

TRACES = Path(__file__).parents[1] / "traces"
VERSIONS = ("0.15.3", "1.14.0")
"""Those that were recorded with every request."""

RECORDED = (*VERSIONS, "1.14.2")
"""These, and one of which only what was new was recorded."""


@dataclass(frozen=True)
class Reply:
    """One response, and how it is sent.

    Attributes:
        raw: status line, headers and body as they go over the wire.
        arrivals: (seconds, offset, length) of each piece; empty: all at once.
        pace: 1 for the recorded pace, 0.1 for ten times as fast, 0 for at once.
        cut: send at most so many bytes at a time; 0 for as many as there are.
        hold: stay silent afterwards and keep the connection open, until the client closes it.
        close: close the connection afterwards.
        early: answer and close before the request's body is read.
    """

    raw: bytes
    arrivals: tuple[tuple[float, int, int], ...] = ()
    pace: float = 0.0
    cut: int = 0
    hold: bool = False
    close: bool = False
    early: bool = False

    def pieces(self) -> list[tuple[float, bytes]]:
        """(seconds to wait first, bytes)."""
        whole = [(0.0, 0, len(self.raw))]
        timed = list(self.arrivals) if self.pace and self.arrivals else whole
        pieces: list[tuple[float, bytes]] = []
        before = 0.0
        for at, offset, length in timed:
            size = self.cut or length or 1
            for start in range(offset, offset + length, size):
                end = min(start + size, offset + length)
                wait = (at - before) * self.pace
                pieces.append((wait, self.raw[start:end]))
                before = at
        return pieces


@functools.cache
def _load(version: str, name: str) -> Reply:
    file = TRACES / version / name
    raw = file.with_name(f"{name}.raw").read_bytes()
    timing = file.with_name(f"{name}.arrivals.json")
    arrivals = json_module.loads(timing.read_text()) if timing.exists() else []
    held = "client timeout" in file.with_name(f"{name}.request.txt").read_text(errors="replace")
    return Reply(
        raw,
        arrivals=tuple(tuple(arrival) for arrival in arrivals),
        hold=held and not raw.endswith(b"\r\n0\r\n\r\n"),
        close=b"\r\nConnection: close\r\n" in raw.partition(b"\r\n\r\n")[0] + b"\r\n",
    )


def trace(version: str, name: str, *, pace: float = 0.0, cut: int = 0) -> Reply:
    """Return a recorded response; see `tests/traces/README.md`."""
    return replace(_load(version, name), pace=pace, cut=cut)


def names(version: str, prefix: str = "") -> list[str]:
    """Return the names of a version's recorded exchanges that begin with `prefix`."""
    return sorted(file.stem for file in (TRACES / version).glob(f"{prefix}*.raw"))


def response(
    status: int, body: bytes = b"", media: str = "application/json", **headers: str
) -> Reply:
    """Return a made-up response; `Retry_After="3"` is a header."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Type: {media}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Reply("\r\n".join([*lines, "", ""]).encode() + body)


def json(status: int, value: Any, **headers: str) -> Reply:
    """Return a response of JSON."""
    return response(status, json_module.dumps(value).encode(), **headers)


def sse(*events: Mapping[str, Any] | bytes, hold: bool = False) -> Reply:
    """Return a stream of events (or raw bytes); the connection ends with it, unless it is held."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    blocks = [
        event if isinstance(event, bytes) else f"data: {json_module.dumps(event)}\n\n".encode()
        for event in events
    ]
    return Reply(head + b"Connection: close\r\n\r\n" + b"".join(blocks), hold=hold, close=not hold)


@dataclass
class Request:
    """A request that arrived.

    Attributes:
        method: "GET" ...
        target: path and query, as sent.
        path: the path below `/v1`.
        headers: names in lower case.
        body: chunked encoding removed; incomplete where the reply was early.
        connection: counts connections from 0.
        gone: set when the client has closed the connection.
    """

    method: str
    target: str
    headers: dict[str, str]
    connection: int
    body: bytes = b""
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0].removeprefix("/v1")

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def json(self) -> Any:
        return json_module.loads(self.body)


Answering = Callable[[Request], Reply]
Routes = Mapping[str, Reply | Sequence[Reply] | Answering]


class Replay:
    """A server that runs; made by `replay`.

    Attributes:
        url: the base URL, with `/v1`.
        requests: what arrived so far, in order.
    """

    def __init__(self, routes: Reply | Routes) -> None:
        self.url = ""
        self.requests: list[Request] = []
        self._routes = routes
        self._taken: dict[str, int] = {}
        self._connections = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    def reply_for(self, request: Request) -> Reply | Answering:
        if isinstance(self._routes, Reply):
            return self._routes
        key = f"{request.method} {request.path}"
        route = next((route for route in self._routes if fnmatchcase(key, route)), "")
        found = self._routes.get(route)
        if found is None:
            return json(599, {"code": "no_such_route", "message": key, "status": 599})
        if isinstance(found, Reply) or callable(found):
            return found
        number = self._taken.get(key, 0)
        self._taken[key] = number + 1
        return found[min(number, len(found) - 1)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        number, self._connections = self._connections, self._connections + 1
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        mine: list[Request] = []
        try:
            while (request := await _head(reader, number)) is not None:
                mine.append(request)
                self.requests.append(request)
                reply = self.reply_for(request)
                if callable(reply) or not reply.early:
                    request.body = await _body(reader, request.headers)
                if callable(reply):
                    reply = reply(request)
                await _send(writer, reply)
                if reply.hold:
                    await reader.read()
                if reply.close or reply.hold or reply.early:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the test did
        finally:
            for request in mine:
                request.gone.set()
            writer.close()
            with suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
            self._tasks.discard(task)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def replay(
    routes: Reply | Routes, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Replay]:
    """Serve on a loopback port until the context is left; with `tls` as "localhost"."""
    state = Replay(routes)
    server = await asyncio.start_server(state.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    state.url = f"https://localhost:{port}/v1" if tls else f"http://127.0.0.1:{port}/v1"
    try:
        yield state
    finally:
        server.close()
        await state.stop()
        await server.wait_closed()


async def _head(reader: asyncio.StreamReader, number: int) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    return Request(method, target, {name.lower(): text.strip() for name, _, text in pairs}, number)


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    for wait, piece in reply.pieces():
        await asyncio.sleep(wait)
        writer.write(piece)
        await writer.drain()
