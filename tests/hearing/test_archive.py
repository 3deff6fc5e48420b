"""What is kept of recordings: for how long, under which name, and by whom it is seen."""

from __future__ import annotations

import asyncio
import datetime as dt
import os

import numpy as np
import pytest
from fakes import FakeProblems, until
from helpers.hearing.kept import SAID, put, recording_elsewhere
from helpers.system.disk import as_nobody, as_root, dead_disk, file_instead, full_disk

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import InputError, StorageError
from voice_assistant.hearing import archive as archives
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings, StoredRecording
from voice_assistant.settings.sections.records import RecordingSettings


def test_only_so_many_are_kept_and_answered_ones_go_first(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(archives, "MOST", 5)
    archive = Archive(tmp_path, RecordingSettings(keep_days=30))
    answered = [put(archive, days_ago=number, answered=True) for number in range(3)]
    waiting = [put(archive, days_ago=number) for number in range(3, 7)]
    archive.tidy()
    assert [kept.file for kept in archive.every()] == [answered[0], *waiting]
    assert "too many recordings" in caplog.text


def test_only_so_much_is_kept(tmp_path):
    archive = Archive(tmp_path)
    files = [put(archive, days_ago=number) for number in range(3)]
    with files[1].open("r+b") as huge:
        huge.truncate(archives.MOST_BYTES)  # takes no room on the disk
    archive.tidy()
    assert [kept.file for kept in archive.every()] == files[:1]


async def test_old_recordings_are_deleted_though_nothing_is_recorded(tmp_path):
    archive = Archive(tmp_path, RecordingSettings(keep_days=7))

    async def main():
        tidying = asyncio.create_task(archive.keep_tidy(every_s=0.01))
        await asyncio.sleep(0)
        put(archive, days_ago=6, answered=True)
        put(archive, days_ago=9)
        put(archive, days_ago=8, answered=True)
        await until(lambda: len(archive.every()) == 2)
        tidying.cancel()

    await main()
    assert [kept.answered for kept in archive.every()] == [True, False]


def test_a_recording_is_found_by_number_and_by_name(tmp_path):
    archive = Archive(tmp_path)
    new, old = put(archive, answered=True), put(archive, days_ago=1)
    assert archive.find("1").file == new
    assert archive.find("2").file == archive.find(old.stem).file == archive.find("").file == old
    assert archive.find(archive.every()[0].name).file == new
    with pytest.raises(InputError, match="no recording 3"):
        archive.find("3")


def test_other_files_are_left_alone(tmp_path):
    archive = Archive(tmp_path / "recordings")
    other = archive.new_file().with_name("holiday.wav")
    other.write_bytes(b"x")
    archive.tidy()
    assert other.exists()
    assert archive.every() == []
    assert Archive(tmp_path / "none").every() == []


def test_a_recording_survives_a_process_that_is_killed(tmp_path):
    with recording_elsewhere(tmp_path) as folder:
        pass
    archive = Archive(folder)
    archive.tidy()
    (kept,) = archive.every()
    assert kept.seconds == len(SAID) / SPEECH_RATE_HZ
    np.testing.assert_array_equal(read_speech(kept.file), SAID)
    assert kept.file.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_recording_in_progress_is_not_listed_and_cannot_be_deleted(tmp_path):
    archive = Archive(tmp_path)
    old = put(archive, days_ago=1)
    with Recordings(archive, "mp3").new() as recording:
        recording.write(SAID)
        for seen in (archive, Archive(tmp_path)):
            assert [kept.file for kept in seen.every()] == [old]
            assert seen.newest().file == old
            with pytest.raises(InputError, match="no recording"):
                seen.find(recording.name)
        Archive(tmp_path).tidy()
    assert [kept.name for kept in archive.every()] == [recording.name, old.stem]


def test_another_process_does_not_list_what_is_being_recorded(tmp_path):
    with recording_elsewhere(tmp_path) as folder:
        assert Archive(folder).every() == []
    assert len(Archive(folder).every()) == 1


def test_a_disk_with_room_is_said_to_be_fine(tmp_path):
    Archive(tmp_path).check()


def test_the_names_of_recordings_are_times_of_the_day(tmp_path):
    file = Archive(tmp_path).new_file()
    began = dt.datetime.strptime(file.stem, "%Y-%m-%d_%H-%M-%S.%f").astimezone()
    assert abs((dt.datetime.now().astimezone() - began).total_seconds()) < 60


def spoil(folder, how):
    """Something among the recordings that is none, or cannot be deleted."""
    file = folder / "2026-01-01_00-00-00.000000.wav"
    folder.mkdir(parents=True, exist_ok=True)
    match how:
        case "fifo":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "loop":
            file.symlink_to(file.name)
        case "dangling":
            file.symlink_to("nowhere")
        case "a file for the folder":
            file_instead(folder)
    return file


NO_RECORDINGS = ["fifo", "folder", "loop", "dangling"]


@pytest.mark.parametrize("how", [*NO_RECORDINGS, "a file for the folder"])
async def test_files_that_are_no_recording_neither_hang_nor_end_the_tidying(tmp_path, how):
    archive = Archive(tmp_path / "recordings")
    spoil(tmp_path / "recordings", how)
    tidying = asyncio.create_task(archive.keep_tidy(every_s=0.0))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not tidying.done()
    tidying.cancel()


@pytest.mark.parametrize("how", NO_RECORDINGS)
def test_files_that_are_no_recording_are_not_listed(tmp_path, how):
    archive = Archive(tmp_path / "recordings")
    spoil(tmp_path / "recordings", how)
    assert archive.every() == []
    assert archive.newest() is None


@as_root
def test_a_short_recording_that_cannot_be_deleted_is_left_and_logged(tmp_path):
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    folder = tmp_path / "recordings"
    folder.mkdir()
    (folder / "2026-01-01_00-00-00.000000.wav").write_bytes(b"R" * 50)
    done = as_nobody(
        "import logging, pathlib, sys\n"
        "from voice_assistant.hearing.archive import Archive\n"
        "logging.basicConfig(level='INFO')\n"
        "Archive(pathlib.Path(sys.argv[1])).tidy()",
        folder,
    )
    assert done.returncode == 0
    assert "cannot be deleted: [Errno 13] Permission denied" in done.stderr


@pytest.mark.parametrize("disk", ["full", "a file for the folder"])
def test_a_folder_that_takes_no_recording_is_said(tmp_path, disk):
    archive = Archive(tmp_path / "recordings")
    if disk == "full":
        with full_disk(), pytest.raises(StorageError, match="File too large"):
            archive.check()
        assert list((tmp_path / "recordings").iterdir()) == []
    else:
        file_instead(tmp_path / "recordings")
        with pytest.raises(StorageError, match="Not a directory"):
            archive.check()


@as_root
def test_a_folder_that_is_not_ours_is_said(tmp_path):
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    (tmp_path / "recordings").mkdir()
    done = as_nobody(
        "import pathlib, sys\n"
        "from voice_assistant.errors import StorageError\n"
        "from voice_assistant.hearing.archive import Archive\n"
        "try:\n    Archive(pathlib.Path(sys.argv[1])).check()\n"
        "except StorageError as error:\n    print(error.title, error.hint, sep='\\n')",
        tmp_path / "recordings",
    )
    title, hint = done.stdout.splitlines()
    assert title == "Recordings cannot be kept on the disk: Permission denied"
    assert hint.startswith("Check that the folder of the recordings is yours, ")


def test_new_folders_of_recordings_are_the_owners_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        file = Archive(tmp_path / "data" / "recordings").new_file()
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in file.parents[:2]} == {0o700}


