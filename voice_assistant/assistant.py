"""The inbox, at most one turn, and the table that says what each command means when.

Whoever wants something posts a command; everything that happens is told as events. Nothing else
goes in or out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from voice_assistant import events
from voice_assistant.commands import (
    Announce,
    AnyCommand,
    Ask,
    Back,
    Command,
    New,
    Pause,
    Press,
    Quit,
    Release,
    Repeat,
    Resume,
    Retry,
    Skip,
    Speed,
    Stop,
    Tap,
    Toggle,
    Volume,
)
from voice_assistant.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from voice_assistant.parts import Parts

log = logging.getLogger(__name__)

Activity = Literal["resting", "listening", "hands_free", "answering"]
Action = Literal[
    "listen",
    "let_go",
    "go_on",
    "finish",
    "interrupt",
    "ask",
    "retry",
    "forget",
    "announce",
    "remember",
    "steer",
    "repeat",
    "quit",
]
Subscriber = Callable[[events.AnyEvent], None]

TABLE: dict[tuple[type[Command], Activity], tuple[Action, ...]] = {
    (Press, "resting"): ("listen",),
    (Press, "listening"): ("go_on",),  # a key that repeats, or is down again at once
    (Press, "hands_free"): ("finish",),
    (Press, "answering"): ("interrupt", "listen"),  # barge-in
    (Release, "resting"): (),
    (Release, "listening"): ("finish",),
    (Release, "hands_free"): ("finish",),
    (Release, "answering"): (),
    (Toggle, "resting"): ("listen", "let_go"),
    (Toggle, "listening"): ("finish",),
    (Toggle, "hands_free"): ("finish",),
    (Toggle, "answering"): ("interrupt", "listen", "let_go"),
    (Tap, "resting"): (),
    (Tap, "listening"): ("let_go",),
    (Tap, "hands_free"): (),  # it has just finished
    (Tap, "answering"): (),
    (Stop, "resting"): (),
    (Stop, "listening"): ("interrupt",),
    (Stop, "hands_free"): ("interrupt",),
    (Stop, "answering"): ("interrupt",),
    (Pause, "resting"): (),
    (Pause, "listening"): (),
    (Pause, "hands_free"): (),
    (Pause, "answering"): ("steer",),
    (Resume, "resting"): (),
    (Resume, "listening"): (),
    (Resume, "hands_free"): (),
    (Resume, "answering"): ("steer",),
    (Repeat, "resting"): ("repeat",),
    (Repeat, "listening"): (),
    (Repeat, "hands_free"): (),
    (Repeat, "answering"): ("steer",),
    (Skip, "resting"): (),
    (Skip, "listening"): (),
    (Skip, "hands_free"): (),
    (Skip, "answering"): ("steer",),
    (Back, "resting"): ("repeat",),
    (Back, "listening"): (),
    (Back, "hands_free"): (),
    (Back, "answering"): ("steer",),
    (Volume, "resting"): ("steer",),
    (Volume, "listening"): ("steer",),
    (Volume, "hands_free"): ("steer",),
    (Volume, "answering"): ("steer",),
    (Speed, "resting"): ("steer",),
    (Speed, "listening"): ("steer",),
    (Speed, "hands_free"): ("steer",),
    (Speed, "answering"): ("steer",),
    (New, "resting"): ("forget",),
    (New, "listening"): ("forget",),  # what is being said begins the new conversation
    (New, "hands_free"): ("forget",),
    (New, "answering"): ("interrupt", "forget"),
    (Ask, "resting"): ("ask",),
    (Ask, "listening"): ("interrupt", "ask"),
    (Ask, "hands_free"): ("interrupt", "ask"),
    (Ask, "answering"): ("interrupt", "ask"),
    (Retry, "resting"): ("retry",),
    (Retry, "listening"): ("interrupt", "retry"),
    (Retry, "hands_free"): ("interrupt", "retry"),
    (Retry, "answering"): ("interrupt", "retry"),
    (Announce, "resting"): ("announce",),
    (Announce, "listening"): ("remember",),  # said as soon as the turn is over
    (Announce, "hands_free"): ("remember",),
    (Announce, "answering"): ("remember",),
    (Quit, "resting"): ("quit",),
    (Quit, "listening"): ("interrupt", "quit"),
    (Quit, "hands_free"): ("interrupt", "quit"),
    (Quit, "answering"): ("interrupt", "quit"),
}
"""What a command means: for every command, in every activity, the actions in their order."""


HINTS: dict[Action, Callable[[Turn], None]] = {
    "let_go": Turn.let_go,
    "go_on": Turn.go_on,
    "finish": Turn.release,
}
"""What a turn that listens is told; harmless when it comes too late."""


class _TurnOver(Command, frozen=True):
    """Posted by the assistant to itself: time for what had to wait."""


class Assistant:
    """Runs turns, one at a time, as commands want them.

    Args:
        parts: what turns work with.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._subscribers: list[Subscriber] = []
        self._inbox: asyncio.Queue[tuple[AnyCommand | _TurnOver, Subscriber | None]] = (
            asyncio.Queue()
        )
        self._loop = asyncio.get_running_loop()
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._to_announce: deque[str] = deque()

    @property
    def activity(self) -> Activity:
        """What is going on, as far as commands are concerned."""
        if self._turn is None or self._turn.over.is_set():
            return "resting"
        if not self._turn.listening:
            return "answering"
        return "hands_free" if self._turn.hands_free else "listening"

    def subscribe(self, subscriber: Subscriber) -> None:
        """Have `subscriber` called with every event, on the asyncio thread; it returns at once."""
        self._subscribers.append(subscriber)

    def post(self, command: AnyCommand, listener: Subscriber | None = None) -> None:
        """Take a command, from any thread; it is done in its turn.

        Args:
            command: what is wanted.
            listener: called with the events of the one turn that the command begins.
        """
        self._loop.call_soon_threadsafe(self._inbox.put_nowait, (command, listener))

    async def run(self) -> None:
        """Do what is wanted until somebody wants to quit. Cancelling it is as good as that."""
        async with asyncio.TaskGroup() as group:
            quitting = False
            while not quitting:
                command, listener = await self._inbox.get()
                if isinstance(command, _TurnOver):
                    await self._announce_next(group)
                    continue
                actions = TABLE[type(command), self.activity]
                log.debug("%s while %s: %s", type(command).__name__, self.activity, actions)
                for action in actions:
                    await self._do(action, command, listener, group)
                quitting = "quit" in actions

    async def _do(  # noqa: C901  (a case for each action)
        self,
        action: Action,
        command: AnyCommand,
        listener: Subscriber | None,
        group: asyncio.TaskGroup,
    ) -> None:
        match action, command:
            case "listen", _:
                await self._begin(group, Turn.talk, listener)
            case "let_go" | "go_on" | "finish", _ if self._turn:
                HINTS[action](self._turn)
            case "interrupt", _:
                await self._interrupt()
            case "ask", Ask():
                await self._begin(group, lambda turn: turn.ask(command), listener)
            case "retry", Retry():
                await self._begin(group, lambda turn: turn.retry(command), listener)
            case "forget", _:
                self._parts.conversation.forget()
                log.info("the next question begins a new conversation")
            case "steer", _:
                self._parts.player.steer(command)
            case "repeat", _:
                sentence = isinstance(command, Back)
                await self._begin(group, lambda turn: turn.repeat(sentence=sentence))
            case "announce" | "remember", Announce(text=text):
                self._to_announce.append(text)
                if action == "announce":
                    await self._announce_next(group)
            case _:
                pass

    async def _begin(
        self,
        group: asyncio.TaskGroup,
        story: Callable[[Turn], Coroutine[None, None, None]],
        listener: Subscriber | None = None,
    ) -> None:
        def tell(event: events.AnyEvent) -> None:
            for subscriber in (*self._subscribers, *filter(None, (listener,))):
                subscriber(event)
            if isinstance(event, events.Idle):
                self._inbox.put_nowait((_TurnOver(), None))

        self._turn = turn = Turn(self._parts, tell)
        self._task = group.create_task(story(turn))
        # A task that is cancelled before its first step tells no event, not even Idle.
        await asyncio.sleep(0)

    async def _interrupt(self) -> None:
        """Silence the turn. What it still has to tell the server goes on beside the next one."""
        if self._task and self._turn:
            self._task.cancel()
            await self._turn.over.wait()

    async def _announce_next(self, group: asyncio.TaskGroup) -> None:
        if self._to_announce and self.activity == "resting":
            text = self._to_announce.popleft()
            await self._begin(group, lambda turn: turn.announce(text))
