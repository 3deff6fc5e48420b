"""Gives any commands at any moment in a world that misbehaves, and checks what must always hold."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fakes import until
from helpers.system.disk import full_disk
from helpers.turns import fake_time
from helpers.turns.misbehaving import (
    MisbehavingBackend,
    MisbehavingMicrophone,
    MisbehavingSpeaker,
    MisbehavingVoice,
    NamingEars,
    World,
    local_words_of,
    name_of,
)
from helpers.turns.staging import QUIET, staged
from hypothesis import strategies as st

from voice_assistant import events
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.commands import (
    About,
    Announce,
    AnyCommand,
    Ask,
    Back,
    Choose,
    Consent,
    Continue,
    Conversation,
    Copy,
    Dictate,
    Fill,
    FollowUp,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    OpenFiles,
    Pause,
    Press,
    Quit,
    Rate,
    Release,
    Repeat,
    Resume,
    Retry,
    Skip,
    SlowSpeaker,
    Snooze,
    Speed,
    Stop,
    Tap,
    Toggle,
    UseProfile,
    Volume,
    Wake,
    Window,
)

if TYPE_CHECKING:
    from helpers.turns.staging import Stage

SHORTEST_S = 0.1
"""Shorter recordings are no speech to anybody."""

NOWHERE = "/nonexistent/folder/file.wav"

COMMANDS: tuple[AnyCommand, ...] = (
    *(Press(), Release(), Toggle(), Tap(), Stop(), New()),
    *(Dictate(), Dictate(held=True)),
    *(Pause(), Pause(toggle=True), Resume(), Repeat(), Skip(), Back()),
    *(Volume(level=0.0), Volume(level=0.7), Speed(factor=0.5), Speed(factor=2.0)),
    *(Ask(text="a question"), Ask(text=" "), Ask(text="in writing", speech=False)),
    *(Ask(text="anew", new=True), Ask(text="saved", save_speech=NOWHERE), Ask(audio=NOWHERE)),
    *(Ask(text="of a file", files=(NOWHERE,)), Ask(text="of a file", files=(__file__,))),
    *(
        Fill(words="yes"),
        Fill(items=("yes", "note=a")),
        Retry(),
        Retry(recording="1"),
        Retry(recording="2"),
        Announce(text="Time is up."),
        OffRecord(),
        OpenFiles(),
        LookAtScreen(),
        Announce(text="Shall I send it?", asks_consent=True),
        Consent(),
        Consent(given=False),
        Rate(rating="good"),
        Continue(conversation_id="old"),
        UseProfile(),
        Mute(),
        Conversation(),
        Window(),
        Copy(text="One."),
        Choose(setting="speaker.device"),
        Wake(),
        SlowSpeaker(on=True),
        About(),
        FollowUp(number=1),
        Snooze(),
    ),
)


@dataclass(frozen=True)
class Wait:
    """Time that passes before the next step."""

    rounds: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Disk:
    """Lets the disk take data, or refuse it, from now on."""

    full: bool


Step = AnyCommand | Wait | Disk

STEPS = st.lists(
    st.one_of(
        st.sampled_from(COMMANDS),
        # What people do most, so that it gets far.
        st.sampled_from((Press(), Release(), Toggle(), Ask(text="a question"))),
        st.builds(Wait, rounds=st.integers(1, 60)),
        st.builds(Wait, seconds=st.sampled_from((0.01, 0.2, 1.0, 3.0, 20.0, 80.0))),
        st.sampled_from((Disk(full=True), Disk(full=False))),
    ),
    max_size=30,
)


class Bugs(logging.Handler):
    """The log messages with a traceback."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.found.append(self.format(record))


@contextlib.contextmanager
def no_bugs():
    """Check that nothing within the block logs a traceback."""
    bugs = Bugs()
    ours = logging.getLogger("voice_assistant")
    ours.addHandler(bugs)
    try:
        yield
    finally:
        ours.removeHandler(bugs)
        assert not bugs.found, "\n".join(bugs.found)


