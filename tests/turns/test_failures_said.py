"""What goes wrong with a spoken question is said, too: who asks so may not look at the screen."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeBackend, FakeMicrophone, FakeSpeaker, FakeVoice, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, DeafEars, LoudEars, server, staged
from helpers.turns.story import HISS, WITHOUT_TAIL, hears_nothing

from voice_assistant.commands import Ask, Back, Pause, Press, Release, Resume
from voice_assistant.errors import BrokenStream, SpeakerError, Unreachable
from voice_assistant.turns.turn import ASK_AGAIN, TRY_AGAIN

GONE = Unreachable("The network is gone", "Look at the `cable`.")
SAID = f"The network is gone. Look at the cable. {TRY_AGAIN.replace('`', '')}"


def refusing() -> FakeBackend:
    return FakeBackend(words=[GONE])


async def play(script, **staging) -> None:
    async def run() -> None:
        staging.setdefault("backend", refusing())
        staging.setdefault("microphone", FakeMicrophone(utter("hello")))
        staging.setdefault("settings", WITHOUT_TAIL)
        async with staged(**staging) as stage:
            await script(stage)

    await run()


async def talk(stage) -> None:
    before = stage.count("listening")
    stage.post(Press())
    await until(lambda: stage.count("listening") > before and stage.heard_all())
    stage.post(Release())


@pytest.fixture
def speaker():
    return FakeSpeaker(held=True, ahead_s=9.0)


async def test_a_failure_is_said_by_this_machine(speaker):
    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: speaker.words == SAID)
        assert stage.kinds() == ["listening", "transcribing", "failed"]
        assert stage.assistant.activity == "answering"
        speaker.release()
        await until(lambda: stage.kinds()[-1] == "idle")
        assert speaker.heard_words == SAID

    await play(script, speaker=speaker, voice=FakeVoice())


async def test_the_key_silences_it_and_listens(speaker):
    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: speaker.words == SAID)
        await talk(stage)
        await until(lambda: stage.kinds(2)[-1:] == ["failed"])
        assert speaker.playbacks[0].state == "aborted"
        assert stage.kinds(1)[-1] == "idle"
        speaker.release()

    await play(script, speaker=speaker, voice=FakeVoice())


async def test_while_somebody_holds_the_key_it_waits(speaker):
    gone = asyncio.Event()

    class Going(FakeBackend):
        async def audio_to_text(self, upload):
            await gone.wait()
            raise GONE

    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: "transcribing" in stage.kinds(1))
        stage.microphone.pcm = HISS[:1600]
        stage.post(Press())
        await until(lambda: "listening" in stage.kinds(2) and stage.heard_all())
        gone.set()
        await until(lambda: "failed" in stage.kinds(1))
        await stage.settle()
        assert speaker.words == ""
        stage.post(Release())
        await until(lambda: speaker.words == SAID)
        speaker.release()

    await play(script, speaker=speaker, voice=FakeVoice(), backend=Going(), ears=LoudEars)


async def test_a_failure_is_spoken_also_after_a_part_of_the_answer(speaker):
    broken = server(script=[*ANSWER[:1], BrokenStream("It broke off", "Ask once more.")])
    said = f"It broke off. Ask once more. {ASK_AGAIN.replace('`', '')}"

    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: speaker.playbacks and speaker.playbacks[0].words == "One.")
        speaker.hear()
        await until(lambda: speaker.playbacks[-1].words == said)
        speaker.hear(0.5)
        stage.post(Back())
        await until(lambda: len(speaker.playbacks) == 3)
        speaker.release()
        await until(lambda: stage.kinds()[-1] == "idle")
        await stage.settle()
        assert [failed.code for failed in stage.failures()] == ["broken_stream"]
        assert stage.count("idle") == 1
        assert speaker.playbacks[2].heard_words == said

    await play(script, speaker=speaker, voice=FakeVoice(), backend=broken)


async def test_a_bug_of_the_voice_ends_its_turn_and_no_other(speaker):
    class Broken(FakeVoice):
        async def speak(self, text, within=()):
            raise ZeroDivisionError
            yield

    async def script(stage) -> None:
        for turn in (1, 2):
            await talk(stage)
            await until(lambda turn=turn: stage.kinds(turn)[-1:] == ["idle"])
        assert [failed.code for failed in stage.failures()] == ["unreachable", "bug"] * 2

    await play(script, speaker=speaker, voice=Broken())


async def test_a_spoken_failure_is_paused_as_an_answer_is(speaker):
    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: speaker.words == SAID)
        stage.post(Pause())
        await until(lambda: speaker.playbacks[0].state == "aborted")
        assert stage.kinds()[-1] == "failed"
        stage.post(Resume())
        speaker.release()
        await until(lambda: stage.kinds()[-1] == "idle")
        assert speaker.heard_words == SAID

    await play(script, speaker=speaker, voice=FakeVoice())


async def test_nothing_is_said_to_who_typed():
    voice = FakeVoice()

    async def script(stage) -> None:
        stage.post(Ask(text="hello"))
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert stage.kinds()[-2:] == ["failed", "idle"]

    await play(script, voice=voice, backend=FakeBackend([GONE]))
    assert voice.said == []


async def test_nothing_is_said_where_answers_are_not():
    voice = FakeVoice()
    settings = settings_with("microphone.tail_s=0", "speech.enabled=false")

    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: stage.kinds()[-1:] == ["idle"])

    await play(script, voice=voice, settings=settings)
    assert voice.said == []


@pytest.mark.parametrize(
    ("voice", "speaker"),
    [
        (None, FakeSpeaker()),
        (FakeVoice(fails="network"), FakeSpeaker()),
        (FakeVoice(), FakeSpeaker(missing=SpeakerError("There is none"))),
        (FakeVoice(), FakeSpeaker(lost=SpeakerError("It is gone"))),
    ],
    ids=["no-voice", "voice-fails", "no-speaker", "speaker-lost"],
)
async def test_a_failure_that_cannot_be_spoken_ends_the_turn_as_usual(voice, speaker):
    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert stage.kinds() == ["listening", "transcribing", "failed", "idle"]

    await play(script, voice=voice, speaker=speaker)


async def test_a_recording_without_words_is_only_a_sound():
    voice = FakeVoice()

    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert stage.kinds() == ["listening", "transcribing", "failed", "idle"]

    await play(script, voice=voice, backend=FakeBackend(words=[""]))
    assert voice.said == []


async def test_a_touch_of_the_key_says_nothing():
    voice = FakeVoice()

    async def script(stage) -> None:
        await talk(stage)
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert stage.kinds() == ["listening", "idle"]

    await play(script, voice=voice, microphone=hears_nothing(), ears=DeafEars)
    assert voice.said == []
