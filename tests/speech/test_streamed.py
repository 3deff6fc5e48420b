"""The audio within an answer's stream: heard as it comes, and only the rest asked for."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import SECONDS_PER_UNIT, FakeBackend, FakeSpeaker, pieces, until, utter, wav
from helpers.speech.spoken import (
    BATCH,
    FIRST,
    FOURTH,
    SECOND,
    THIRD,
    Starts,
    failing,
    running,
    speaking_of,
    without_threads,
)

from voice_assistant.audio.codec.encoder import Mp3Encoder
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import NotConfigured, SpeakerError
from voice_assistant.speech.narration import Narration
from voice_assistant.speech.prosody import expected_s
from voice_assistant.speech.streamed import Pieces


async def test_the_streams_audio_is_heard_and_only_the_rest_asked_for():
    backend, speaker, starts = FakeBackend(), FakeSpeaker(), Starts()
    speaking = speaking_of(backend, speaker, auto_play=True, on_start=starts)
    async with running(speaking) as task:
        speaking.text(BATCH)
        speaking.text(f" {THIRD} {FOURTH}")
        for piece in pieces(wav(utter(BATCH))):
            speaking.audio(piece)
        await until(lambda: speaker.heard_words == BATCH)
        assert backend.spoken == []
        speaking.ended("m")
    assert speaker.heard_words == BATCH + THIRD + FOURTH
    assert backend.spoken == [THIRD, FOURTH]
    assert len(speaker.playbacks) == 1
    assert starts.count == 1
    summary = task.result()
    assert summary.complete
    assert summary.stream_s == pytest.approx(len(BATCH) * SECONDS_PER_UNIT)
    assert summary.text_to_audio_s == pytest.approx(len(THIRD + FOURTH) * SECONDS_PER_UNIT)
    assert summary.seconds == pytest.approx(summary.stream_s + summary.text_to_audio_s)


@pytest.mark.parametrize("spoken", [0, 1])
async def test_audio_that_does_not_come_is_asked_for_before_the_answer_ends(spoken):
    """A provider that fails drops the rest of an answer's audio without a word."""
    backend, speaker = FakeBackend(), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=True, patience_s=0.02)
    async with running(speaking) as task:
        speaking.text(BATCH)
        for piece in pieces(wav(utter(BATCH))) * spoken:
            speaking.audio(piece)
        speaking.text(f" {THIRD} Four is")
        owed = [THIRD] if spoken else [FIRST, SECOND, THIRD]
        await until(lambda: backend.spoken == owed)
        await until(lambda: speaker.heard_words.endswith(THIRD))
        speaking.audio(wav(utter("Too late.")))
        speaking.text(" the last.")
        speaking.ended("m")
    assert speaker.heard_words == (BATCH * spoken) + "".join(owed) + FOURTH
    assert task.result().complete


async def test_audio_is_waited_for_while_there_is_other_to_hear():
    long = "One is the first, and it takes its time. Two is the second, and it does so, too."
    backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
    speaking = speaking_of(backend, speaker, auto_play=True, patience_s=0.001)
    async with running(speaking):
        speaking.text(long)
        speaking.audio(wav(utter(long)))
        speaking.text(f" {THIRD} {FOURTH} Five.")
        await asyncio.sleep(0.05)
        speaking.audio(wav(utter(f" {THIRD} {FOURTH} Five.")))
        speaking.audio_ended()
        speaking.ended("m")
        speaker.release()
    assert speaker.heard_words == f"{long} {THIRD} {FOURTH} Five."
    assert backend.spoken == []


async def test_a_stream_that_has_said_all_there_is_keeps_its_turn():
    backend, speaker = FakeBackend(), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=True, patience_s=0.001)
    async with running(speaking):
        speaking.text(BATCH)
        for piece in pieces(wav(utter(BATCH))):
            speaking.audio(piece)
        await asyncio.sleep(0.05)
        rest = f" {THIRD} {FOURTH} Five."
        speaking.text(rest)
        speaking.audio(wav(utter(rest)))
        speaking.audio_ended()
        speaking.ended("m")
    assert speaker.heard_words == BATCH + rest
    assert backend.spoken == []


