"""What the notification says and offers where something failed."""

from __future__ import annotations

import asyncio

import msgspec
from fakes import until
from helpers.subscribers.notified import (
    ASKED,
    FORM,
    LOST,
    NOT_SPOKEN,
    Notifier,
    answered,
    shown_after,
)

from voice_assistant import events
from voice_assistant.commands import Ask, Mute, New, Retry
from voice_assistant.errors import microphone_off
from voice_assistant.settings.sections.desktop import NotificationSettings
from voice_assistant.subscribers.buttons import Button
from voice_assistant.subscribers.notification import TurnNotification


async def test_a_typed_question_that_fails_can_be_asked_again_about_the_same_files():
    asked = events.Asked(question="What is this?", source="text", turn=1, files=("/a.png",))
    failed = events.Failed(
        title="No connection", hint="Wait.", code="x", turn=1, question="What is this?"
    )
    title, body, (button,) = await shown_after(asked, failed, events.Idle(turn=1))
    assert (title, body) == ("What is this?", "No connection. Wait.")
    assert button == Button("Ask again", Ask(text="What is this?", files=("/a.png",)))


async def test_an_answer_that_breaks_off_stays_visible_with_its_question():
    text = events.Text(delta="It is 300", turn=1)
    failed = events.Failed(
        title="It broke off", hint="Wait.", code="x", turn=1, question=ASKED.question
    )
    for told in ([text, failed], [text, answered("It is 300"), failed]):
        title, body, (button,) = await shown_after(ASKED, *told, events.Idle(turn=1))
        assert (title, body) == ("How tall is it?", "It is 300\n\n(It broke off. Wait.)")
        assert button.command == Ask(text="How tall is it?")


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


async def test_a_lost_answer_is_said_to_be_looked_for_until_it_comes():
    text, rest = (events.Text(delta=delta, turn=1) for delta in ("One ", "two."))
    lost = events.Lost(turn=1)
    _, body, _ = await shown_after(ASKED, text, lost)
    assert body == f"{events.Lost.told}\n\nOne …"
    _, body, _ = await shown_after(ASKED, text, lost, rest)
    assert body == "One two.…"
