"""Finds who answers a question: a prepared answer, a skill, the chat model, or nobody."""

from __future__ import annotations

import asyncio
import base64
import re
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import AssistantError
from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills import Memory, Reply, Unanswered
from voice_assistant.server.skills.talk import HELP
from voice_assistant.settings.titles import in_titles
from voice_assistant.system import local_time
from voice_assistant.text.visible import Change

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from voice_assistant.api.models import HistoryMessage, MessageAttachment
    from voice_assistant.server.chat_model.model import ChatModel
    from voice_assistant.server.parts import Parts

TALK_MESSAGES = 40
"""The most questions of a talk that a chat model may read again."""

MORE = ("Tell me more", "Say it in simpler words", "Give me an example")
"""The follow-ups to an answer of a chat model that makes none in time."""


class Respondent:
    """Answers one question.

    Args:
        parts: the parts of the server.
        message: the question, as `History.ask` keeps it.
        user: the user who asked.
    """

    def __init__(self, parts: Parts, message: HistoryMessage, user: str) -> None:
        self._parts = parts
        self._message = message
        self._user = user

    async def pieces(self) -> AsyncGenerator[Change | Reply, None]:
        """Yield the answer piece by piece, and then the whole reply.

        Raises:
            BackendError: a chat model broke off after its first words.
        """
        question, parts = self._message.query, self._parts
        memory = parts.history.memory(self._message.conversation_id)
        known = msgspec.json.decode(memory, type=Memory) if memory else Memory()
        if annotation := parts.annotations.answer_to(question):
            reply: Reply | Unanswered = Reply(annotation.answer, (), known)
        else:
            heard = parts.heard
            reply = await parts.skills.reply(
                question, known, heard.certainty(question), heard.perhaps(question)
            )
        if isinstance(reply, Unanswered):
            asked = reply.question
            # After "Did you say: …?" and "yes" the words are sure.
            certainty = parts.heard.certainty(asked) if asked == question else Certainty.TYPED
            model = await parts.chat_model.model(parts.skills)
            if model is not None:
                async with aclosing(self._by_model(model, asked, certainty, known)) as coming:
                    async for piece in coming:
                        yield piece
                return
            found = await parts.chat_model.choice.found()
            reply = parts.skills.regret(asked, known, certainty, found.server if found else "")
        for delta in deltas(reply.text):
            yield Change(delta)
        yield reply

    async def _by_model(
        self, model: ChatModel, question: str, certainty: Certainty, known: Memory
    ) -> AsyncGenerator[Change | Reply, None]:
        history = self._parts.history
        page = history.messages(self._message.conversation_id, TALK_MESSAGES, self._message.id)
        before, today = page.data, local_time.now().date()
        text = ""
        try:
            pictures = await self._pictures(model)
            unsure = certainty is Certainty.UNSURE
            answer = model.answer(question, before, today, pictures, unsure=unsure)
            async with aclosing(answer) as coming:
                async for change in coming:
                    text = change.text if change.anew else text + change.text
                    yield change
        except AssistantError as error:
            if text.strip():
                raise
            text = in_titles(f"{error.title}. {error.hint}".strip())
            yield Change(text)
            yield Reply(text, (question, HELP), known)
            return
        follow_ups = partial(model.follow_ups, question, text, before, today)
        self._parts.follow_ups.begin(self._message, follow_ups)
        yield Reply(text, MORE, known.after(text))

    async def _pictures(self, model: ChatModel) -> Sequence[str]:
        """Return the addresses of the question's pictures for a model that sees."""
        pictures = [file for file in self._message.message_files if file.type == "image"]
        if not pictures or not await model.sees_pictures():
            return ()
        return [await self._address(picture) for picture in pictures]

    async def _address(self, picture: MessageAttachment) -> str:
        files = self._parts.files
        kept = files.get(picture.upload_file_id or "", self._user)
        if kept is None:
            return picture.url
        content = await asyncio.to_thread(lambda: base64.b64encode(files.content(kept)))
        return f"data:{kept.mime_type};base64,{content.decode()}"


def deltas(text: str) -> list[str]:
    """Return a text in pieces of three words; the joined pieces are the text."""
    return re.findall(r"\s*\S+(?:\s+\S+){0,2}|\s+$", text)
