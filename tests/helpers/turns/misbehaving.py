"""A world in which anything may go wrong at any time, until it is `healed`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
from fakes import (
    FakeBackend,
    FakeCapture,
    FakeChatStream,
    FakeMicrophone,
    FakeSpeaker,
    FakeVoice,
    speak_wav,
)
from helpers.turns.staging import ANSWER, IDS, SILENT, QuickEars

from voice_assistant.api.models import (
    ChatRequest,
    Form,
    FormAction,
    FormField,
    HistoryMessage,
    Transcript,
)
from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
    MessageReplace,
    TtsMessage,
)
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.errors import (
    BrokenStream,
    ConversationOver,
    MicrophoneError,
    ModelFailed,
    NotFound,
    NothingHeard,
    Rejected,
    ServerBug,
    SpeakerError,
    TimedOut,
    Unauthorized,
    Unreachable,
)

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from fakes import FakePlayback

    from voice_assistant.api.models import (
        AppInfo,
        Parameters,
        SpeechRequest,
        Upload,
        UploadedFile,
    )

UTTERANCES = 0x4E00
"""From here on each letter is the sound of one utterance, to be known by any piece of it."""

ERRORS = (
    Unreachable("The server cannot be reached"),
    TimedOut("The server does not answer"),
    Unauthorized("The key is wrong", status=401),
    NotFound("It is gone", status=404),
    ServerBug("The server has a bug", status=500),
)
STREAM_ERRORS = (
    BrokenStream("The answer broke off"),
    ModelFailed("The model failed"),
    ConversationOver("The conversation is over", status=404),
)


BUTTONS = (FormAction("yes", "Yes"), FormAction("no", "No"))
FORMS = (
    Form(form_id="f1", form_token="t1", form_content="Right?", actions=BUTTONS),
    Form(
        form_id="f2",
        form_token="t2",
        form_content="A note?",
        actions=BUTTONS[:1],
        inputs=(FormField(output_variable_name="note"),),
    ),
)
"""What an app asks a person."""


class World:
    """Decides what goes wrong.

    Args:
        rng: draws.
        share: of all that happens goes wrong.

    Attributes:
        healed: nothing goes wrong any more.
    """

    def __init__(self, rng: random.Random, share: float) -> None:
        self.rng = rng
        self.share = share
        self.healed = False

    def fails(self) -> bool:
        """Return whether something goes wrong now."""
        return not self.healed and self.rng.random() < self.share

    async def happens(self, errors: Sequence[Exception] = ERRORS) -> None:
        """Succeed, be late, fail, hang, or refuse to be ended."""
        if not self.fails():
            return
        match self.rng.choice(["late", "fails", "fails", "hangs", "stubborn"]):
            case "late":
                await asyncio.sleep(self.rng.choice([0.01, 0.3, 2.0, 40.0]))
            case "fails":
                raise copy(self.rng.choice(errors))
            case "hangs":
                await asyncio.Event().wait()
            case "stubborn":
                try:
                    await asyncio.Event().wait()
                finally:
                    await self.closes()

    async def closes(self) -> None:
        """End at once, or late, also if the caller is interrupted."""
        if self.fails():
            await asyncio.sleep(self.rng.choice([0.1, 4.0, 30.0]))


class MisbehavingBackend(FakeBackend):
    """A server that fails at any stage; its words are the name of the utterance."""

    def __init__(self, world: World) -> None:
        super().__init__(can=SILENT, questions=("And then?",))
        self.world = world
        self.speech = self._speech

    async def connect(self) -> MisbehavingBackend:
        await self.world.happens()
        return self

    async def parameters(self) -> Parameters:
        await self.world.happens()
        return await super().parameters()

    async def info(self) -> AppInfo:
        await self.world.happens()
        return await super().info()

    async def has_conversation(self, conversation_id: str) -> bool:
        await self.world.happens()
        return await super().has_conversation(conversation_id) and not self.world.fails()

    async def upload_file(self, upload: Upload) -> UploadedFile:
        await self.world.happens()
        return await super().upload_file(upload)

    async def audio_to_text(self, upload: Upload) -> Transcript:
        await self.world.happens()
        await super().audio_to_text(upload)
        await self.world.happens()
        if self.world.fails():
            return Transcript(text=self.world.rng.choice(["", " ", "\n", "[BLANK_AUDIO]"]))
        return Transcript(text=name_of(read_speech(self.uploads[-1])))

    @asynccontextmanager
    async def chat(
        self, request: ChatRequest, *, sure: bool = False
    ) -> AsyncIterator[FakeChatStream]:
        await self.world.happens()
        self._scripts = [self._script()]
        async with super().chat(request) as stream:
            if self.world.fails():
                stream.form = self.world.rng.choice(FORMS)
            try:
                yield stream
            finally:
                await self.world.closes()

    @asynccontextmanager
    async def follow_run(
        self, run_id: str, *, filled_in: Sequence[str] = ()
    ) -> AsyncIterator[FakeChatStream]:
        await self.world.happens()
        stream = FakeChatStream(self._script(), ChatRequest(""))
        if self.world.fails():
            stream.form = self.world.rng.choice(FORMS)
        yield stream
        await self.world.closes()

    async def fill_in_form(self, form_token: str, action: str, values: Any) -> None:
        await self.world.happens((*ERRORS, Rejected("It is no answer", status=400)))
        await super().fill_in_form(form_token, action, values)

    async def find_message(self, **about: Any) -> HistoryMessage | None:
        await self.world.happens()
        if self.world.fails():
            return None
        return HistoryMessage(id="message", conversation_id="conversation", answer="One. Two.")

    async def stop(self, task_id: str) -> None:
        await self.world.happens()
        await super().stop(task_id)

    async def suggested(self, message_id: str) -> Sequence[str]:
        await self.world.happens()
        return await super().suggested(message_id)

    def _script(self) -> list[Any]:
        script: list[Any] = []
        for step in ANSWER:
            if self.world.fails():
                script.append(self._surprise())
            script.append(step)
        if self.world.fails():
            del script[self.world.rng.randrange(len(script)) :]
        return script

    def _surprise(self) -> Any:
        rng = self.world.rng
        late_s = rng.choice([0.05, 1.0, 70.0])
        return rng.choice(
            [
                *map(copy, STREAM_ERRORS),
                asyncio.Event(),
                lambda: asyncio.sleep(late_s),
                Message(answer="", **IDS),
                Message(answer="Some more words. " * 50, **IDS),
                MessageReplace(answer="Not that.", **IDS),
                MessageEnd(**IDS),
                TtsMessage(audio=b"no audio", **IDS),
            ]
        )

    async def _speech(self, request: SpeechRequest) -> AsyncGenerator[bytes, None]:
        await self.world.happens()
        match self.world.rng.choice(["empty", "garbage"]) if self.world.fails() else "speech":
            case "empty":
                return
            case "garbage":
                yield b"<html>no speech</html>" * 100
            case _:
                async for piece in speak_wav(request):
                    yield piece
                    await self.world.happens()


class PacedCapture(FakeCapture):
    """A recording whose blocks come at the rate of real sound."""

    async def __aiter__(self) -> AsyncIterator[Pcm]:
        async for block in super().__aiter__():
            await asyncio.sleep(0.02)
            yield block


class MisbehavingMicrophone(FakeMicrophone):
    """Hears another utterance each time, if it works."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.opened = 0

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[FakeCapture]:
        self.opened += 1
        rng = self.world.rng
        await self.world.happens([MicrophoneError("There is no microphone")])
        said = np.full(rng.randint(1, 3 * SPEECH_RATE_HZ), UTTERANCES + self.opened, np.int16)
        before, after = (np.zeros(rng.choice([0, 8000]), np.int16) for _ in range(2))
        pcm = np.concatenate([before, said, after, np.zeros(2 * SPEECH_RATE_HZ, np.int16)])
        if self.world.fails():
            pcm = pcm * 0
        lost = MicrophoneError("The microphone was lost") if self.world.fails() else None
        if lost:
            pcm = pcm[: rng.randrange(len(pcm))]
        capture = PacedCapture(np.split(pcm, range(320, len(pcm), 320)), lost, self.go)
        self.captures.append(capture)
        try:
            yield capture
        finally:
            capture.closed = True
            await self.world.closes()


