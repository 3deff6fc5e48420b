"""Looks for answers that were given up: a server may finish them though nobody waits any more.

What is looked for is kept on the disk from the beginning of an answer to its end, so that an answer
is found, too, after the assistant itself has died in the middle of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import BackendError, ConfigError, StorageError
from voice_assistant.system import private_files
from voice_assistant.text.sentences import Sentences
from voice_assistant.text.speakable import speakable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from voice_assistant.api.models import HistoryMessage
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

FOR_S = 600.0
"""Seconds for which an answer is looked for."""

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
        left_over: the assistant died in the middle of the answer.
        profile: the name of the profile that was asked.
    """

    question: str
    spoken: bool = False
    asked_at: float = 0.0
    conversation_id: str = ""
    message_id: str = ""
    aloud: bool = False
    said: int = 0
    left_over: bool = False
    profile: str = ""


class LateAnswers:
    """Looks for the answer of the last question that was given up.

    Args:
        file: keeps the question whose answer is being given; None keeps it nowhere.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._wanted: Unanswered | None = None
        self._changed = asyncio.Event()

    def began(self, question: Unanswered) -> None:
        """Keep a question whose answer has begun, in case this process dies; never its words."""
        self._keep(msgspec.structs.replace(question, question=""))

    def ended(self) -> None:
        """Forget the question whose answer has ended, however it did."""
        self._keep(None)

    def look_for(self, question: Unanswered) -> None:
        """Look for the answer of a question that was given up."""
        self._wanted = question
        self._changed.set()

    async def run(
        self,
        connect: Callable[[str], Awaitable[Backend]],
        offer: Callable[[Unanswered, HistoryMessage], None],
    ) -> None:
        """Look for answers until cancelled; begin with that of a process that has died.

        Args:
            connect: returns the backend of a profile.
            offer: called with each answer that is found.
        """
        if left := self._left_over():
            self.look_for(left)
        while True:
            await self._changed.wait()
            self._changed.clear()
            wanted = self._wanted
            if wanted and (found := await self._found(wanted, connect)):
                self._wanted = None
                offer(wanted, found)

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
            with private_files.told(_("{file} cannot be written", file=self._file)):
                if question:
                    private_files.replace(self._file, msgspec.json.encode(question))
                else:
                    self._file.unlink(missing_ok=True)
        except StorageError as error:
            log.warning("%s. %s", error.title, error.hint)

    def _left_over(self) -> Unanswered | None:
        """Return the question whose answer was being given when a process died."""
        if self._file is None:
            return None
        try:
            left = msgspec.json.decode(private_files.read(self._file), type=Unanswered)
        except (OSError, ValueError, RecursionError, msgspec.DecodeError):
            return None
        self._keep(None)
        left = msgspec.structs.replace(left, left_over=True)
        return left if time.time() - left.asked_at < FOR_S else None


def unsaid(text: str, said: int) -> str:
    """Return the text from a sentence on; sentences without words do not count.

    Args:
        text: the visible text of an answer.
        said: the number of the sentence, from 0.
    """
    splitter = Sentences()
    sentences = [*splitter.feed(text), *splitter.finish()]
    for at, sentence in enumerate(sentences):
        if said <= 0:
            return "".join(sentences[at:]).lstrip()
        said -= bool(speakable(sentence))
    return ""
