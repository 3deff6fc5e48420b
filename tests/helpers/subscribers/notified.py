"""The turn's notification, and what is told to it."""

from __future__ import annotations

import asyncio
import contextlib

from fakes import until

from voice_assistant import events
from voice_assistant.commands import Ask
from voice_assistant.settings.sections.desktop import NotificationSettings
from voice_assistant.subscribers.buttons import Button
from voice_assistant.subscribers.notification import TurnNotification

ASKED = events.Asked(question="How tall is it?", source="voice", turn=1)
FOLLOW_UP = Button("Why?", Ask(text="Why?", source="suggestion"))
UNHEARD = events.Failed(title="No words were heard", hint="Speak up.", code="nothing_heard", turn=2)
TIMER = events.Announced(text="Time is up.", turn=2)
FORM = events.Form(
    title="Approve the order",
    text="Shall I order 2 pizzas?",
    ask="Choose: Order or Cancel.",
    buttons=(events.FormButton("o", "Order"), events.FormButton("c", "Cancel")),
    turn=1,
)
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


def spoken_to_its_end() -> events.Spoken:
    return events.Spoken(seconds=9, complete=True, stream_s=0, text_to_audio_s=9, turn=1)


@contextlib.asynccontextmanager
async def notification():
    """A notification that is kept up to date."""
    notifier = Notifier()
    turn_notification = TurnNotification(notifier, NotificationSettings())
    showing = asyncio.create_task(turn_notification.run())
    yield notifier, turn_notification.handle
    showing.cancel()
