"""Looks for answers that were given up: a server may finish them though nobody waits any more.

A question is kept on the disk from the beginning of its answer to the end: where this process ends
in the middle of the answer, the next process picks it up.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import BackendError, ConfigError, StorageError
from voice_assistant.system import plain_files, private_files
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

FOR_S = 600.0
"""Seconds for which an answer is looked for."""

LEFT_S = 24 * 3600.0
"""Seconds after which an answer is not picked up any more; a form may wait for days."""

AGAIN_S = (2.0, 5.0, 10.0, 20.0)
"""Seconds between two looks; the last one stays."""

CLOCKS_S = 60.0
"""Seconds by which the server's clock may be late."""


class Unanswered(msgspec.Struct, frozen=True, kw_only=True):
    """A question without its answer.

    Attributes:
        question: the words; "" if they are not known any more.
        spoken: whether the question was spoken.
        asked_at: Unix seconds.
        conversation_id: where the answer will be; "" for a new conversation.
        message_id: the answer's id, "" if it is not known.
        aloud: whether the answer is spoken.
        said: the number of the sentence that was reached, from 0.
        run_id: the workflow's run, "" if there is none.
        profile: the name of the profile that was asked.
        quit: the user has ended the assistant in the middle of the answer.
    """

    question: str
    spoken: bool = False
    asked_at: float = 0.0
    conversation_id: str = ""
    message_id: str = ""
    aloud: bool = False
    said: int = 0
    run_id: str = ""
    profile: str = ""
    quit: bool = False


class LateAnswers:
    """Looks for the answer of the last question that was given up.

    Args:
        file: keeps the question whose answer is being given; None keeps it nowhere.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._wanted: Unanswered | None = None
        self._left: Unanswered | None = None
        self._changed = asyncio.Event()

    def began(self, question: Unanswered) -> None:
        """Keep a question whose answer has begun, in case this process dies; never its words."""
        self._keep(msgspec.structs.replace(question, question=""))

    def ended(self) -> None:
        """Forget the question whose answer has ended, however it did."""
        self._keep(None)

    @property
    def has_left(self) -> bool:
        """Whether there is a question that an earlier process has left."""
        return self._left is not None

    def take_left(self) -> Unanswered | None:
        """Return the question that an earlier process has left; None without one. Forgets it."""
        left, self._left = self._left, None
        return left

    def look_for(self, question: Unanswered) -> None:
        """Look for the answer of a question that was given up."""
        self._wanted = question
        self._changed.set()

    async def run(
        self,
        connect: Callable[[str], Awaitable[Backend]],
        offer: Callable[[Unanswered, HistoryMessage], Awaitable[None]],
        pick_up: Callable[[Unanswered], None],
    ) -> None:
        """Look for answers until cancelled.

        Args:
            connect: returns the backend of a profile.
            offer: called with each answer that is found.
            pick_up: called first with the question that an earlier process has left, if there is
                one; `take_left` then returns it.
        """
        if left := self._read_left():
            self._left = left
            pick_up(left)
        while True:
            await self._changed.wait()
            self._changed.clear()
            wanted = self._wanted
            if wanted and (found := await self._found(wanted, connect)):
                self._wanted = None
                await offer(wanted, found)

    async def _found(
        self, wanted: Unanswered, connect: Callable[[str], Awaitable[Backend]]
    ) -> HistoryMessage | None:
        """Return the message with the answer; None if it does not come, or another is wanted."""
        waits = [*AGAIN_S]
        clock = asyncio.get_running_loop().time
        until = clock() + FOR_S
        while clock() < until and wanted is self._wanted:
            try:
                message = await (await connect(wanted.profile)).find_message(
                    conversation_id=wanted.conversation_id,
                    message_id=wanted.message_id,
                    query=wanted.question,
                    since=wanted.asked_at - CLOCKS_S,
                )
            except (BackendError, ConfigError) as error:
                log.debug("no late answer is found: %s", error.title)
            else:
                if message and message.answer.strip():
                    return message
            await asyncio.sleep(waits.pop(0) if len(waits) > 1 else waits[0])
        return None

    def _keep(self, question: Unanswered | None) -> None:
        if self._file is None:
            return
        try:
            with plain_files.told(_("{file} cannot be written", file=self._file)):
                if question:
                    private_files.replace(self._file, msgspec.json.encode(question))
                else:
                    self._file.unlink(missing_ok=True)
        except StorageError as error:
            log.warning("%s. %s", error.title, error.hint)

    def _read_left(self) -> Unanswered | None:
        """Return the question whose answer was being given when a process ended."""
        if self._file is None:
            return None
        try:
            left = plain_files.read_json(self._file, Unanswered)
        except (OSError, ValueError):
            return None
        self._keep(None)
        age_s = time.time() - left.asked_at
        return left if age_s < LEFT_S else None
