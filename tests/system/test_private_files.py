"""What is written whole, for whom, and what is said where it is not."""

from __future__ import annotations

import errno
import os
import stat
import time

import pytest
from helpers.system.disk import NOBODY, as_nobody, as_root, dead_disk, file_instead, full_disk

from voice_assistant.errors import StorageError
from voice_assistant.system import plain_files, private_files
from voice_assistant.system.private_files import folder, open_for_append, replace, set_aside


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_file_and_its_new_folders_are_the_owners_alone(tmp_path):
    file = tmp_path / "new" / "folder" / "file.json"
    replace(file, b"words")
    assert file.read_bytes() == b"words"
    assert [mode(file), mode(file.parent), mode(file.parent.parent)] == [0o600, 0o700, 0o700]


def test_others_may_read_a_public_file_and_never_write_it(tmp_path, umask):
    file = tmp_path / "applications" / "us.desktop"
    replace(file, b"words", public=True)
    assert mode(file) == 0o644
    assert mode(file.parent) == 0o755 & ~umask


def test_the_mode_of_what_was_there_is_not_kept(tmp_path):
    file = tmp_path / "file"
    file.touch(mode=0o666)
    replace(file, b"words")
    assert mode(file) == 0o600


def test_a_folder_that_others_could_enter_is_closed(tmp_path):
    place = tmp_path / "place"
    place.mkdir(mode=0o755)
    replace(place / "file", b"words")
    assert mode(place) == 0o700


@pytest.mark.usefixtures("umask")
def test_logs_and_locks_are_the_owners_alone_and_go_on(tmp_path):
    file = tmp_path / "new" / "daemon.log"
    for line in (b"one\n", b"two\n"):
        with os.fdopen(open_for_append(file), "ab") as opened:
            opened.write(line)
        file.chmod(0o644)
    os.close(open_for_append(file))
    assert file.read_bytes() == b"one\ntwo\n"
    assert [mode(file), mode(file.parent)] == [0o600, 0o700]


def test_a_disk_that_is_full_leaves_what_was_there_and_no_draft(tmp_path):
    file = tmp_path / "file.json"
    replace(file, b"old")
    with full_disk(), pytest.raises(StorageError, match=r"file\.json cannot be written: File too"):
        replace(file, b"new", durable=True)
    assert [path.name for path in tmp_path.iterdir()] == ["file.json"]
    assert file.read_bytes() == b"old"


def test_a_draft_that_a_killed_process_left_is_removed_and_a_fresh_one_is_not(tmp_path):
    file = tmp_path / "file.json"
    old, fresh, foreign = (tmp_path / name for name in ("file.part", "file.json.x.part", "a.part"))
    for draft in (old, fresh, foreign):
        draft.touch()
    before_s = time.time() - private_files.LEFT_BEHIND_S - 5
    for draft in (old, foreign):
        os.utime(draft, (before_s, before_s))
    replace(file, b"words")
    assert {path.name for path in tmp_path.iterdir()} == {file.name, fresh.name, foreign.name}


@pytest.mark.parametrize(
    "use",
    [
        lambda place: replace(place / "file", b""),
        lambda place: replace(place / "file", b"", public=True),
        lambda place: open_for_append(place / "file"),
        folder,
    ],
)
@pytest.mark.parametrize("depth", ["here", "here/below"])
def test_a_file_where_a_folder_should_be_is_said(tmp_path, use, depth):
    file_instead(tmp_path / "here")
    with pytest.raises(StorageError, match=r"cannot be (written|used): Not a directory") as told:
        use(tmp_path / depth)
    assert told.value.hint
    assert told.value.exit_code == 4


@pytest.mark.parametrize("use", [lambda file: replace(file, b""), open_for_append])
def test_a_folder_where_a_file_should_be_is_said(tmp_path, use):
    (tmp_path / "file").mkdir()
    with pytest.raises(StorageError, match="cannot be written: Is a directory"):
        use(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_fifo_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for use in (plain_files.read, lambda file: private_files.opener(str(file), os.O_WRONLY)):
        with pytest.raises(OSError, match="it is no plain file") as refused:
            use(tmp_path / "fifo")
        assert plain_files.out_of_reach(refused.value)
    with pytest.raises(StorageError, match="it is no plain file"):
        open_for_append(tmp_path / "fifo")
    replace(tmp_path / "fifo", b"new")
    assert plain_files.read(tmp_path / "fifo") == b"new"


@pytest.mark.parametrize(
    "number", ["EROFS", "EACCES", "ENOSPC", "ENOTDIR", "EDQUOT", "EIO", "EMFILE"]
)
def test_whatever_the_system_refuses_is_said(number):
    def refuse():
        raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

    with pytest.raises(StorageError) as said, plain_files.told("It cannot be kept"):
        refuse()
    assert said.value.title == f"It cannot be kept: {os.strerror(getattr(errno, number))}"


def test_a_file_that_cannot_be_read_is_set_aside(tmp_path):
    for spoilt in (tmp_path / "file.json", tmp_path / "folder"):
        (spoilt.mkdir if spoilt.name == "folder" else spoilt.touch)()
        problem = set_aside(spoilt, "it is spoilt")
        assert problem.title == f"{spoilt} cannot be read: it is spoilt"
        assert not spoilt.exists()
        assert spoilt.with_name(f"{spoilt.name}.unreadable").exists()


def test_a_file_that_cannot_be_set_aside_either_is_reported(tmp_path):
    assert set_aside(tmp_path / "gone" / "file", "why").hint == "Move it away."


SAY = """
import sys, pathlib
from voice_assistant.errors import StorageError
from voice_assistant.system.private_files import folder, open_for_append, replace
place = pathlib.Path(sys.argv[1])
uses = [lambda: replace(place / "file", b""), lambda: folder(place)]
uses += [lambda: open_for_append(place / "log")]
for use in uses:
    try:
        use()
    except StorageError as error:
        print(f"{error.title}. {error.hint}")
"""


@as_root
@pytest.mark.parametrize("owner", [0, NOBODY])
def test_a_folder_without_rights_is_said(tmp_path, owner):
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    place = tmp_path / "place"
    place.mkdir(mode=0o500)
    os.chown(place, owner, owner)
    done = as_nobody(SAY, place / "new")
    assert done.stderr == ""
    assert [line.count("Permission denied. Check") for line in done.stdout.splitlines()] == [1] * 3


@as_root
def test_another_users_folder_is_said_though_it_could_be_written(tmp_path):
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(0o777)
    done = as_nobody(SAY, place)
    assert done.stderr == ""
    assert done.stdout.count("belongs to another user. Make it yours: sudo chown") == 3
    assert list(place.iterdir()) == []


@as_root
def test_files_that_root_makes_in_a_users_folder_belong_to_the_user(tmp_path):
    os.chown(tmp_path, NOBODY, NOBODY)
    file = tmp_path / "new" / "folder" / "file"
    replace(file, b"words")
    os.close(open_for_append(tmp_path / "other" / "log"))
    made = [file, *file.parents[:2], tmp_path / "other", tmp_path / "other" / "log"]
    assert {path.stat().st_uid for path in made} == {NOBODY}


def test_on_a_disk_that_is_away_nothing_is_set_aside_and_that_is_said(tmp_path):
    place = tmp_path / "folder"
    place.mkdir()
    with dead_disk(place):
        assert set_aside(place / "file", "why").hint == "Move it away."
