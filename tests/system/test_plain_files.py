"""What is read, and what is said of a file that cannot be."""

from __future__ import annotations

import errno

import pytest
from helpers.system.disk import dead_disk

from voice_assistant.errors import StorageError
from voice_assistant.system import plain_files
from voice_assistant.system.plain_files import is_missing, listed


def test_a_file_beyond_all_sizes_is_not_read(tmp_path):
    with (tmp_path / "file").open("wb") as grown:
        grown.truncate(10 * 2**30)
    with pytest.raises(OSError, match="File too large") as refused:
        plain_files.read(tmp_path / "file")
    assert plain_files.out_of_reach(refused.value)


DAMAGED = {
    "empty": b"",
    "cut": b'{"a": [1, 2',
    "nul": b'{"a": "\0"}',
    "zeros": bytes(4096),
    "no text": b"\xff\xfe{\0}\0",
    "another kind": b"[7]",
    "deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep beside": b'{"b": ' + b'{"c":' * 100_000,
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_json_is_a_value_error_in_whichever_way_it_is_damaged(tmp_path, kind):
    (tmp_path / "file").write_bytes(DAMAGED[kind])
    with pytest.raises(ValueError, match=r"."):
        plain_files.read_json(tmp_path / "file", dict[str, int])


def test_only_what_lasts_is_out_of_reach(tmp_path):
    with pytest.raises(IsADirectoryError) as a_folder:
        tmp_path.read_bytes()
    assert plain_files.out_of_reach(a_folder.value)
    assert not plain_files.out_of_reach(OSError(errno.EMFILE, "Too many open files"))
    assert not plain_files.out_of_reach(OSError(errno.EIO, "Input/output error"))


def test_what_is_missing_is_known_and_what_nobody_knows_is_not_called_missing(tmp_path):
    there, place = tmp_path / "file", tmp_path / "folder"
    there.touch()
    place.mkdir()
    missing = (tmp_path / "none", tmp_path / "none" / "file", there / "below a file")
    assert [is_missing(path) for path in (there, place, *missing)] == [False] * 2 + [True] * 3
    with dead_disk(place):
        assert not is_missing(place)
        assert not is_missing(place / "file")


def test_a_folder_that_cannot_be_read_is_not_empty(tmp_path):
    folder = tmp_path / "folder"
    assert listed(folder) == []
    folder.mkdir()
    (folder / "file").touch()
    assert listed(folder) == [folder / "file"]
    with dead_disk(folder), pytest.raises(StorageError, match="folder cannot be read"):
        listed(folder)
    with pytest.raises(StorageError, match="Not a directory"):
        listed(folder / "file")
