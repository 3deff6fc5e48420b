"""A whole assistant on a stage of fakes: real assistant, turn, speech plan, recordings."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from fakes import FakeBackend, FakeMicrophone, FakeProblems, FakeSpeaker, until
from helpers.settings.varied import QUIET

from voice_assistant import events
from voice_assistant.api.models import Parameters, Transcript
from voice_assistant.api.models.app import Switch, TextToSpeech
from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
)
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.backend.capabilities import Capabilities
from voice_assistant.backend.conversation import Conversation
from voice_assistant.commands import AnyCommand, Press, Quit, Release
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.attention import Attention
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.sound.files import WavSpeaker
from voice_assistant.speech.earcon_player import EarconPlayer
from voice_assistant.speech.player import Player
from voice_assistant.turns.assistant import Assistant
from voice_assistant.turns.services import TurnServices

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.audio.echo import Echo
    from voice_assistant.settings.schema import Settings

IDS = {"task_id": "task", "message_id": "message", "conversation_id": "conversation"}
ANSWER = (
    Message(answer="One. ", **IDS),
    Message(answer="Tw", **IDS),
    Message(answer="o.", **IDS),
    MessageEnd(**IDS),
)
"""A complete answer of two sentences; after the first two steps one sentence is whole."""

SILENT = Parameters(
    speech_to_text=Switch(enabled=True),
    text_to_speech=TextToSpeech(enabled=True, auto_play_word="disabled"),
    suggested_questions_after_answer=Switch(enabled=True),
)
"""An app that suggests questions and sends no audio within its answers."""


def server(**behaviour: Any) -> FakeBackend:
    """Return a backend without audio in its answers, so that every sentence is requested."""
    return FakeBackend(**{"can": SILENT, **behaviour})


async def no_local_words(pcm: Pcm) -> Transcript:
    """Fail: only the server may be asked."""
    raise AssertionError


class QuickEars:
    """Takes every sound for speech: the sounds of fakes are like no voice."""

    def __init__(self) -> None:
        self.voice_dbfs = None
        self.speech_detected = False
        self.speech_s = 0.0
        self.silence_s = 0.0

    def feed(self, pcm: Pcm) -> None:
        self.speech_detected = self.speech_detected or bool(pcm.any())
        self.speech_s += np.count_nonzero(pcm) / SPEECH_RATE_HZ
        self.silence_s = 0.0 if pcm.any() else self.silence_s + len(pcm) / SPEECH_RATE_HZ


class DeafEars(QuickEars):
    """Detects no speech in any sound."""

    def feed(self, pcm: Pcm) -> None:
        super().feed(pcm * 0)


class LoudEars(QuickEars):
    """Takes every sound that is louder than hiss for speech."""

    def feed(self, pcm: Pcm) -> None:
        super().feed(pcm * (pcm > 1))


class Stage(events.Subscriber):
    """The assistant, its ports, and its events so far."""

    def __init__(self, parts: TurnServices, folder: Path, interrupt_s: float) -> None:
        self.assistant = Assistant(parts, interrupt_s=interrupt_s)
        self.events: list[events.AnyEvent] = []
        self.phases: list[events.Phase] = ["idle"]
        self._phases = events.Phases()
        self.assistant.subscribe(self)
        self.assistant.subscribe(parts.sounds)
        self.parts = parts
        self.conversation = parts.conversation
        self.speaker = parts.speaker
        self.microphone = parts.microphone
        self._folder = folder
        self.task = asyncio.create_task(self.assistant.run())
        self.sounding = asyncio.create_task(parts.sounds.run())

    def handle(self, event: events.AnyEvent) -> None:
        self.events.append(event)
        self._phases.handle(event)
        if self._phases.now != self.phases[-1]:
            self.phases.append(self._phases.now)

    def post(self, command: AnyCommand) -> None:
        self.assistant.post(command)

    @property
    def ended(self) -> bool:
        return self.task.done()

    def kinds(self, turn: int = 0) -> list[str]:
        """Return the kinds of events so far, of one turn or of all."""
        told = [event for event in self.events if turn in {0, event.turn}]
        return [type(event).__name__.lower() for event in told]

    def count(self, kind: str) -> int:
        return self.kinds().count(kind)

    def questions(self) -> list[str]:
        return [event.question for event in self.events if isinstance(event, events.Asked)]

    def shown(self) -> str:
        """Return the answer's text as somebody reads it in the end."""
        shown = ""
        for event in self.events:
            match event:
                case events.Text(delta=delta):
                    shown += delta
                case events.Replaced(text=text):
                    shown = text
        return shown

    def failures(self) -> list[events.Failed]:
        return [event for event in self.events if isinstance(event, events.Failed)]

    def recordings(self) -> list[Path]:
        return sorted(self._folder.glob("*.wav"))

    def heard_all(self) -> bool:
        """Return whether the last capture has delivered all its sound."""
        captures = self.microphone.captures
        return bool(captures) and captures[-1].delivered

    def rests(self) -> bool:
        """Return whether no command waits, and no turn goes on."""
        return self.assistant._inbox.empty() and self.assistant.activity == "resting"

    @property
    def data(self) -> Path:
        """The folder of the recordings and the conversation."""
        return self._folder.parent

    async def speak(self) -> None:
        """Hold the key until the microphone has delivered all its sound."""
        self.post(Press())
        await until(self.heard_all)
        self.post(Release())

    async def turn_over(self) -> None:
        await until(lambda: self.kinds()[-1:] == ["idle"])

    async def settle(self) -> None:
        """Let the loop run until nothing is due."""
        for _ in range(100):
            await asyncio.sleep(0)