async def test_a_silent_provider_does_not_hold_up_audio_of_the_stream():
    asked = asyncio.Event()

    async def speech(_request):
        asked.set()
        await asyncio.Event().wait()
        yield b""

    backend, speaker = FakeBackend(speech=speech), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=None)
    async with running(speaking):
        speaking.text(f"{BATCH} ")
        await asked.wait()
        speaking.audio(wav(utter(BATCH)))
        await until(lambda: speaker.heard_words == BATCH)
        await until(lambda: backend.speaking == 0)
        speaking.audio_ended()
        speaking.ended("m")
    assert backend.spoken == [FIRST]


async def test_audio_of_the_stream_that_comes_too_late_is_not_heard():
    backend, speaker = FakeBackend(), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=None)
    async with running(speaking):
        speaking.text(f"{BATCH} Th")
        await until(lambda: speaker.heard_words == FIRST + SECOND)
        speaking.audio(wav(utter(BATCH)))
        speaking.text("ree is the third.")
        speaking.ended("m")
    assert speaker.heard_words == FIRST + SECOND + THIRD


async def test_audio_of_the_stream_that_comes_when_speaking_was_given_up_is_not_kept():
    speaker = FakeSpeaker(lost=SpeakerError("The speaker is gone"))
    speaking = speaking_of(FakeBackend(), speaker, auto_play=True)
    speaking.text(BATCH)
    speaking.audio(wav(utter(BATCH)))
    with pytest.raises(SpeakerError):
        await speaking.run()
    speaking.text(f" {THIRD}")
    speaking.audio(wav(utter(f" {THIRD}")))
    assert speaking.summary().stream_s == pytest.approx(len(BATCH) * SECONDS_PER_UNIT)


async def test_sentences_of_the_streams_audio_can_be_skipped():
    """Where nothing tells the sentences apart but the rests between them."""
    first, second = utter("A" * 60), utter("B" * 60)
    rest = np.zeros(int(SPEECH_RATE_HZ * 0.3), np.int16)
    speaker, narration = FakeSpeaker(held=True, ahead_s=0.5), Narration()
    speaking = speaking_of(FakeBackend(), speaker, auto_play=True, narration=narration)
    async with running(speaking):
        speaking.text("A sentence, which is so long. Another one, just so.")
        speaking.audio(wav(np.concatenate([first, rest, second])))
        speaking.audio_ended()
        speaking.ended("m")
        await until(lambda: speaker.words)
        speaker.hear(0.3)
        narration.skip()
        await until(lambda: len(speaker.playbacks) == 2)
        speaker.release()
    assert set(speaker.playbacks[0].heard_words) == {"A"}
    assert set(speaker.playbacks[1].heard_words) == {"B"}


def bring(text, speaking):
    """The stream brings the audio of all of it, and ends."""
    speaking.audio(wav(utter(text)))
    speaking.audio_ended()
    speaking.ended("m")


async def test_an_app_without_speech_does_not_end_speaking_before_the_answer_ends():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    speaker = FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=None)
    async with running(speaking) as task:
        speaking.text(f"{BATCH} ")
        await until(lambda: backend.spoken == [FIRST] and not backend.speaking)
        assert not task.done()
        bring(BATCH, speaking)
    assert speaker.heard_words == BATCH
    assert task.result().complete


@pytest.mark.parametrize("steps", range(30))
async def test_a_request_may_fail_at_any_moment_while_the_streams_audio_takes_over(steps):
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    speaker = FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=None)
    with without_threads():
        async with running(speaking) as task:
            speaking.text(f"{BATCH} ")
            for _ in range(steps):
                await asyncio.sleep(0)
            bring(BATCH, speaking)
    assert speaker.heard_words == BATCH
    assert task.result().complete


