"""Receives an answer: shows and speaks it as it arrives, to its end or its interruption."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from voice_assistant import events
from voice_assistant.api.stream import events as wire
from voice_assistant.errors import BackendError, BrokenStream, ConversationOver
from voice_assistant.translation import _
from voice_assistant.turns.answer.app_steps import AppSteps
from voice_assistant.turns.answer.asking_back import AskingBack
from voice_assistant.turns.answer.progress import AnswerProgress
from voice_assistant.turns.answer.speech import AnswerSpeech, SpeechOfAnswer
from voice_assistant.turns.answer.speech_onward import SpeechOnward
from voice_assistant.turns.answer.stream import AnswerStream
from voice_assistant.turns.answer.text import AnswerText
from voice_assistant.turns.answer.voice import AnswerVoice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.api.models import Parameters
    from voice_assistant.backend.whole_answer import WholeAnswer
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.answer.form_dialogue import FormDialogue
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn_speech import TurnSpeech

log = logging.getLogger(__name__)

SUGGESTIONS_S = 5.0
"""Seconds that a turn waits for follow-ups after its answer: some servers take minutes."""

BUSY_S = 5.0
"""Seconds after which the user hears that a busy server lets the question wait."""


@dataclass(frozen=True)
class AnswerOutput:
    """The places to which an answer goes.

    Attributes:
        handle: called with every event.
        speech: the turn's speech.
        speaker: plays the answer; None for an answer that is only written.
        aloud: whether a user who may not look at the screen is told what the answer waits for.
        interrupted: called when an interruption has silenced the answer and its last events were
            sent. Only stopping the server is left then, and nobody has to wait for that.
    """

    handle: events.Handler
    speech: TurnSpeech
    speaker: Speaker | None
    aloud: bool
    interrupted: Callable[[], None]


class Reception:
    """Receives one answer. Call `speak`, if it is to be spoken, then `receive`, once.

    Args:
        services: what the turn works with.
        output: where the answer goes.
        backend: the server that answers.
        abilities: what the app can do; None if that is not known.
        question: the question's words; "" if they are not known.

    Attributes:
        progress: keeps how far the answer has come.
    """

    def __init__(
        self,
        services: TurnServices,
        output: AnswerOutput,
        backend: Backend,
        abilities: Parameters | None,
        question: str,
    ) -> None:
        self._services = services
        self._output = output
        self._backend = backend
        self._abilities = abilities
        self._question = question
        self._steps = AppSteps(output.handle)
        self._emit = handle = self._steps.emit
        self._said = 0  # sentences that the next speech leaves out
        self._answered: str | None = None  # the text of which the event `Answered` was sent
        self._leaving: Literal["", "quit", "restart"] = ""  # why the program ends, if it does
        self._text = AnswerText(handle, withheld=services.app_name in services.thoughtful)
        self._voice = AnswerVoice(self._text, output.speech.narration, output.speech.renew)
        self._asking_back = AskingBack(services, handle, self._voice)
        self.progress = AnswerProgress(services.late)

    @property
    def dialogue(self) -> FormDialogue | None:
        """The dialogue about a form with which the app asks; None while it does not."""
        return self._asking_back.dialogue

    def speak(self, said: int = 0) -> None:
        """Speak the answer, if there is a speaker.

        Args:
            said: how many sentences an earlier process has spoken; they are left out.
        """
        if speaker := self._output.speaker:
            self._said = said
            self._voice.begin(partial(self._speech, speaker))

    async def receive(self, stream: WholeAnswer, form: Sequence[str] = ()) -> None:
        """Pass on the answer to its end, through all forms with which the app asks.

        Args:
            stream: the answer's events.
            form: answers the first form, see `commands.Fill`.

        Raises:
            BackendError: the answer failed or is incomplete; the part that came has been spoken.
            InputError: the file for the speech cannot be written.
            NotConfigured: the app asks, and nobody can answer.
        """
        incoming = AnswerStream(stream)
        try:
            await self._converse(incoming)
            while stream.form:
                await self._asking_back.fill_in(stream, form)
                form = ()  # it was for the first one
                await self._converse(incoming)
        except asyncio.CancelledError:
            if self._answered != stream.text:
                self._emit_answered(stream, complete=False)
            self._voice.speech.interrupted()
            self._output.interrupted()
            if self._goes_on(stream):
                self.progress.left(stream, anew=self._leaving == "restart")
            else:
                await incoming.hang_up(self._backend)
            raise
        finally:
            await incoming.cancel_read()
            await stream.aclose()

    def leave(self, *, anew: bool) -> None:
        """Let the next process pick the answer up: see `Turn.leave`."""
        self._leaving = "restart" if anew else "quit"

    def broke_off(self) -> None:
        """Tell that the connection is lost; the rest of the answer is looked for."""
        self._emit(events.Lost())
        self._voice.speech.broke_off()

    def _goes_on(self, stream: WholeAnswer) -> bool:
        """Return whether the next process can pick the answer up.

        Servers of the first generation lose an answer whose connection is lost. What is complete
        goes on after a restart, and not after the user has ended the assistant.
        """
        wanted = self._leaving == "restart" or (self._leaving and not stream.complete)
        old = self._backend.server_version.startswith("0.")
        return bool(wanted and stream.message_id) and not old

    def _speech(self, speaker: Speaker, narration: Narration) -> SpeechOfAnswer:
        known = self._abilities
        speech = AnswerSpeech(
            self._services,
            self._emit,
            self._backend,
            speaker,
            narration,
            question=self._question,
            auto_play=known.text_to_speech.auto_play if known else None,
        )
        said, self._said = self._said, 0  # what is spoken after a form is new
        return SpeechOnward(speech, said) if said else speech

    async def _converse(self, incoming: AnswerStream) -> None:
        """Pass on text, speech and follow-ups, each as soon as it arrives."""
        stream, problem = incoming.stream, None
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(self._voice.speech.run())
            telling = group.create_task(self._tell_of_queue(stream))
            noting = group.create_task(self.progress.follow(self._voice))
            working = group.create_task(self._steps.run(stream))
            try:
                await self._follow(incoming, telling)
            except BackendError as error:
                problem = error
                self._note_failure(stream, error)
            telling.cancel()
            working.cancel()
            if stream.form and not problem:
                self._asking_back.read_out(self._backend, stream)
            elif self._answered != stream.text and (stream.text or not problem):
                complete = not problem and not stream.stopped
                self._emit_answered(stream, complete=complete)
            if isinstance(problem, ConversationOver):
                self._services.conversation.forget()
            suggestions = group.create_task(self._suggest(stream))
            self._voice.speech.ended(stream.message_id)
            await self._asking_back.said(speaking)
            noting.cancel()
            await asyncio.wait([suggestions], timeout=SUGGESTIONS_S)
            suggestions.cancel()
        if failure := problem or self._voice.speech.save_error:
            raise failure

    async def _follow(self, incoming: AnswerStream, telling: asyncio.Task[None]) -> None:
        """Pass on the stream's events until the answer ends; its first one ends `telling`."""
        stream = incoming.stream
        async for event in incoming:
            if not stream.queued:
                telling.cancel()
            if self.progress.came(stream):
                self._emit(
                    events.Begun(
                        message_id=stream.message_id, conversation_id=stream.conversation_id
                    )
                )
            self._steps.came(event)
            if isinstance(event, wire.MessageEnd):
                self._text.note_end(event)
                if self._answered != stream.text:
                    self._emit_answered(stream, complete=not stream.stopped)
            else:
                await self._text.add(event)

    async def _tell_of_queue(self, stream: WholeAnswer) -> None:
        """Tell after a while that a busy server lets the question wait."""
        await asyncio.sleep(BUSY_S)
        if stream.queued:
            self._emit(events.Queued())
            if self._output.aloud:
                await self._output.speech.say_aside(_(events.Queued.told))

    async def _suggest(self, stream: WholeAnswer) -> None:
        """Send the follow-ups of a complete answer, if the app has any."""
        known = self._abilities
        if not stream.message_id or not stream.complete:
            return
        if known and not known.suggested_questions_after_answer.enabled:
            return
        try:
            if questions := tuple(await self._backend.suggested(stream.message_id)):
                self._emit(events.Suggested(questions=questions))
        except BackendError as error:
            log.info("no follow-ups: %s", error.title)

    def _note_failure(self, stream: WholeAnswer, error: BackendError) -> None:
        """Note what the failure of an answer says of the server and of the conversation."""
        self._services.capabilities.forget()
        if not stream.task_id:
            self._services.conversation.doubt()
        if isinstance(error, BrokenStream):
            self.progress.gave_up(stream)
        if error.server_code == "workflow_paused" and stream.conversation_id:
            self._services.conversation.set_current(stream.conversation_id)

    def _emit_answered(self, stream: WholeAnswer, *, complete: bool) -> None:
        self._answered = stream.text
        text = self._text.finish(complete=complete)
        if complete:
            app = self._services.app_name
            self._services.thoughtful.note(app, thought=self._text.unannounced)
        if stream.conversation_id:
            self._services.conversation.set_current(stream.conversation_id)
        self._emit(
            events.Answered(
                text=text,
                message_id=stream.message_id,
                conversation_id=stream.conversation_id,
                complete=complete and not stream.damaged and not self._text.empty,
                sources=self._text.sources,
                files=self._text.files.addresses,
            )
        )
