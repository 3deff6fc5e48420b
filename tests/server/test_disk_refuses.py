"""The server while its disk refuses writes: questions are answered, and timers ring."""

from __future__ import annotations

import contextlib

import pytest
from backend.test_embedded_process import child, greet, info
from fakes import until
from helpers.server.running import ME, events, kinds, running, text_of
from helpers.system.disk import file_instead, full_disk

from voice_assistant.server.store.store import connect
from voice_assistant.server.store.timers import TAKEN_S, Timers


async def test_questions_are_answered_and_their_conversation_goes_on(tmp_path):
    async with running(tmp_path) as server:
        before = await server.chat("one")
        with full_disk():
            id_ = before[0]["conversation_id"]
            seen = await server.chat("two", conversation_id=id_)
            new = await server.chat("three")
            told = await server.client.get("/messages", params={**ME, "conversation_id": id_})
        assert [text_of(one) for one in (seen, new)] == ["You said: two", "You said: three"]
        assert kinds(seen) == kinds(before)
        assert [one["query"] for one in told.json()["data"]] == ["one", "two"]


async def test_a_timer_rings_that_was_set_before_and_one_that_is_set_now(tmp_path):
    async with running(tmp_path) as server, server.client.stream("GET", "/alerts") as response:
        timers = server.parts.timers
        await until(lambda: timers.listening)
        timers.add(0.05, "old")
        with full_disk():
            timers.add(0.1, "new")
            told = events(response)
            alerts = [await anext(told) for _ in range(2)]
            for alert in alerts:
                await server.client.delete(f"/alerts/{alert['id']}")
            await until(lambda: not timers.list())
            assert timers.next_due_s() is None
    assert [alert["text"] for alert in alerts] == [
        "Your old timer is done.",
        "Your new timer is done.",
    ]
    with contextlib.closing(connect(tmp_path)) as db:
        assert Timers(db).list() == ()
        assert db.execute("SELECT count(*) FROM timers").fetchone() == (0,)


async def test_a_file_that_cannot_be_kept_is_refused_with_the_reason(tmp_path):
    async with running(tmp_path) as server:
        with full_disk():
            answer = await server.client.post(
                "/files/upload", data=ME, files={"file": ("a.txt", b"words")}
            )
        assert answer.status_code == 507
        assert answer.json()["code"] == "insufficient_storage"
        assert "File too large" in answer.json()["message"]
        assert list((tmp_path / "files").iterdir()) == []
        answer = await server.client.post(
            "/files/upload", data=ME, files={"file": ("a.txt", b"words")}
        )
        assert answer.status_code == 201


def test_a_timer_whose_process_was_killed_before_it_told_is_told_by_another(tmp_path):
    now = [1000.0]
    with contextlib.closing(connect(tmp_path)) as one, contextlib.closing(connect(tmp_path)) as two:
        killed, other = Timers(one, lambda: now[0]), Timers(two, lambda: now[0])
        timer = killed.add(60, "eggs")
        now[0] += 60
        assert killed.take_due() == timer
        now[0] += TAKEN_S - 1
        assert other.take_due() is None
        assert other.list() == ()
        now[0] += 2
        assert other.take_due() == timer
        other.told(timer.id)
        now[0] += 1000
        assert killed.take_due() is None


@pytest.mark.parametrize("step_s", [-86_400, 86_400])
def test_a_clock_that_is_set_while_a_timer_is_announced_loses_no_timer(tmp_path, step_s):
    now = [1_000_000.0]
    with contextlib.closing(connect(tmp_path)) as db:
        timers = Timers(db, lambda: now[0])
        timer = timers.add(0, "eggs")
        assert timers.take_due() == timer
        now[0] += step_s
        assert timers.list() == (timer,)


@pytest.mark.parametrize("trap", ["file for folder", "noise", "folder for file"])
def test_the_process_serves_whatever_lies_in_its_place(tmp_path, trap):
    data = tmp_path / "embedded"
    if trap == "file for folder":
        file_instead(data)
    else:
        data.mkdir()
        file = data / "server.sqlite3"
        file.mkdir() if trap == "folder for file" else file.write_bytes(b"noise" * 1000)
    with child(data) as process:
        url = greet(process)["url"]
        assert info(url).status_code == 200
        process.stdin.close()
        log = process.stderr.read().decode()
    assert "Traceback" not in log
    expected = "in memory alone" if trap == "file for folder" else "cannot be read and is now"
    assert log.count(expected) == 1
    assert "Move it away" not in log