async def test_the_rest_of_a_file_cut_off_within_its_first_sentence_is_not_heard():
    backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
    speaking = speaking_of(backend, speaker, auto_play=True)
    async with running(speaking):
        speaking.text(BATCH)
        speaking.text(f" {THIRD} {FOURTH} Five. Six. Seven")
        speech = wav(utter(BATCH)), wav(utter(f" {THIRD} {FOURTH} Five."))
        for piece in [*pieces(speech[0]), *pieces(speech[1])[:2]]:
            speaking.audio(piece)
        await until(lambda: speaker.words)
        speaking.ended("m")
        speaker.release()
    rest = "Five." + "Six." + "Seven"
    assert speaker.heard_words == BATCH + THIRD + FOURTH + rest


async def test_a_file_that_is_cut_off_before_it_is_heard_is_asked_for_whole():
    """How far it reaches needs no guess then, however much of it has come."""
    backend, speaker = FakeBackend(), FakeSpeaker(held=True, ahead_s=0.1)
    speaking = speaking_of(backend, speaker, auto_play=True)
    async with running(speaking) as task:
        speaking.text(BATCH)
        speaking.text(f" {THIRD} {FOURTH} Five is no more.")
        speech = wav(utter(BATCH)), wav(utter(f" {THIRD} {FOURTH} Five is no more."))
        for piece in [*pieces(speech[0]), *pieces(speech[1])[:-2]]:
            speaking.audio(piece)
        await until(lambda: speaker.words)
        speaking.ended("m")
        speaker.release()
    assert speaker.heard_words == BATCH + THIRD + FOURTH + "Five is no more."
    assert task.result().stream_s == pytest.approx(len(BATCH) * SECONDS_PER_UNIT)


def mp3(seconds):
    """A file that is nothing but frames: no tag tells where it begins."""
    encoder = Mp3Encoder(16_000)
    tone = (8000 * np.sin(np.arange(round(seconds * 16_000)) / 8)).astype(np.int16)
    data = encoder.feed(tone) + encoder.finish()
    assert data.startswith(b"\xff")
    assert b"Info" not in data
    return data


@pytest.mark.parametrize("cut", [0, 1])
async def test_files_without_a_mark_of_their_own_are_told_apart_by_their_pieces(cut):
    """A voice so slow that lengths alone would mislead."""
    backend, speaker = FakeBackend(), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=True)
    batches = [BATCH, f" {THIRD} {FOURTH} Five.", " Six."]
    for batch in batches:
        speaking.text(batch)
    sent = [piece for batch in batches for piece in pieces(mp3(2 * expected_s(batch)), 1024)]
    for piece in sent[: len(sent) - cut]:
        speaking.audio(piece)
    speaking.ended("m")
    await speaking.run()
    assert backend.spoken == ["Six."][:cut]


MP3 = b"\xff\xf3\xe4\xc4"


def pieces_of(*pieces):
    watched = Pieces()
    begins = [watched.add(head + bytes(size - len(head))) for head, size in pieces]
    return begins, watched.last_whole


def test_a_short_piece_ends_a_file_and_what_looks_like_a_file_begins_one():
    full, short = (b"", 4096), (b"", 700)
    assert pieces_of((MP3, 4096), full, short) == ([False] * 3, True)
    assert pieces_of((MP3, 4096), full) == ([False] * 2, False)
    assert pieces_of((MP3, 4096), full, short, (MP3, 4096), full) == (
        [False, False, False, True, False],
        False,
    )
    assert pieces_of((b"ID3", 4096), full, short, (b"ID3", 900)) == ([False] * 3 + [True], True)


def test_irregular_pieces_tell_nothing():
    assert pieces_of()[1] is None
    assert pieces_of((MP3, 4096))[1] is None
    assert pieces_of((b"RIFF", 900), (b"RIFF", 4096), (b"", 4096))[1] is None
    assert pieces_of((MP3, 4096), (b"", 700))[1] is None
    assert pieces_of((MP3, 4096), (b"", 700), (b"", 4096), (b"", 4096))[1] is None
    assert pieces_of((MP3, 100), (b"", 700), (b"", 300), (b"", 500))[1] is None
    assert pieces_of((MP3, 4096), (b"", 4096), (b"", 700), (b"", 600))[1] is None
