"""The world as tests need it: ports that behave, without devices, servers or time.

Speech is made so that what was heard can be read: `utter("Hello")` is a sound, `read(pcm)` its
text again. Time passes only where a test lets it: a held speaker hears what `hear` tells it to,
and a scripted answer waits for the conditions in its script.
"""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from voice_assistant.api.models import (
    AppInfo,
    ChatRequest,
    Parameters,
    SpeechRequest,
    Upload,
    UploadedFile,
)
from voice_assistant.api.models.app import Switch
from voice_assistant.api.stream import AgentMessage, Message, MessageReplace
from voice_assistant.audio.format import SPEECH_RATE_HZ, Pcm

SECONDS_PER_UNIT = 0.05
"""How long one UTF-16 unit of a text sounds."""

_UNIT = int(SECONDS_PER_UNIT * SPEECH_RATE_HZ)
_READ_AT = _UNIT // 2


def utter(text: str) -> Pcm:
    """`text` as a sound at 16 kHz: each of its UTF-16 units is one level, held for 50 ms."""
    units = np.frombuffer(text.encode("utf-16-le"), dtype="<i2").astype(np.int16)
    return np.repeat(units, _UNIT)


def read(pcm: Pcm) -> str:
    """The text of an uttered sound; a unit is read if half of it was heard."""
    units = np.ascontiguousarray(pcm[_READ_AT::_UNIT], dtype="<i2")
    return units.tobytes().decode("utf-16-le", errors="replace").replace("\0", "")


def wav(pcm: Pcm, rate_hz: int = SPEECH_RATE_HZ) -> bytes:
    """A whole WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(pcm.astype("<i2").tobytes())
    return file.getvalue()


def pieces(data: bytes, size: int = 4096) -> list[bytes]:
    """`data`, cut as a network would."""
    return [data[at : at + size] for at in range(0, len(data), size)]


async def until(
    condition: Callable[[], Any], *, seconds: float = 20.0, pause_s: float = 0.001
) -> None:
    """Wait for a condition; fail loudly if it does not come."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(pause_s)


class FakeCapture:
    """A recording of prepared blocks; after the last it waits for `stop`."""

    def __init__(self, blocks: Sequence[Pcm], error: Exception | None) -> None:
        self._blocks = blocks
        self._error = error
        self._stopped = asyncio.Event()
        self.tail_s: float | None = None
        self.delivered = False  # all blocks have been handed out
        self.silent = True
        self.closed = False

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self, *, tail_s: float = 0.0) -> None:
        if self.tail_s is None:
            self.tail_s = tail_s
        self._stopped.set()

    async def __aiter__(self) -> AsyncIterator[Pcm]:
        for block in self._blocks:
            await asyncio.sleep(0)
            if self.stopped:
                return
            self.silent = self.silent and not block.any()
            yield block
        self.delivered = True
        if self._error:
            raise self._error
        await self._stopped.wait()


class FakeMicrophone:
    """Hears `pcm` (16 kHz) in 20 ms blocks on every capture.

    Args:
        pcm: what is said.
        missing: raised when the microphone is opened.
        lost: raised after the last block.
    """

    def __init__(
        self,
        pcm: Pcm | None = None,
        *,
        missing: Exception | None = None,
        lost: Exception | None = None,
    ) -> None:
        self.pcm = utter("a question") if pcm is None else pcm
        self.missing = missing
        self.lost = lost
        self.captures: list[FakeCapture] = []

    @asynccontextmanager
    async def capture(self) -> AsyncIterator[FakeCapture]:
        if self.missing:
            raise self.missing
        blocks = np.split(self.pcm, range(320, len(self.pcm), 320))
        capture = FakeCapture(blocks, self.lost)
        self.captures.append(capture)
        try:
            yield capture
        finally:
            capture.closed = True


