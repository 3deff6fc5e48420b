"""A recording is there until its words are known, whatever happens."""

from __future__ import annotations

import asyncio
import datetime as dt
import resource
import subprocess
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from fakes import FakeMicrophone, read, until, utter
from staging import ANSWER, QUIET, server, staged

from voice_assistant.audio.earcons import start_sound, start_tones
from voice_assistant.audio.echo import Echo
from voice_assistant.audio.files import read_speech, write_wav
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Retry
from voice_assistant.errors import InputError, NotConfigured, StorageError, Unreachable
from voice_assistant.hearing import archive as archives
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.notices import Choice, Notices

if TYPE_CHECKING:
    from pathlib import Path

SAID = utter("a question of some length")
DOWN = Unreachable("The server cannot be reached", "Is it running?")


def put(archive: Archive, *, days_ago: float = 0.0, answered: bool = False, pcm=SAID) -> Path:
    """A recording that was made some time ago."""
    began = dt.datetime.now().astimezone() - dt.timedelta(days=days_ago)
    file = archive.new_file().with_name(f"{began:%Y-%m-%d_%H-%M-%S.%f}.wav")
    write_wav(file, pcm, SPEECH_RATE_HZ)
    if answered:
        file = file.rename(file.with_name(f"{file.stem}.answered.wav"))
    return file


async def ask_aloud(stage) -> None:
    await stage.speak()
    await stage.turn_over()


def test_what_could_not_be_sent_is_answered_from_the_same_recording():
    async def play() -> None:
        backend = server(script=ANSWER, words=[DOWN])
        async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
            await ask_aloud(stage)
            (kept,) = stage.recordings()
            (failed,) = stage.failures()
            assert failed.recording == kept.stem
            assert "voice-assistant recordings retry" in failed.hint
            backend._words = ["a question"]
            stage.post(Retry(recording=failed.recording))
            await until(lambda: "answered" in stage.kinds())
            await until(lambda: stage.count("idle") == 2)
            assert stage.questions() == ["a question"]
            assert stage.recordings() == []
        assert read(read_speech(backend.uploads[-1])) == "a question of some length"

    asyncio.run(play())


def test_a_retry_that_fails_keeps_the_recording():
    async def play() -> None:
        backend = server(script=ANSWER, words=[DOWN])
        async with staged(backend=backend) as stage:
            file = put(stage.parts.recordings.archive)
            stage.post(Retry())
            await stage.turn_over()
            assert [failed.recording for failed in stage.failures()] == [file.stem]
            assert stage.recordings() == [file]

    asyncio.run(play())


def test_a_retry_sends_no_start_sound():
    rate_hz = SPEECH_RATE_HZ
    heard = np.zeros(2 * rate_hz, np.int16)
    sound = start_sound(rate_hz, 0.5)
    heard[2000 : 2000 + len(sound)] = sound
    heard[rate_hz:] = 1000

    async def play() -> None:
        backend = server(script=ANSWER, words=[DOWN, "a question"])
        async with staged(
            backend=backend, echo=lambda: Echo([start_tones()], rate_hz, 0.7)
        ) as stage:
            file = put(stage.parts.recordings.archive, pcm=heard)
            stage.post(Retry())
            await stage.turn_over()
            np.testing.assert_array_equal(read_speech(file), heard)
            stage.post(Retry())
            await until(lambda: stage.count("idle") == 2)
        for upload in backend.uploads:
            sent = read_speech(upload)
            np.testing.assert_array_equal(sent[rate_hz:], heard[rate_hz:])
            begin, loud = (pcm[:rate_hz].astype(float) for pcm in (sent, heard))
            assert np.sum(begin**2) < 0.1 * np.sum(loud**2)
        assert len(backend.uploads) == 2

    asyncio.run(play())


def test_a_retry_without_a_recording_says_so():
    async def play() -> None:
        async with staged() as stage:
            stage.post(Retry())
            await stage.turn_over()
            assert [failed.code for failed in stage.failures()] == ["input"]

    asyncio.run(play())


def test_answered_recordings_are_kept_for_as_long_as_that_is_wished():
    async def play() -> None:
        wish = msgspec.structs.replace(QUIET.recordings, keep_days=7.0)
        settings = msgspec.structs.replace(QUIET, recordings=wish)
        async with staged(settings=settings, microphone=FakeMicrophone(SAID)) as stage:
            archive = stage.parts.recordings.archive
            put(archive, days_ago=8, answered=True)
            young = put(archive, days_ago=6, answered=True)
            old = put(archive, days_ago=400)
            await ask_aloud(stage)
            newest, *others = archive.every()
            assert newest.answered
            assert [kept.file for kept in others] == [young, old]
            assert archive.newest().file == old
            stage.post(Retry(recording=newest.name))
            await until(lambda: len(stage.questions()) == 2)
            assert newest.file.exists()

    asyncio.run(play())


def test_only_so_many_are_kept(tmp_path, caplog):
    archive = Archive(tmp_path)
    files = [put(archive, days_ago=number, pcm=SAID[:1700]) for number in range(archives.MOST + 3)]
    archive.tidy()
    assert [kept.file for kept in archive.every()] == files[: archives.MOST]
    assert "too many recordings" in caplog.text


