"""An answer that is said again: while its follow-ups are awaited, and after it was held."""

from __future__ import annotations

import asyncio

import pytest
from fakes import until
from helpers.turns.story import SENTENCES, TIMER, heard, late_with_follow_ups, play, tell

from voice_assistant.commands import (
    Announce,
    Ask,
    Back,
    Pause,
    Press,
    Release,
    Repeat,
    Resume,
    Skip,
    Stop,
)


async def test_after_an_announcement_the_answer_is_steered_and_said_again():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        for number in range(3):
            stage.post(Pause())
            await until(lambda: stage.phases[-1] == "paused")
            stage.post(Announce(text=TIMER))
            await until(lambda number=number: stage.count("announced") == number + 1)
            await until(lambda number=number: speaker.hear() or stage.count("idle") > number)
            stage.post(Resume())
            await until(lambda: stage.phases[-1] == "speaking")
        stage.post(Skip())
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 5)
        assert heard(speaker)[-1] == "".join(SENTENCES)

    await play(script)


@pytest.mark.parametrize("other", [Press(), Announce(text=TIMER)], ids=["slip", "announcement"])
async def test_an_answer_that_was_held_after_its_end_can_be_repeated(other):
    """Its speech is over, and its follow-ups are still awaited."""

    late = asyncio.Event()

    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: "spoken" in stage.kinds(1))
        stage.post(other)
        await until(lambda: {"listening", "announced"} & set(stage.kinds(2)))
        late.set()
        await until(lambda: "idle" in stage.kinds(1))
        stage.post(Release())
        await until(lambda: stage.count("idle") == 2)
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 3)
        assert heard(speaker)[-1] == ("".join(SENTENCES) if other == Press() else TIMER)

    await play(script, backend=late_with_follow_ups(late))


async def test_while_only_the_follow_ups_are_awaited_the_answer_can_be_said_again():
    late = asyncio.Event()

    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: "spoken" in stage.kinds(1))
        assert stage.phases[-1] == "idle"
        stage.post(Repeat())
        await until(lambda: stage.kinds(2) == ["speaking", "spoken", "idle"])
        stage.post(Back())
        await until(lambda: "idle" in stage.kinds(3))
        assert heard(speaker)[-2:] == ["".join(SENTENCES), SENTENCES[-1]]
        assert "idle" not in stage.kinds(1)
        speaker.held = True
        stage.post(Repeat())
        await until(lambda: "speaking" in stage.kinds(4))
        late.set()
        await until(lambda: stage.kinds(1)[-2:] == ["suggested", "idle"])
        assert stage.phases[-1] == "speaking"
        stage.post(Stop())
        await until(lambda: stage.count("idle") == 4)

    await play(script, backend=late_with_follow_ups(late))
