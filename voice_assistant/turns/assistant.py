"""The inbox and the turns.

Whoever wants something posts a command; everything that happens is told as events. Nothing else
goes in or out.

One turn has the floor. One that answers can be held for another: for a press that may be a slip,
or for an announcement. It loses nothing, and goes on when the other is over.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant import events
from voice_assistant.commands import Announce, AnyCommand, Ask, Back, Command, Retry, Stop
from voice_assistant.turns.command_table import TABLE, Action, Activity
from voice_assistant.turns.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

HINTS: dict[Action, Callable[[Turn], None]] = {
    "let_go": Turn.let_go,
    "go_on": Turn.go_on,
    "finish": Turn.release,
}
"""What a turn that listens is told; harmless when it comes too late."""


class _Announcement(NamedTuple):
    """What is to be announced, and who wants to know when it was."""

    text: str
    listener: events.Handler | None

    def is_told(self) -> None:
        """It was told to its end."""
        if self.listener:
            self.listener(events.Idle())


class _Free(Command, frozen=True):
    """Posted by the assistant to itself: the floor is free for what had to wait."""


class Assistant:
    """Runs turns as commands want them.

    Args:
        parts: what turns work with.
    """

    def __init__(self, parts: TurnServices) -> None:
        self._parts = parts
        self._subscribers: list[events.Subscriber] = []
        self._inbox: asyncio.Queue[tuple[AnyCommand | _Free, events.Handler | None]] = (
            asyncio.Queue()
        )
        self._loop = asyncio.get_running_loop()
        self._turns: list[tuple[Turn, asyncio.Task[None]]] = []
        self._numbers = itertools.count(1)
        self._to_announce: deque[_Announcement] = deque()
        self._silencing = False  # the user wants no announcement to its end

    @property
    def activity(self) -> Activity:
        """What is going on, as far as commands are concerned."""
        turn = self._turn
        if turn is None:
            return "resting"
        if not turn.listening:
            return "answering"
        return "hands_free" if turn.hands_free else "listening"

    def subscribe(self, subscriber: events.Subscriber) -> None:
        """Have `subscriber` handle every event from now on. Its `run` is the caller's to run."""
        self._subscribers.append(subscriber)

    def post(self, command: AnyCommand, listener: events.Handler | None = None) -> None:
        """Take a command, from any thread; it is done in its turn.

        Args:
            command: what is wanted.
            listener: called with the events of the one turn that the command begins; for an
                `Announce`, which may take several turns, with the `Idle` of the one that told it to
                its end.
        """
        self._loop.call_soon_threadsafe(self._inbox.put_nowait, (command, listener))

    async def run(self) -> None:
        """Do what is wanted until somebody wants to quit. Cancelling it is as good as that."""
        async with asyncio.TaskGroup() as group:
            quitting = False
            while not quitting:
                command, listener = await self._inbox.get()
                if isinstance(command, _Free):
                    await self._give_floor(group)
                    continue
                actions = TABLE[type(command)].when(self.activity)
                log.debug("%s while %s: %s", type(command).__name__, self.activity, actions)
                for action in actions:
                    await self._do(action, command, listener, group)
                quitting = "quit" in actions

    async def _do(  # noqa: C901, PLR0912  (a case for each action)
        self,
        action: Action,
        command: AnyCommand,
        listener: events.Handler | None,
        group: asyncio.TaskGroup,
    ) -> None:
        match action, command:
            case "hold", _ if turn := self._turn:
                turn.hold()
            case "listen", _:
                barge_in = self._drop if self._turn else None
                await self._begin(group, lambda turn: turn.talk(barge_in), listener)
            case "let_go" | "go_on" | "finish", _ if turn := self._turn:
                HINTS[action](turn)
            case "drop", _:
                self._drop()
            case "interrupt", _:
                self._silencing = isinstance(command, Stop)
                await self._interrupt()
                self._silencing = False
            case "ask", Ask():
                await self._begin(group, lambda turn: turn.ask(command), listener)
            case "retry", Retry():
                await self._begin(group, lambda turn: turn.retry(command), listener)
            case "forget", _:
                self._parts.conversation.forget()
                log.info("the next question begins a new conversation")
            case "steer", _:
                self._parts.player.steer(command)
            case "repeat", _ if self._turn is None or self._turn.said:
                sentence = isinstance(command, Back)
                await self._begin(group, lambda turn: turn.repeat(sentence=sentence))
            case "announce" | "remember", Announce(text=text):
                self._to_announce.append(_Announcement(text, listener))
                if action == "announce":
                    await self._give_floor(group)
            case _:
                pass

    async def _begin(
        self,
        group: asyncio.TaskGroup,
        story: Callable[[Turn], Coroutine[None, None, None]],
        listener: events.Handler | None = None,
    ) -> None:
        def handle(event: events.AnyEvent) -> None:
            for subscriber in self._subscribers:
                subscriber.handle(event)
            if listener:
                listener(event)
            if isinstance(event, events.Idle):
                self._free()

        turn = Turn(self._parts, handle, next(self._numbers))
        self._turns.append((turn, group.create_task(story(turn))))
        # A task that is cancelled before its first step tells no event, not even Idle.
        await asyncio.sleep(0)

    def _going_on(self) -> list[tuple[Turn, asyncio.Task[None]]]:
        """The turns that are not over: the last one has the floor, the others are held."""
        self._turns = [(turn, task) for turn, task in self._turns if not turn.over.is_set()]
        return self._turns

    @property
    def _turn(self) -> Turn | None:
        """The turn that has the floor."""
        return self._turns[-1][0] if self._going_on() else None

    async def _interrupt(self) -> None:
        """End every turn. What they still have to tell the server goes on beside the next one."""
        turns = self._going_on()
        for _, task in turns:
            task.cancel()
        for turn, _ in turns:
            await turn.over.wait()

    def _drop(self) -> None:
        """End what is held: it is for good that another turn has the floor."""
        for _, task in self._going_on()[:-1]:
            task.cancel()

    def _free(self) -> None:
        self._inbox.put_nowait((_Free(), None))

    async def _give_floor(self, group: asyncio.TaskGroup) -> None:
        """Give a free floor to what waits for it; what answers meanwhile is to make it free."""
        turn = self._turn
        if self._to_announce and (turn is None or turn.held):
            announcement = self._to_announce.popleft()
            await self._begin(group, lambda turn: self._announce(turn, announcement))
        elif turn and turn.held:
            group.create_task(self._carry_on(turn))
        elif turn and self._to_announce and not turn.listening:
            turn.rest(self._free)

    async def _announce(self, turn: Turn, announcement: _Announcement) -> None:
        """Tell an announcement, and again later where it is interrupted by anything but a stop."""
        try:
            await turn.announce(announcement.text)
        except asyncio.CancelledError:
            if self._silencing:
                announcement.is_told()
            else:
                self._to_announce.appendleft(announcement)
            raise
        announcement.is_told()

    async def _carry_on(self, turn: Turn) -> None:
        await self._parts.sounds.over()
        if turn is self._turn:
            turn.carry_on()
