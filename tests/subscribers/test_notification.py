"""The one notification: nothing that still matters is replaced by something else."""

from __future__ import annotations

import asyncio
import contextlib

import msgspec
import pytest
from fakes import until

from voice_assistant import events
from voice_assistant.commands import Ask, Copy, Fill, Mute, New, Retry
from voice_assistant.errors import microphone_off
from voice_assistant.settings.sections.desktop import NotificationSettings
from voice_assistant.subscribers.buttons import Button, ratings
from voice_assistant.subscribers.notification import (
    GROWING_S,
    SETTLED_S,
    UPDATE_S,
    TurnNotification,
)

ASKED = events.Asked(question="How tall is it?", source="voice", turn=1)
FOLLOW_UP = Button("Why?", Ask(text="Why?", source="suggestion"))
UNHEARD = events.Failed(title="No words were heard", hint="Speak up.", code="nothing_heard", turn=2)
TIMER = events.Announced(text="Time is up.", turn=2)
LOST = events.Spoken(
    turn=1,
    seconds=1.0,
    complete=False,
    stream_s=1.0,
    text_to_audio_s=0.0,
    problem="The speaker was lost",
)
NOT_SPOKEN = "(Not all of it could be spoken: The speaker was lost.)"


def answered(text: str) -> events.Answered:
    return events.Answered(text=text, message_id="", conversation_id="", complete=True)


class Notifier:
    def __init__(self) -> None:
        self.shown: list = []
        self.growing: list[bool] = []
        self.extras: list = []
        self.stay_s: list[float] = []
        self.shown_at_s: list[float] = []

    async def show(
        self, title, body, buttons=(), extras=(), *, growing=False, stay_s=None, kind="turn"
    ) -> None:
        self.shown.append((title, body, tuple(buttons)))
        self.growing.append(growing)
        self.extras.append(tuple(extras))
        self.stay_s.append(stay_s)
        self.shown_at_s.append(asyncio.get_running_loop().time())

    @property
    def kept(self) -> list:
        """What a history keeps."""
        return [
            shown for shown, growing in zip(self.shown, self.growing, strict=True) if not growing
        ]


async def shown_after(*told, settings=None) -> tuple:
    """What the notification shows when all of that was told at once."""

    async def play() -> tuple:
        notifier = Notifier()
        notices = TurnNotification(notifier, settings or NotificationSettings())
        for tell in told:
            notices.handle(tell)
        showing = asyncio.create_task(notices.run())
        await until(lambda: bool(notifier.shown))
        showing.cancel()
        return notifier.shown[-1]

    return await play()


async def test_the_words_are_shown_while_they_are_spoken():
    heard = events.HeardSoFar(text="How tall", turn=1)
    assert await shown_after(heard) == ("How tall …", "", ())
    assert await shown_after(heard, ASKED) == ("How tall is it?", "…", ())


async def test_words_that_are_spoken_into_an_answer_leave_it_to_be_read():
    heard = events.HeardSoFar(text="What", turn=2)
    title, body, _ = await shown_after(ASKED, events.Text(delta="Tall.", turn=1), heard)
    assert (title, body) == ("How tall is it?", "Tall.…")


async def test_a_typed_question_that_fails_can_be_asked_again_about_the_same_files():
    asked = events.Asked(question="What is this?", source="text", turn=1, files=("/a.png",))
    failed = events.Failed(
        title="No connection", hint="Wait.", code="x", turn=1, question="What is this?"
    )
    title, body, (button,) = await shown_after(asked, failed, events.Idle(turn=1))
    assert (title, body) == ("What is this?", "No connection. Wait.")
    assert button == Button("Ask again", Ask(text="What is this?", files=("/a.png",)))


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


def spoken_to_its_end() -> events.Spoken:
    return events.Spoken(seconds=9, complete=True, stream_s=0, text_to_audio_s=9, turn=1)


async def test_an_answer_that_breaks_off_stays_visible_with_its_question():
    text = events.Text(delta="It is 300", turn=1)
    failed = events.Failed(
        title="It broke off", hint="Wait.", code="x", turn=1, question=ASKED.question
    )
    for told in ([text, failed], [text, answered("It is 300"), failed]):
        title, body, (button,) = await shown_after(ASKED, *told, events.Idle(turn=1))
        assert (title, body) == ("How tall is it?", "It is 300\n\n(It broke off. Wait.)")
        assert button.command == Ask(text="How tall is it?")


@contextlib.asynccontextmanager
async def notification():
    """A notification that is kept up to date."""
    notifier = Notifier()
    turn_notification = TurnNotification(notifier, NotificationSettings())
    showing = asyncio.create_task(turn_notification.run())
    yield notifier, turn_notification.handle
    showing.cancel()


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


async def test_words_that_could_not_be_spoken_are_told_below_the_answer():
    """A speaker that is lost in mid-sentence: now the answer has to be read."""
    title, body, _ = await shown_after(ASKED, answered("It is high."), LOST)
    assert title == "How tall is it?"
    assert body == f"It is high.\n\n{NOT_SPOKEN}"


async def test_buttons_stay_where_words_could_not_be_spoken():
    """Then they are all that is left to answer a form with."""
    files = msgspec.structs.replace(answered("It is high."), files=("https://a/b.png",))
    suggested = events.Suggested(questions=("Why?",), turn=1)
    for told in ((FORM,), (files,), (answered("It is high."), suggested)):
        title, text, choices = await shown_after(ASKED, *told)
        assert choices
        shown = await shown_after(ASKED, *told, LOST)
        assert shown == (title, f"{text}\n\n{NOT_SPOKEN}", choices)


