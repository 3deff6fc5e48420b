"""A chat model that answers questions, uses the skills as tools, and suggests follow-ups."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any, Self

import msgspec

from voice_assistant.errors import BackendError, ModelFailed, NotFound, Rejected, ServerBug
from voice_assistant.server.chat_model import prompt, tools
from voice_assistant.server.chat_model.completion import Call, Completion
from voice_assistant.server.chat_model.connection import Connection
from voice_assistant.server.chat_model.discovery import Abilities, abilities, chat_models
from voice_assistant.text.visible import Change, VisibleText

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncGenerator, Sequence

    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.server.chat_model.access import Access
    from voice_assistant.server.skills import Skills

log = logging.getLogger(__name__)

MOST_ROUNDS = 4
"""Answers of a model to one question, with calls of tools in all but the last one."""

ANSWER_SHARE = 4
"""One part in so many of what the model reads at once is left for its answer."""

FOLLOW_UPS_S = 4.0
FOLLOW_UP_LETTERS = 60
MOST_FOLLOW_UPS = 3
FOLLOW_UP_TOKENS = 120
NUMBERING = re.compile(r"^\s*(?:[-*\u2022]|\d{1,2}[.):])?\s*")
QUOTES = " \t\"'\u201c\u201d\u2018\u2019*_`"

NO_WORDS = "The chat model had nothing to say."


class ChatModel:
    """One chat model; an async context manager.

    Args:
        access: the address, the key, and what the user says about the model.
        skills: answer the calls of tools.
        connection: the connection to the model's server; by default made from `access`.
    """

    def __init__(
        self, access: Access, skills: Skills, connection: Connection | None = None
    ) -> None:
        self._access = access
        self._skills = skills
        self._connection = connection or Connection(access)
        self._resources = AsyncExitStack()
        self._learning = asyncio.Lock()
        self._abilities: Abilities | None = None
        self._named = bool(access.model)
        self._takes_tools = True

    async def __aenter__(self) -> Self:
        """Return the model."""
        self._connection = await self._resources.enter_async_context(self._connection)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._resources.aclose()

    @property
    def name(self) -> str:
        """The model's name, else its server's, for people."""
        return self._access.model or self._connection.host

    async def sees_pictures(self) -> bool:
        """Return whether the model reads pictures, as far as that is known."""
        return self._access.sees_pictures or (await self._known()).sees_pictures

    async def answer(
        self,
        question: str,
        before: Sequence[HistoryMessage],
        today: dt.date,
        pictures: Sequence[str] = (),
        *,
        unsure: bool = False,
    ) -> AsyncGenerator[Change, None]:
        """Ask the model, and yield its answer piece by piece, without its thinking.

        Args:
            question: the question.
            before: the talk before the question, the oldest first.
            today: the date.
            pictures: the addresses of pictures that belong to the question.
            unsure: the question may have been misheard, which the model is told.

        Raises:
            BackendError: the model cannot be asked, fails, or breaks off.
        """
        asked = f"{question}\n\n{prompt.MISHEARD}" if unsure else question
        messages = await self._messages(asked, before, today, pictures)
        some = False
        for round_ in range(MOST_ROUNDS):
            completion = Completion()
            visible = VisibleText()
            with_tools = self._takes_tools and round_ < MOST_ROUNDS - 1
            async with aclosing(
                self._complete(messages, completion, with_tools=with_tools)
            ) as coming:
                async for text in coming:
                    change = visible.feed(text)
                    some |= bool(change.text.strip())
                    yield change
            change = visible.finish()
            some |= bool(change.text.strip())
            yield change
            if completion.calls:
                if visible.text.strip():
                    yield Change(" ")  # parts what was said before the tools from what comes after
                messages += await self._used(completion.calls, visible.text)
            elif some or not with_tools:
                break
            else:  # some servers lose the answer of a model that has tools
                self._takes_tools = False
        if not some:
            raise ModelFailed(NO_WORDS.removesuffix("."), "Ask again.")

    async def follow_ups(
        self, question: str, answer: str, before: Sequence[HistoryMessage], today: dt.date
    ) -> tuple[str, ...]:
        """Return up to three questions that may follow; empty if the model makes none in time."""
        messages = await self._messages(question, before, today, ())
        messages += [{"role": "assistant", "content": answer}, prompt.question(prompt.FOLLOW_UPS)]
        visible = VisibleText()
        body = {"messages": messages, "max_tokens": FOLLOW_UP_TOKENS}
        try:
            async with (
                asyncio.timeout(FOLLOW_UPS_S),
                aclosing(self._connection.complete(body, Completion())) as coming,
            ):
                async for text in coming:
                    visible.feed(text)
        except (BackendError, TimeoutError) as error:
            log.info("no follow-ups by the chat model: %s", error)
            return ()
        visible.finish()
        return questions_in(visible.text)

    async def _messages(
        self,
        question: str,
        before: Sequence[HistoryMessage],
        today: dt.date,
        pictures: Sequence[str],
    ) -> list[prompt.Message]:
        known = await self._known()
        window = self._access.window_tokens or known.window_tokens or prompt.WINDOW_TOKENS
        begin = prompt.system(today, self._access.instructions)
        end = prompt.question(question, pictures)
        left = window - window // ANSWER_SHARE
        left -= prompt.estimated_tokens(begin) + prompt.estimated_tokens(end)
        return [begin, *prompt.talk(before, left), end]

    async def _complete(
        self, messages: list[prompt.Message], completion: Completion, *, with_tools: bool
    ) -> AsyncGenerator[str, None]:
        """Ask once; without tools, and then without the talk, if the server refuses these."""
        bodies: list[dict[str, Any]] = [{"messages": messages}]
        if with_tools:
            bodies.insert(0, {"messages": messages, "tools": tools.descriptions()})
        if len(messages) > 2:  # noqa: PLR2004  (instructions and question)
            bodies.append({"messages": [messages[0], messages[-1]]})
        for number, body in enumerate(bodies, 1):
            try:
                async with aclosing(self._connection.complete(body, completion)) as coming:
                    async for text in coming:
                        yield text
            except NotFound:
                if not self._named:  # the server may have another first model by now
                    self._abilities = None
                    self._use("")
                raise
            except (Rejected, ServerBug) as error:
                if number == len(bodies) or not error.status:
                    raise
                log.info("asking the chat model for less: %s", error)
                self._takes_tools &= "tools" not in body
            else:
                return

    async def _used(self, calls: Sequence[Call], said: str) -> list[prompt.Message]:
        """Use the tools that the model calls; return the messages with what they say."""
        wish: prompt.Message = {
            "role": "assistant",
            "content": said,
            "tool_calls": [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.tool, "arguments": call.arguments or "{}"},
                }
                for call in calls
            ],
        }
        results = [
            {
                "role": "tool",
                "tool_call_id": call.id,
                "content": await tools.use(call, self._skills),
            }
            for call in calls
        ]
        return [wish, *results]

    async def _known(self) -> Abilities:
        """Ask the server, once, for the name of its first model and for the model's abilities.

        Raises:
            BackendError: the server cannot be asked for its models, or has none.
        """
        async with self._learning:
            if self._abilities is None:
                if not self._access.model:
                    await self._name_model()
                self._abilities = await abilities(self._connection, self._access)
        return self._abilities

    async def _name_model(self) -> None:
        models = await chat_models(self._connection)
        if not models:
            raise NotFound(
                f"The server at {self._connection.host} has no chat model",
                "Let it load one first.",
            )
        self._use(models[0])

    def _use(self, model: str) -> None:
        self._access = msgspec.structs.replace(self._access, model=model)
        self._connection.name_model(model)


def questions_in(text: str) -> tuple[str, ...]:
    """Return the questions that a model wrote, one a line; longer lines are left out."""
    lines = (NUMBERING.sub("", line).strip(QUOTES) for line in text.splitlines())
    short = (line for line in lines if 0 < len(line) <= FOLLOW_UP_LETTERS and line[-1] != ":")
    return tuple(dict.fromkeys(short))[:MOST_FOLLOW_UPS]
