"""The log, where it is private, and where it cannot be."""

from __future__ import annotations

import logging
import os
import stat

import pytest
from helpers.system.disk import file_instead, full_disk
from helpers.system.root_log import log_as_before

from voice_assistant.errors import StorageError
from voice_assistant.system import logs

__all__ = ["log_as_before"]


def test_the_log_and_what_it_was_before_are_the_owners_alone(tmp_path):
    file = tmp_path / "state" / "daemon.log"
    logs.start("info", file)
    logging.getLogger("x").info("words")
    logging.getLogger().handlers[0].doRollover()
    logging.getLogger("x").info("more")
    assert {path.name for path in file.parent.iterdir()} == {"daemon.log", "daemon.log.1"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}
    assert file.read_text().endswith("more\n")


@pytest.mark.parametrize("trap", ["a file for its folder", "a folder for it"])
def test_a_log_that_cannot_be_written_is_said(tmp_path, trap):
    file = tmp_path / "state" / "daemon.log"
    if trap == "a folder for it":
        file.mkdir(parents=True)
    else:
        file_instead(file.parent)
    with pytest.raises(StorageError, match=r"cannot be (written: Is|used: Not) a directory"):
        logs.start("info", file)


def test_a_disk_that_is_full_later_is_said_once_on_standard_error(tmp_path, capsys):
    file = tmp_path / "daemon.log"
    logs.start("info", file)
    with full_disk():
        for _ in range(3):
            logging.getLogger("x").info("lost")
        told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"The log {file} cannot be written: ")
    logging.getLogger("x").info("words")
    assert file.read_text().count("words") == 1


def test_in_the_journal_each_line_has_its_level_and_no_time(capfd, monkeypatch):
    stream = os.fstat(2)
    monkeypatch.setenv("JOURNAL_STREAM", f"{stream.st_dev}:{stream.st_ino}")
    assert logs.reaches_journal()
    logs.start("info")
    logging.getLogger("place").info("two\nlines")
    logging.getLogger("place").error("wrong")
    assert capfd.readouterr().err == "<6>place: two\n<6>lines\n<3>place: wrong\n"


def test_a_stream_of_another_program_is_not_the_journal():
    assert not logs.reaches_journal({"JOURNAL_STREAM": "1:2"})
    assert not logs.reaches_journal({})
    assert not logs.reaches_journal({"JOURNAL_STREAM": "1:2"}, descriptor=999)
