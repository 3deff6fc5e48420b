"""What `recordings` lists."""

from __future__ import annotations

import json

import pytest
from helpers.hearing.kept import put
from helpers.system.disk import dead_disk, file_instead

from voice_assistant.cli import recordings
from voice_assistant.errors import StorageError
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


def test_without_a_folder_there_are_none(archive, capsys):
    assert recordings.show(as_json=False) == 0
    assert capsys.readouterr().out == "There are no recordings.\n"


def refusals(folder):
    """Each command, while nobody knows what is in the folder."""
    for command in (
        lambda: recordings.show(as_json=False),
        lambda: recordings.show(as_json=True),
        lambda: recordings.retry("", as_json=False),
        lambda: recordings.delete([], every=True),
    ):
        with pytest.raises(StorageError, match=f"{folder} cannot be read") as error:
            command()
        yield error.value


def test_a_folder_that_cannot_be_read_is_not_called_empty(archive, capsys):
    folder = paths.data_dir() / "recordings"
    put(archive)
    with dead_disk(folder):
        assert all(refusals(folder))
    assert archive.newest()
    file_instead(folder)
    assert all("Not a directory" in one.title for one in refusals(folder))
    assert capsys.readouterr().out == ""
