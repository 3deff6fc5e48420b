"""The one notification: nothing that still matters is replaced by something else."""

from __future__ import annotations

import asyncio

import msgspec
from fakes import until
from helpers.subscribers.notified import (
    ASKED,
    FOLLOW_UP,
    FORM,
    TIMER,
    UNHEARD,
    Notifier,
    answered,
    shown_after,
    spoken_to_its_end,
)

from voice_assistant import events
from voice_assistant.commands import Ask, Copy, Fill
from voice_assistant.settings.sections.desktop import NotificationSettings
from voice_assistant.subscribers.buttons import Button, ratings
from voice_assistant.subscribers.notification import TurnNotification


async def test_the_words_are_shown_while_they_are_spoken():
    heard = events.HeardSoFar(text="How tall", turn=1)
    assert await shown_after(heard) == ("How tall …", "", ())
    assert await shown_after(heard, ASKED) == ("How tall is it?", "…", ())


async def test_words_that_are_spoken_into_an_answer_leave_it_to_be_read():
    heard = events.HeardSoFar(text="What", turn=2)
    title, body, _ = await shown_after(ASKED, events.Text(delta="Tall.", turn=1), heard)
    assert (title, body) == ("How tall is it?", "Tall.…")


async def test_an_answer_can_be_rated_and_copied_where_there_is_room():
    notifier = Notifier()
    turn_notification = TurnNotification(notifier, NotificationSettings(stay_s=7.0))
    text = msgspec.structs.replace(answered("It is high."), message_id="m")
    for event in (ASKED, text, events.Suggested(questions=("Why?",), turn=1), events.Idle(turn=1)):
        turn_notification.handle(event)
    showing = asyncio.create_task(turn_notification.run())
    await until(lambda: bool(notifier.shown))
    showing.cancel()
    assert notifier.shown[-1][2] == (FOLLOW_UP,)
    assert notifier.extras[-1] == (ratings(), (Button("Copy", Copy(text="It is high.")),))
    assert notifier.stay_s[-1] == 7.0


async def test_the_step_that_runs_is_shown_until_there_are_more_words():
    working = events.Working(step="Search the web", turn=1)
    assert (await shown_after(ASKED, working))[:2] == (
        "How tall is it?",
        "Still working: Search the web.\n\n…",
    )
    told = (ASKED, working, events.Text(delta="It is", turn=1))
    assert (await shown_after(*told))[1] == "It is…"
    told = (ASKED, events.Text(delta="Let me see.", turn=1), working)
    assert (await shown_after(*told))[1] == "Still working: Search the web.\n\nLet me see.…"
    assert (await shown_after(*told, answered("It is high.")))[1] == "It is high."


async def test_the_part_that_is_being_spoken_is_shown():
    spoken = ["Sentence 1 is **bold**."]
    notifier = Notifier()
    notification = TurnNotification(notifier, NotificationSettings(), lambda: spoken[0])
    text = " ".join(f"Sentence {number} is **bold**." for number in range(1, 80))
    for event in (ASKED, answered(text), events.Speaking(turn=1)):
        notification.handle(event)
    showing = asyncio.create_task(notification.run())
    await until(lambda: bool(notifier.shown))
    assert notifier.shown[-1][1].startswith("Sentence 1 is bold. Sentence 2 ")
    spoken[0] = "Sentence 60 is **bold**."
    await until(lambda: "Sentence 60 is bold." in notifier.shown[-1][1])
    assert all(notifier.growing)
    notification.handle(spoken_to_its_end())
    await until(lambda: not notifier.growing[-1])
    assert notifier.shown[-1][1].startswith("Sentence 1 is bold.")
    showing.cancel()


async def test_an_announcement_during_a_held_answer_stands_above_the_answer_which_goes_on():
    for told, note in ((UNHEARD, "No words were heard. Speak up."), (TIMER, "Time is up.")):
        growing = (ASKED, events.Text(delta="It is", turn=1), told, events.Idle(turn=2))
        shown = await shown_after(*growing, events.Text(delta=" high", turn=1))
        assert shown[:2] == ("How tall is it?", f"{note}\n\nIt is high…")


async def test_an_announcement_after_an_answer_takes_its_place():
    over = (ASKED, answered("It is high."), events.Idle(turn=1))
    assert (await shown_after(*over, TIMER))[:2] == ("Time is up.", "")
    assert (await shown_after(*over, UNHEARD))[:2] == ("No words were heard", "Speak up.")


async def test_a_suggestion_is_offered_and_asked_as_it_can_be_shown():
    suggested = events.Suggested(questions=("wh\x1b[31my\0?",), turn=1)
    *_, choices = await shown_after(ASKED, suggested)
    assert choices == (Button("why?", Ask(text="why?", source="suggestion")),)


async def test_a_form_is_shown_with_its_buttons():
    assert await shown_after(ASKED, FORM) == (
        "Approve the order",
        "Shall I order 2 pizzas?\n\nChoose: Order or Cancel.",
        (Button("Order", Fill(items=("o",))), Button("Cancel", Fill(items=("c",)))),
    )


async def test_the_answer_stands_in_the_place_of_a_form_that_is_answered():
    filled, text = events.FormFilled(said="Order", turn=1), events.Text(delta="Ordered.", turn=1)
    assert await shown_after(ASKED, FORM, filled) == ("How tall is it?", "…", ())
    assert await shown_after(ASKED, FORM, filled, text) == ("How tall is it?", "Ordered.…", ())


async def test_a_question_in_a_queue_is_told_until_its_answer_comes():
    queued = events.Queued(turn=1)
    assert await shown_after(ASKED, queued) == ("How tall is it?", events.Queued.told, ())
    text = events.Text(delta="One.", turn=1)
    assert await shown_after(ASKED, queued, text) == ("How tall is it?", "One.…", ())


async def test_markup_is_shown_as_words():
    assert (await shown_after(ASKED, answered("It is **high**.")))[1] == "It is high."
