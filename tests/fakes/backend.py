"""A server that follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from fakes.sounds import pieces, utter, wav
from voice_assistant.api.models import (
    AppInfo,
    ChatRequest,
    Form,
    HistoryMessage,
    Parameters,
    SpeechRequest,
    Transcript,
    Upload,
    UploadedFile,
)
from voice_assistant.api.models.app import Switch
from voice_assistant.api.stream.events import (
    AgentMessage,
    Message,
    MessageReplace,
)
from voice_assistant.errors import NotFound

Step = Any
"""One step of a scripted answer: an event of the stream; an `asyncio.Event` to wait for; a function
that is called (and awaited, if it answers with an awaitable); an exception that is raised."""


@dataclass
class FakeChatStream:
    """An answer that follows its script, until it is stopped.

    Every answer is a task of its own, as at a real server: what stops one stops no other, though
    both follow one script. From the second answer on the answer's number is added to the task's
    name.
    """

    script: Sequence[Step]
    request: ChatRequest
    number: int = 1
    task_id: str = ""
    message_id: str = ""
    conversation_id: str = ""
    text: str = ""
    stopped: bool = False
    damaged: bool = False
    complete: bool = False
    queued: bool = False
    cut_off: bool = False
    given_up: bool = False
    run_id: str = ""
    form: Form | None = None
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
        self.complete = self.form is None

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
        for name in ("message_id", "conversation_id"):
            setattr(self, name, getattr(event, name, "") or getattr(self, name))
        if task_id := getattr(event, "task_id", ""):
            self.task_id = task_id if self.number == 1 else f"{task_id} {self.number}"
        if isinstance(event, MessageReplace):
            self.text = event.answer
        elif isinstance(event, Message | AgentMessage):
            self.text += event.answer


SpeechMaker = Callable[[SpeechRequest], AsyncIterator[bytes]]


async def speak_wav(request: SpeechRequest) -> AsyncIterator[bytes]:
    """Yield speech that `read` can read: `FakeBackend` speaks this way unless told otherwise."""
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
    app = ""

    def __init__(
        self,
        script: Sequence[Step] = (),
        *,
        scripts: Sequence[Sequence[Step]] = (),
        words: Sequence[str | Transcript | Exception] = ("a question",),
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
        self.sure: list[bool] = []
        self.filled: list[tuple[str, str, Any]] = []
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

    async def audio_to_text(self, upload: Upload) -> Transcript:
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
        return words if isinstance(words, Transcript) else Transcript(text=words)

    @asynccontextmanager
    async def chat(
        self, request: ChatRequest, *, sure: bool = False
    ) -> AsyncIterator[FakeChatStream]:
        self.asked.append(request)
        self.sure.append(sure)
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        number = len(self.asked)
        stream = FakeChatStream(script, request, number, conversation_id=request.conversation_id)
        self.streams.append(stream)
        try:
            yield stream
        finally:
            stream.closed = True

    @asynccontextmanager
    async def follow_run(
        self, run_id: str, *, filled_in: Sequence[str] = ()
    ) -> AsyncIterator[FakeChatStream]:
        raise NotFound("There is no such run")
        yield

    async def fill_in_form(self, form_token: str, action: str, values: Any) -> None:
        await asyncio.sleep(0)
        self.filled.append((form_token, action, values))

    async def find_message(self, **about) -> HistoryMessage | None:
        await asyncio.sleep(0)
        return None

    async def stop(self, task_id: str) -> None:
        await asyncio.sleep(0)
        self.stopped.append(task_id)
        for stream in self.streams:
            if stream.task_id == task_id:
                stream.stop()

    async def text_to_audio(self, request: SpeechRequest) -> AsyncGenerator[bytes, None]:
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
