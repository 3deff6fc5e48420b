from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading

import pytest
from helpers.system.disk import file_instead, full_disk
from helpers.system.other_database import REPLACED, other_database

from voice_assistant.errors import ConfigError
from voice_assistant.server.store import store
from voice_assistant.server.store.store import Store, connect
from voice_assistant.system.database import transaction


def test_only_the_owner_can_read_the_store(tmp_path):
    folder = tmp_path / "data"
    with contextlib.closing(connect(folder)) as db:
        db.execute("INSERT INTO settings VALUES ('x', 1)")
        files = list(folder.iterdir())
        assert len(files) == 3  # the file itself, its log and the log's index
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_written_entries_are_there_after_a_restart(tmp_path):
    for _ in range(2):
        with contextlib.closing(connect(tmp_path)) as db:
            db.execute("REPLACE INTO settings VALUES ('x', 1)")
            assert db.execute("SELECT count(*) FROM settings").fetchone() == (1,)


def test_a_transaction_that_fails_leaves_nothing(tmp_path):
    with contextlib.closing(connect(tmp_path)) as db:
        with contextlib.suppress(ZeroDivisionError), transaction(db):
            db.execute("INSERT INTO settings VALUES ('x', 1)")
            raise ZeroDivisionError
        assert db.execute("SELECT count(*) FROM settings").fetchone() == (0,)


def test_two_that_begin_at_once_make_one_store(tmp_path):
    start = threading.Barrier(4)
    versions = []

    def begin():
        start.wait()
        with contextlib.closing(connect(tmp_path)) as db:
            versions.append(db.execute("PRAGMA user_version").fetchone()[0])

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert versions == [len(store.SCHEMA)] * 4


def test_a_store_of_a_newer_version_is_left_alone(tmp_path):
    with contextlib.closing(connect(tmp_path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigError, match="newer version"):
        connect(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "server.sqlite3")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)


def remember(db, name, value=1):
    db.execute("REPLACE INTO settings VALUES (?, ?)", (name, value))


def names(db):
    return [name for (name,) in db.execute("SELECT name FROM settings ORDER BY name")]