@asynccontextmanager
async def staged(
    *,
    backend: FakeBackend | None = None,
    speaker: FakeSpeaker | None = None,
    settings: Settings = QUIET,
    problems: FakeProblems | None = None,
    echo: Callable[[], Echo] | None = None,
    interrupt_s: float = 20.0,
    **services: Any,
) -> AsyncIterator[Stage]:
    """Run an assistant for the length of the block, then let it quit.

    Args:
        backend: the server.
        speaker: plays the answers.
        settings: all settings.
        problems: gets the errors of devices.
        echo: makes what removes the sounds of the assistant from a recording.
        interrupt_s: seconds after which an interrupted turn that does not end is given up.
        services: more of what turns work with, by the names of `TurnServices`; None: the usual one.
    """
    given = {name: service for name, service in services.items() if service is not None}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        usual = usual_services(
            data,
            backend=backend or server(script=ANSWER),
            speaker=speaker or FakeSpeaker(),
            settings=settings,
            problems=FakeProblems() if problems is None else problems,
            echo=echo,
        )
        stage = Stage(replace(usual, **given), data / "recordings", interrupt_s)
        try:
            yield stage
        finally:
            if not stage.ended:
                stage.post(Quit())
            await asyncio.wait([stage.task], timeout=20)
            stage.sounding.cancel()
            assert stage.ended, "the assistant does not quit"
            if not stage.task.cancelled():
                stage.task.result()


def usual_services(
    data: Path,
    *,
    backend: FakeBackend,
    speaker: FakeSpeaker,
    settings: Settings,
    problems: FakeProblems,
    echo: Callable[[], Echo] | None,
) -> TurnServices:
    """Return what the turns on a stage work with, with all files below the folder `data`."""

    async def connect() -> FakeBackend:
        return backend

    archive = Archive(data / "recordings", settings.recordings)
    return TurnServices(
        connect=connect,
        capabilities=Capabilities(),
        microphone=FakeMicrophone(),
        speaker=speaker,
        player=Player(),
        voice=None,
        recordings=Recordings(archive, "wav", problems, echo),
        conversation=Conversation(data / "conversations.json", "server", problems),
        settings=settings,
        sounds=EarconPlayer(settings.sounds, speaker, problems),
        saved=WavSpeaker,
        ears=QuickEars,
        local_words=no_local_words,
        problems=problems,
        attention=Attention(settings.hands_free),
    )
