"""The inbox and the turns.

Every part of the program posts commands to the assistant, and the assistant answers by events.
Nothing else goes in or out.

One turn has the floor. A turn that answers can be held for another turn: for a key press that may
be a slip, or for an announcement. A held turn loses nothing, and goes on when the other is over.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec

from voice_assistant import events
from voice_assistant.command_words.meaning import Meaning, meaning_of
from voice_assistant.commands import (
    Announce,
    AnyCommand,
    Ask,
    Back,
    Command,
    Continue,
    Fill,
    Quit,
    Retry,
    Speed,
    Stop,
    Volume,
)
from voice_assistant.turns.alarm import Alarm
from voice_assistant.turns.announcement import Announcement, Ending
from voice_assistant.turns.circumstances import Circumstances
from voice_assistant.turns.command_table import (
    TABLE,
    Action,
    Activity,
    AnnouncementDue,
    AnswerSpoken,
    FloorFree,
    Internal,
    TalkedOver,
    Understood,
)
from voice_assistant.turns.command_word import CommandWord
from voice_assistant.turns.question import Question
from voice_assistant.turns.repetition import Repetition
from voice_assistant.turns.spoken_question import SpokenQuestion
from voice_assistant.turns.stored_question import StoredQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from voice_assistant.ports import Microphone
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import Turn

log = logging.getLogger(__name__)

INTERRUPT_S = 5.0
"""Seconds in which an interrupted turn must be silent and send `Idle`: it needs milliseconds."""

OVERHEARD_S = 2.0
"""Seconds in which somebody who seemed to speak into an answer must really speak."""

HANG_UP_S = 5.0
"""Seconds that `run`, at its end, waits for turns that still ask their server to stop."""


class _Due(NamedTuple):
    """A text that is to be announced, and who wants to know when it was."""

    text: str
    rings: bool
    listener: events.Handler | None

    def is_told(self) -> None:
        """The text was announced to its end, or the user wants no more of it."""
        if self.listener:
            self.listener(events.Idle())


class Assistant:
    """Runs turns as commands demand.

    Args:
        services: what the turns work with.
        interrupt_s: seconds after which an interrupted turn that does not end is given up.
    """

    def __init__(self, services: TurnServices, *, interrupt_s: float = INTERRUPT_S) -> None:
        self._services = services
        self._interrupt_s = interrupt_s
        self._subscribers: list[events.Subscriber] = []
        self._carriers: dict[type[Command], Callable[[Any], None]] = {}
        self._inbox: asyncio.Queue[tuple[AnyCommand | Internal, events.Handler | None]] = (
            asyncio.Queue()
        )
        self._loop = asyncio.get_running_loop()
        self._turns: list[tuple[Turn, asyncio.Task[None]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost: list[asyncio.Task[None]] = []  # given up: `run` does not wait for their end
        self._unholding: asyncio.Task[None] | None = None  # waits for the end of a short sound
        self._numbers = itertools.count(1)
        self._circumstances = Circumstances(services)
        self._to_announce: deque[_Due] = deque()
        self._silencing = False  # the user wants no announcement to its end
        self._quit: Quit | None = None

    @property
    def activity(self) -> Activity:
        """Return the activity that decides what a command does: see the command table."""
        turn = self._turn
        return turn.activity if turn else "resting"

    def subscribe(self, subscriber: events.Subscriber) -> None:
        """Send every event from now on to `subscriber`. The caller runs the subscriber's `run`."""
        self._subscribers.append(subscriber)

    def hand_on(self, kind: type[Command], carry_out: Callable[[Any], None]) -> None:
        """Let another part carry out the commands of a kind; `carry_out` returns at once."""
        self._carriers[kind] = carry_out

    def talk_over(self, microphone: Microphone) -> None:
        """Note that somebody speaks into the answer.

        Args:
            microphone: the open microphone, with what was said so far.
        """
        self._inbox.put_nowait((TalkedOver(microphone=microphone), None))

    def post(self, command: AnyCommand, listener: events.Handler | None = None) -> None:
        """Queue a command, from any thread.

        Args:
            command: the command to carry out.
            listener: called with the events of the one turn that the command begins; for an
                `Announce`, which may take several turns, with the `Idle` of the one that told it to
                its end.
        """
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
            await self._tasks_over(HANG_UP_S)
            return self._quit
        finally:
            for task in self._tasks:
                task.cancel()
            await self._tasks_over(self._interrupt_s)

    async def _obey(self, command: AnyCommand | Internal, listener: events.Handler | None) -> None:
        if isinstance(command, FloorFree) and self._to_announce:
            command = AnnouncementDue()
        elif isinstance(command, Ask):
            command = self._understood(command)
        actions = TABLE[type(command)].get(self.activity, ())
        log.debug("%s while %s: %s", type(command).__name__, self.activity, actions)
        for action in actions:
            await self._do(action, command, listener)

    async def _do(  # noqa: C901, PLR0912, PLR0915  (a case for each action)
        self, action: Action, command: AnyCommand | Internal, listener: events.Handler | None
    ) -> None:
        turn, services = self._turn, self._services
        listening = turn.listening if turn else None
        match action, command:
            case "take_over", _ if listening:
                listening.take_over()
            case "release", _ if listening:
                listening.release()
            case "undo_release", _ if listening:
                listening.undo_release()
            case "end_on_silence", _ if listening:  # None: the microphone is missing
                listening.end_on_silence()
            case "hold", _ if turn:
                turn.hold()
            case "hold_at_sentence_end", _ if turn:
                turn.hold_at_sentence_end(self._free)
            case "unhold", _ if turn:
                self._cancel_unholding()
                self._unholding = self._start(self._unhold(turn))
            case "drop", _ if turn:
                await self._drop_before(turn)
            case "interrupt", _:
                self._silencing = isinstance(command, Stop)
                await self._interrupt(dismiss=True)
                self._silencing = False
            case "forget", _:
                services.conversation.forget()
                log.info("the next question begins a new conversation")
            case "steer", Volume(level=level):
                services.player.set_volume(level)
            case "steer", Speed(factor=factor):
                services.player.set_speed(factor)
            case "continue", Continue(conversation_id=conversation_id):
                services.conversation.set_current(conversation_id)
            case "steer", _ if turn and not isinstance(command, Internal):
                turn.steer(command)
            case "remember", Announce(text=text, rings=rings):
                self._remember(_Due(text, rings and services.settings.alarms.ring_s > 0, listener))
            case "snooze", _ if isinstance(turn, Alarm):
                turn.snooze()
            case "announce", _:
                await self._announce(self._to_announce.popleft())
            case "fill", Fill():
                if asking := self._asking:
                    asking.fill(command)
            case "hand_on", _:
                if carry_out := self._carriers.get(type(command)):
                    carry_out(command)
            case "quit", Quit():
                self._quit = command
                self._cancel_unholding()
                await self._interrupt(dismiss=False)
            case _:
                await self._begin_turn(action, command, listener)

    async def _begin_turn(
        self, action: Action, command: AnyCommand | Internal, listener: events.Handler | None
    ) -> None:
        """Do an action that begins a turn."""
        services, meaning = self._services, self._meaning
        match action, command:
            case "listen", _:
                await self._begin(
                    lambda *to: SpokenQuestion(services, *to, meaning=meaning), listener
                )
            case "barge_in", _:
                drop = self._drop_before
                await self._begin(
                    lambda *to: SpokenQuestion(services, *to, meaning=meaning, barge_in=drop),
                    listener,
                )
            case "attend", _:
                attend_s = services.attention.patience_s(asks=self._circumstances.asks)
                await self._begin(
                    lambda *to: SpokenQuestion(
                        services,
                        *to,
                        meaning=meaning,
                        barge_in=self._drop_before,
                        attend_s=attend_s,
                    )
                )
            case "talk_over", TalkedOver(microphone=microphone):
                await self._begin(
                    lambda *to: SpokenQuestion(
                        services,
                        *to,
                        meaning=meaning,
                        barge_in=self._drop_before,
                        attend_s=OVERHEARD_S,
                        overheard=microphone,
                    )
                )
            case "ask", Ask():
                await self._begin(
                    lambda *to: Question(services, *to, command=command, meaning=meaning), listener
                )
            case "obey", Understood():
                await self._begin(
                    lambda *to: CommandWord(services, *to, understood=command), listener
                )
            case "retry", Retry(recording=name, new=new):
                await self._begin(
                    lambda *to: StoredQuestion(services, *to, name=name, new=new), listener
                )
            case "repeat", _:
                sentence = isinstance(command, Back)
                await self._begin(lambda *to: Repetition(services, *to, sentence=sentence))
            case _:
                pass

    def _understood(self, asked: Ask) -> AnyCommand | Internal:
        """Return what a typed question is: itself, the follow-up it chooses, or a command word."""
        if asked.literal or asked.source != "text" or self.activity in {"listening", "hands_free"}:
            return asked
        meaning = self._meaning(asked.text)
        if meaning is None:
            return asked
        if meaning.question:
            return msgspec.structs.replace(asked, text=meaning.question, source="suggestion")
        return Understood(words=asked.text, meaning=meaning)

    def _meaning(self, words: str, heard_by: Turn | None = None) -> Meaning | None:
        """Return the meaning of command words; None if the words are a question.

        Args:
            words: what was said or typed.
            heard_by: the turn that has heard the words, and answers nothing yet.
        """
        form = asking.dialogue if (asking := self._asking) else None
        if form and form.understands(words):
            return Meaning(Fill(words=words))
        meaning = self._command_word(words, heard_by)
        if meaning is None and form and heard_by and form.takes(words):
            return Meaning(Fill(words=words))
        return meaning

    @property
    def _asking(self) -> Turn | None:
        """The turn that has the floor, or is held, and whose app waits for the answer to a form."""
        return next((turn for turn, _ in self._going_on() if turn.dialogue), None)

    def _command_word(self, words: str, heard_by: Turn | None) -> Meaning | None:
        """Return the meaning of words as a command word; None if they are none."""
        if not self._services.settings.hands_free.command_words:
            return None
        others = (turn for turn, _ in self._going_on() if turn is not heard_by)
        answering = any(turn.unfinished for turn in others)
        return meaning_of(words, self._circumstances.situation(answering=answering))

    async def _begin(
        self, make: Callable[[events.Handler, int], Turn], listener: events.Handler | None = None
    ) -> None:
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
        self._turns.append((turn, self._start(turn.run())))
        # A task that is cancelled before its first step sends no event, not even Idle.
        await asyncio.sleep(0)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run `work` beside the inbox. A task group would wait for a turn that was given up."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _tasks_over(self, limit_s: float) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limit_s)

    def _going_on(self) -> list[tuple[Turn, asyncio.Task[None]]]:
        """Return the turns that are not over: the last one has the floor, the others are held."""
        self._turns = [(turn, task) for turn, task in self._turns if not turn.over.is_set()]
        return self._turns

    @property
    def _turn(self) -> Turn | None:
        """Return the turn that has the floor, or None."""
        return self._turns[-1][0] if self._going_on() else None

    async def _interrupt(self, *, dismiss: bool) -> None:
        """End every turn. A turn that still asks its server to stop does so beside the next turn.

        Args:
            dismiss: the user no longer wants the answers of these turns.
        """
        await self._end(self._going_on(), dismiss=dismiss)

    async def _end(
        self, turns: Sequence[tuple[Turn, asyncio.Task[None]]], *, dismiss: bool
    ) -> None:
        """End `turns`; return when they are silent and have sent their last events."""
        for turn, task in turns:
            if dismiss:
                turn.dismiss()
            task.cancel()
        try:
            async with asyncio.timeout(self._interrupt_s):
                for turn, _ in turns:
                    await turn.over.wait()
        except TimeoutError:
            self._give_up(turns)

    def _give_up(self, turns: Iterable[tuple[Turn, asyncio.Task[None]]]) -> None:
        """Go on without those of `turns` that do not end."""
        for turn, task in turns:
            if not turn.over.is_set():
                calls = _waiting_at(task)
                log.error("%r was interrupted and does not end: given up within %s", turn, calls)
                turn.give_up()
                self._tasks.discard(task)
                self._lost.append(task)

    async def _drop_before(self, last: Turn) -> None:
        """End the turns that are held for `last`: `last` keeps the floor for good."""
        held = list(itertools.takewhile(lambda going: going[0] is not last, self._going_on()))
        await self._end(held, dismiss=True)

    def _free(self) -> None:
        self._inbox.put_nowait((FloorFree(), None))

    def _remember(self, due: _Due) -> None:
        self._to_announce.append(due)
        self._free()

    async def _announce(self, due: _Due) -> None:
        """Announce a text, and again later where anything but a stop interrupts that."""

        def over(ending: Ending) -> None:
            if ending is Ending.SNOOZED:
                snooze_s = self._services.settings.alarms.snooze_s
                self._loop.call_later(snooze_s, self._remember, due)
            elif ending is Ending.INTERRUPTED and not self._silencing:
                self._to_announce.appendleft(due)
            else:
                due.is_told()

        kind = Alarm if due.rings else Announcement
        await self._begin(lambda *to: kind(self._services, *to, text=due.text, over=over))

    def _cancel_unholding(self) -> None:
        if self._unholding:
            self._unholding.cancel()

    def _attend(self) -> None:
        """Listen again, if conversation mode is on."""
        if self._services.attention.on:
            self._inbox.put_nowait((AnswerSpoken(), None))

    async def _unhold(self, turn: Turn) -> None:
        await self._services.sounds.over()
        if turn is self._turn:
            turn.unhold()


def _waiting_at(task: asyncio.Task[None]) -> str:
    """Return the names of the calls in which a task waits, outermost first, for the log."""
    calls, coroutine = [], cast("Any", task.get_coro())
    while frame := getattr(coroutine, "cr_frame", None):
        calls.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        coroutine = coroutine.cr_await
    return " > ".join(calls)