class FakePlayback:
    """One thing being played: see `FakeSpeaker`."""

    def __init__(self, speaker: FakeSpeaker) -> None:
        self._speaker = speaker
        self._changed = asyncio.Event()
        self._written: list[Pcm] = []
        self._heard_s = 0.0
        self.written_s = 0.0
        self.state = "playing"

    @property
    def heard_s(self) -> float:
        return self._heard_s

    @property
    def words(self) -> str:
        """What was written, as text."""
        return read(np.concatenate(self._written)) if self._written else ""

    @property
    def heard_words(self) -> str:
        """What was heard, as text."""
        if not self._written:
            return ""
        return read(np.concatenate(self._written)[: round(self._heard_s * SPEECH_RATE_HZ)])

    async def write(self, pcm: Pcm, rate_hz: int) -> None:
        assert pcm.dtype == np.int16
        assert pcm.ndim == 1
        assert self.state != "finished"
        if self._speaker.lost:
            raise self._speaker.lost
        await self._wait(lambda: self.written_s - self._heard_s <= self._speaker.ahead_s)
        if self.state == "aborted":
            return
        self._written.append(pcm)
        self.written_s += len(pcm) / rate_hz
        if not self._speaker.held:
            self._heard_s = self.written_s
        self._speaker.changed.set()

    async def finish(self) -> float:
        await self._wait(lambda: self._heard_s >= self.written_s - 1e-9)
        if self.state == "playing":
            self.state = "finished"
        return self._heard_s

    def abort(self) -> float:
        if self.state == "playing":
            self.state = "aborted"
            self._changed.set()
        return self._heard_s

    def hear(self, seconds: float) -> None:
        """Let time pass."""
        if self.state == "playing":
            self._heard_s = min(self.written_s, self._heard_s + seconds)
            self._changed.set()

    async def _wait(self, condition: Callable[[], bool]) -> None:
        while self.state == "playing" and not condition():
            self._changed.clear()
            await self._changed.wait()


class FakeSpeaker:
    """Remembers what was played. What is written is heard at once, or, `held`, as `hear` tells.

    Args:
        held: time passes only by `hear`.
        ahead_s: `write` waits while more than this is still to be heard.
        missing: raised by `play`.
        lost: raised by `write`; may be set later.
    """

    def __init__(
        self,
        *,
        held: bool = False,
        ahead_s: float = 2.0,
        missing: Exception | None = None,
        lost: Exception | None = None,
    ) -> None:
        self.held = held
        self.ahead_s = ahead_s
        self.missing = missing
        self.lost = lost
        self.playbacks: list[FakePlayback] = []
        self.changed = asyncio.Event()

    def play(self) -> FakePlayback:
        if self.missing:
            raise self.missing
        if self.playbacks:
            self.playbacks[-1].abort()
        self.playbacks.append(FakePlayback(self))
        return self.playbacks[-1]

    def hear(self, seconds: float = 1e9) -> None:
        """Let time pass: by default all that was written is heard."""
        if self.playbacks:
            self.playbacks[-1].hear(seconds)

    def release(self) -> None:
        """From now on everything is heard at once."""
        self.held = False
        self.hear()

    @property
    def words(self) -> str:
        """Everything that was written, as text."""
        return "".join(playback.words for playback in self.playbacks)

    @property
    def heard_words(self) -> str:
        """Everything that was heard, as text."""
        return "".join(playback.heard_words for playback in self.playbacks)


Step = Any
"""One step of a scripted answer: an event of the stream; an `asyncio.Event` to wait for; a function
that is called (and awaited, if it answers with an awaitable); an exception that is raised."""


