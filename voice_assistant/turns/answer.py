"""Asks the backend a question, sends the answer's events, and speaks the answer as it arrives."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Literal

import msgspec

from voice_assistant import events
from voice_assistant.api import stream as wire
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend.lost_stream import LostStream
from voice_assistant.backend.whole_answer import WholeAnswer
from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    ConversationOver,
    TimedOut,
    WrongApp,
)
from voice_assistant.settings import profiles
from voice_assistant.speech.narration import Narration
from voice_assistant.translation import _
from voice_assistant.turns.answer_progress import AnswerProgress
from voice_assistant.turns.answer_speech import AnswerSpeech
from voice_assistant.turns.answer_stream import AnswerStream
from voice_assistant.turns.answer_text import AnswerText
from voice_assistant.turns.answer_voice import AnswerVoice
from voice_assistant.turns.answer_work import AnswerWork
from voice_assistant.turns.asking import Asking
from voice_assistant.turns.asking_back import AskingBack
from voice_assistant.turns.late_answers import Unanswered
from voice_assistant.turns.speech_onward import SpeechOnward

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import Parameters
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.turns.form_dialogue import FormDialogue
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

SUGGESTIONS_S = 5.0
"""Seconds that a turn waits for follow-ups after its answer: some servers take minutes."""

BUSY_S = 5.0
"""Seconds after which the user hears that a busy server lets the question wait."""


class Answer:
    """One answer of the backend. Call `give`, or `pick_up`, once.

    Args:
        services: what the turn works with.
        handle: called with every event.
        speaker: plays the answer; None for an answer that is only written.
        narration: gets the answer's speech.
        interrupted: called when an interruption has silenced the answer and its last events were
            sent. Only stopping the server is left then, and nobody has to wait for that.
        say: says to a user who may not look at the screen what the answer waits for; None for a
            user who typed.
        renew: returns a new narration for what is said after the user was asked something.
    """

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        speaker: Speaker | None,
        narration: Narration,
        *,
        interrupted: Callable[[], None],
        say: Callable[[str], Awaitable[None]] | None = None,
        renew: Callable[[], Narration] = Narration,
    ) -> None:
        self._services = services
        self._work = AnswerWork(handle)
        self._emit = handle = self._work.emit
        self._speaker = speaker
        self._interrupted = interrupted
        self._say = say
        self._answered = False  # the event `Answered` was sent
        self._leaving: Literal["", "quit", "restart"] = ""  # why the program ends, if it does
        self._app = str(services.settings.backend.url)
        self._text = AnswerText(handle, withheld=self._app in services.unannounced_thinking)
        self._voice = AnswerVoice(self._text, narration, renew)
        self._asking_back = AskingBack(services, handle, self._voice)
        self._progress = AnswerProgress(services.late)

    @property
    def dialogue(self) -> FormDialogue | None:
        """The dialogue about a form with which the app asks; None while it does not."""
        return self._asking_back.dialogue

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
        backend = await self._services.connect()
        abilities, conversation_id, _ = await asyncio.gather(
            self._services.capabilities.of(backend),
            self._services.conversation.confirmed(backend),
            self._services.recorded(),  # before the question is sent
        )
        self._tell_of_lost_conversation()
        self._services.capabilities.check_chat()
        asking = Asking(self._services, backend, abilities, self._tell_of_lost_conversation)
        request = ChatRequest(
            question,
            conversation_id=conversation_id,
            inputs=self._services.settings.backend.inputs,
            files=await asking.attached(files, conversation_id, self._emit),
        )
        self._progress.asked(
            Unanswered(
                question=question,
                spoken=source == "voice",
                aloud=self._speaker is not None,
                asked_at=time.time(),
                profile=profiles.in_use(services.settings),
                conversation_id=conversation_id,
            )
        )
        if speaker := self._speaker:
            self._voice.begin(partial(self._spoken, backend, speaker, question, abilities))
        async with contextlib.AsyncExitStack() as resources:
            resources.callback(self._progress.ended)
            asked = await self._opened(asking, resources, request)
            anew = partial(asking.open_anew, resources, request)
            again = anew if request.conversation_id else None
            stream = WholeAnswer(asked, backend, self._broke_off, again)
            await self._receive(AnswerStream(stream), backend, abilities, form)

    async def pick_up(self, left: Unanswered) -> None:
        """Follow an answer that an earlier process began; speak it from the sentence it reached on.

        Raises:
            BackendError: the answer failed, or its rest cannot be found.
            ConfigError: the backend cannot be asked.
        """
        services = self._services
        backend = await services.connect()
        abilities = await services.capabilities.of(backend)
        question = ""
        with contextlib.suppress(BackendError):
            if found := await backend.find_message(
                conversation_id=left.conversation_id, message_id=left.message_id
            ):
                question = found.query
        source: events.Source = "voice" if left.spoken else "text"
        self._emit_asked(question, source, goes_on=left.message_id)
        self._progress.asked(msgspec.structs.replace(left, question=question, quit=False))
        if speaker := self._speaker:
            speak = partial(self._spoken, backend, speaker, question, abilities)
            self._voice.begin(lambda narration: SpeechOnward(speak(narration), left.said))
        lost = LostStream(left.message_id, left.conversation_id, left.run_id)
        async with contextlib.AsyncExitStack() as resources:
            resources.callback(self._progress.ended)
            await self._receive(AnswerStream(WholeAnswer(lost, backend)), backend, abilities, ())

    def leave(self, *, anew: bool) -> None:
        """Let the next process pick the answer up: see `Turn.leave`."""
        self._leaving = "restart" if anew else "quit"

    async def _opened(
        self, asking: Asking, resources: contextlib.AsyncExitStack, request: ChatRequest
    ) -> ChatStream:
        """Ask the question; return the answer's stream."""
        try:
            return await asking.open(resources, request)
        except WrongApp:
            self._services.capabilities.refuse_chat()
            raise
        except TimedOut:
            self._progress.gave_up()  # the server may have the question
            raise

    async def _receive(
        self,
        incoming: AnswerStream,
        backend: Backend,
        abilities: Parameters | None,
        form: Sequence[str],
    ) -> None:
        """Pass on the answer to its end, through all forms with which the app asks."""
        stream = incoming.stream
        try:
            await self._converse(backend, incoming, abilities)
            while stream.form:
                await self._asking_back.fill_in(stream, form)
                form = ()  # it was for the first one
                await self._converse(backend, incoming, abilities)
        except asyncio.CancelledError:
            if not self._answered:
                self._emit_answered(stream, complete=False)
            self._voice.speech.interrupted()
            self._interrupted()
            if self._goes_on(stream, backend):
                self._progress.left(stream, anew=self._leaving == "restart")
            else:
                await incoming.hang_up(backend)
            raise
        finally:
            await incoming.cancel_read()
            await stream.aclose()

    def _goes_on(self, stream: WholeAnswer, backend: Backend) -> bool:
        """Return whether the next process can pick the answer up.

        Servers of the first generation lose an answer whose connection is lost. What is complete
        goes on after a restart, and not after the user has ended the assistant.
        """
        wanted = self._leaving == "restart" or (self._leaving and not stream.complete)
        return bool(wanted and stream.message_id) and not backend.server_version.startswith("0.")

    def _spoken(
        self,
        backend: Backend,
        speaker: Speaker,
        question: str,
        abilities: Parameters | None,
        narration: Narration,
    ) -> AnswerSpeech:
        return AnswerSpeech(
            self._services,
            self._emit,
            backend,
            speaker,
            narration,
            question=question,
            auto_play=abilities.text_to_speech.auto_play if abilities else None,
        )

    async def _converse(
        self,
        backend: Backend,
        incoming: AnswerStream,
        abilities: Parameters | None,
    ) -> None:
        """Pass on text, speech and follow-ups, each as soon as it arrives."""
        stream, problem = incoming.stream, None
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(self._voice.speech.run())
            telling = group.create_task(self._tell_of_queue(stream))
            noting = group.create_task(self._progress.follow(self._voice))
            working = group.create_task(self._work.run(stream))
            try:
                await self._follow(incoming, telling)
            except BackendError as error:
                problem = error
                self._services.capabilities.forget()
                if not stream.task_id:
                    self._services.conversation.doubt()
                if isinstance(error, BrokenStream):
                    self._progress.gave_up(stream)
                if error.server_code == "workflow_paused" and stream.conversation_id:
                    self._services.conversation.set_current(stream.conversation_id)
            telling.cancel()
            working.cancel()
            if stream.form and not problem:
                self._asking_back.read_out(backend, stream)
            elif not self._answered and (stream.text or not problem):
                complete = not problem and not stream.stopped
                self._emit_answered(stream, complete=complete)
            if isinstance(problem, ConversationOver):
                self._services.conversation.forget()
            suggestions = group.create_task(self._suggest(backend, stream, abilities))
            self._voice.speech.ended(stream.message_id)
            await self._asking_back.said(speaking)
            noting.cancel()
            await asyncio.wait([suggestions], timeout=SUGGESTIONS_S)
            suggestions.cancel()
        if failure := problem or self._voice.speech.save_error:
            raise failure

    def _tell_of_lost_conversation(self) -> None:
        if self._services.conversation.was_lost():
            self._emit(events.ConversationGone())

    def _broke_off(self) -> None:
        self._emit(events.Lost())
        self._voice.speech.broke_off()

    async def _tell_of_queue(self, stream: WholeAnswer) -> None:
        """Tell after a while that a busy server lets the question wait."""
        await asyncio.sleep(BUSY_S)
        if stream.queued:
            self._emit(events.Queued())
            if self._say:
                await self._say(_(events.Queued.told))

    async def _follow(self, incoming: AnswerStream, telling: asyncio.Task[None]) -> None:
        """Pass on the stream's events until the answer ends; its first one ends `telling`."""
        stream = incoming.stream
        async for event in incoming:
            if not stream.queued:
                telling.cancel()
            if self._progress.came(stream):
                begun = (stream.message_id, stream.conversation_id)
                self._emit(events.Begun(message_id=begun[0], conversation_id=begun[1]))
            self._work.came(event)
            if isinstance(event, wire.MessageEnd):
                self._text.note_end(event)
                self._emit_answered(stream, complete=not stream.stopped)
            else:
                await self._text.add(event)

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
        self._emit(
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

    def _emit_answered(self, stream: WholeAnswer, *, complete: bool) -> None:
        self._answered = True
        text = self._text.finish(complete=complete)
        if complete:
            thinks = self._services.unannounced_thinking
            (thinks.add if self._text.unannounced else thinks.discard)(self._app)
        if stream.conversation_id:
            self._services.conversation.set_current(stream.conversation_id)
        self._emit(
            events.Answered(
                text=text,
                message_id=stream.message_id,
                conversation_id=stream.conversation_id,
                complete=complete and not stream.damaged,
                sources=self._text.sources,
                files=self._text.files.addresses,
            )
        )

    async def _suggest(
        self, backend: Backend, stream: WholeAnswer, abilities: Parameters | None
    ) -> None:
        if not stream.message_id or not stream.complete:
            return
        if abilities and not abilities.suggested_questions_after_answer.enabled:
            return
        try:
            if questions := tuple(await backend.suggested(stream.message_id)):
                self._emit(events.Suggested(questions=questions))
        except BackendError as error:
            log.info("no follow-ups: %s", error.title)
