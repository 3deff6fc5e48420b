"""Speech that nobody can hear, or that does not come: asked for again, or said by the machine."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import FakeBackend, FakeSpeaker, FakeVoice, pieces, speak_wav, utter, wav
from helpers.speech.exchanges import FOLDER, SAID
from helpers.speech.spoken import FIRST, SECOND, THIRD, running, speak_all, speaking_of

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.audio.codec.wav import header
from voice_assistant.errors import TimedOut
from voice_assistant.speech.requested import NotHeard
from voice_assistant.speech.source import Patience

LONG = "This sentence is one of those that take a voice some seconds, as there is much to tell."
SOON = Patience(voice_s=0.02, nobody_s=0.04)


def whole(text):
    return wav(utter(text))


BAD = {
    "silence": lambda text: wav(np.zeros(len(text) * 800, np.int16)),
    "next to silence": lambda text: wav(np.full(len(text) * 800, 20, np.int16)),
    "one sample": lambda text: wav(np.full(1, 9000, np.int16)),
    "a fifth of it": lambda text: wav(utter(text[: len(text) // 5])),
    "a fifth of it, then silence": lambda text: wav(
        np.concatenate([utter(text[: len(text) // 5]), np.zeros(len(text) * 800, np.int16)])
    ),
    "a header alone": lambda _: header(16_000, 0),
    "a header that tells of more": lambda text: whole(text)[:44],
    "minutes of music": lambda _: whole("♪" * 2400),
    "a WAV file that breaks off": lambda text: whole(text)[: len(whole(text)) * 2 // 3],
}


def server(bad, *, times=99, when=LONG):
    """Speaks, but for so many requests for a sentence."""
    left = times

    async def speech(request):
        nonlocal left
        if request.text == when and left:
            left -= 1
            for piece in pieces(bad(request.text)):
                yield piece
            return
        async for piece in speak_wav(request):
            yield piece

    return FakeBackend(speech=speech)


@pytest.mark.parametrize("kind", BAD)
async def test_sound_that_is_no_speech_is_requested_once_more(kind):
    backend = server(BAD[kind], times=1)
    summary, heard = await speak_all(f"{FIRST} {LONG} {THIRD}", backend)
    assert heard.endswith(LONG + THIRD)
    assert backend.spoken.count(LONG) == 2
    assert summary.complete
    assert summary.problem is None


@pytest.mark.parametrize("kind", BAD)
async def test_a_sentence_without_speech_twice_is_spoken_by_this_machine(kind):
    backend, voice = server(BAD[kind]), FakeVoice()
    summary, heard = await speak_all(f"{FIRST} {LONG} {THIRD}", backend, voice=voice)
    assert voice.said == [LONG]
    assert heard.endswith(LONG + THIRD)
    assert summary.complete


@pytest.mark.parametrize("kind", BAD)
async def test_a_sentence_without_speech_and_without_another_voice_is_reported(kind):
    summary, heard = await speak_all(f"{FIRST} {LONG} {THIRD}", server(BAD[kind]))
    assert heard.startswith(FIRST)
    assert heard.endswith(THIRD)
    assert not summary.complete
    assert summary.problem.title


@pytest.mark.parametrize("share", [1, 1 / 3])
async def test_a_third_of_a_sentence_is_not_all_of_it_though_others_speak_that_quickly(share):
    text = SAID["2.mp3"].replace(". ", ", ")  # one sentence

    def file(_):
        decoder = SpeechDecoder()
        sounds = decoder.feed((FOLDER / "2.mp3").read_bytes()) + decoder.close()
        pcm = np.concatenate([sound.pcm for sound in sounds])
        return wav(pcm[: round(len(pcm) * share)], sounds[0].rate_hz)

    summary, _ = await speak_all(text, server(file, when=text))
    assert summary.complete == (share == 1)


async def test_an_mp3_file_that_breaks_off_is_said_by_the_machine():
    backend, voice = server(lambda _: (FOLDER / "2.mp3").read_bytes()[:20_001]), FakeVoice()
    summary, _ = await speak_all(LONG, backend, voice=voice)
    assert backend.spoken == [LONG, LONG]
    assert voice.said == [LONG]
    assert summary.complete


async def test_a_server_of_which_little_is_heard_is_not_given_up_where_nobody_else_speaks():
    async def speech(request):
        yield BAD["a fifth of it"](request.text)

    backend = FakeBackend(speech=speech)
    text = " ".join(f"{LONG[:-1]} {name}." for name in ("now", "then", "later", "soon"))
    summary, _ = await speak_all(text, backend)
    assert len(backend.spoken) == 8
    assert isinstance(summary.problem, NotHeard)


async def test_a_silent_voice_of_the_machine_says_nothing():
    class Mute(FakeVoice):
        async def speak(self, text, within=()):
            yield np.zeros(16_000, np.int16), 16_000

    summary, _ = await speak_all(LONG, server(BAD["silence"]), voice=Mute())
    assert not summary.complete
    assert summary.problem.title == "The server sent silence for a sentence"


async def test_signs_alone_are_not_asked_for():
    backend = FakeBackend()
    summary, _ = await speak_all(f"{FIRST} ... ?! — {SECOND}", backend)
    assert all(any(letter.isalnum() for letter in text) for text in backend.spoken)
    assert summary.complete


# What does not come.


def hanging(after, *, drip=False):
    """Speech that stops to come after so many pieces, for good."""

    async def speech(request):
        for piece in pieces(whole(request.text))[:after]:
            yield piece
        while drip:
            await asyncio.sleep(0.005)
            yield b"\0"
        await asyncio.Event().wait()

    return FakeBackend(speech=speech)


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("drip", [False, True])
async def test_speech_that_hangs_is_said_by_the_machine(after, drip):
    backend, voice = hanging(after, drip=drip and not after), FakeVoice()
    text = f"{FIRST} {SECOND} {LONG} {THIRD}"
    async with asyncio.timeout(10):
        summary, heard = await speak_all(text, backend, voice=voice, patience=SOON)
    assert voice.said == [FIRST, SECOND, LONG, THIRD]
    assert heard.endswith(LONG + THIRD)
    assert summary.complete
    assert backend.speaking == 0


async def test_speech_that_hangs_and_nobody_else_can_say_is_told():
    async with asyncio.timeout(10):
        summary, heard = await speak_all(f"{FIRST} {SECOND}", hanging(0), patience=SOON)
    assert heard == ""
    assert not summary.complete
    assert isinstance(summary.problem, TimedOut)


async def test_endless_silence_is_not_waited_for():
    async def speech(_):
        yield header(16_000)
        while True:
            await asyncio.sleep(0)
            yield bytes(320_000)

    voice = FakeVoice()
    async with asyncio.timeout(10):
        summary, heard = await speak_all(
            FIRST, FakeBackend(speech=speech), voice=voice, patience=SOON
        )
    assert heard == FIRST
    assert summary.complete


async def test_a_server_that_is_slow_while_the_listener_has_something_to_hear_keeps_its_time():
    async def speech(request):
        if request.text == SECOND:
            await asyncio.sleep(0.1)
        async for piece in speak_wav(request):
            yield piece

    voice = FakeVoice()
    text = f"{FIRST} {SECOND}"
    slow = Patience(voice_s=5.0)
    _, heard = await speak_all(text, FakeBackend(speech=speech), voice=voice, patience=slow)
    assert heard == FIRST + SECOND
    assert voice.said == []


@pytest.mark.parametrize(("text", "most_s"), [("Yes.", 40), (LONG, 80)])
async def test_music_without_an_end_is_not_listened_to_for_long(text, most_s):
    sent_s = 0.0

    async def speech(request):
        nonlocal sent_s
        yield header(16_000)
        while True:
            sent_s += 1.0
            yield utter("♪" * 20).tobytes()

    voice = FakeVoice()
    async with asyncio.timeout(20):
        summary, heard = await speak_all(text, FakeBackend(speech=speech), voice=voice)
    assert voice.said == [text]
    assert heard.endswith(text)
    assert summary.complete
    assert sent_s < 2 * most_s, "asked twice"


# Within the stream.

STREAMED = f"{LONG} {THIRD}"


async def hear_stream(*files, text=STREAMED):
    backend, speaker = FakeBackend(), FakeSpeaker()
    speaking = speaking_of(backend, speaker, auto_play=True)
    async with running(speaking) as task:
        speaking.text(text)
        for file in files:
            for piece in pieces(file):
                speaking.audio(piece)
        speaking.audio_ended()
        speaking.ended("m")
    assert task.result().complete
    return backend.spoken, speaker.heard_words


@pytest.mark.parametrize("kind", [kind for kind in BAD if kind != "an MP3 file that breaks off"])
async def test_sentences_that_the_stream_does_not_speak_are_requested(kind):
    spoken, heard = await hear_stream(BAD[kind](STREAMED))
    assert spoken == [LONG, THIRD]
    assert heard.endswith(LONG + THIRD)


async def test_behind_a_silent_file_of_the_stream_all_is_said_in_order():
    silent = wav(np.zeros(60_000, np.int16))
    spoken, heard = await hear_stream(
        silent, whole(SECOND), text=f"{LONG} {THIRD} {FIRST} {SECOND}"
    )
    assert spoken == [LONG, THIRD, FIRST, SECOND]
    assert heard.endswith(LONG + THIRD + FIRST + SECOND)
