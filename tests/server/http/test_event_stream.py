from __future__ import annotations

import asyncio

from fakes import until

from voice_assistant.server.http.event_stream import PING, EventStream


async def respond(produce, *, gone_after=0, closing=None, blocks=None):
    """The blocks of a stream; the client goes away after `gone_after` of them, 0 for never."""
    blocks = [] if blocks is None else blocks
    gone = asyncio.Event()

    async def send(message):
        if message["type"] == "http.response.body":
            blocks.append(message["body"])
            if len(blocks) == gone_after:
                gone.set()

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    stream = EventStream(produce, closing or asyncio.Event(), ping_s=0.01)
    async with asyncio.timeout(20):
        await stream({"type": "http"}, receive, send)
    return blocks


async def test_pings_come_first_and_while_nothing_else_does():
    blocks = []

    async def slow(emit):
        await until(lambda: blocks.count(PING) >= 3)
        await emit({"text": "late"})

    await respond(slow, blocks=blocks)
    assert blocks[0] == PING
    assert blocks[-2:] == [b'data: {"text":"late"}\n\n', b""]


async def test_a_client_that_goes_away_cancels_the_work():
    cancelled = []

    async def endless(emit):
        try:
            while True:
                await emit({"text": "more"})
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    await respond(endless, gone_after=5)
    assert cancelled == [True]


async def test_a_server_that_closes_cancels_the_work_and_ends_the_stream():
    async def scenario():
        closing = asyncio.Event()

        async def work(emit):
            await emit({"text": "first"})
            closing.set()
            await asyncio.Event().wait()

        return await respond(work, closing=closing)

    assert (await scenario())[-2:] == [b'data: {"text":"first"}\n\n', b""]
