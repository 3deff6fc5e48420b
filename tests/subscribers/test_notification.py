"""The one notification: nothing that still matters is replaced by something else."""

from __future__ import annotations

import asyncio

import msgspec
from fakes import until

from voice_assistant import events
from voice_assistant.commands import Ask, Retry
from voice_assistant.subscribers.notification import Choice, TurnNotification, again

OFFER = ("A recording has not been answered", "It is 4 seconds long.")
MISSING = ("There is no microphone", "Connect one.")
ASKED = events.Asked(question="How tall is it?", source="voice", turn=1)
FOLLOW_UP = Choice("Why?", Ask(text="Why?", source="suggestion"))


class Notifier:
    def __init__(self) -> None:
        self.shown: list = []

    async def show(self, title, body, buttons=()) -> None:
        self.shown.append((title, body, tuple(buttons)))


async def shown_after(*told) -> tuple:
    """What the notification shows when all of that was told at once."""

    async def play() -> tuple:
        notifier = Notifier()
        notices = TurnNotification(notifier)
        for tell in told:
            if isinstance(tell, events.Event):
                notices.handle(tell)
            else:
                tell(notices)
        showing = asyncio.create_task(notices.run())
        await until(lambda: bool(notifier.shown))
        showing.cancel()
        return notifier.shown[-1]

    return await play()


def offered(notices: TurnNotification) -> None:
    notices.offer(*OFFER, again("name"))


def missed(notices: TurnNotification) -> None:
    notices.warn(*MISSING)


def answered(text: str) -> events.Answered:
    return events.Answered(text=text, message_id="", conversation_id="", complete=True)


async def test_what_is_missing_is_shown():
    assert await shown_after(missed) == (*MISSING, ())


async def test_what_is_missing_stands_above_an_offer_that_nobody_has_taken():
    title, body, buttons = await shown_after(offered, missed)
    assert (title, buttons) == (OFFER[0], (again("name"),))
    assert body == "There is no microphone. Connect one.\n\nIt is 4 seconds long."


async def test_an_offer_that_comes_after_it_is_shown_too():
    assert await shown_after(missed, offered) == (*OFFER, (again("name"),))


async def test_of_two_things_that_are_missing_an_offer_bears_the_newer():
    later = await shown_after(
        offered, missed, lambda notices: notices.warn("No sound", "Plug it in.")
    )
    assert later[1] == "No sound. Plug it in.\n\nIt is 4 seconds long."


async def test_a_failure_that_is_also_missing_is_said_once_and_keeps_its_button():
    failed = events.Failed(title=MISSING[0], hint="Kept.", code="x", recording="name")
    assert await shown_after(failed, missed) == (MISSING[0], "Kept.", (again("name"),))


async def test_an_answer_that_grows_keeps_its_question():
    growing = (ASKED, events.Text(delta="It is"), missed, events.Text(delta=" high"))
    assert (await shown_after(*growing))[:2] == (
        "How tall is it?",
        "There is no microphone. Connect one.\n\nIt is high…",
    )
    suggested = events.Suggested(questions=("Why?",))
    assert await shown_after(*growing, answered("It is high."), suggested) == (
        "How tall is it?",
        "There is no microphone. Connect one.\n\nIt is high.",
        (FOLLOW_UP,),
    )


async def test_an_answer_that_is_over_and_offers_nothing_makes_room():
    assert await shown_after(ASKED, answered("It is high."), events.Idle(turn=1), missed) == (
        *MISSING,
        (),
    )


async def test_an_answer_that_is_still_spoken_stays_and_what_is_missing_stands_above_it():
    """A speaker that is lost in mid-sentence: now the answer has to be read."""
    lost = events.Spoken(
        turn=1,
        seconds=1.0,
        complete=False,
        stream_s=1.0,
        text_to_audio_s=0.0,
        problem="The speaker was lost",
    )

    def warned(notices: TurnNotification) -> None:
        notices.warn("The speaker was lost", "Connect one.")

    for told in ((warned, lost), (lost, warned)):
        title, body, _ = await shown_after(ASKED, answered("It is high."), *told)
        assert title == "How tall is it?"
        assert body == (
            "The speaker was lost. Connect one.\n\n"
            "It is high.\n\n(Not all of it could be spoken: The speaker was lost.)"
        )


async def test_the_next_question_begins_without_what_was_missing():
    assert await shown_after(offered, missed, ASKED) == ("How tall is it?", "…", ())


UNHEARD = events.Failed(title="No words were heard", hint="Speak up.", code="nothing_heard", turn=2)
TIMER = events.Announced(text="Time is up.", turn=2)


async def test_what_is_told_while_an_answer_is_held_stands_above_the_answer_which_goes_on():
    for told, note in ((UNHEARD, "No words were heard. Speak up."), (TIMER, "Time is up.")):
        growing = (ASKED, events.Text(delta="It is", turn=1), told, events.Idle(turn=2))
        shown = await shown_after(*growing, events.Text(delta=" high", turn=1))
        assert shown[:2] == ("How tall is it?", f"{note}\n\nIt is high…")


async def test_what_is_told_after_an_answer_takes_its_place():
    over = (ASKED, answered("It is high."), events.Idle(turn=1))
    assert (await shown_after(*over, TIMER))[:2] == ("Time is up.", "")
    assert (await shown_after(*over, UNHEARD))[:2] == ("No words were heard", "Speak up.")


async def test_an_answer_that_fails_says_so_itself():
    failed = events.Failed(title="The server is gone", hint="Wait.", code="unreachable", turn=1)
    assert (await shown_after(ASKED, failed))[:2] == ("The server is gone", "Wait.")


async def test_a_suggestion_is_offered_and_asked_as_it_can_be_shown():
    suggested = events.Suggested(questions=("wh\x1b[31my\0?",), turn=1)
    *_, choices = await shown_after(ASKED, suggested)
    assert choices == (Choice("why?", Ask(text="why?", source="suggestion")),)


async def test_words_that_are_known_are_offered_to_be_asked_again():
    failed = events.Failed(title="It broke off", hint="", code="x", recording="name")
    known = msgspec.structs.replace(failed, question="How tall is it?")
    for told, label in ((failed, "Try again"), (known, "Ask again")):
        assert (await shown_after(told))[2] == (Choice(label, Retry(recording="name")),)
