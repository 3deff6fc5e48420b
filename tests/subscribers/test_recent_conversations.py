"""The last conversations are read after each turn."""

from __future__ import annotations

import asyncio

from fakes import until
from helpers.system.disk import dead_disk
from history.test_store import said

from voice_assistant import events
from voice_assistant.history.store import Store
from voice_assistant.subscribers.recent_conversations import RecentConversations
from voice_assistant.system.local_form import moment


async def at_once():
    pass


async def test_the_last_conversations_are_known_at_the_start_and_after_each_turn(tmp_path):
    file = tmp_path / "history.sqlite3"
    with Store(file) as store:
        store.write(said("one", conversation_id="a", app="app"))
        recent = RecentConversations(file, lambda: "app", at_once)
        changes = []
        recent.on_change(lambda: changes.append(recent.found))
        running = asyncio.create_task(recent.run())
        await until(lambda: changes)
        store.write(said("two", conversation_id="b", app="app"))
        recent.handle(events.Idle(turn=1))
        await until(lambda: len(changes) == 2)
        recent.handle(events.Idle(turn=2))
        running.cancel()
    assert changes == [(("a", "one"),), (("b", "two"), ("a", "one"))]


async def test_without_a_record_there_are_none_and_no_file_is_made(tmp_path):
    recent = RecentConversations(tmp_path / "history.sqlite3", lambda: "app", at_once)
    running = asyncio.create_task(recent.run())
    await asyncio.sleep(0.05)
    running.cancel()
    assert recent.found == ()
    assert not list(tmp_path.iterdir())


async def test_conversations_that_began_with_the_same_question_are_told_apart_by_their_time(
    tmp_path,
):
    file = tmp_path / "history.sqlite3"
    with Store(file) as store:
        for one, question in (("a", "hello"), ("b", "hello"), ("c", "why?")):
            store.write(said(question, conversation_id=one, app="app"))
        began_s = store.turn(1).began_s
    recent = RecentConversations(file, lambda: "app", at_once)
    running = asyncio.create_task(recent.run())
    await until(lambda: recent.found)
    running.cancel()
    titles = dict(recent.found)
    assert titles["c"] == "why?"
    assert titles["a"] == f"{moment(began_s)}: hello"


async def test_a_record_on_a_disk_that_is_away_is_read_when_it_is_back(tmp_path):
    folder = tmp_path / "data"
    with Store(folder / "history.sqlite3") as store:
        store.write(said("one", conversation_id="a", app="app"))
    recent = RecentConversations(folder / "history.sqlite3", lambda: "app", at_once)
    with dead_disk(folder):
        running = asyncio.create_task(recent.run())
        await until(lambda: not recent._due.is_set())
        await asyncio.wait([running], timeout=0.05)
        assert not running.done()
    recent.handle(events.Idle(turn=1))
    await until(lambda: recent.found)
    running.cancel()
    assert recent.found == (("a", "one"),)
