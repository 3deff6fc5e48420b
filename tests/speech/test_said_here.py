"""What the server does not say, a voice of this machine does."""

from __future__ import annotations

import pytest
from fakes import (
    SECONDS_PER_UNIT,
    FakeBackend,
    FakeSpeaker,
    FakeVoice,
    pieces,
    until,
    utter,
    wav,
)
from helpers.speech.spoken import (
    FIRST,
    FOURTH,
    LONG,
    SECOND,
    THIRD,
    failing,
    running,
    speak_all,
    speaking_of,
)

from voice_assistant.errors import NotConfigured, ServerBug, Unreachable
from voice_assistant.speech.prosody import UNHEARD


async def test_an_app_without_speech_is_spoken_by_the_machines_own_voice():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    voice = FakeVoice()
    summary, heard = await speak_all(f"{LONG[0]} {SECOND} {THIRD}", backend, voice=voice)
    assert heard == LONG[0] + SECOND + THIRD
    assert backend.spoken == [LONG[0]]
    assert summary.complete
    assert summary.problem is None
    assert summary.text_to_audio_s == 0
    assert summary.local_s == pytest.approx(summary.seconds)


async def test_the_machines_own_voice_knows_what_may_tell_the_language():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    voice = FakeVoice()
    text = f"{FIRST}\n```\nls\n```\n**{SECOND}**"
    await speak_all(text, backend, voice=voice, question="Who is the first?")
    said = f"{FIRST}\ncode block\n{SECOND}"
    assert voice.within == [(said, "Who is the first?")] * 3


async def test_a_sentence_that_the_server_cannot_speak_is_spoken_by_this_machine_alone():
    backend = FakeBackend(speech=failing(ServerBug("500"), when="Two"))
    voice = FakeVoice()
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD}", backend, voice=voice)
    assert heard == FIRST + SECOND + THIRD
    assert voice.said == [SECOND]
    assert summary.complete
    assert summary.local_s == pytest.approx(len(SECOND) * SECONDS_PER_UNIT)


async def test_a_server_that_fails_for_good_leaves_the_rest_to_the_machine():
    backend = FakeBackend(speech=failing(Unreachable("No connection")))
    voice = FakeVoice()
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD} {FOURTH}", backend, voice=voice)
    assert heard == FIRST + SECOND + THIRD + FOURTH
    assert backend.spoken == [FIRST, SECOND, THIRD, FIRST, SECOND]
    assert summary.complete


async def test_when_server_and_machine_fail_it_is_said():
    backend = FakeBackend(speech=failing(NotConfigured("Speech is switched off")))
    voice = FakeVoice(fails="Two")
    summary, heard = await speak_all(f"{FIRST} {SECOND} {THIRD}", backend, voice=voice)
    assert heard == FIRST + THIRD
    assert not summary.complete
    assert isinstance(summary.problem, NotConfigured)


async def test_a_sentence_that_breaks_off_each_time_is_said_again_by_the_machine():
    speaker = FakeSpeaker()

    async def speech(request):
        yield pieces(wav(utter(request.text)), 8044)[0]
        await until(lambda: speaker.words)
        raise ServerBug("500")

    voice = FakeVoice()
    speaking = speaking_of(FakeBackend(speech=speech), speaker, auto_play=False, voice=voice)
    speaking.text(FIRST)
    speaking.ended("m")
    summary = await speaking.run()
    assert speaker.words == FIRST[:5] + FIRST[:5] + FIRST
    assert summary.complete


async def test_of_the_servers_voice_is_learned_what_it_was_asked_for_and_nothing_of_another():
    async def main(backend):
        speaking = speaking_of(backend, FakeSpeaker(), auto_play=False, voice=FakeVoice())
        async with running(speaking):
            speaking.text(f"{FIRST} {SECOND}")
            speaking.ended("m")
        return speaking.prosody

    assert (await main(FakeBackend())).known
    assert await main(FakeBackend(speech=failing(Unreachable("gone"), after=2))) == UNHEARD
