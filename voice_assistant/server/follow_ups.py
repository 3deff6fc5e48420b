"""The questions that may follow an answer, where a chat model still thinks of them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.server.store.history import History


class FollowUps:
    """The follow-ups in the making, one task for each answer.

    Args:
        history: keeps the follow-ups of each answer; before they are made it has others.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._making: dict[str, asyncio.Task[None]] = {}  # by message
        self._latest: dict[str, str] = {}  # the message of each conversation

    def begin(
        self, message: HistoryMessage, make: Callable[[], Awaitable[tuple[str, ...]]]
    ) -> None:
        """Make the follow-ups of an answer while the answer is being read aloud."""
        task = asyncio.create_task(self._make(message.id, make))
        self._making[message.id] = task
        self._latest[message.conversation_id] = message.id
        task.add_done_callback(lambda _: self._forget(message))

    def drop(self, conversation_id: str) -> None:
        """Make no more follow-ups in this conversation: its next question is asked."""
        if task := self._making.get(self._latest.get(conversation_id, "")):
            task.cancel()

    async def ready(self, message_id: str) -> None:
        """Wait until the follow-ups of an answer are made, or given up."""
        if task := self._making.get(message_id):
            await asyncio.wait({task})

    async def close(self) -> None:
        """Make no more follow-ups."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _make(self, message_id: str, make: Callable[[], Awaitable[tuple[str, ...]]]) -> None:
        if questions := await make():
            self._history.suggest(message_id, questions)

    def _forget(self, message: HistoryMessage) -> None:
        self._making.pop(message.id, None)
        if self._latest.get(message.conversation_id) == message.id:
            del self._latest[message.conversation_id]
