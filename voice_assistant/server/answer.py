"""One answer of the embedded backend: written, spoken meanwhile, kept, and stopped on request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.api.models import ChatCompletion, Metadata
from voice_assistant.api.stream.events import (
    Message,
    MessageEnd,
    MessageReplace,
    StreamError,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
    WorkflowRun,
    WorkflowStarted,
)
from voice_assistant.errors import BackendError
from voice_assistant.server.http.wire import new_id
from voice_assistant.server.parts import Writing
from voice_assistant.server.respondent import Respondent
from voice_assistant.server.skills import Reply
from voice_assistant.server.speech import mp3
from voice_assistant.text.sentences import Sentences
from voice_assistant.text.spoken_part import SpokenPart
from voice_assistant.text.visible import Change

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.server.http.event_stream import Emit
    from voice_assistant.server.parts import Parts

log = logging.getLogger(__name__)

WORKFLOW_ID = "9d1f6d7c-6a0e-4c1b-8e55-6f6e2b0f7a11"
"""The id of the workflow. Real servers send such an id; this server has one workflow only."""


class _Stopped(Exception):
    """A client asked to stop this answer."""


class Answer:
    """One answer to one message.

    Args:
        parts: the parts of the server.
        message: the question, as `History.ask` keeps it.
        user: the user who asked.
    """

    def __init__(self, parts: Parts, message: HistoryMessage, user: str) -> None:
        self.task_id = new_id()
        self._parts = parts
        self._message = message
        self._text = ""
        self._over = False
        self._respondent = Respondent(parts, message, user)
        self._writing = Writing(user)
        self._began = time.monotonic()
        self._ids: dict[str, Any] = {
            "task_id": self.task_id,
            "message_id": message.id,
            "conversation_id": message.conversation_id,
            "created_at": message.created_at,
        }
        self._run = WorkflowRun(id=new_id(), workflow_id=WORKFLOW_ID, created_at=message.created_at)

    async def whole(self) -> ChatCompletion:
        """Return the answer in one piece (response mode "blocking").

        Raises:
            BackendError: a chat model broke off.
        """
        async with contextlib.aclosing(self._respondent.pieces()) as coming:
            async for piece in coming:
                self._take(piece)
        return ChatCompletion(
            id=self._message.id,
            mode="advanced-chat",
            answer=self._text,
            metadata=self._metadata(),
            **self._ids,
        )

    async def stream(self, emit: Emit) -> None:
        """Send the answer as events; after a cancellation the text so far is kept."""
        self._parts.writing[self.task_id] = self._writing
        sentences: asyncio.Queue[str | None] = asyncio.Queue()
        try:
            async with asyncio.TaskGroup() as group:
                stopping = group.create_task(self._stopped())
                speaking = group.create_task(self._speak(emit, sentences))
                await self._write(emit, sentences)
                await speaking
                stopping.cancel()
        except* _Stopped:
            await self._finish(emit, "stopped")
        except* BackendError as errors:
            for error in errors.exceptions:
                assert isinstance(error, BackendError)  # noqa: S101  (nothing else nests groups)
                await self._finish(emit, "failed", f"{error.title}.")
        except* Exception as errors:
            log.exception("the answer failed", exc_info=errors)
            await self._finish(emit, "failed", "The answer failed.")
        finally:
            del self._parts.writing[self.task_id]
            if not self._over:
                self._parts.history.answer(self._message.id, self._text)
        if self._parts.voice:
            await emit(TtsMessageEnd(**self._ids))

    async def _stopped(self) -> None:
        await self._writing.stop.wait()
        raise _Stopped

    async def _write(self, emit: Emit, sentences: asyncio.Queue[str | None]) -> None:
        run_id = self._run.id
        await emit(WorkflowStarted(**self._ids, workflow_run_id=run_id, data=self._run))
        splitter, spoken = Sentences(), SpokenPart()
        async with contextlib.aclosing(self._respondent.pieces()) as coming:
            async for piece in coming:
                self._take(piece)
                if isinstance(piece, Reply):
                    continue
                if piece.anew:
                    splitter, spoken = Sentences(), SpokenPart()
                    await emit(MessageReplace(**self._ids, answer=self._text))
                elif piece.text:
                    await emit(Message(**self._ids, answer=piece.text))
                for sentence in splitter.feed(spoken.feed(piece.text)):
                    sentences.put_nowait(sentence)
                await asyncio.sleep(0)  # speech of the first sentences need not wait for the others
        for sentence in [*splitter.feed(spoken.finish()), *splitter.finish()]:
            sentences.put_nowait(sentence)
        sentences.put_nowait(None)
        # Order: workflow_finished before message_end tells a client that audio may still follow;
        # the reverse order tells that no audio will.
        await self._finish(emit, "succeeded")
        await emit(MessageEnd(**self._ids, id=self._message.id, metadata=self._metadata()))

    async def _speak(self, emit: Emit, sentences: asyncio.Queue[str | None]) -> None:
        voice = self._parts.voice
        if voice is None:
            return
        try:
            async with contextlib.aclosing(mp3(voice, _until_none(sentences))) as speech:
                async for piece in speech:
                    await emit(TtsMessage(**self._ids, audio=piece.data, words=piece.words))
        except Exception:
            # The text is complete without speech, and the client can request the speech again.
            log.exception("the voice failed")

    def _take(self, piece: Change | Reply) -> None:
        """Add a piece to the text, and keep the complete reply."""
        if isinstance(piece, Change):
            self._text = piece.text if piece.anew else self._text + piece.text
            return
        history = self._parts.history
        history.answer(self._message.id, self._text)
        history.suggest(self._message.id, piece.suggestions)
        memory = msgspec.json.encode(piece.memory).decode()
        history.remember(self._message.conversation_id, memory)

    async def _finish(self, emit: Emit, status: str, error: str = "") -> None:
        """Keep and send how the text ended; only the first call counts."""
        if self._over:
            return
        self._over = True
        if status != "succeeded":
            self._parts.history.answer(self._message.id, self._text, error)
        data = msgspec.structs.replace(
            self._run,
            status=status,
            outputs={"answer": self._text},
            error=error,
            elapsed_time=self._elapsed_s(),
            total_steps=1,
            finished_at=int(time.time()),
        )
        await emit(WorkflowFinished(**self._ids, workflow_run_id=data.id, data=data))
        if error:
            code = "internal_server_error"
            await emit(StreamError(**self._ids, status=500, code=code, message=error))

    def _metadata(self) -> Metadata:
        usage = {"currency": "USD", "latency": self._elapsed_s()}
        return msgspec.convert({"usage": usage}, Metadata)

    def _elapsed_s(self) -> float:
        return round(time.monotonic() - self._began, 3)


async def _until_none(queue: asyncio.Queue[str | None]) -> AsyncGenerator[str]:
    while (item := await queue.get()) is not None:
        yield item