@pytest.fixture
def stores(tmp_path):
    """Stores in one folder, that look at once whether the disk takes anything again."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(contextlib.closing(Store(tmp_path / "data", retry_s=0.0)))


@pytest.mark.parametrize("spoilt", ["noise", "folder", "cut"])
def test_a_file_that_is_no_store_is_set_aside_and_a_new_one_begins(tmp_path, caplog, spoilt):
    file = tmp_path / "server.sqlite3"
    if spoilt == "folder":
        file.mkdir()
    elif spoilt == "noise":
        file.write_bytes(b"no database at all" * 100)
    else:
        with contextlib.closing(connect(tmp_path)) as db:
            remember(db, "x")
        file.write_bytes(file.read_bytes()[:5000])
    for _ in range(2):
        with contextlib.closing(connect(tmp_path)) as db:
            remember(db, "y")
            assert names(db) == ["y"]
    assert file.with_name("server.sqlite3.unreadable").exists()
    assert caplog.text.count("cannot be read and is now") == 1
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("version", "table"),
    [
        (0, "timers (id, name)"),
        (1, "places (url)"),
        (len(store.SCHEMA), "places (url)"),
        (len(store.SCHEMA), "messages (id)"),
        (99, "places (url)"),
    ],
)
def test_the_database_of_another_program_is_set_aside(tmp_path, caplog, version, table):
    file = tmp_path / "server.sqlite3"
    other_database(file, version, table)
    for _ in range(2):
        with contextlib.closing(connect(tmp_path)) as db:
            remember(db, "y")
            assert names(db) == ["y"]
    assert file.with_name("server.sqlite3.unreadable").exists()
    assert caplog.text.count("cannot be read and is now") == 1


def test_where_another_programs_database_cannot_be_set_aside_the_store_is_in_memory(tmp_path):
    other_database(tmp_path / "server.sqlite3", 1, "timers (id)")
    with full_disk(), contextlib.closing(Store(tmp_path)) as db:
        remember(db, "x")
        assert names(db) == ["x"]


@pytest.mark.parametrize("replace", REPLACED.values(), ids=REPLACED)
def test_a_store_that_another_program_replaces_in_use_begins_anew(tmp_path, stores, replace):
    db = stores()
    remember(db, "a")
    replace(tmp_path / "data" / "server.sqlite3")
    remember(db, "b")
    with transaction(db):
        remember(db, "c")
    assert names(db) == names(stores()) == ["b", "c"]
    assert (tmp_path / "data" / "server.sqlite3.unreadable").exists()


def test_where_there_can_be_no_folder_the_store_is_in_memory_until_there_can(tmp_path, caplog):
    file_instead(tmp_path / "data")
    with contextlib.closing(Store(tmp_path / "data", retry_s=0.0)) as db:
        remember(db, "x")
        assert names(db) == ["x"]
        assert caplog.text.count("new entries are in memory alone") == 1
        (tmp_path / "data").unlink()
    with contextlib.closing(connect(tmp_path / "data")) as db:
        assert names(db) == ["x"]


def test_entries_that_a_full_disk_refuses_are_kept_and_written_later(stores, caplog):
    one, other = stores(), stores()
    remember(one, "before")
    with full_disk():
        remember(one, "during")
        with transaction(one):
            remember(one, "joined")
            one.execute("DELETE FROM settings WHERE name = 'before'")
        assert names(one) == ["during", "joined"]
        assert names(other) == ["before"]
    remember(one, "after")
    assert names(other) == names(one) == ["after", "during", "joined"]
    assert caplog.text.count("new entries are in memory alone") == 1


def test_a_transaction_that_a_full_disk_refuses_at_its_end_is_done_in_memory(stores):
    db = stores()
    with full_disk(), transaction(db):
        remember(db, "one")
        remember(db, "two")
    assert names(db) == ["one", "two"]
    assert names(stores()) == ["one", "two"]


def test_a_transaction_that_fails_in_memory_leaves_nothing(stores):
    db = stores()
    with full_disk():
        remember(db, "kept")
        with contextlib.suppress(ZeroDivisionError), transaction(db):
            remember(db, "x")
            raise ZeroDivisionError
        assert names(db) == ["kept"]
    assert names(db) == names(stores()) == ["kept"]


def test_a_disk_that_is_full_at_the_start_is_read(stores):
    with contextlib.closing(stores()) as db:
        remember(db, "before")
    with full_disk():
        db = stores()
        remember(db, "during")
        assert names(db) == ["before", "during"]
    assert names(db) == names(stores()) == ["before", "during"]


def test_entries_that_another_process_wrote_meanwhile_stay(stores):
    one, other = stores(), stores()
    with full_disk():
        remember(one, "mine")
    remember(other, "theirs")
    assert names(one) == names(other) == ["mine", "theirs"]


def test_a_writer_that_waits_in_vain_reports_it_and_writes_later(tmp_path):
    with (
        contextlib.closing(Store(tmp_path, busy_s=0.01)) as one,
        contextlib.closing(Store(tmp_path)) as other,
    ):
        with transaction(other):
            with pytest.raises(sqlite3.OperationalError, match="locked"), transaction(one):
                pass
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                remember(one, "x")
        with transaction(one):
            remember(one, "x")
        assert names(other) == ["x"]


LOST = {
    "file deleted": lambda file: file.unlink(),
    "folder deleted": lambda file: shutil.rmtree(file.parent),
    "file moved away": lambda file: file.rename(file.with_name("mine.sqlite3")),
    "folder moved away": lambda file: file.parent.rename(file.parent.with_name("elsewhere")),
}


@pytest.mark.parametrize("lose", LOST.values(), ids=LOST)
def test_a_store_that_is_lost_while_it_is_in_use_is_made_again(tmp_path, stores, lose):
    one, other = stores(), stores()
    remember(one, "a")
    remember(other, "b")
    lose(tmp_path / "data" / "server.sqlite3")
    with transaction(one):
        remember(one, "c")
    remember(other, "d")
    assert names(one) == names(other) == names(stores()) == ["a", "b", "c", "d"]


def test_a_lost_store_that_cannot_be_made_again_goes_on(tmp_path, stores):
    db = stores()
    remember(db, "a")
    file_instead(tmp_path / "data")
    remember(db, "b")
    assert names(db) == ["a", "b"]
    (tmp_path / "data").unlink()
    remember(db, "c")
    assert names(db) == names(stores()) == ["a", "b", "c"]
