"""A day of use of the embedded backend in its own process: many turns, timers, restarts."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections import Counter
from pathlib import Path

import pytest
from fakes import until
from helpers.engines.speaking import needs_real_engines

from voice_assistant.api.alerts import Alert, acknowledge, alerts
from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend.embedded_process import EmbeddedServer
from voice_assistant.settings.sections.backend import EmbeddedSettings

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800), needs_real_engines]

PARTS, ROUNDS, AT_ONCE, TURNS = 4, 5, 20, 5
"""2,000 turns: the day has parts, each with a backend of its own, of several rounds of talks."""
PATIENCE_S = 120.0
"""The machine may be busy with other tests."""
# None of them pauses or cancels "it": that would be the reminder.
QUESTIONS = (
    "what time is it",
    "what is 12 times 7",
    "how many miles are 5 kilometers",
    "add milk to my shopping list",
    "what is on my shopping list",
    "what timers are set",
    "who wrote war and peace",
    "set a timer",
    "in ten hours",
    "pause all timers of yesterday",
    "cancel all timers of yesterday",
    "spell necessary",
    "what time is it in tokyo",
    "say that again",
)
GROWTH = 1.15
"""How much more memory the last round of a part may need than the second; the first warms up."""


def memory_mb(pid):
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextlib.asynccontextmanager
async def listening(server, told):
    """Take what rings, as the assistant does."""

    async def listen():
        async with contextlib.aclosing(alerts(server.url, server.token)) as coming:
            async for news in coming:
                if isinstance(news, Alert):
                    told[news.id] = news.text
                    await acknowledge(server.url, server.token, news.id)

    task = asyncio.create_task(listen())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def talk(client, questions, reminders):
    """One conversation, which first wants to be reminded soon."""
    conversation = ""
    for number, question in enumerate(questions):
        asked = question
        if number == 0:
            reminders.append(f"feed cat {len(reminders)}")
            asked = f"remind me in {2 + len(reminders) % 7} seconds to {reminders[-1]}"
        async with client.chat(ChatRequest(asked, conversation_id=conversation)) as stream:
            async for _ in stream:
                pass
        assert stream.complete, asked
        assert stream.text, asked
        conversation = stream.conversation_id


async def test_2000_turns_with_timers_and_restarts_lose_nothing_and_leave_nothing(tmp_path):
    rng = random.Random(5)  # noqa: S311  (the same day each time)
    told: dict[str, str] = {}
    reminders: list[str] = []
    memory, pids = [], []
    for _ in range(PARTS):
        async with EmbeddedServer(tmp_path, EmbeddedSettings()) as server:
            await server.ready()
            pids.append(server.pid)
            async with (
                listening(server, told),
                Client(server.url, server.token, "me", silence_s=PATIENCE_S) as client,
            ):
                for _ in range(ROUNDS):
                    talks = [rng.choices(QUESTIONS, k=TURNS) for _ in range(AT_ONCE)]
                    await asyncio.gather(*(talk(client, one, reminders) for one in talks))
                    memory.append(memory_mb(server.pid))
    async with EmbeddedServer(tmp_path, EmbeddedSettings()) as server:
        await server.ready()
        async with listening(server, told):
            await until(lambda: len(told) >= len(reminders), seconds=60)
    said = Counter(itertools.chain(*(text.split(": ")[-1:] for text in told.values())))
    assert said == Counter(f"{reminder}." for reminder in reminders)
    for begin in range(0, len(memory), ROUNDS):
        _, first, *_, last = memory[begin : begin + ROUNDS]
        assert last < first * GROWTH, memory
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
