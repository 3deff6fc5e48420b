from __future__ import annotations

import contextlib
import sqlite3
import threading

import pytest

from voice_assistant.errors import ConfigError
from voice_assistant.server import store
from voice_assistant.server.store import connect, transaction


def test_only_the_owner_can_read_the_store(tmp_path):
    folder = tmp_path / "data"
    with contextlib.closing(connect(folder)) as db:
        db.execute("INSERT INTO settings VALUES ('x', 1)")
        files = list(folder.iterdir())
        assert len(files) == 3  # the file itself, its log and the log's index
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_was_written_is_there_again(tmp_path):
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


def test_a_file_that_is_no_store_is_said(tmp_path):
    (tmp_path / "server.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigError, match="cannot be used"):
        connect(tmp_path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ConfigError):
        connect(tmp_path / "data")