@dataclass
class FakeChatStream:
    """An answer that follows its script, until it is stopped."""

    script: Sequence[Step]
    request: ChatRequest
    task_id: str = ""
    message_id: str = ""
    conversation_id: str = ""
    text: str = ""
    stopped: bool = False
    complete: bool = False
    closed: bool = False

    def __post_init__(self) -> None:
        self._stopping = asyncio.Event()
        self._events = self._follow()

    def stop(self) -> None:
        self._stopping.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        return await anext(self._events)

    async def _follow(self) -> AsyncIterator[Any]:
        for step in self.script:
            await asyncio.sleep(0)
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, asyncio.Event):
                await self._either(step)
            elif callable(step):
                result = step()
                if isinstance(result, Awaitable):
                    await result
            else:
                self._note(step)
                yield step
            if self._stopping.is_set():
                self.stopped = True
                return
        self.complete = True

    async def _either(self, condition: asyncio.Event) -> None:
        """Wait for the condition, or for being stopped."""
        tasks = [asyncio.ensure_future(one.wait()) for one in (condition, self._stopping)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _note(self, event: Any) -> None:
        for name in ("task_id", "message_id", "conversation_id"):
            setattr(self, name, getattr(event, name, "") or getattr(self, name))
        if isinstance(event, MessageReplace):
            self.text = event.answer
        elif isinstance(event, Message | AgentMessage):
            self.text += event.answer


SpeechMaker = Callable[[SpeechRequest], AsyncIterator[bytes]]


async def speak_wav(request: SpeechRequest) -> AsyncIterator[bytes]:
    """Speech that can be read again: the way `FakeBackend` speaks unless told otherwise."""
    for piece in pieces(wav(utter(request.text))):
        await asyncio.sleep(0)
        yield piece


class FakeBackend:
    """A server that follows its script and records what it was asked.

    Args:
        script: the steps of every answer (see `Step`); `scripts` holds one list an answer instead.
        words: what `audio_to_text` hears, or what it raises; the last one stays.
        speech: how `text_to_audio` answers.
        questions: what `suggested` answers or raises.
        can: what `parameters` answers or raises.
        gone: conversations that the server no longer has.
    """

    server_version = "1.14.0"

    def __init__(
        self,
        script: Sequence[Step] = (),
        *,
        scripts: Sequence[Sequence[Step]] = (),
        words: Sequence[str | Exception] = ("a question",),
        speech: SpeechMaker = speak_wav,
        questions: Sequence[str] | Exception = (),
        can: Parameters | Exception | None = None,
        gone: Sequence[str] = (),
    ) -> None:
        self._scripts = list(scripts) or [script]
        self._words = list(words)
        self.speech = speech
        self.questions = questions
        self.can = Parameters(speech_to_text=Switch(enabled=True)) if can is None else can
        self.gone = set(gone)
        self.confirmed: list[str] = []
        self.files: list[Upload] = []
        self.asked: list[ChatRequest] = []
        self.streams: list[FakeChatStream] = []
        self.stopped: list[str] = []
        self.uploads: list[bytes] = []
        self.upload_types: list[str] = []
        self.spoken: list[str] = []
        self.suggested_for: list[str] = []
        self.speaking = 0
        self.most_speaking = 0

    async def parameters(self) -> Parameters:
        await asyncio.sleep(0)
        if isinstance(self.can, Exception):
            raise self.can
        return self.can

    async def info(self) -> AppInfo:
        await asyncio.sleep(0)
        return AppInfo(name="an app")

    async def has_conversation(self, conversation_id: str) -> bool:
        await asyncio.sleep(0)
        self.confirmed.append(conversation_id)
        return conversation_id not in self.gone

    async def upload_file(self, upload: Upload) -> UploadedFile:
        await asyncio.sleep(0)
        self.files.append(upload)
        return UploadedFile(id=f"file {len(self.files)}", name=upload.name)

    async def audio_to_text(self, upload: Upload) -> str:
        self.upload_types.append(upload.mime)
        content = upload.content
        if isinstance(content, bytes):
            data = content
        elif isinstance(content, AsyncIterator) or hasattr(content, "__aiter__"):
            data = b"".join([piece async for piece in content])
        else:
            data = await asyncio.to_thread(content.read_bytes)
        self.uploads.append(data)
        words = self._words.pop(0) if len(self._words) > 1 else self._words[0]
        if isinstance(words, Exception):
            raise words
        return words

    @asynccontextmanager
    async def chat(self, request: ChatRequest) -> AsyncIterator[FakeChatStream]:
        self.asked.append(request)
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        stream = FakeChatStream(script, request, conversation_id=request.conversation_id)
        self.streams.append(stream)
        try:
            yield stream
        finally:
            stream.closed = True

    async def stop(self, task_id: str) -> None:
        await asyncio.sleep(0)
        self.stopped.append(task_id)
        for stream in self.streams:
            if stream.task_id == task_id:
                stream.stop()

    async def text_to_audio(self, request: SpeechRequest) -> AsyncIterator[bytes]:
        self.spoken.append(request.text or request.message_id)
        self.speaking += 1
        self.most_speaking = max(self.most_speaking, self.speaking)
        try:
            async for piece in self.speech(request):
                yield piece
        finally:
            self.speaking -= 1

    async def suggested(self, message_id: str) -> Sequence[str]:
        await asyncio.sleep(0)
        self.suggested_for.append(message_id)
        if isinstance(self.questions, Exception):
            raise self.questions
        return self.questions
