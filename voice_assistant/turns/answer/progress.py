"""The progress of an answer, kept in case its connection breaks or this process dies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.turns.answer.late_answers import Unanswered

if TYPE_CHECKING:
    from voice_assistant.backend.whole_answer import WholeAnswer
    from voice_assistant.turns.answer.late_answers import LateAnswers
    from voice_assistant.turns.answer.voice import AnswerVoice

NOTED_S = 0.5
"""Seconds between two looks at the place that the speech of an answer has reached."""


class AnswerProgress:
    """Keeps on the disk where an answer is, from its first event to its end.

    Args:
        late: looks for the answer if it is given up.
    """

    def __init__(self, late: LateAnswers) -> None:
        self._late = late
        self._asked = Unanswered(question="")
        self._left = False  # the next process picks the answer up

    def asked(self, question: Unanswered) -> None:
        """Note the question."""
        self._asked = question

    def came(self, stream: WholeAnswer) -> bool:
        """Note that something of the answer has come; return whether the server has named it."""
        before = self._asked
        if not stream.message_id or (stream.message_id, stream.run_id) == (
            before.message_id,
            before.run_id,
        ):
            return False
        self._asked = self._named(stream)
        self._late.began(self._asked)
        return stream.message_id != before.message_id

    async def follow(self, voice: AnswerVoice) -> None:
        """Note how far the answer is said, until cancelled."""
        while True:
            await asyncio.sleep(NOTED_S)
            said = voice.narration.script.sentence
            if self._asked.message_id and said != self._asked.said:
                self._asked = msgspec.structs.replace(self._asked, said=said)
                self._late.began(self._asked)

    def left(self, stream: WholeAnswer, *, anew: bool) -> None:
        """Keep the question for the next process, which picks its answer up.

        Args:
            stream: the answer.
            anew: the program starts again; the user has not ended it for good.
        """
        self._left = True
        left = msgspec.structs.replace(self._named(stream), quit=not anew)
        self._late.began(left)

    def ended(self) -> None:
        """Forget the question: its answer has ended, however it did."""
        if not self._left:
            self._late.ended()

    def gave_up(self, stream: WholeAnswer | None = None) -> None:
        """Look for the answer: the server may finish it though nobody waits any more."""
        self._late.look_for(self._named(stream) if stream else self._asked)

    def _named(self, stream: WholeAnswer) -> Unanswered:
        """Return the question with what is known of its answer."""
        return msgspec.structs.replace(
            self._asked,
            conversation_id=stream.conversation_id or self._asked.conversation_id,
            message_id=stream.message_id,
            run_id=stream.run_id,
        )