class MisbehavingSpeaker(FakeSpeaker):
    """Is missing at times, or gets lost; plays at its own pace."""

    def __init__(self, world: World) -> None:
        super().__init__(held=True, ahead_s=0.5)
        self.world = world

    def play(self, *, prompt: bool = False) -> FakePlayback:
        self.lost = None
        if self.world.fails():
            raise SpeakerError("There is no speaker")
        if self.world.fails():
            self.lost = SpeakerError("The speaker was lost")
        return super().play()

    async def run(self) -> None:
        """Let time pass for the listener."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            while self.playbacks[-1].unheard_s > 0:
                await asyncio.sleep(0.1)
                self.hear(0.1)


class MisbehavingVoice(FakeVoice):
    """A voice of this machine whose program fails at times."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    async def speak(
        self, text: str, within: Sequence[str] = ()
    ) -> AsyncGenerator[tuple[Pcm, int], None]:
        await self.world.happens([VoiceFailed("The speech program failed")])
        async for piece in super().speak(text, within):
            yield piece


class NamingEars(QuickEars):
    """Know which utterance they have heard."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""

    def feed(self, pcm: Pcm) -> None:
        super().feed(pcm)
        self.name = self.name or name_of(pcm)


def local_words_of(world: World) -> Any:
    """Return this machine's recogniser."""

    async def local_words(pcm: Pcm) -> Transcript:
        await world.happens([NothingHeard("No words were heard")])
        return Transcript(text=name_of(pcm))

    return local_words


def name_of(pcm: Pcm) -> str:
    """Return the utterance in a recording; "" if nothing was said."""
    spoken = pcm[pcm != 0]
    return f"utterance {int(spoken[len(spoken) // 2]) - UTTERANCES}" if spoken.size else ""
