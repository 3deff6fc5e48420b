"""Lists and stopwatch in the real store."""

from __future__ import annotations

import contextlib
import itertools

import pytest
from helpers.system.disk import dead_disk

from voice_assistant.errors import StorageError
from voice_assistant.server.store import store
from voice_assistant.server.store.lists import Lists
from voice_assistant.server.store.stopwatch import Stopwatch
from voice_assistant.server.store.timers import Timers


@pytest.fixture
def db(tmp_path):
    with contextlib.closing(store.connect(tmp_path)) as opened:
        yield opened


def test_lists_are_there_after_a_restart(tmp_path):
    with contextlib.closing(store.connect(tmp_path)) as db:
        lists = Lists(db)
        for text in ("milk", "eggs", "bread"):
            lists.add("shopping list", text)
        lists.add("notes", "007")
        lists.remove(lists.entries("shopping list")[1].id)
    with contextlib.closing(store.connect(tmp_path)) as db:
        lists = Lists(db)
        assert [entry.text for entry in lists.entries("shopping list")] == ["milk", "bread"]
        lists.clear("shopping list")
        assert lists.entries("shopping list") == []
        assert [entry.text for entry in lists.entries("notes")] == ["007"]


def test_the_stopwatch_counts_only_while_it_runs(db):
    now = 100.0
    watch = Stopwatch(db, lambda: now, "boot")
    assert (watch.running, watch.seconds) == (False, 0)
    watch.start()
    now = 105.0
    assert (watch.running, watch.seconds) == (True, 5)
    watch.stop()
    now = 205.0
    assert (watch.running, watch.seconds) == (False, 5)
    watch.start()
    now = 206.0
    watch.start()
    assert watch.seconds == 6
    watch.reset()
    now = 208.0
    assert (watch.running, watch.seconds) == (True, 2)
    watch.stop()
    watch.reset()
    assert watch.seconds == 0


def test_a_stopwatch_that_never_ran_is_at_zero_while_the_clock_goes_on(db):
    assert Stopwatch(db, map(float, itertools.count()).__next__, "boot").seconds == 0


def test_the_stopwatch_runs_on_in_another_process_but_not_after_another_boot(db):
    Stopwatch(db, lambda: 10.0, "boot").start()
    assert Stopwatch(db, lambda: 17.0, "boot").seconds == 7
    rebooted = Stopwatch(db, lambda: 3.0, "another boot")
    assert (rebooted.running, rebooted.seconds) == (False, 0)


def test_what_cannot_be_read_is_not_said_to_be_none(tmp_path):
    folder = tmp_path / "server"
    with contextlib.closing(store.connect(folder)) as db:
        Lists(db).add("notes", "007")
    with contextlib.ExitStack() as stack:
        with dead_disk(folder):
            db = stack.enter_context(contextlib.closing(store.Store(folder, retry_s=0.0)))
            Lists(db).add("notes", "008")
            assert Timers(db).unread
            with pytest.raises(StorageError, match="Your lists cannot be read"):
                Lists(db).entries("notes")
        db.execute("SELECT 1")
        assert [entry.text for entry in Lists(db).entries("notes")] == ["007", "008"]
        assert not Timers(db).unread
