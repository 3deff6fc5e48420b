"""Whether something may be sent is asked aloud, and answered by voice."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from fakes import FakeMicrophone, FakeSpeaker, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, server, staged
from helpers.turns.story import heard

from voice_assistant.commands import Announce, Ask, Consent, Press, Release, Tap

ASKS = "Shall I send it?"
SILENCE = "\0" * 60


@asynccontextmanager
async def asked(*words, speaker=None, said="yes, send it, please", questions=("Why?",)):
    """An assistant that asks for consent, and hears these words; and the answers that it takes."""
    backend = server(scripts=[ANSWER] * 3, words=list(words), questions=questions)
    microphone = FakeMicrophone(utter(said))
    speaker = speaker or FakeSpeaker()
    settings = settings_with("microphone.tail_s=0")
    async with staged(
        backend=backend, microphone=microphone, speaker=speaker, settings=settings
    ) as stage:
        taken = []

        def answer(consent: Consent) -> None:
            taken.append(consent.given)
            if consent.given:
                stage.post(Ask(text="What is wrong?", source="voice"))

        stage.assistant.hand_on(Consent, answer)
        stage.post(Announce(text=ASKS, asks_consent=True))
        await until(lambda: "announced" in stage.kinds())
        yield stage, taken


async def say(stage):
    turns = stage.count("idle")
    stage.post(Press())
    await until(lambda: stage.count("listening") and stage.heard_all())
    stage.post(Release())
    await until(lambda: stage.count("idle") > turns)


@pytest.mark.parametrize("words", ["Yes.", "Okay, send it, please.", "好的", "发送"])
async def test_a_spoken_yes_sends_it(words):
    async with asked(words) as (stage, taken):
        await until(stage.rests)
        await say(stage)
        await until(lambda: stage.questions() == ["What is wrong?"] and stage.rests())
        assert taken == [True]
        assert stage.failures() == []
        assert heard(stage.speaker) == [ASKS, "One.Two."], "it does not ask again"
        assert stage.recordings() == []


@pytest.mark.parametrize(
    ("words", "reply"), [("No, don't send it.", "It is not sent."), ("不要", "没有发送。")]
)
async def test_a_spoken_no_is_confirmed_and_nothing_is_sent(words, reply):
    async with asked(words) as (stage, taken):
        await until(stage.rests)
        await say(stage)
        await until(lambda: taken == [False] and stage.rests())
        assert heard(stage.speaker) == [ASKS, reply]
        assert stage.questions() == []


@pytest.mark.parametrize(("words", "given"), [("yes", True), ("no", False)])
async def test_an_answer_into_the_question_ends_it(words, given):
    speaker = FakeSpeaker(held=True, ahead_s=0.3)
    async with asked(words, speaker=speaker) as (stage, taken):
        await until(lambda: speaker.words)
        stage.post(Press())
        await until(lambda: stage.count("listening") and stage.heard_all())
        stage.post(Release())
        await until(lambda: "commanded" in stage.kinds())
        speaker.release()
        await until(lambda: taken == [given] and stage.rests())
        assert ASKS not in heard(speaker), "it is not begun again"


async def test_a_tap_on_the_key_listens_for_it_until_silence():
    async with asked("yes", said=f"yes, send it{SILENCE}") as (stage, taken):
        await until(stage.rests)
        stage.post(Press())
        stage.post(Tap())
        await until(lambda: taken == [True])


async def test_other_words_are_a_question_and_yes_no_consent_after_it():
    async with asked("What time is it?", "yes") as (stage, taken):
        await until(stage.rests)
        for _ in range(2):
            await say(stage)
            await until(stage.rests)
        assert stage.questions() == ["What time is it?", "yes"]
        assert taken == []


async def test_a_button_answers_before_it_is_asked_aloud():
    async with asked() as (stage, taken):
        stage.post(Announce(text=ASKS, asks_consent=True))
        stage.post(Consent(given=False))
        await until(lambda: taken == [False])
        await until(stage.rests)
        assert stage.count("announced") == 1
        stage.post(Ask(text="yes"))
        await until(lambda: stage.questions() == ["yes"])
        assert taken == [False]