async def test_an_announcement_during_a_held_answer_stands_above_the_answer_which_goes_on():
    for told, note in ((UNHEARD, "No words were heard. Speak up."), (TIMER, "Time is up.")):
        growing = (ASKED, events.Text(delta="It is", turn=1), told, events.Idle(turn=2))
        shown = await shown_after(*growing, events.Text(delta=" high", turn=1))
        assert shown[:2] == ("How tall is it?", f"{note}\n\nIt is high…")


async def test_an_announcement_after_an_answer_takes_its_place():
    over = (ASKED, answered("It is high."), events.Idle(turn=1))
    assert (await shown_after(*over, TIMER))[:2] == ("Time is up.", "")
    assert (await shown_after(*over, UNHEARD))[:2] == ("No words were heard", "Speak up.")


async def test_an_answer_that_fails_says_so_itself():
    failed = events.Failed(title="The server is gone", hint="Wait.", code="unreachable", turn=1)
    assert (await shown_after(ASKED, failed))[:2] == (
        "How tall is it?",
        "The server is gone. Wait.",
    )


async def test_no_failure_has_the_title_of_what_does_not_work():
    """Where a part was just lost, both are shown at once."""
    lost = events.Failed(title="No microphone", hint="Connect one.", code="device", turn=1)
    kept = msgspec.structs.replace(lost, recording="name")
    for told in ((ASKED, lost), (kept,), (msgspec.structs.replace(kept, question="Why?"),)):
        title, body, *_ = await shown_after(*told)
        assert title in {"How tall is it?", "What you said is kept", "Why?"}
        assert body == "No microphone. Connect one."
    notifier, told = Notifier(), []
    notification = TurnNotification(
        notifier, NotificationSettings(), is_told=lambda title: told.append(title) or True
    )
    showing = asyncio.create_task(notification.run())
    notification.handle(lost)
    notification.handle(ASKED)
    await until(lambda: notifier.shown)
    showing.cancel()
    assert told == ["No microphone"]
    assert [title for title, *_ in notifier.shown] == ["How tall is it?"]


async def test_a_microphone_that_the_user_has_switched_off_is_switched_on_by_a_click():
    off = microphone_off()
    failed = events.Failed(title=off.title, hint=off.hint, code=off.code, turn=1)
    title, _, choices = await shown_after(failed, events.Idle(turn=1))
    assert title == "The microphone is switched off"
    assert choices == (Button("Switch the microphone on", Mute(on=False)),)


async def test_without_words_a_failure_is_not_called_an_answer():
    failed = events.Failed(title="It broke off", hint="", code="x", turn=1)
    private = NotificationSettings(words=False)
    title, body, *_ = await shown_after(ASKED, failed, events.Idle(turn=1), settings=private)
    assert (title, body) == ("A question was not answered", "")


async def test_a_suggestion_is_offered_and_asked_as_it_can_be_shown():
    suggested = events.Suggested(questions=("wh\x1b[31my\0?",), turn=1)
    *_, choices = await shown_after(ASKED, suggested)
    assert choices == (Button("why?", Ask(text="why?", source="suggestion")),)


async def test_a_conversation_that_is_too_long_offers_a_new_one():
    failed = events.Failed(title="Too long", hint="", code="conversation_too_long", turn=1)
    typed = msgspec.structs.replace(failed, question="How tall is it?")
    kept = msgspec.structs.replace(typed, recording="name")
    for told, command in (
        (failed, New()),
        (typed, Ask(text="How tall is it?", new=True)),
        (kept, Retry(recording="name", new=True)),
    ):
        choices = (await shown_after(ASKED, told))[2]
        assert choices == (Button("New conversation", command),)


async def test_words_that_are_known_are_offered_to_be_asked_again():
    failed = events.Failed(title="It broke off", hint="", code="x", recording="name")
    known = msgspec.structs.replace(failed, question="How tall is it?")
    for told, label in ((failed, "Try again"), (known, "Ask again")):
        assert (await shown_after(told))[2] == (Button(label, Retry(recording="name")),)


FORM = events.Form(
    title="Approve the order",
    text="Shall I order 2 pizzas?",
    ask="Choose: Order or Cancel.",
    buttons=(events.FormButton("o", "Order"), events.FormButton("c", "Cancel")),
    turn=1,
)


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


async def test_a_lost_answer_is_said_to_be_looked_for_until_it_comes():
    text, rest = (events.Text(delta=delta, turn=1) for delta in ("One ", "two."))
    lost = events.Lost(turn=1)
    _, body, _ = await shown_after(ASKED, text, lost)
    assert body == f"{events.Lost.told}\n\nOne …"
    _, body, _ = await shown_after(ASKED, text, lost, rest)
    assert body == "One two.…"


async def test_a_question_in_a_queue_is_told_until_its_answer_comes():
    queued = events.Queued(turn=1)
    assert await shown_after(ASKED, queued) == ("How tall is it?", events.Queued.told, ())
    text = events.Text(delta="One.", turn=1)
    assert await shown_after(ASKED, queued, text) == ("How tall is it?", "One.…", ())


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


async def test_markup_is_shown_as_words():
    assert (await shown_after(ASKED, answered("It is **high**.")))[1] == "It is high."
