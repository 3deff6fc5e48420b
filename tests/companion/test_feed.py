"""Pages get the state of now, whenever they come and however fast it changes."""

from __future__ import annotations

import asyncio
import contextlib
import json

from voice_assistant.companion.feed import MOST_TURNS, Feed
from voice_assistant.companion.shown_turn import ShownTurn
from voice_assistant.events import Answered, Asked, Idle, Listening, Text
from voice_assistant.status import Status


def feed_of(**status):
    return Feed(lambda: Status(**status), asyncio.Event())


def parsed(message: bytes):
    kind, data = message.decode().strip().split("\n", 1)
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


async def test_a_late_page_gets_all_turns_and_then_only_changes():
    feed = feed_of()
    feed.handle(Asked(turn=1, question="why", source="text"))
    feed.handle(Text(turn=1, delta="Be"))
    async with contextlib.aclosing(feed.follow()) as messages:
        kinds = [parsed(await anext(messages))[0] for _ in range(2)]
        assert kinds == ["settings", "status"]
        kind, turns = parsed(await anext(messages))
        assert kind == "all"
        assert [(turn["question"], turn["text"]) for turn in turns] == [("why", "Be")]
        feed.handle(Text(turn=1, delta="cause"))
        feed.handle(Asked(turn=2, question="how", source="text"))
        assert parsed(await anext(messages))[0] == "status"
        kind, turns = parsed(await anext(messages))
        assert kind == "turns"
        assert [turn["text"] for turn in turns] == ["Because", ""]


async def test_ten_thousand_events_are_few_messages_with_every_word():
    feed = feed_of()
    async with contextlib.aclosing(feed.follow()) as messages:
        for _ in range(3):
            await anext(messages)
        feed.handle(Asked(turn=1, question="count", source="text"))
        for number in range(10_000):
            feed.handle(Text(turn=1, delta=f"{number} "))
        count = 0
        while True:
            kind, data = parsed(await anext(messages))
            count += 1
            if kind == "turns" and data[0]["text"].endswith("9999 "):
                break
        assert count <= 4


async def test_a_recording_without_words_leaves_nothing_and_old_turns_go():
    feed = feed_of()
    feed.handle(Listening(turn=1))
    feed.handle(Idle(turn=1))
    for turn in range(2, MOST_TURNS + 20):
        feed.handle(Asked(turn=turn, question="q", source="text"))
        feed.handle(Answered(turn=turn, text="a", message_id="", conversation_id="", complete=True))
        feed.handle(Idle(turn=turn))
    async with contextlib.aclosing(feed.follow()) as messages:
        for _ in range(2):
            await anext(messages)
        _, turns = parsed(await anext(messages))
    assert len(turns) == MOST_TURNS
    assert turns[-1]["number"] == MOST_TURNS + 19


async def test_the_streams_end_with_the_server():
    closing = asyncio.Event()
    feed = Feed(Status, closing)
    messages = feed.follow()
    for _ in range(3):
        await anext(messages)
    closing.set()
    feed.close()
    assert [message async for message in messages] == []


async def test_pages_are_told_that_they_do_not_come_back():
    closing = asyncio.Event()
    feed = Feed(Status, closing)
    messages = feed.follow()
    for _ in range(3):
        await anext(messages)
    feed.end_for_good()
    closing.set()
    feed.close()
    assert [message async for message in messages] == [b"event: ended\ndata: {}\n\n"]


async def test_an_answer_that_goes_on_takes_the_place_of_its_turn_of_the_record():
    feed = feed_of()
    earlier = ShownTurn(number=-5, question="why", text="Be", state="incomplete", message_id="m1")
    feed.begin_with([earlier])
    async with contextlib.aclosing(feed.follow()) as messages:
        for _ in range(3):
            await anext(messages)
        feed.handle(Asked(turn=1, question="why", source="text", goes_on="m1"))
        assert parsed(await anext(messages))[0] == "status"
        _, turns = parsed(await anext(messages))
        assert [(turn["number"], turn["state"]) for turn in turns] == [
            (-5, "dropped"),
            (1, "thinking"),
        ]


async def test_a_page_calls_settings_by_their_titles():
    taken = "hotkey.stop is taken"
    feed = feed_of(missing=(f"{taken}. Change it.",), problems=(taken,), not_ready=taken)
    async with contextlib.aclosing(feed.follow()) as messages:
        _, (_, status) = [parsed(await anext(messages)) for _ in range(2)]
    assert status["missing"] == ["“Stop” is taken. Change it."]
    assert status["problems"] == ["“Stop” is taken"]
    assert status["not_ready"] == "“Stop” is taken"
