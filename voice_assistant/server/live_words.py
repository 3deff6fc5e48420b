"""Passes on the words of recordings while these arrive, to those who want them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from voice_assistant.engines.recognition.utterance import Utterance


class Followers:
    """Those who want the words of a user's recordings while these arrive."""

    def __init__(self) -> None:
        self._queues: dict[str, list[asyncio.Queue[str]]] = {}
        self._came = asyncio.Event()

    @contextlib.contextmanager
    def following(self, user: str) -> Iterator[asyncio.Queue[str]]:
        """Return a queue that gets the words so far, again and again, within the context."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._queues.setdefault(user, []).append(queue)
        self._came.set()
        try:
            yield queue
        finally:
            self._queues[user].remove(queue)
            if not self._queues[user]:
                del self._queues[user]

    async def wait_for(self, user: str) -> None:
        """Wait until somebody follows this user's recordings."""
        while user not in self._queues:
            self._came.clear()
            await self._came.wait()

    def tell(self, user: str, words: str) -> None:
        """Send the words so far to those who follow this user's recordings."""
        for queue in self._queues.get(user, ()):
            queue.put_nowait(words)


class LiveWords:
    """The words of one recording while it arrives; nothing is done if nobody wants them.

    Args:
        followers: those who may want them.
    """

    def __init__(self, followers: Followers) -> None:
        self._followers = followers
        self._user: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def begin(self, user: str) -> None:
        """Tell whose recording it is; its sound comes next."""
        if not self._user.done():
            self._user.set_result(user)

    @contextlib.asynccontextmanager
    async def of(self, utterance: Utterance) -> AsyncIterator[None]:
        """Pass on the words of this utterance within the context."""
        telling = asyncio.create_task(self._tell(utterance))
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)  # the utterance fails as well

    async def _tell(self, utterance: Utterance) -> None:
        user = await self._user
        await self._followers.wait_for(user)
        async with contextlib.aclosing(utterance.follow()) as coming:
            async for words in coming:
                self._followers.tell(user, words)
