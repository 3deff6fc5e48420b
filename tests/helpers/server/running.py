"""A server on a real socket, with parts that behave as scripted."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import ssl
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np

from voice_assistant.api.models import Transcript
from voice_assistant.engines.recognition.recognizer import RecognitionFailed
from voice_assistant.server.chat_model.choice import ModelChoice
from voice_assistant.server.chat_model.chosen import ChosenModel
from voice_assistant.server.follow_ups import FollowUps
from voice_assistant.server.http.serving import listen, serving, url_of
from voice_assistant.server.parts import Parts
from voice_assistant.server.skills import Reply
from voice_assistant.server.store import store
from voice_assistant.server.store.annotations import Annotations
from voice_assistant.server.store.files import Files
from voice_assistant.server.store.history import History
from voice_assistant.server.store.timers import Timers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from voice_assistant.server.chat_model.access import Access

TOKEN = "the-token"
ME = {"user": "me"}
NO_PORTS: dict[str, int] = {}
"""No test asks the servers that happen to run on this machine."""

RATE_HZ = 16_000
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain HTTP; loading the system's takes longer than a test."""


class EchoSkills:
    """Repeats the question, unless `reply_with` is set; waits while `held` is clear."""

    def __init__(self, reply_with: str = "") -> None:
        self.reply_with = reply_with
        self.asked: list[str] = []
        self.memories: list[Any] = []
        self.go = asyncio.Event()
        self.go.set()
        self.ended = asyncio.Event()
        self.error: Exception | None = None
        self.suggestions = ("And now?", "What else?")

    async def reply(self, question, memory, certainty, perhaps):
        self.asked.append(question)
        self.memories.append(memory)
        try:
            await self.go.wait()
        finally:
            self.ended.set()
        if self.error:
            raise self.error
        text = self.reply_with or f"You said: {question}"
        return Reply(text=text, suggestions=self.suggestions, memory=memory)


class ToneVoice:
    """Speaks every sentence as a quarter of a second of tone; waits while `go` is clear."""

    name = "tone"

    def __init__(self) -> None:
        self.said: list[str] = []
        self.go = asyncio.Event()
        self.go.set()
        self.ended = asyncio.Event()
        self.error: Exception | None = None
        self.broken: Exception | None = None

    async def speak(self, text):
        self.said.append(text)
        if self.broken:
            raise self.broken
        tone = np.sin(np.arange(RATE_HZ // 4) * 2 * np.pi * 440 / RATE_HZ)
        try:
            yield (tone[:2000] * 8000).astype(np.int16), RATE_HZ
            await self.go.wait()
            if self.error:
                raise self.error
            yield (tone[2000:] * 8000).astype(np.int16), RATE_HZ
        finally:
            self.ended.set()


class ScriptedRecognizer:
    """Counts samples instead of recognising them; fails as often as `failures` says."""

    def __init__(self, *, sure: bool = True, guessed: bool = False) -> None:
        self.sure = sure
        self.guessed = guessed
        self.failures = 0
        self.samples = 0
        self.fed = asyncio.Event()

    def available(self):
        return True

    @contextlib.asynccontextmanager
    async def utterance(self):
        self.samples = 0
        yield self

    async def feed(self, pcm):
        self.samples += pcm.size
        if self.samples > 8000:
            self.fed.set()
            if self.failures:
                self.failures -= 1
                raise RecognitionFailed("The recogniser failed")

    async def follow(self):
        await self.fed.wait()
        yield f"{self.samples} samples so far"
        await asyncio.Event().wait()

    async def finish(self):
        return Transcript(text=f"{self.samples} samples", sure=self.sure, guessed=self.guessed)


@dataclasses.dataclass
class Running:
    """A running server, and a client that may connect."""

    url: str
    parts: Parts
    client: httpx.AsyncClient

    async def chat(self, question: str, **fields: Any) -> list[dict[str, Any]]:
        """Return all events of an answer without pings."""
        async with self.asking(question, **fields) as events:
            return [event async for event in events]

    @contextlib.asynccontextmanager
    async def asking(self, question: str, **fields: Any):
        """Yield the events of an answer as they come."""
        asked = {"query": question, "response_mode": "streaming", **ME, **fields}
        async with self.client.stream("POST", "/chat-messages", json=asked) as response:
            assert response.status_code == 200, await response.aread()
            yield events(response)


async def refusals(
    folder: Path, requests: list[tuple[Any, ...]], **parts: Any
) -> list[tuple[int, str]]:
    """Return status and code of each answer; a request is `(method, path, arguments of httpx)`."""

    async def scenario():
        async with running(folder, **parts) as server:
            found = []
            for method, path, arguments in requests:
                response = await server.client.request(method, path, **arguments)
                answer = response.json()
                assert answer["status"] == response.status_code
                assert answer["message"]
                found.append((response.status_code, answer["code"]))
            return found

    return await scenario()


async def events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Return the events of a stream that carry data, without those that list the timers."""
    async for line in response.aiter_lines():
        if line.startswith("data: ") and not line.startswith('data: {"event":"timers"'):
            yield json.loads(line[6:])


@contextlib.asynccontextmanager
async def running(
    folder: Path,
    *,
    skills: Any = None,
    voice: Any = None,
    recognizer: Any = None,
    clock: Any = None,
    access: Access | None = None,
    ports: Mapping[str, int] = NO_PORTS,
) -> AsyncIterator[Running]:
    """Run a server with scripted parts; without a voice it is silent, without a recogniser deaf."""
    async with contextlib.AsyncExitStack() as stack:
        db = stack.enter_context(contextlib.closing(store.connect(folder)))
        history = History(db)
        follow_ups = FollowUps(history)
        stack.push_async_callback(follow_ups.close)
        parts = Parts(
            history=history,
            chat_model=await stack.enter_async_context(ChosenModel(ModelChoice(db, access, ports))),
            follow_ups=follow_ups,
            annotations=Annotations(db),
            files=Files(db, folder / "files"),
            timers=Timers(db, clock) if clock else Timers(db),
            skills=skills or EchoSkills(),
            recognizer=recognizer,
            voice=voice,
        )
        listener = listen(0)
        url = url_of(listener)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            serving(parts, TOKEN, listener),
            httpx.AsyncClient(
                base_url=url, headers=headers, trust_env=False, timeout=20, verify=NO_CERTIFICATES
            ) as client,
        ):
            yield Running(url, parts, client)


def kinds(seen: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of events, without repetitions."""
    names = [event["event"] for event in seen]
    return [name for name, before in zip(names, ["", *names], strict=False) if name != before]


def text_of(seen: list[dict[str, Any]]) -> str:
    """Return the text of the answer in the events."""
    return "".join(event["answer"] for event in seen if event["event"] == "message")
