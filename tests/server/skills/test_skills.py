"""Questions and their answers."""

from __future__ import annotations

from voice_assistant.server.skills import Means, Memory, Skills


async def test_a_sum_is_answered_and_read_back():
    reply = await Skills(Means(None, None, None, None)).reply("What is five times seven?", Memory())
    assert reply.text == "5 times 7 is 35."
