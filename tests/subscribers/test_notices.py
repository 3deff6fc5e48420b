"""What does not work and what is offered: each has a notification of its own."""

from __future__ import annotations

import asyncio
import contextlib

from fakes import until

from voice_assistant.commands import Retry
from voice_assistant.errors import MicrophoneError, SpeakerError
from voice_assistant.subscribers.buttons import Button
from voice_assistant.subscribers.missing_parts import MissingParts
from voice_assistant.subscribers.notices import PROBLEM, Notices

NO_MICROPHONE = MicrophoneError("There is no microphone", "Connect one.")
NO_SPEAKER = SpeakerError("There is no speaker", "Turn it on.")
AGAIN = Button("Try again", Retry(recording="name"))


class Screen:
    """What is on the screen, by kind; and how often something was shown."""

    def __init__(self) -> None:
        self.now: dict[str, tuple] = {}
        self.shown = 0

    async def show(
        self, title, body, buttons=(), extras=(), *, growing=False, stay_s=None, kind="turn"
    ) -> None:
        self.now[kind] = (title, body, *buttons)
        self.shown += 1

    async def close(self, kind) -> None:
        self.now.pop(kind, None)


@contextlib.asynccontextmanager
async def noticed(**options):
    screen, missing = Screen(), MissingParts()
    notices = Notices(screen, missing, **options)
    showing = asyncio.create_task(notices.run())
    yield screen, missing, notices
    showing.cancel()


async def test_a_problem_leaves_an_offer_on_the_screen():
    async with noticed() as (screen, missing, notices):
        notices.offer("recording", "A recording", "It is 4 seconds long.", AGAIN)
        missing.report_problem("microphone", NO_MICROPHONE)
        await until(lambda: len(screen.now) == 2)
        assert screen.now == {
            "recording": ("A recording", "It is 4 seconds long.", AGAIN),
            PROBLEM: ("There is no microphone", "Connect one."),
        }


async def test_all_problems_stand_together_and_their_notification_goes_with_the_last():
    async with noticed() as (screen, missing, _):
        missing.report_problem("microphone", NO_MICROPHONE)
        missing.report_problem("speaker", NO_SPEAKER)
        await until(lambda: screen.shown == 2)
        title, body = screen.now[PROBLEM]
        assert title == "Not everything works"
        assert body == (
            "• There is no microphone. Connect one.\n• There is no speaker. Turn it on."
        )
        for part in ("microphone", "speaker"):
            missing.clear_problem(part)
        await until(lambda: not screen.now)


async def test_a_problem_that_is_reported_again_is_shown_once():
    async with noticed() as (screen, missing, notices):
        for _ in range(3):
            missing.report_problem("microphone", NO_MICROPHONE)
        notices.offer("recording", "A recording", "")
        await until(lambda: "recording" in screen.now)
        assert screen.shown == 2


async def test_a_problem_that_is_met_again_is_told_again_but_not_twice_at_once():
    async with noticed() as (screen, missing, notices):
        assert not notices.remind("There is no microphone")
        missing.report_problem("microphone", NO_MICROPHONE)
        assert notices.remind("There is no microphone")
        await until(lambda: screen.now)
        notices._told_s -= 3600  # an hour later
        screen.now.clear()  # the user has dismissed it
        assert notices.remind("There is no microphone")
        await until(lambda: PROBLEM in screen.now)
        assert screen.shown == 2


async def test_a_greeting_without_a_key_tells_another_way():
    async with noticed() as (screen, _, notices):
        notices.greet("")
        await until(lambda: screen.now)
        assert screen.now["greeting"] == ("The assistant runs", "Click on its icon to talk.")


async def test_what_nobody_asked_for_waits_until_the_user_may_be_disturbed():
    looks = []

    async def do_not_disturb():
        looks.append(len(screen.now))
        return len(looks) < 6

    async with noticed(do_not_disturb=do_not_disturb, look_s=0.01) as (screen, missing, notices):
        notices.greet("Hold the key.")
        notices.offer("late answer", "The answer has come", "Yes.", unasked=True)
        notices.offer("update", "There is an update", "", unasked=True)
        notices.close("update")
        notices.offer("about", "Voice assistant", "")
        missing.report_problem("microphone", NO_MICROPHONE)
        await until(lambda: len(screen.now) == 4)
        assert set(screen.now) == {"about", PROBLEM, "greeting", "late answer"}
        assert looks[-1] >= 2, "the others did not wait"
        assert screen.shown == 4
