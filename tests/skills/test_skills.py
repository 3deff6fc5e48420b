"""Questions and their answers."""

from __future__ import annotations

import asyncio

from voice_assistant.server.skills import Memory, Skills


def test_a_sum_is_answered_and_read_back():
    async def ask():
        reply = await Skills(timers=None).reply("What is five times seven?", Memory())
        assert reply.text == "5 times 7 is 35."

    asyncio.run(ask())
