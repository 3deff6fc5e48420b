"""One answer of the embedded backend: written, spoken meanwhile, kept, and stopped on request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from typing import TYPE_CHECKING, Any

import msgspec

from voice_assistant.api.events import (
    Message,
    MessageEnd,
    StreamError,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
    WorkflowRun,
    WorkflowStarted,
)
from voice_assistant.api.models import ChatCompletion, Metadata
from voice_assistant.server.parts import Writing
from voice_assistant.server.skills import Memory, Reply
from voice_assistant.server.speech import mp3
from voice_assistant.server.wire import new_id
from voice_assistant.text.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.server.event_stream import Emit
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
        """Return the answer in one piece (response mode "blocking")."""
        reply = await self._reply()
        self._text = reply.text
        self._keep(reply)
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
        reply = await self._reply()
        splitter = Sentences()
        for delta in deltas(reply.text):
            self._text += delta
            await emit(Message(**self._ids, answer=delta))
            for sentence in splitter.feed(delta):
                sentences.put_nowait(sentence)
            await asyncio.sleep(0)  # speech of the first sentences need not wait for the others
        for sentence in splitter.finish():
            sentences.put_nowait(sentence)
        sentences.put_nowait(None)
        self._keep(reply)
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
                    await emit(TtsMessage(**self._ids, audio=piece))
        except Exception:
            # The text is complete without speech, and the client can request the speech again.
            log.exception("the voice failed")

    async def _reply(self) -> Reply:
        question = self._message.query
        history, conversation_id = self._parts.history, self._message.conversation_id
        memory = history.memory(conversation_id)
        known = msgspec.json.decode(memory, type=Memory) if memory else Memory()
        if annotation := self._parts.annotations.answer_to(question):
            return Reply(annotation.answer, (), known)
        skills = self._parts.skills
        certainty = self._parts.heard.certainty(question)
        reply = await skills.reply(question, known)
        return reply or skills.regret(question, known, certainty)

    def _keep(self, reply: Reply) -> None:
        history = self._parts.history
        history.answer(self._message.id, self._text)
        history.suggest(self._message.id, reply.suggestions)
        memory = msgspec.json.encode(reply.memory).decode()
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


def deltas(text: str) -> list[str]:
    """Return a text in pieces of three words; the joined pieces are the text."""
    return re.findall(r"\s*\S+(?:\s+\S+){0,2}|\s+$", text)


async def _until_none(queue: asyncio.Queue[str | None]) -> AsyncGenerator[str]:
    while (item := await queue.get()) is not None:
        yield item
