"""A recording is there until its words are known, whatever happens."""

from __future__ import annotations

import asyncio
import resource
import warnings
from contextlib import contextmanager

import numpy as np
import pytest
from fakes import FakeMicrophone, FakeProblems, read, until
from helpers.hearing.kept import SAID, put
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, server, staged

from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.earcons import start_sound, start_tones
from voice_assistant.audio.echo import Echo
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Retry
from voice_assistant.errors import NotConfigured, StorageError, Unreachable
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import MOST_UPLOAD_BYTES, Recordings
from voice_assistant.settings.sections.desktop import NotificationSettings
from voice_assistant.subscribers.buttons import Button
from voice_assistant.subscribers.notification import TurnNotification

DOWN = Unreachable("The server cannot be reached", "Is it running?")


async def ask_aloud(stage) -> None:
    await stage.speak()
    await stage.turn_over()


async def test_a_recording_that_could_not_be_sent_is_answered_later():
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


async def test_a_retry_that_fails_keeps_the_recording():
    backend = server(script=ANSWER, words=[DOWN])
    async with staged(backend=backend) as stage:
        file = put(stage.parts.recordings.archive)
        stage.post(Retry())
        await stage.turn_over()
        assert [failed.recording for failed in stage.failures()] == [file.stem]
        assert stage.recordings() == [file]


async def test_a_retry_sends_no_start_sound():
    rate_hz = SPEECH_RATE_HZ
    heard = np.zeros(2 * rate_hz, np.int16)
    sound = start_sound(rate_hz, 0.5)
    heard[2000 : 2000 + len(sound)] = sound
    heard[rate_hz:] = 1000
    backend = server(script=ANSWER, words=[DOWN, "a question"])
    async with staged(backend=backend, echo=lambda: Echo([start_tones()], rate_hz, 0.7)) as stage:
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


async def test_a_retry_without_a_recording_says_so():
    async with staged() as stage:
        stage.post(Retry())
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["input"]


async def test_answered_recordings_are_kept_for_as_long_as_that_is_wished():
    settings = settings_with("recordings.keep_days=7")
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


@pytest.mark.parametrize(("upload_format", "minutes"), [("wav", 7.8), ("mp3", 62.5)])
def test_no_recording_grows_beyond_what_servers_take(tmp_path, upload_format, minutes):
    longest_s = Recordings(Archive(tmp_path), upload_format).longest_s
    assert longest_s / 60 == pytest.approx(minutes, abs=0.05)


def test_what_is_too_long_for_a_wav_file_is_sent_as_mp3(tmp_path):
    recordings = Recordings(Archive(tmp_path), "wav")
    second = np.zeros(SPEECH_RATE_HZ, np.int16)
    assert recordings.upload(second).mime == "audio/wav"
    long = recordings.upload(np.resize(second, round(recordings.longest_s + 1) * SPEECH_RATE_HZ))
    assert long.mime == "audio/mp3"
    assert long.content[:1] == b"\xff"
    assert len(long.content) < MOST_UPLOAD_BYTES


@contextmanager
def full_disk(at_bytes: int):
    """No file grows any further than that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_on_a_full_disk_the_turn_goes_on_from_memory_and_it_is_said():
    problems = FakeProblems()
    backend = server(script=ANSWER)
    microphone = FakeMicrophone(SAID)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        async with staged(backend=backend, microphone=microphone, problems=problems) as stage:
            with full_disk(4000):
                await ask_aloud(stage)
            assert "answered" in stage.kinds()
            assert stage.recordings() == []
    assert [(part, type(error)) for part, error in problems] == [("recordings", StorageError)]
    np.testing.assert_array_equal(read_speech(backend.uploads[0]), SAID)


def test_a_folder_that_cannot_be_made_costs_no_turn(tmp_path):
    (tmp_path / "file").write_text("in the way")
    problems = FakeProblems()
    archive = Archive(tmp_path / "file" / "recordings")
    recordings = Recordings(archive, "wav", problems)
    with recordings.new() as recording:
        recording.write(SAID)
        recording.finish()
        assert recording.name == ""
        recording.answered()
    assert len(problems) == 1
    with pytest.raises(StorageError):
        archive.check()


async def test_a_failure_offers_the_recording_again():
    class Notifier:
        def __init__(self) -> None:
            self.shown: list = []

        async def show(
            self, title, body, buttons=(), extras=(), *, growing=False, stay_s=None, kind="turn"
        ) -> None:
            self.shown.append((title, tuple(buttons)))

    backend = server(words=[NotConfigured("The app hears nothing", "Switch it on.")])
    notifier = Notifier()
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        notices = TurnNotification(notifier, NotificationSettings())
        stage.assistant.subscribe(notices)
        showing = asyncio.create_task(notices.run())
        await ask_aloud(stage)
        await until(lambda: bool(notifier.shown))
        showing.cancel()
        (file,) = stage.recordings()
    again = Button("Try again", Retry(recording=file.stem))
    assert notifier.shown == [("What you said is kept", (again,))]
