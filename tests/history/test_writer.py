"""The thread that writes the record: full disks, spoilt files, the end of the program."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time

import msgspec
import pytest
from fakes import until
from helpers.history.killed import written_until_killed
from helpers.system.disk import full_disk
from helpers.system.other_database import REPLACED
from history.test_store import said

from voice_assistant.history.recorded_turn import Stages
from voice_assistant.history.store import Store
from voice_assistant.history.writer import Writer


def questions(file):
    with Store(file) as store:
        return [turn.question for turn in store.turns(limit=None)][::-1]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "history.sqlite3"


def test_the_end_of_the_program_writes_what_is_left(file):
    with Writer(file, print) as writer:
        writer.put(1, said("one"))
        writer.put(2, said("two", "gro", state="open"))
        writer.put(2, said("two", "grown"))
    assert questions(file) == ["one", "two"]
    with Store(file) as store:
        assert store.last().answer == "grown"


def test_a_program_that_says_nothing_makes_no_file(file):
    with Writer(file, print, keep_days=1):
        pass
    assert not file.exists()


async def test_a_turn_is_on_the_disk_once_written_has_returned(file):
    with Writer(file, print) as writer:
        writer.put(1, said("one", state="open"))
        await writer.written(5.0)
        assert questions(file) == ["one"]


async def test_a_hung_disk_is_not_waited_for_longer_than_allowed(file):
    writer = Writer(file, print)  # whose thread does not run
    began_s = time.monotonic()
    await writer.written(0.01)
    assert time.monotonic() - began_s < 5.0


async def test_a_full_disk_is_told_once_and_nothing_is_lost(file):
    told = []
    with Writer(file, told.append, retry_s=0.01) as writer:
        writer.put(1, said("one"))
        await writer.written(5.0)
        with full_disk():
            writer.put(2, said("two"))
            await writer.written(5.0)
            writer.put(3, said("three", state="open"))
            await until(lambda: told)
            writer.put(3, said("three"))
            await writer.written(5.0)
        await until(lambda: told[-1] is None)
    assert [error and "cannot be used" in error.title for error in told] == [True, None]
    assert questions(file) == ["one", "two", "three"]


async def test_a_file_that_is_spoilt_meanwhile_is_set_aside_and_told_and_the_turn_kept(file):
    told = []
    with Writer(file, told.append) as writer:
        writer.put(1, said("one"))
        await writer.written(5.0)
        with contextlib.closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = file.stat().st_size
        file.write_bytes(b"\xff" * size)
        writer.put(2, said("two"))
        await writer.written(5.0)
    assert ["cannot be read" in error.title for error in told] == [True]
    assert questions(file) == ["two"]
    assert file.with_name("history.sqlite3.unreadable").stat().st_size == size


@pytest.mark.parametrize("replace", REPLACED.values(), ids=REPLACED)
async def test_a_record_that_another_program_replaces_is_set_aside_and_the_turn_kept(file, replace):
    told = []
    with Writer(file, told.append) as writer:
        writer.put(1, said("one"))
        writer.put(2, said("two", "gro", state="open"))
        await writer.written(5.0)
        replace(file)
        writer.put(2, said("two", "grown"))
        await writer.written(5.0)
    assert ["cannot be read" in error.title for error in told] == [True]
    assert questions(file) == ["two"]
    assert file.with_name("history.sqlite3.unreadable").exists()


@pytest.mark.parametrize("state", ["open", "stopped", "complete"])
def test_an_answer_that_goes_on_in_the_next_process_stays_one_turn(file, state):
    stages = Stages(words=3, text=9)
    with Writer(file, print) as writer:
        begun = said("Why?", "Because of", state=state, message_id="m1", stages=stages)
        writer.put(1, said("What?", message_id="m0"))
        writer.put(2, begun)
    going_on = said("", "", state="open", began_s=99.0, message_id="m1", origin="voice")
    with Writer(file, print) as writer:
        writer.put(1, going_on)
    with Store(file) as store:
        assert (store.last().answer, store.last().state) == ("Because of", "open")
    with Writer(file, print) as writer:
        writer.put(1, going_on)
        writer.put(
            1, msgspec.structs.replace(going_on, answer="Because of that.", state="complete")
        )
        writer.put(2, said("And?"))
    assert questions(file) == ["What?", "Why?", "And?"]
    with Store(file) as store:
        whole = store.turn(2)
    assert (whole.answer, whole.state) == ("Because of that.", "complete")
    assert (whole.began_s, whole.origin, whole.stages) == (1.0, "text", stages)


def test_old_turns_are_deleted_at_the_start(file):
    with Writer(file, print) as writer:
        writer.put(1, said("old", began_s=time.time() - 3 * 24 * 3600))
        writer.put(2, said("new", began_s=time.time()))
    with Writer(file, print, keep_days=2):
        pass
    assert questions(file) == ["new"]


def test_a_bug_ends_neither_the_thread_nor_the_program(file, caplog):
    with Writer(file, print) as writer:
        writer.put(1, msgspec.structs.replace(said(), stages=object()))
        writer.put(2, said("one"))
        writer.put(3, said("two"))
    assert "a bug" in caplog.text
    assert questions(file) in ([], ["two"], ["one", "two"])


@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.long)])
@pytest.mark.timeout(600)
def test_a_killed_program_loses_at_most_the_turn_in_flight(file, times):
    complete = set()
    for round_ in range(times):
        complete |= written_until_killed(file, round_ * 1000, kill_s=(round_ % 7) * 0.003)
        told = []
        with Store(file, told.append) as store:
            kept = {turn.question: turn.state for turn in store.turns(search="q", limit=None)}
            assert store._db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert not told
        assert complete <= {question for question, state in kept.items() if state == "complete"}


def moved_away(file):
    file.parent.rename(file.parent.with_name("elsewhere"))


LOST = {
    "file deleted": lambda file: file.unlink(),
    "folder deleted": lambda file: shutil.rmtree(file.parent),
    "file moved away": lambda file: file.rename(file.with_name("mine.sqlite3")),
    "folder moved away": moved_away,
}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST)
async def test_a_record_that_is_lost_while_the_program_runs_begins_anew(tmp_path, lose):
    file = tmp_path / "data" / "history.sqlite3"
    problems = []
    with Writer(file, problems.append) as writer:
        writer.put(1, said("one"))
        writer.put(2, said("two", "gro", state="open"))
        await writer.written(5.0)
        lose(file)
        writer.put(2, said("two", "grown"))
        writer.put(3, said("three"))
        await writer.written(5.0)
        assert questions(file) == ["two", "three"]
    assert questions(file) == ["two", "three"]
    assert problems == []
