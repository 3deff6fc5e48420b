"""Asks the backend a question and receives the answer, or goes on with one that was asked."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend.lost_stream import LostStream
from voice_assistant.backend.whole_answer import WholeAnswer
from voice_assistant.errors import BackendError, TimedOut, WrongApp
from voice_assistant.settings import profiles
from voice_assistant.turns.answer.asking import Asking
from voice_assistant.turns.answer.late_answers import Unanswered
from voice_assistant.turns.answer.reception import Reception

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import Parameters
    from voice_assistant.ports import Backend
    from voice_assistant.turns.answer.form_dialogue import FormDialogue
    from voice_assistant.turns.answer.reception import AnswerOutput
    from voice_assistant.turns.services import TurnServices


class Answer:
    """One answer of the backend. Call `give`, or `pick_up`, once.

    Args:
        services: what the turn works with.
        output: where the answer goes.
    """

    def __init__(self, services: TurnServices, output: AnswerOutput) -> None:
        self._services = services
        self._output = output
        self._reception: Reception | None = None

    @property
    def dialogue(self) -> FormDialogue | None:
        """The dialogue about a form with which the app asks; None while it does not."""
        return self._reception.dialogue if self._reception else None

    async def give(
        self,
        question: str,
        source: events.Source,
        files: Sequence[str] = (),
        form: Sequence[str] = (),
        *,
        sure: bool = True,
    ) -> None:
        """Ask the backend, and pass on text, speech and follow-ups as they come.

        Args:
            question: the question's words.
            source: how the question was given.
            files: paths of files that the question is about.
            form: answers the form with which the app may ask, see `commands.Fill`.
            sure: False if the recogniser may have misheard the question.

        Raises:
            BackendError: the answer failed or is incomplete; the part that came has been spoken.
            ConfigError: the app asks for inputs that are not set.
            InputError: a file cannot be read, or the file for the speech cannot be written.
        """
        services = self._services
        self._emit_asked(question, source, tuple(files), sure=sure)
        backend = await services.connect()
        abilities, conversation_id, _ = await asyncio.gather(
            services.capabilities.of(backend),
            services.conversation.confirmed(backend),
            services.recorded(),  # before the question is sent
        )
        self._tell_of_lost_conversation()
        services.capabilities.check_chat()
        asking = Asking(services, backend, abilities, self._tell_of_lost_conversation)
        request = ChatRequest(
            question,
            conversation_id=conversation_id,
            inputs=services.settings.backend.inputs,
            files=await asking.attached(files, conversation_id, self._output.handle),
        )
        asked = Unanswered(
            question=question,
            spoken=source == "voice",
            aloud=self._output.speaker is not None,
            asked_at=time.time(),
            profile=profiles.in_use(services.settings),
            conversation_id=conversation_id,
        )
        reception = self._receive(backend, abilities, asked)
        reception.speak()
        async with contextlib.AsyncExitStack() as resources:
            resources.callback(reception.progress.ended)
            stream = await self._asked(asking.open(resources, request), reception)
            anew = partial(asking.open_anew, resources, request) if conversation_id else None
            await reception.receive(WholeAnswer(stream, backend, reception.broke_off, anew), form)

    async def pick_up(self, left: Unanswered) -> None:
        """Follow an answer that an earlier process began; speak it from the sentence it reached on.

        Raises:
            BackendError: the answer failed, or its rest cannot be found.
            ConfigError: the backend cannot be asked.
        """
        backend = await self._services.connect()
        abilities = await self._services.capabilities.of(backend)
        question = ""
        with contextlib.suppress(BackendError):
            if found := await backend.find_message(
                conversation_id=left.conversation_id, message_id=left.message_id
            ):
                question = found.query
        source: events.Source = "voice" if left.spoken else "text"
        self._emit_asked(question, source, goes_on=left.message_id)
        asked = msgspec.structs.replace(left, question=question, quit=False)
        reception = self._receive(backend, abilities, asked)
        reception.speak(left.said)
        lost = LostStream(left.message_id, left.conversation_id, left.run_id)
        with contextlib.ExitStack() as resources:
            resources.callback(reception.progress.ended)
            await reception.receive(WholeAnswer(lost, backend))

    def leave(self, *, anew: bool) -> None:
        """Let the next process pick the answer up: see `Turn.leave`."""
        if self._reception:
            self._reception.leave(anew=anew)

    def _receive(
        self, backend: Backend, abilities: Parameters | None, asked: Unanswered
    ) -> Reception:
        """Return what receives the answer of a question, from now on."""
        self._reception = reception = Reception(
            self._services, self._output, backend, abilities, asked.question
        )
        reception.progress.asked(asked)
        return reception

    async def _asked(self, asking: Awaitable[ChatStream], reception: Reception) -> ChatStream:
        """Return the answer's stream, and note why there is none."""
        try:
            return await asking
        except WrongApp:
            self._services.capabilities.refuse_chat()
            raise
        except TimedOut:
            reception.progress.gave_up()  # the server may have the question
            raise

    def _tell_of_lost_conversation(self) -> None:
        if self._services.conversation.was_lost():
            self._output.handle(events.ConversationGone())

    def _emit_asked(
        self,
        question: str,
        source: events.Source,
        files: tuple[str, ...] = (),
        *,
        sure: bool = True,
        goes_on: str = "",
    ) -> None:
        services = self._services
        self._output.handle(
            events.Asked(
                question=question,
                source=source,
                files=files,
                sure=sure,
                app=services.app_name,
                profile=services.settings.backend.profile,
                goes_on=goes_on,
            )
        )
