"""What `recordings` lists."""

from __future__ import annotations

import json

import pytest
from helpers.hearing.kept import put

from voice_assistant.cli import recordings
from voice_assistant.hearing.archive import Archive
from voice_assistant.system import paths


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Archive(paths.data_dir() / "recordings")


def test_the_words_of_a_recording_are_listed_where_they_are_known(archive, capsys):
    known, unknown = put(archive), put(archive, days_ago=1)
    archive.keep_words(known, "what is it?")
    assert recordings.show(as_json=False) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(f"{known.stem}  not answered  what is it?")
    assert second.endswith(f"{unknown.stem}  not answered")
    assert recordings.show(as_json=True) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [recording["words"] for recording in listed] == ["what is it?", ""]


def test_words_are_listed_in_one_line_and_do_nothing_to_the_terminal(archive, capsys):
    archive.keep_words(put(archive), "two\nlines\x1b]0;and a title\x07")
    recordings.show(as_json=False)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith("two lines ]0;and a title ")


def test_a_recording_is_deleted_with_its_words(archive):
    archive.keep_words(put(archive), "what is it?")
    recordings.delete([], every=True)
    assert list((paths.data_dir() / "recordings").iterdir()) == []
