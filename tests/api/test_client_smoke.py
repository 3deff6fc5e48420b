from __future__ import annotations

import asyncio

from replay import replay, trace

from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest


def test_an_answer_arrives():
    async def go() -> None:
        for version in ("0.15.3", "1.14.0"):
            async with replay(trace(version, "chat-stream-full", cut=1024)) as server:
                async with Client(server.url, "app-KEY", "u1") as client:
                    async with client.chat(ChatRequest("hi")) as stream:
                        kinds = [type(event).__name__ async for event in stream]
                        assert stream.complete
                        print(version, len(kinds), stream.text, stream.task_id)
    asyncio.run(go())