def test_the_words_of_a_recording_share_its_fate(tmp_path):
    archive = Archive(tmp_path, RecordingSettings(keep_days=7))
    new, old = put(archive), put(archive, days_ago=8, answered=True)
    for file in (new, old):
        archive.keep_words(file, " what is\nit? ")
    assert [kept.words for kept in archive.every()] == ["what is\nit?"] * 2
    archive.answered(new)
    assert archive.find("1").words == "what is\nit?"
    archive.tidy()
    assert [kept.answered for kept in archive.every()] == [True]
    assert len(list(tmp_path.iterdir())) == 2
    archive.delete(archive.find("1").file)
    assert list(tmp_path.iterdir()) == []


def test_words_whose_recording_somebody_else_deleted_go_and_other_files_stay(tmp_path):
    archive = Archive(tmp_path)
    gone = put(archive)
    archive.keep_words(gone, "what is it?")
    gone.unlink()
    other = tmp_path / "shopping.words"
    other.write_text("milk")
    archive.tidy()
    assert list(tmp_path.iterdir()) == [other]


def test_entries_that_cannot_be_deleted_or_are_no_file_are_skipped(tmp_path, caplog):
    archive = Archive(tmp_path)
    stuck, whole = put(archive, days_ago=1, pcm=SAID[:100]), put(archive)
    os.mkfifo(put(archive, days_ago=2).with_name("2020-01-01_00-00-00.000000.wav"))
    # A folder in the place of its words cannot be unlinked.
    (tmp_path / f"{stuck.stem}.words").mkdir()
    archive.tidy()
    assert "a recording cannot be deleted" in caplog.text
    assert archive.every()[0].file == whole
    assert len(archive.every()) == 2


