"""A server of chat models on loopback that answers as scripted, also with errors."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

HEAD = "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"


class Asked:
    """A request that the server received."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: Any) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body


class Scripted:
    """A response: its pieces are bytes, or events to wait for."""

    def __init__(self, *pieces, status: int = 200, kind: str = "text/event-stream") -> None:
        self.pieces, self.status, self.kind = pieces, status, kind


def event(**delta: Any) -> bytes:
    """Return an event of a stream with this delta; `finish` says why the model ends."""
    choice = {"index": 0, "finish_reason": delta.pop("finish", None), "delta": delta}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def says(*texts: str) -> Scripted:
    """Return a complete answer in these pieces."""
    done = b"data: [DONE]\n\n"
    return Scripted(*(event(content=text) for text in texts), event(finish="stop"), done)


def calls(name: str, arguments: str, said: str = "") -> Scripted:
    """Return a call of a tool, with its arguments in two pieces."""
    half = len(arguments) // 2
    begin = {"index": 0, "id": "call_1", "type": "function"}
    return Scripted(
        event(content=said),
        event(tool_calls=[{**begin, "function": {"name": name, "arguments": arguments[:half]}}]),
        event(tool_calls=[{"index": 0, "function": {"arguments": arguments[half:]}}]),
        event(finish="tool_calls"),
    )


def refuses(status: int, words: str = "no") -> Scripted:
    """Return a refusal."""
    body = json.dumps({"error": {"message": words}}).encode()
    return Scripted(body, status=status, kind="application/json")


class ChatServer:
    """Serves `answers` one after the other, then the last one again; `async with` runs it.

    Attributes:
        models: the names that it lists.
        answers: what it answers to questions.
        pages: what it answers to other paths, as JSON.
        asked: the questions that came.
        left: set when a client closed the connection before the answer's end.
    """

    def __init__(self, *answers: Scripted) -> None:
        self.models = ["tiny"]
        self.answers = list(answers)
        self.pages: dict[str, Any] = {}
        self.asked: list[Asked] = []
        self.left = asyncio.Event()
        self.port = 0
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base address of the API."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self):
        """Serve."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        """Stop serving, and close all connections."""
        self._server.close()
        for serving in self._serving:
            serving.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(self, reader, writer):
        self._serving.add(asyncio.current_task())
        with contextlib.closing(writer), contextlib.suppress(OSError, EOFError):
            request = await _read(reader)
            response = self._response(request)
            head = HEAD.format(status=response.status, kind=response.kind)
            writer.write(head.encode())
            gone = asyncio.create_task(reader.read())
            for piece in response.pieces:
                if isinstance(piece, asyncio.Event):
                    waiting = asyncio.create_task(piece.wait())
                    await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
                    waiting.cancel()
                    if gone.done():
                        self.left.set()
                        break
                else:
                    writer.write(piece)
                    await writer.drain()
            gone.cancel()

    def _response(self, request: Asked) -> Scripted:
        page = None
        if request.path == "/v1/chat/completions":
            self.asked.append(request)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if request.path == "/v1/models":
            page = {"object": "list", "data": [{"id": name} for name in self.models]}
        page = self.pages.get(request.path, page)
        if page is None:
            return refuses(404)
        return Scripted(json.dumps(page).encode(), kind="application/json")


async def _read(reader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, json.loads(body) if body else None)
