"""What the disk loses or refuses of a recording is written again, from memory."""

from __future__ import annotations

import asyncio
import shutil

import numpy as np
import pytest
from fakes import FakeBackend, FakeMicrophone, FakeProblems, read, until
from helpers.system.disk import file_instead, full_disk
from helpers.turns.kept_question import QUESTION, SAID, retry, talk, waiting
from helpers.turns.staging import ANSWER, IDS, SILENT, server, staged

from voice_assistant.api.stream.events import (
    Message,
)
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Press, Release, Stop
from voice_assistant.errors import Unreachable
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings

TONE = (3000 * np.sin(np.arange(SPEECH_RATE_HZ) / 10)).astype(np.int16)
DOWN = Unreachable("The server cannot be reached", "Is it running?")


def folder_deleted(archive, file):
    shutil.rmtree(file.parent)


def folder_made_anew(archive, file):
    shutil.rmtree(file.parent)
    archive.check()


def all_data_deleted(archive, file):
    shutil.rmtree(file.parent.parent)


def folder_moved_away(archive, file):
    file.parent.rename(file.parent.with_name("elsewhere"))


def file_deleted(archive, file):
    file.unlink()


def file_moved_away(archive, file):
    file.rename(file.with_name("mine.wav"))


def file_replaced(archive, file):
    file.unlink()
    file.write_bytes(b"another program's")


LOSSES = [
    folder_deleted,
    folder_made_anew,
    all_data_deleted,
    folder_moved_away,
    file_deleted,
    file_moved_away,
    file_replaced,
]


def begun(archive):
    """Return the file of the recording that is being made."""
    (file,) = archive._folder.glob("*.wav")
    return file


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
def test_what_is_lost_while_somebody_speaks_is_there_at_the_end(tmp_path, lose):
    archive = Archive(tmp_path / "data" / "recordings")
    problems = FakeProblems()
    with Recordings(archive, "wav", problems).new() as recording:
        recording.write(SAID[: len(SAID) // 2])
        file = begun(archive)
        lose(archive, file)
        recording.write(SAID[len(SAID) // 2 :])
        recording.finish()
    kept = archive.find()
    assert kept.name == recording.name == file.stem
    assert read(read_speech(kept.file)) == QUESTION
    assert kept.file.stat().st_mode & 0o777 == 0o600
    assert kept.file.parent.stat().st_mode & 0o777 == 0o700
    assert list(problems) == []


def test_what_is_sent_compressed_is_kept_as_it_was_sent(tmp_path):
    archive = Archive(tmp_path / "recordings")
    with Recordings(archive, "mp3").new() as recording:
        recording.write(TONE)
        shutil.rmtree(tmp_path / "recordings")
    kept = read_speech(archive.find().file).astype(float)
    assert len(TONE) <= len(kept) < len(TONE) + 0.3 * SPEECH_RATE_HZ
    assert np.std(kept) == pytest.approx(np.std(TONE), rel=0.1)


def test_one_that_is_given_up_while_somebody_speaks_is_kept_as_far_as_it_came(tmp_path):
    archive = Archive(tmp_path / "recordings")
    recording = Recordings(archive, "wav").new()
    recording.write(SAID)
    shutil.rmtree(tmp_path / "recordings")
    recording.close()
    recording.write(SAID)
    assert read(read_speech(archive.find().file)) == QUESTION


@pytest.mark.parametrize("end", ["forget", "answered"])
def test_what_need_not_be_kept_does_not_come_back(tmp_path, end):
    archive = Archive(tmp_path / "recordings")
    with Recordings(archive, "wav").new() as recording:
        recording.write(SAID)
        shutil.rmtree(tmp_path / "recordings")
        getattr(recording, end)()
    recording.keep()
    assert not (tmp_path / "recordings").exists()


def test_a_recording_that_the_user_deletes_after_it_was_made_stays_deleted(tmp_path):
    archive = Archive(tmp_path / "recordings")
    with Recordings(archive, "wav").new() as recording:
        recording.write(SAID)
    archive.delete(archive.find().file)
    recording.keep()
    assert recording.name == ""
    assert archive.every() == []


def losing_its_folder(stage):
    shutil.rmtree(stage.parts.recordings.archive._folder)


class Losing(FakeBackend):
    """Its recordings' folder is deleted while it looks for the words, or while it answers."""

    def __init__(self, moment, **behaviour):
        super().__init__(**behaviour, can=SILENT)
        self.moment = moment
        self.lose = lambda: None

    async def audio_to_text(self, upload):
        if self.moment == "words":
            self.lose()
        return await super().audio_to_text(upload)

    def chat(self, request, *, sure=False):
        if self.moment == "answer":
            self.lose()
        return super().chat(request, sure=sure)


@pytest.mark.parametrize(
    ("moment", "behaviour", "words"),
    [
        ("words", {"words": [DOWN, QUESTION], "script": ANSWER}, ""),
        ("answer", {"words": [QUESTION], "scripts": [[DOWN], ANSWER]}, QUESTION),
    ],
)
async def test_a_question_that_fails_is_kept_though_its_folder_was_deleted(
    moment, behaviour, words
):
    backend = Losing(moment, **behaviour)
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        backend.lose = lambda: losing_its_folder(stage)
        await talk(stage)
        (failed,) = stage.failures()
        assert failed.recording == stage.parts.recordings.archive.find().name
        assert waiting(stage) == [(words, False)]
        backend.lose = lambda: None
        await retry(stage)
        assert waiting(stage) == []
    assert [request.query for request in backend.asked][-1] == QUESTION


async def test_a_question_that_is_stopped_is_kept_though_its_folder_was_deleted():
    backend = Losing(
        "answer", words=[QUESTION], script=[Message(answer="", **IDS), asyncio.Event()]
    )
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        backend.lose = lambda: losing_its_folder(stage)
        await stage.speak()
        await until(lambda: backend.streams)
        stage.post(Stop())
        await stage.turn_over()
        assert waiting(stage) == [(QUESTION, False)]


async def test_what_a_full_disk_refused_is_kept_when_there_is_room_at_the_end():
    problems = FakeProblems()
    backend = server(words=[DOWN])
    microphone = FakeMicrophone(SAID)
    async with staged(backend=backend, microphone=microphone, problems=problems) as stage:
        with full_disk():
            stage.post(Press())
            await until(lambda: "listening" in stage.kinds())
            await until(lambda: len(list(problems)) == 1)
        stage.post(Release())
        await stage.turn_over()
        (kept,) = stage.parts.recordings.archive.every()
        assert read(read_speech(kept.file)) == QUESTION
        assert [failed.recording for failed in stage.failures()] == [kept.name]


async def test_what_no_disk_takes_is_told_once_and_the_question_is_answered():
    problems = FakeProblems()
    backend = server(script=ANSWER)
    microphone = FakeMicrophone(SAID)
    async with staged(backend=backend, microphone=microphone, problems=problems) as stage:
        stage.post(Press())
        await until(lambda: "listening" in stage.kinds())
        file_instead(stage.parts.recordings.archive._folder)
        stage.post(Release())
        await stage.turn_over()
        assert stage.count("answered") == 1
    assert [part for part, _ in problems].count("recordings") == 1
