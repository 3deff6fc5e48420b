"""The inbox and the turns.

Every part of the program posts commands to the assistant, and the assistant answers by events.
Nothing else goes in or out.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Any

from voice_assistant import events
from voice_assistant.commands import (
    Announce,
    AnyCommand,
    Ask,
    Command,
    Continue,
    Fill,
    FollowUp,
    New,
    Quit,
    Resume,
    Speed,
    Stop,
    Volume,
)
from voice_assistant.hearing.listening import Listening
from voice_assistant.turns.alarm import Alarm
from voice_assistant.turns.announcement import Announcement
from voice_assistant.turns.announcements import Announcements
from voice_assistant.turns.circumstances import Circumstances
from voice_assistant.turns.command_table import (
    TABLE,
    Action,
    Activity,
    AnnouncementDue,
    AnswerSpoken,
    FloorFree,
    GoesOn,
    Internal,
    TalkedOver,
    Woken,
)
from voice_assistant.turns.floor import INTERRUPT_S, Floor
from voice_assistant.turns.new_turns import NewTurns
from voice_assistant.turns.turn import Turn
from voice_assistant.turns.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voice_assistant.hearing.going_on import GoingOn
    from voice_assistant.ports import Microphone
    from voice_assistant.turns.new_turns import MakeTurn
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

HANG_UP_S = 5.0
"""Seconds that `run`, at its end, waits for turns that still ask their server to stop."""


UNHEARD = (Volume, Speed, New, Continue)
"""The commands that nobody hears obeyed unless something is being spoken."""

SILENT = {"resting", "spoken"}
"""The activities in which a sound disturbs neither a recording nor an answer."""


TO_RECORDING: Mapping[Action, Callable[[Listening], None]] = {
    "take_over": Listening.take_over,
    "release": Listening.release,
    "undo_release": Listening.undo_release,
    "end_on_silence": Listening.end_on_silence,
}
"""The actions on the recording of the turn that has the floor."""

TO_ALARM: Mapping[Action, Callable[[Alarm], None]] = {"heed": Alarm.heed, "snooze": Alarm.snooze}
"""The actions on the alarm that rings."""


class Assistant:
    """Runs turns as commands demand.

    Args:
        services: what the turns work with.
        interrupt_s: seconds after which an interrupted turn that does not end is given up.

    Attributes:
        over: the user has ended the program for good, perhaps while it was starting anew.
    """

    def __init__(self, services: TurnServices, *, interrupt_s: float = INTERRUPT_S) -> None:
        self._services = services
        self._subscribers: list[events.Subscriber] = []
        self._carriers: dict[type[Command], Callable[[Any], object]] = {}
        self._inbox: asyncio.Queue[tuple[AnyCommand | Internal, events.Handler | None]] = (
            asyncio.Queue()
        )
        self._loop = asyncio.get_running_loop()
        self._floor = Floor(interrupt_s)
        self._numbers = itertools.count(1)
        self._circumstances = Circumstances(services)
        self._understanding = Understanding(services, self._floor, self._circumstances)
        self._announcements = Announcements(services, self._free)
        self._new_turns = NewTurns(
            services,
            self._floor,
            self._circumstances,
            self._understanding,
            self._announcements,
            go_on=self._go_on,
        )
        self._quit: Quit | None = None
        self.over = False

    @property
    def activity(self) -> Activity:
        """Return the activity that decides what a command does: see the command table."""
        turn = self._floor.turn
        return turn.activity if turn else "resting"

    def subscribe(self, subscriber: events.Subscriber) -> None:
        """Send every event from now on to `subscriber`. The caller runs the subscriber's `run`."""
        self._subscribers.append(subscriber)

    def hand_on(self, kind: type[Command], carry_out: Callable[[Any], object]) -> None:
        """Let another part carry out the commands of a kind; `carry_out` returns at once."""
        self._carriers[kind] = carry_out

    def talk_over(self, microphone: Microphone) -> None:
        """Note that somebody speaks into the answer.

        Args:
            microphone: the open microphone, with what was said so far.
        """
        self._inbox.put_nowait((TalkedOver(microphone=microphone), None))

    def wake(self, microphone: Microphone) -> None:
        """Note that somebody has said the wake word.

        Args:
            microphone: the open microphone, from the wake word on.
        """
        self._inbox.put_nowait((Woken(microphone=microphone), None))

    def _go_on(self, going_on: GoingOn) -> None:
        self._inbox.put_nowait((GoesOn(going_on=going_on), None))

    def post(self, command: AnyCommand, listener: events.Handler | None = None) -> None:
        """Queue a command, from any thread.

        Args:
            command: the command to carry out.
            listener: called with the events of the one turn that the command begins; for an
                `Announce`, which may take several turns, with the `Idle` of the one that told it to
                its end.
        """
        if isinstance(command, Quit) and not command.anew:
            self.over = True
        self._loop.call_soon_threadsafe(self._inbox.put_nowait, (command, listener))

    async def run(self) -> Quit:
        """Carry out commands until one is `Quit`, and return that. Can be cancelled too."""
        try:
            while self._quit is None:
                command, listener = await self._inbox.get()
                try:
                    await self._obey(command, listener)
                except Exception:
                    log.exception("a bug: %s was not carried out", type(command).__name__)
            await self._floor.hang_up(HANG_UP_S)
            return self._quit
        finally:
            await self._floor.close()

    async def _obey(self, command: AnyCommand | Internal, listener: events.Handler | None) -> None:
        if isinstance(command, FloorFree) and self._announcements:
            command = AnnouncementDue()
        elif isinstance(command, FollowUp) and self._understanding.asking:
            command = Fill(number=command.number)
        elif isinstance(command, Ask):
            command = self._understanding.of_typed(command)
        actions = TABLE[type(command)].get(self.activity, ())
        log.debug("%s while %s: %s", type(command).__name__, self.activity, actions)
        for action in actions:
            await self._do(action, command, listener)
        if isinstance(command, UNHEARD) and self.activity in SILENT:
            self._services.sounds.confirm()

    async def _do(  # noqa: C901, PLR0912  (a case for each action)
        self, action: Action, command: AnyCommand | Internal, listener: events.Handler | None
    ) -> None:
        turn, services = self._floor.turn, self._services
        listening = turn.listening if turn else None
        match action, command:
            case _ if listening and action in TO_RECORDING:  # None: the microphone is missing
                TO_RECORDING[action](listening)
            case _ if isinstance(turn, Alarm) and action in TO_ALARM:
                TO_ALARM[action](turn)
            case "hold", _ if turn:
                turn.hold()
            case "hold_at_sentence_end", _ if turn:
                turn.hold_at_sentence_end(self._free)
            case "unhold", _:
                self._floor.unhold_after(services.sounds.over)
            case "drop", _ if turn:
                await self._floor.drop_before(turn)
            case "interrupt", _:
                self._announcements.silencing = isinstance(command, Stop)
                await self._floor.clear(Turn.dismiss)
                self._announcements.silencing = False
            case "forget", _:
                services.conversation.forget()
                log.info("the next question begins a new conversation")
            case "steer", _:
                self._steer(command)
            case "continue", Continue(conversation_id=conversation_id):
                services.conversation.set_current(conversation_id)
            case "remember", Announce():
                self._announcements.remember(command, listener)
            case "resume", Resume():
                await self._resume(command)
            case "settle", _:
                await self._settle()
            case "fill", Fill():
                if asking := self._understanding.asking:
                    asking.fill(command)
            case "hand_on", _:
                if carry_out := self._carriers.get(type(command)):
                    carry_out(command)
            case "quit", Quit(anew=anew):
                self._quit = command
                await self._floor.clear(lambda turn: turn.leave(anew=anew))
            case _ if make := self._new_turns.of(action, command):
                await self._begin(make, listener)

    def _steer(self, command: AnyCommand | Internal) -> None:
        """Change how all answers sound, or what becomes of the present one."""
        player, turn = self._services.player, self._floor.turn
        match command:
            case Volume(level=level):
                player.set_volume(level)
            case Speed(factor=factor):
                player.set_speed(factor)
            case _ if turn and not isinstance(command, Internal):
                turn.steer(command)

    async def _resume(self, command: Resume) -> None:
        """Resume what is paused, also where an announcement is made meanwhile."""
        turn = self._floor.turn
        paused = next((one for one in reversed(self._floor.turns) if one.paused), turn)
        if paused:
            paused.steer(command)
        if isinstance(turn, Announcement) and turn.of_pause:
            await self._floor.end(turn)

    async def _settle(self) -> None:
        """Ask no more whether something may be sent: that is decided."""
        self._circumstances.consent_asked = False
        self._announcements.ask_no_consent()
        turn = self._floor.turn
        if isinstance(turn, Announcement) and turn.asks_consent:
            await self._floor.end(turn)

    async def _begin(self, make: MakeTurn, listener: events.Handler | None) -> None:
        """Begin a turn, and send its events to everybody."""

        def handle(event: events.AnyEvent) -> None:
            for subscriber in self._subscribers:
                subscriber.handle(event)
            self._circumstances.handle(event)
            if isinstance(event, events.Spoken) and event.complete and not event.problem:
                self._attend()
            if listener:
                listener(event)
            if isinstance(event, events.Idle):
                if turn.next_command:
                    self._inbox.put_nowait((turn.next_command, None))
                    if not isinstance(turn.next_command, Stop):
                        self._attend()
                self._free()

        turn = make(handle, next(self._numbers))
        await self._floor.give_to(turn)

    def _free(self) -> None:
        self._inbox.put_nowait((FloorFree(), None))

    def _attend(self) -> None:
        """Listen again, if conversation mode is on."""
        if self._services.attention.on:
            self._inbox.put_nowait((AnswerSpoken(), None))
