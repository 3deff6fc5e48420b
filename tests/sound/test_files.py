"""The speaker and the microphone that are files."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import stat
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from helpers.audio.wav_files import write_wav

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import InputError, SpeakerError
from voice_assistant.sound.files import FileMicrophone, WavSpeaker


def ramp(count, start=1):
    return np.arange(start, start + count, dtype=np.int16)


class Playing:
    """A playback that takes everything, hears half of it, and may be lost after so many writes."""

    def __init__(self, lost_after=100):
        self.lost_after = lost_after
        self.written = []
        self.ended = ""

    @property
    def played_s(self):
        return sum(len(pcm) / rate_hz for pcm, rate_hz in self.written) / 2

    async def write(self, pcm, rate_hz):
        if len(self.written) == self.lost_after:
            raise SpeakerError("The speaker was lost")
        self.written.append((pcm, rate_hz))

    async def flush(self):
        if len(self.written) == self.lost_after:
            raise SpeakerError("The speaker was lost")

    async def finish(self):
        if len(self.written) == self.lost_after:
            raise SpeakerError("The speaker was lost")
        self.ended = "finished"
        return self.played_s

    def abort(self):
        self.ended = "aborted"
        return self.played_s

    @property
    def silenced(self):
        return self.ended == "aborted"


class OneSpeaker:
    def __init__(self, playback):
        self.playback = playback

    def play(self, *, prompt=False):
        if self.playback is None:
            raise SpeakerError("No speaker was found")
        return self.playback


async def play(speaker, *pieces):
    playback = speaker.play()
    for pcm, rate_hz in pieces:
        await playback.write(pcm, rate_hz)
    return await playback.finish()


def written(file):
    pcm, rate_hz = soundfile.read(file, dtype="int16")
    return pcm, rate_hz


async def test_the_file_of_the_speech_is_private_and_written_at_once(tmp_path):
    file = tmp_path / "answer.wav"
    with contextlib.closing(WavSpeaker(file)) as speaker:
        began_at = time.monotonic()
        seconds = await play(speaker, *[(ramp(24_000), 24_000)] * 30)
        assert time.monotonic() - began_at < 10

    pcm, rate_hz = written(file)
    assert seconds == 30
    assert rate_hz == 24_000
    assert pcm.tolist() == ramp(24_000).tolist() * 30
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_all_that_is_played_follows_one_another(tmp_path):
    file = tmp_path / "answer.wav"

    async def run(speaker):
        await play(speaker, (ramp(100), 24_000))
        await play(speaker, (ramp(100, 500), 24_000))

    with contextlib.closing(WavSpeaker(file)) as speaker:
        await run(speaker)

    assert written(file)[0].tolist() == [*ramp(100), *ramp(100, 500)]


async def test_another_rate_becomes_the_first_one(tmp_path):
    file = tmp_path / "answer.wav"
    tone = (8000 * np.sin(np.arange(16_000) / 8)).astype(np.int16)
    with contextlib.closing(WavSpeaker(file)) as speaker:
        seconds = await play(speaker, (tone, 16_000), (tone[:8000], 8000), (tone, 16_000))

    pcm, rate_hz = written(file)
    assert (seconds, rate_hz) == (3.0, 16_000)
    assert len(pcm) == pytest.approx(48_000, abs=16)
    assert pcm[:16_000].tolist() == tone.tolist()


async def test_without_a_sample_there_is_no_file(tmp_path):
    with contextlib.closing(WavSpeaker(tmp_path / "answer.wav")) as speaker:
        assert await play(speaker) == 0

    assert not list(tmp_path.iterdir())


async def test_a_speaker_plays_it_too_and_tells_what_was_heard(tmp_path):
    file = tmp_path / "answer.wav"
    playing = Playing()
    with contextlib.closing(WavSpeaker(file, OneSpeaker(playing))) as speaker:
        assert await play(speaker, (ramp(24_000), 24_000)) == 0.5

    assert playing.ended == "finished"
    assert [len(pcm) for pcm, _ in playing.written] == [24_000]
    assert len(written(file)[0]) == 24_000


async def test_silence_ends_both_and_nothing_more_is_written(tmp_path):
    file = tmp_path / "answer.wav"
    playing = Playing()

    async def run(speaker):
        playback = speaker.play()
        await playback.write(ramp(24_000), 24_000)
        assert playback.abort() == 0.5
        await playback.write(ramp(24_000), 24_000)

    with contextlib.closing(WavSpeaker(file, OneSpeaker(playing))) as speaker:
        await run(speaker)

    assert playing.ended == "aborted"
    assert written(file)[0].tolist() == ramp(12_000).tolist()


class Held:
    """A playback that hears what it is told to."""

    played_s = 0.0
    silenced = False

    async def write(self, pcm, rate_hz):
        await asyncio.sleep(0)

    async def flush(self):
        pass

    async def finish(self):
        raise AssertionError

    def abort(self):
        return self.played_s


async def test_a_pause_leaves_no_trace_in_the_file(tmp_path):
    file = tmp_path / "answer.wav"
    held = Held()

    async def run(speaker):
        first = speaker.play()
        for second in range(3):
            await first.write(ramp(8000, second * 8000), 8000)
        held.played_s = 1.25
        assert first.abort() == 1.25
        held.played_s = 0.0
        second = speaker.play()
        await second.write(ramp(6000, 10_000), 8000)
        held.played_s = 0.5
        await second.write(ramp(8000, 16_000), 8000)
        held.played_s = 1.75
        second.abort()

    with contextlib.closing(WavSpeaker(file, OneSpeaker(held))) as speaker:
        await run(speaker)

    assert written(file)[0].tolist() == ramp(24_000, 0).tolist()


async def test_sound_that_is_silenced_before_it_is_played_is_not_in_the_file(tmp_path):
    file = tmp_path / "answer.wav"

    async def run(speaker):
        playback = speaker.play()
        writing = asyncio.create_task(playback.write(ramp(8000), 8000))
        await asyncio.sleep(0)
        playback.abort()
        await writing

    with contextlib.closing(WavSpeaker(file, OneSpeaker(Held()))) as speaker:
        await run(speaker)

    assert written(file)[0].size == 0


async def test_a_full_disk_is_said_and_not_by_what_silences():
    if not Path("/dev/full").exists():
        pytest.skip("needs a disk that is full")
    speaker = WavSpeaker(Path("/dev/full"), OneSpeaker(Held()))
    with pytest.raises(InputError, match="No space left"):
        await play(speaker, (ramp(8000), 8000))
    speaker.play().abort()
    speaker.close()


@pytest.mark.parametrize("playing", [None, Playing(lost_after=0), Playing(lost_after=1)])
async def test_without_a_speaker_or_when_it_is_lost_the_file_is_whole(tmp_path, playing, caplog):
    file = tmp_path / "answer.wav"
    with contextlib.closing(WavSpeaker(file, OneSpeaker(playing))) as speaker:
        seconds = await play(speaker, (ramp(24_000), 24_000), (ramp(24_000), 24_000))

    assert seconds == 2
    assert len(written(file)[0]) == 48_000
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


async def test_a_file_that_cannot_be_written_is_said(tmp_path):
    speaker = WavSpeaker(tmp_path / "missing" / "answer.wav")
    with pytest.raises(InputError, match="cannot be written: No such file"):
        await play(speaker, (ramp(10), 16_000))
    speaker.close()


async def record(microphone, stop_after=None):
    async with microphone.capture() as capture:
        blocks = []
        async for block in capture:
            blocks.append(block)
            if len(blocks) == stop_after:
                capture.stop()
                capture.stop()
        return blocks, capture.silent


async def test_prepared_speech_is_delivered_whole_and_ends_by_itself():
    speech = ramp(1000)
    blocks, silent = await record(FileMicrophone(speech, pace=False))

    assert [len(block) for block in blocks] == [320, 320, 320, 40]
    assert np.concatenate(blocks).tolist() == speech.tolist()
    assert not silent


async def test_the_file_can_be_spoken_again():
    microphone = FileMicrophone(ramp(1000), pace=False)

    async def run():
        return [len(np.concatenate((await record(microphone))[0])) for _ in range(2)]

    assert await run() == [1000, 1000]


async def test_a_file_of_any_rate_is_speech_of_16_khz(tmp_path):
    write_wav(tmp_path / "question.wav", ramp(8000), 8000)
    blocks, _ = await record(FileMicrophone(tmp_path / "question.wav", pace=False))

    assert sum(map(len, blocks)) == pytest.approx(SPEECH_RATE_HZ, abs=16)


async def test_speech_is_delivered_as_slowly_as_it_was_spoken():
    began_at = time.monotonic()
    await record(FileMicrophone(ramp(8000), pace=True))

    assert time.monotonic() - began_at >= 0.49


@pytest.mark.parametrize("blocks_before", [1, 3, 5])
async def test_the_file_stops_at_once_as_a_microphone_does(blocks_before):
    blocks, _ = await record(FileMicrophone(ramp(16_000), pace=False), blocks_before)

    assert sum(map(len, blocks)) == blocks_before * 320


async def test_a_stop_with_the_last_block_does_not_reach_beyond_the_end():
    blocks, _ = await record(FileMicrophone(ramp(1000), pace=False), 4)

    assert sum(map(len, blocks)) == 1000


async def test_silence_is_known_as_such():
    assert (await record(FileMicrophone(np.zeros(1000, np.int16), pace=False)))[1]


def test_a_file_that_is_no_audio_is_said_at_once(tmp_path):
    file = tmp_path / "question.txt"
    file.write_text("What time is it?")
    with pytest.raises(InputError):
        FileMicrophone(file, pace=False)