def test_only_so_much_is_kept(tmp_path):
    archive = Archive(tmp_path)
    files = [put(archive, days_ago=number) for number in range(3)]
    with files[1].open("r+b") as huge:
        huge.truncate(archives.MOST_BYTES)  # takes no room on the disk
    archive.tidy()
    assert [kept.file for kept in archive.every()] == files[:1]


def test_what_is_too_old_goes_though_nothing_is_recorded(tmp_path):
    archive = Archive(tmp_path, keep_days=7)

    async def main():
        tidying = asyncio.create_task(archive.keep_tidy(every_s=0.01))
        await asyncio.sleep(0)
        put(archive, days_ago=6, answered=True)
        put(archive, days_ago=9)
        put(archive, days_ago=8, answered=True)
        await until(lambda: len(archive.every()) == 2)
        tidying.cancel()

    asyncio.run(main())
    assert [kept.answered for kept in archive.every()] == [True, False]


def test_a_recording_is_found_by_number_and_by_name(tmp_path):
    archive = Archive(tmp_path)
    new, old = put(archive, answered=True), put(archive, days_ago=1)
    assert archive.find("1").file == new
    assert archive.find("2").file == archive.find(old.stem).file == archive.find("").file == old
    assert archive.find(archive.every()[0].name).file == new
    with pytest.raises(InputError, match="no recording 3"):
        archive.find("3")


@pytest.mark.parametrize(("upload_format", "minutes"), [("wav", 7.8), ("mp3", 62.5)])
def test_no_recording_grows_beyond_what_servers_take(tmp_path, upload_format, minutes):
    longest_s = Recordings(Archive(tmp_path), upload_format).longest_s
    assert longest_s / 60 == pytest.approx(minutes, abs=0.05)


def test_other_files_are_left_alone(tmp_path):
    archive = Archive(tmp_path / "recordings")
    other = archive.new_file().with_name("holiday.wav")
    other.write_bytes(b"x")
    archive.tidy()
    assert other.exists()
    assert archive.every() == []
    assert Archive(tmp_path / "none").every() == []


KILLED = """
import sys, time
import numpy as np
from pathlib import Path
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
with Recordings(Archive(Path(sys.argv[1])), "mp3").new() as recording:
    for block in np.split(np.load(sys.argv[2]), 10):
        recording.write(block)
    print("recorded", flush=True)
    time.sleep(60)
"""


@contextmanager
def recording_elsewhere(tmp_path):
    """The folder of another process, which has recorded what was said, goes on, and is killed."""
    np.save(tmp_path / "said.npy", SAID)
    folder = tmp_path / "recordings"
    arguments = [sys.executable, "-c", KILLED, str(folder), str(tmp_path / "said.npy")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"recorded\n"
            yield folder
        finally:
            process.kill()


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


def test_what_is_being_recorded_is_not_listed_and_cannot_be_deleted(tmp_path):
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


@contextmanager
def full_disk(at_bytes: int):
    """No file grows any further than that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_on_a_full_disk_the_turn_goes_on_from_memory_and_it_is_said():
    async def play() -> None:
        missing = []
        backend = server(script=ANSWER)
        microphone = FakeMicrophone(SAID)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ResourceWarning)
            async with staged(backend=backend, microphone=microphone, missing=missing) as stage:
                with full_disk(4000):
                    await ask_aloud(stage)
                assert "answered" in stage.kinds()
                assert stage.recordings() == []
        assert [type(error) for error in missing] == [StorageError]
        np.testing.assert_array_equal(read_speech(backend.uploads[0]), SAID)

    asyncio.run(play())


def test_a_folder_that_cannot_be_made_costs_no_turn(tmp_path):
    (tmp_path / "file").write_text("in the way")
    missing = []
    archive = Archive(tmp_path / "file" / "recordings")
    recordings = Recordings(archive, "wav", missing.append)
    with recordings.new() as recording:
        recording.write(SAID)
        recording.finish()
        assert recording.name == ""
        recording.answered()
    assert len(missing) == 1
    with pytest.raises(StorageError):
        archive.check()


def test_a_disk_with_room_is_said_to_be_fine(tmp_path):
    Archive(tmp_path).check()


def test_a_failure_offers_the_recording_again():
    class Notifier:
        def __init__(self) -> None:
            self.shown: list = []

        async def show(self, title, body, buttons=()) -> None:
            self.shown.append((title, tuple(buttons)))

    async def play() -> None:
        backend = server(words=[NotConfigured("The app hears nothing", "Switch it on.")])
        notifier = Notifier()
        async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
            notices = Notices(notifier)
            stage.assistant.subscribe(notices.tell)
            showing = asyncio.create_task(notices.run())
            await ask_aloud(stage)
            await until(lambda: bool(notifier.shown))
            showing.cancel()
            (file,) = stage.recordings()
        again = Choice("Try again", Retry(recording=file.stem))
        assert notifier.shown == [("The app hears nothing", (again,))]

    asyncio.run(play())


def test_the_names_of_recordings_are_times_of_the_day(tmp_path):
    file = Archive(tmp_path).new_file()
    began = dt.datetime.strptime(file.stem, "%Y-%m-%d_%H-%M-%S.%f").astimezone()
    assert abs((dt.datetime.now().astimezone() - began).total_seconds()) < 60
