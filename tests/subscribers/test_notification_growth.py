"""The notification while its answer grows: what is shown when, and what a history keeps."""

from __future__ import annotations

import asyncio

import pytest
from fakes import until
from helpers.subscribers.notified import (
    ASKED,
    FOLLOW_UP,
    TIMER,
    Notifier,
    answered,
    notification,
)

from voice_assistant import events
from voice_assistant.settings.sections.desktop import NotificationSettings
from voice_assistant.subscribers.notification import (
    GROWING_S,
    SETTLED_S,
    UPDATE_S,
    TurnNotification,
)


async def test_an_answer_that_grows_enters_a_history_once_with_its_buttons():
    async with notification() as (notifier, handle):
        handle(ASKED)
        await until(lambda: len(notifier.shown) == 1)
        for word in ("It", "is", "high", *("very",) * 7):
            handle(events.Text(delta=f" {word}", turn=1))
            await asyncio.sleep(0.05)
        handle(answered("It is high."))
        await until(lambda: notifier.shown[-1][1] == "It is high.")
        handle(events.Suggested(questions=("Why?",)))
        await until(lambda: notifier.kept)
        handle(events.Idle(turn=1))
        await asyncio.sleep(2 * UPDATE_S)
        assert notifier.kept == [("How tall is it?", "It is high.", (FOLLOW_UP,))]
        assert len(notifier.shown) <= 5


async def test_first_words_are_shown_at_once_and_more_of_them_once_a_second():
    async with notification() as (notifier, handle):
        handle(ASKED)
        await until(lambda: len(notifier.shown) == 1)
        handle(events.Text(delta="It", turn=1))
        await until(lambda: len(notifier.shown) == 2)
        handle(events.Text(delta=" is", turn=1))
        await until(lambda: len(notifier.shown) == 3)
        handle(answered("It is high."))
        await until(lambda: len(notifier.shown) == 4)
        asked, first, more, whole = notifier.shown_at_s
        assert first - asked < GROWING_S
        assert more - first >= GROWING_S - 0.01
        assert whole - more < GROWING_S, "nobody waits for the complete answer"


async def test_without_follow_up_questions_the_answer_is_kept_a_little_later():
    async with notification() as (notifier, handle):
        handle(ASKED)
        handle(answered("It is high."))
        await until(lambda: notifier.kept)
        assert notifier.shown == [("How tall is it?", "It is high.", ())] * 2
        first, kept = notifier.shown_at_s
        assert kept - first >= SETTLED_S


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ((events.Idle(turn=1),), ("How tall is it?", "It is…", ())),
        ((answered("It is"), events.Idle(turn=1)), ("How tall is it?", "It is", ())),
        (
            (events.Failed(title="It broke off", hint="", code="x", turn=1), events.Idle(turn=1)),
            ("How tall is it?", "It is\n\n(It broke off.)", ()),
        ),
        ((answered("It is"), events.Idle(turn=1), TIMER), ("Time is up.", "", ())),
    ],
)
async def test_however_an_answer_ends_a_history_keeps_its_end(end, kept):
    async with notification() as (notifier, handle):
        handle(ASKED)
        handle(events.Text(delta="It is", turn=1))
        await until(lambda: notifier.shown)
        for event in end:
            handle(event)
        await until(lambda: notifier.kept)
        assert notifier.kept == [kept]


async def test_an_answer_goes_on_growing_below_what_another_turn_told():
    async with notification() as (notifier, handle):
        for event in (ASKED, events.Text(delta="It is", turn=1), TIMER, events.Idle(turn=2)):
            handle(event)
        await until(lambda: notifier.shown)
        assert notifier.growing == [True]


async def test_an_answer_stays_until_it_was_spoken_and_enters_a_history_then():
    spoken = events.Spoken(turn=1, seconds=3.0, complete=True, stream_s=3.0, text_to_audio_s=0.0)
    async with notification() as (notifier, handle):
        for event in (ASKED, answered("It is high."), events.Speaking(turn=1)):
            handle(event)
        await until(lambda: notifier.shown)
        handle(events.Suggested(questions=("Why?",), turn=1))
        await until(lambda: notifier.shown[-1][2])
        assert not notifier.kept, "it is being spoken"
        handle(spoken)
        await until(lambda: notifier.kept)
        handle(events.Idle(turn=1))
        await asyncio.sleep(2 * UPDATE_S)
        assert notifier.kept == [("How tall is it?", "It is high.", (FOLLOW_UP,))]


async def test_the_words_of_others_stay_unseen_where_that_is_wished():
    notifier = Notifier()
    private = TurnNotification(notifier, NotificationSettings(words=False))
    showing = asyncio.create_task(private.run())
    private.handle(ASKED)
    await until(lambda: notifier.shown)
    assert notifier.shown == [("A question is being answered", "", ())]
    for event in (answered("It is high."), events.Suggested(questions=("Why?",), turn=1)):
        private.handle(event)
    await until(lambda: notifier.kept)
    showing.cancel()
    assert notifier.kept == [("There is an answer", "", ())]
