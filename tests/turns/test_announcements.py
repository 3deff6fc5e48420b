"""What is announced while an answer is said: between its sentences, or while it is held."""

from __future__ import annotations

import asyncio

import pytest
from fakes import until
from helpers.turns.staging import ANSWER, IDS, server
from helpers.turns.story import SENTENCES, TIMER, heard, late_with_follow_ups, play, slip, tell

from voice_assistant import events
from voice_assistant.api.stream.events import (
    Message,
)
from voice_assistant.commands import Announce, Ask, New, Pause, Press, Resume, Stop


async def test_an_announcement_is_said_while_an_answer_is_paused_which_stays_so():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        await until(lambda: "paused" in stage.kinds())
        speaker.release()
        stage.post(Announce(text=TIMER))
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert heard(speaker)[-1] == TIMER
        await stage.settle()
        assert stage.phases[-1] == "paused"
        assert heard(speaker)[-1] == TIMER
        stage.post(Resume())
        await until(lambda: stage.count("idle") == 2)
        story = [words for words in heard(speaker) if words != TIMER]
        assert "".join(story) == "".join(SENTENCES)

    await play(script)


REMINDER = "The answer is paused."


async def test_the_reminder_of_a_pause_ends_where_the_answer_is_resumed_meanwhile():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        await until(lambda: "paused" in stage.kinds())
        stage.post(Announce(text=REMINDER, of_pause=True))
        await until(lambda: "speaking" in stage.kinds(2))
        stage.post(Resume())
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert stage.kinds().count("announced") == 1
        assert "resumed" in stage.kinds(1)
        assert heard(speaker)[-1].endswith(SENTENCES[-1])

    await play(script)


async def test_a_reminder_of_a_pause_that_somebody_speaks_into_is_not_told_again():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        stage.post(Announce(text=REMINDER, of_pause=True))
        await until(lambda: "speaking" in stage.kinds(2))
        stage.post(Ask(text="something else"))
        speaker.release()
        await until(stage.rests)
        assert stage.kinds().count("announced") == 1

    await play(script)


async def test_announcements_are_said_between_two_sentences():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker, hear_s=0.2)
        for text in (TIMER, "And again."):
            stage.post(Announce(text=text))
        speaker.release()
        await until(lambda: stage.count("idle") == 3)
        said = heard(speaker)
        assert said[-2:] != [TIMER, "And again."], "not at the end"
        at = said.index(TIMER)
        assert said[at + 1] == "And again."
        assert "".join(said[:at] + said[at + 2 :]) == "".join(SENTENCES)
        assert said[at - 1].endswith("."), "no sentence is cut in two"
        assert [event.turn for event in stage.events if isinstance(event, events.Idle)] == [2, 3, 1]

    await play(script)


async def test_an_announcement_does_not_wait_for_an_answer_that_does_not_come():
    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: stage.questions() == ["a story"])
        stage.post(Announce(text=TIMER))
        await until(lambda: heard(speaker) == [TIMER])
        assert stage.count("idle") <= 1

    await play(script, backend=server(script=[Message(answer="", **IDS), asyncio.Event()]))


async def test_a_slip_during_an_announcement_does_not_lose_it():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        stage.post(Announce(text=TIMER))
        await until(lambda: speaker.playbacks[-1].words.startswith("Time"))
        await slip(stage)
        speaker.release()
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert heard(speaker)[-1] == TIMER
        await stage.settle()
        assert stage.phases[-1] == "paused"

    await play(script)


async def test_an_announcement_during_the_last_words_does_not_wait_for_the_follow_ups():
    late = asyncio.Event()

    async def script(stage, speaker) -> None:
        speaker.ahead_s = 10.0
        await tell(stage, speaker)
        await until(lambda: speaker.playbacks[0].words == "".join(SENTENCES))
        await stage.settle()
        stage.post(Announce(text=TIMER))
        await stage.settle()
        speaker.release()
        await until(lambda: stage.kinds(2) == ["announced", "speaking", "spoken", "idle"])
        assert "idle" not in stage.kinds(1)
        late.set()
        await until(lambda: stage.kinds(1)[-2:] == ["suggested", "idle"])

    await play(script, backend=late_with_follow_ups(late))


@pytest.mark.parametrize("command", [Ask(text="a question"), New()])
async def test_an_announcement_that_is_interrupted_is_told_again(command):
    told = []

    async def script(stage, speaker) -> None:
        stage.assistant.post(Announce(text=TIMER), told.append)
        await until(lambda: speaker.playbacks)
        for _ in range(3):
            stage.post(command)
            await stage.settle()
        assert told == []
        speaker.release()
        await until(lambda: told and stage.kinds()[-1] == "idle")
        assert TIMER in heard(speaker)
        assert len(told) == 1

    await play(script)


async def test_an_announcement_that_comes_beside_one_question_after_another_is_told_in_the_end():
    told = []

    async def script(stage, speaker) -> None:
        speaker.release()
        for n in range(6):
            stage.post(Ask(text=f"question {n}", speech=False))
            if n == 2:
                stage.assistant.post(Announce(text=TIMER), told.append)
            await asyncio.sleep(0)
        await until(lambda: told)
        assert heard(speaker).count(TIMER) == 1

    await play(script, backend=server(scripts=[ANSWER] * 6))


async def test_a_stop_ends_an_announcement_for_good():
    told = []

    async def script(stage, speaker) -> None:
        stage.assistant.post(Announce(text=TIMER), told.append)
        await until(lambda: speaker.playbacks)
        stage.post(Stop())
        await until(lambda: told)
        await stage.settle()
        assert stage.count("announced") == 1

    await play(script)


async def test_an_announcement_that_a_question_drowns_is_told_after_its_answer():
    told = []

    async def script(stage, speaker) -> None:
        stage.assistant.post(Announce(text=TIMER), told.append)
        await until(lambda: speaker.playbacks)
        stage.post(Press())
        await until(lambda: "listening" in stage.kinds())
        stage.post(Ask(text="a question", speech=False))
        speaker.release()
        await until(lambda: told)
        assert heard(speaker)[-1] == TIMER

    await play(script)