class Told:
    """Carries the steps out, and checks what must always hold."""

    def __init__(self, seed: int, share: float) -> None:
        self.world = World(random.Random(seed), share)  # noqa: S311  (the same each time)
        self.backend = MisbehavingBackend(self.world)
        self.ears: list[NamingEars] = []
        self._on_full_disk: list[NamingEars] = []
        self._disk_is_full = False
        self._full = contextlib.ExitStack()

    def listen(self) -> NamingEars:
        ears = NamingEars()
        self.ears.append(ears)
        if self._disk_is_full:
            self._on_full_disk.append(ears)
        return ears

    async def story(self, steps: list[Step], *, quits: bool) -> None:
        speaker = MisbehavingSpeaker(self.world)
        hearing = asyncio.create_task(speaker.run())
        with self._full:
            async with staged(
                backend=self.backend,
                connect=self.backend.connect,
                microphone=MisbehavingMicrophone(self.world),
                speaker=speaker,
                settings=QUIET,
                ears=self.listen,
                local_words=local_words_of(self.world),
                voice=MisbehavingVoice(self.world),
                interrupt_s=5.0,
            ) as stage:
                for step in steps:
                    await self._take(step, stage)
                if not quits:
                    await self._ends_idle(stage, len(steps))
                    self._free_disk()
                    self._lost_nothing(stage)
                    await self._answers(stage)
                stage.post(Quit())
                await until(lambda: stage.ended, seconds=30.0, pause_s=0.1)
                self._free_disk()
                self._lost_nothing(stage)
        await asyncio.sleep(200.0)  # what would not be ended ends by itself
        hearing.cancel()
        await asyncio.wait([hearing])
        self._told_in_order(stage)

    async def _take(self, step: Step, stage: Stage) -> None:
        match step:
            case Wait(rounds=rounds, seconds=seconds):
                for _ in range(rounds):
                    await asyncio.sleep(0)
                await asyncio.sleep(seconds)
            case Disk(full=True):
                self._free_disk()
                self._full.enter_context(full_disk())
                self._disk_is_full = True
                self._on_full_disk += self.ears[-1:]
            case Disk():
                self._free_disk()
            case _:
                stage.post(step)

    def _free_disk(self) -> None:
        self._full.close()
        self._disk_is_full = False

    async def _ends_idle(self, stage: Stage, steps: int) -> None:
        """Check that `Stop` ends the turn; an announcement that waited needs one more."""
        for _ in range(steps + 2):  # each interruption before it may take its five seconds, too
            stage.post(Stop())
            await asyncio.sleep(6.0)
            if stage.rests():
                break
        assert stage.rests(), stage.events[-5:]
        assert stage.phases[-1] in {"idle", "error"}

    async def _answers(self, stage: Stage) -> None:
        """Check that the assistant answers once the world is healed."""
        self.world.healed = True
        stage.speaker.lost = None
        ended = stage.count("idle")
        stage.post(Press())
        await asyncio.sleep(1.0)
        stage.post(Release())
        await until(lambda: stage.count("idle") > ended, seconds=30.0, pause_s=0.1)
        assert any(isinstance(event, events.Answered) and event.complete for event in last(stage))
        assert any(isinstance(event, events.Spoken) and event.complete for event in last(stage))

    def _lost_nothing(self, stage: Stage) -> None:
        """Check that each utterance is answered, at least in part, or is on the disk."""
        kept = {name_of(read_speech(kept.file)) for kept in stage.parts.recordings.archive.every()}
        answered = {
            event.question
            for event in stage.events
            if isinstance(event, events.Asked) and answers(stage.events, event.turn)
        }
        heard = {ears.name for ears in self.ears if ears.speech_s >= SHORTEST_S}
        not_taken = {ears.name for ears in self._on_full_disk}
        assert heard <= kept | answered | not_taken, (heard, kept, answered)

    def _told_in_order(self, stage: Stage) -> None:
        """Check that each turn ends once, with its last event, and that no failure is a bug."""
        over: set[int] = set()
        for event in stage.events:
            assert event.turn not in over, event
            if isinstance(event, events.Idle):
                over.add(event.turn)
            assert not (isinstance(event, events.Failed) and event.code == "bug")
        assert over == {event.turn for event in stage.events}


def last(stage: Stage) -> list[events.AnyEvent]:
    """Return the events of the last turn."""
    return [event for event in stage.events if event.turn == stage.events[-1].turn]


def answers(told: list[events.AnyEvent], turn: int) -> bool:
    """Return whether the turn has an event of an answer."""
    return any(
        event.turn == turn and (isinstance(event, (events.Text, events.Answered))) for event in told
    )


def anything_happens(steps: list[Any], seed: int, share: float, *, quits: bool) -> None:
    """Carry out these steps, and check the result.

    Args:
        steps: commands and what else happens, in their order.
        seed: of what goes wrong.
        share: of all that could go wrong does.
        quits: at the end of the steps, instead of `Stop`.
    """
    with no_bugs():
        fake_time.tell(Told(seed, share).story(steps, quits=quits))