def test_a_recording_that_cannot_be_deleted_costs_no_turn(tmp_path, caplog):
    archive = Archive(tmp_path)
    file = put(archive)
    (tmp_path / f"{file.stem}.words").mkdir()
    StoredRecording(archive, file).answered()
    StoredRecording(archive, file).forget()
    assert caplog.text.count("the recording stays on the disk") == 2


def test_words_that_the_disk_refuses_cost_nothing_else(tmp_path, caplog):
    archive = Archive(tmp_path)
    file = put(archive)
    (tmp_path / f"{file.stem}.words").mkdir()
    archive.keep_words(file, "what is it?")
    assert "cannot be kept" in caplog.text
    assert [kept.words for kept in archive.every()] == [""]
    assert not list(tmp_path.glob("*.part"))


def test_words_that_are_no_valid_text_are_kept_readable(tmp_path):
    archive = Archive(tmp_path)
    file = put(archive)
    archive.keep_words(file, "half an emoji: \ud83d")
    assert archive.every()[0].words == "half an emoji: ?"


@pytest.mark.parametrize("end", ["answered", "forget"])
def test_a_recording_that_cannot_be_deleted_costs_no_answer(tmp_path, end):
    file = tmp_path / "2026-01-01_00-00-00.000000.wav"
    file.mkdir()  # which not even root can unlink
    recording = StoredRecording(Archive(tmp_path), file)
    getattr(recording, end)()
    assert file.exists()


def test_off_the_record_no_answered_recording_is_kept(tmp_path):
    archive = Archive(tmp_path, RecordingSettings(keep_days=3.0))
    kept, gone = put(archive, days_ago=2), put(archive, days_ago=1)
    archive.answered(kept)
    archive.off_the_record = True
    archive.answered(gone)
    assert [one.answered for one in archive.every()] == [True]
    assert not gone.exists()


def test_a_disk_that_goes_away_costs_no_recording_and_no_turn(tmp_path):
    archive, problems = Archive(tmp_path / "recordings"), FakeProblems()
    kept = put(archive)
    recording = Recordings(archive, "wav", problems).new()
    with recording:
        recording.write(SAID)
        with dead_disk(tmp_path / "recordings"):
            recording.write(SAID)
            recording.close()
            recording.keep_words("hello")
            archive.tidy()
            with pytest.raises(StorageError):
                archive.every()
            with Recordings(archive, "wav", problems).new() as another:
                another.write(SAID)
            another.answered()
            assert another.name == ""
        recording.keep()
    assert all("cannot be kept" in title for title in problems.titles)
    assert len(problems) == 2
    assert {one.name for one in archive.every()} == {kept.stem, recording.name}
    assert len(read_speech(archive.find(recording.name).file)) == 2 * len(SAID)


def test_two_recordings_of_one_moment_have_a_file_each(tmp_path, monkeypatch):
    class Stopped(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime(2026, 11, 30, tzinfo=dt.UTC)

    archive = Archive(tmp_path, RecordingSettings(keep_days=1))
    monkeypatch.setattr(archives.dt, "datetime", Stopped)
    files = []
    for _ in range(3):
        files.append(archive.new_file())
        files[-1].touch()
        archive.answered(files[0])
    assert len(set(files)) == 3
