"""Asks the backend a question, sends the answer's events, and speaks the answer as it arrives."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.api import stream as wire
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend.whole_answer import WholeAnswer
from voice_assistant.commands import Fill
from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    ConversationOver,
    NotConfigured,
    Rejected,
    TimedOut,
    WrongApp,
)
from voice_assistant.speech.narration import Narration
from voice_assistant.turns.answer_speech import AnswerSpeech, Unspoken
from voice_assistant.turns.answer_stream import AnswerStream
from voice_assistant.turns.answer_text import AnswerText
from voice_assistant.turns.asking import Asking
from voice_assistant.turns.form_dialogue import FormDialogue
from voice_assistant.turns.late_answers import Unanswered

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from voice_assistant.api.models import Parameters
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.turns.answer_speech import SpeechOfAnswer
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

SUGGESTIONS_S = 5.0
"""Seconds that a turn waits for follow-ups after its answer: some servers take minutes."""

BUSY_S = 5.0
"""Seconds after which the user hears that a busy server lets the question wait."""

NOTED_S = 0.5
"""Seconds between two looks at the place that the speech of an answer has reached."""


class Answer:
    """One answer of the backend. Call `give` once.

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

    Attributes:
        dialogue: about a form with which the app asks; None while it does not.
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
        self.dialogue: FormDialogue | None = None
        self._renew = renew
        self._asked = Unanswered(question="")
        self._speech_anew: Callable[[], SpeechOfAnswer] = Unspoken
        self._prompting: asyncio.Task[None] | None = None
        self._services = services
        self._emit = handle
        self._speaker = speaker
        self._narration = narration
        self._interrupted = interrupted
        self._say = say
        self._answered = False  # the event `Answered` was sent
        self._speech: SpeechOfAnswer = Unspoken()
        self._app = str(services.settings.backend.url)
        self._text = AnswerText(handle, withheld=self._app in services.unannounced_thinking)

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
        self._emit(events.Asked(question=question, source=source, files=tuple(files), sure=sure))
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
            files=await asking.attached(files, conversation_id),
        )
        self._asked = Unanswered(
            question=question,
            spoken=source == "voice",
            aloud=self._speaker is not None,
            asked_at=time.time(),
            conversation_id=conversation_id,
        )
        if speaker := self._speaker:
            self._speech_anew = lambda: self._spoken(backend, speaker, question, abilities)
            self._speech = self._speech_anew()
        self._text.speak(self._speech)
        async with contextlib.AsyncExitStack() as resources:
            resources.callback(self._services.late.ended)
            try:
                asked = await asking.open(resources, request)
            except WrongApp:
                self._services.capabilities.refuse_chat()
                raise
            except TimedOut:
                self._services.late.look_for(self._asked)  # the server may have the question
                raise
            anew = partial(asking.open_anew, resources, request)
            again = anew if request.conversation_id else None
            stream = WholeAnswer(asked, backend, self._broke_off, again)
            incoming = AnswerStream(stream)
            try:
                await self._converse(backend, incoming, abilities)
                while stream.form:
                    await self._ask(stream, form)
                    form = ()  # it was for the first one
                    await self._converse(backend, incoming, abilities)
            except asyncio.CancelledError:
                if not self._answered:
                    self._emit_answered(stream, complete=False)
                self._speech.interrupted()
                self._interrupted()
                await incoming.hang_up(backend)
                raise
            finally:
                await incoming.cancel_read()
                await stream.aclose()

    def _spoken(
        self, backend: Backend, speaker: Speaker, question: str, abilities: Parameters | None
    ) -> AnswerSpeech:
        return AnswerSpeech(
            self._services,
            self._emit,
            backend,
            speaker,
            self._narration,
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
            speaking = group.create_task(self._speech.run())
            telling = group.create_task(self._tell_of_queue(stream))
            noting = group.create_task(self._note_place())
            try:
                await self._follow(incoming, telling)
            except BackendError as error:
                problem = error
                self._services.capabilities.forget()
                if not stream.task_id:
                    self._services.conversation.doubt()
                if isinstance(error, BrokenStream):
                    self._services.late.look_for(self._named(stream))
                if error.server_code == "workflow_paused" and stream.conversation_id:
                    self._services.conversation.set_current(stream.conversation_id)
            telling.cancel()
            if stream.form and not problem:
                self._read_out(backend, stream)
            elif not self._answered and (stream.text or not problem):
                complete = not problem and not stream.stopped
                self._emit_answered(stream, complete=complete)
            if isinstance(problem, ConversationOver):
                self._services.conversation.forget()
            suggestions = group.create_task(self._suggest(backend, stream, abilities))
            self._speech.ended(stream.message_id)
            await self._said(speaking)
            noting.cancel()
            await asyncio.wait([suggestions], timeout=SUGGESTIONS_S)
            suggestions.cancel()
        if failure := problem or self._speech.save_error:
            raise failure

    def _tell_of_lost_conversation(self) -> None:
        if self._services.conversation.was_lost():
            self._emit(events.ConversationGone())

    def _read_out(self, backend: Backend, stream: WholeAnswer) -> None:
        """Tell what the app asks; the speech of it goes on until it is answered."""
        assert stream.form  # noqa: S101  (the caller has seen it)
        self._services.conversation.set_current(stream.conversation_id)
        self.dialogue = FormDialogue(stream.form, backend)
        self._emit(self.dialogue.event)
        self._speech.left_out()
        self._speech.text(f"\n\n{self.dialogue.spoken}")

    async def _said(self, speaking: asyncio.Task[None]) -> None:
        """Wait until all was said; a form is read out no further once it is being answered."""
        if self.dialogue is None:
            await speaking
            return
        answered = asyncio.create_task(self.dialogue.answered())
        try:
            await asyncio.wait([speaking, answered], return_when=asyncio.FIRST_COMPLETED)
        finally:
            answered.cancel()
        if not speaking.done():
            speaking.cancel()
            self._speech.interrupted()

    async def _ask(self, stream: WholeAnswer, form: Sequence[str]) -> None:
        """Wait until the form is answered, and fill it in.

        Raises:
            BackendError: the form has expired, or was filled in by somebody else.
            NotConfigured: nobody can answer.
        """
        dialogue = self.dialogue
        assert dialogue  # noqa: S101  (`_read_out` has begun it)
        try:
            if form:
                dialogue.fill(Fill(items=tuple(form)))
            else:
                self._check_attended(dialogue)
            while True:
                filled = await dialogue.filled(self._ask_for)
                try:
                    await stream.fill_in(filled.action, filled.values)
                except Rejected as error:
                    if error.status != HTTPStatus.BAD_REQUEST:
                        raise
                    await self._ask_for(f"{error.title}. {dialogue.event.ask}")
                else:
                    break
        finally:
            self.dialogue = None
            await self._hush()
        self._speak_anew()
        self._speech.left_out()

    async def _ask_for(self, words: str) -> None:
        """Ask the user for what is still wanted of the form."""
        assert self.dialogue  # noqa: S101  (it asks)
        self._check_attended(self.dialogue)
        self._emit(self.dialogue.event)
        await self._hush()
        self._speak_anew()
        self._speech.text(words)
        self._speech.ended()
        self._prompting = asyncio.create_task(self._speech.run())

    def _check_attended(self, dialogue: FormDialogue) -> None:
        """Check that somebody can answer.

        Raises:
            NotConfigured: no daemon runs that could be told the answer.
        """
        if not self._services.waits_for_forms:
            asked = dialogue.event
            raise NotConfigured(
                "The app asks back",
                f"{asked.text} {asked.ask} `voice-assistant forms fill-in {asked.token} BUTTON` "
                "answers, and `ask --form BUTTON` does so at once.",
            )

    def _speak_anew(self) -> None:
        """Begin a new speech, for what is said from now on."""
        self._narration = self._renew()
        self._speech = self._speech_anew()
        self._text.speak(self._speech)

    async def _hush(self) -> None:
        """End what asks for the rest of a form."""
        if self._prompting and not self._prompting.done():
            self._prompting.cancel()
            await asyncio.wait([self._prompting])
            self._speech.interrupted()
        self._prompting = None

    def _came(self, stream: WholeAnswer, telling: asyncio.Task[None]) -> None:
        """Note that something of the answer has come."""
        if not stream.queued:
            telling.cancel()
        if stream.message_id and not self._asked.message_id:
            self._asked = self._named(stream)
            self._services.late.began(self._asked)

    async def _note_place(self) -> None:
        """Keep how far the answer was said, in case this process dies."""
        while True:
            await asyncio.sleep(NOTED_S)
            said = self._narration.script.sentence
            if self._asked.message_id and said != self._asked.said:
                self._asked = msgspec.structs.replace(self._asked, said=said)
                self._services.late.began(self._asked)

    def _named(self, stream: WholeAnswer) -> Unanswered:
        """Return the question with what is known of its answer."""
        return msgspec.structs.replace(
            self._asked,
            conversation_id=stream.conversation_id or self._asked.conversation_id,
            message_id=stream.message_id,
        )

    def _broke_off(self) -> None:
        self._emit(events.Lost())
        self._speech.broke_off()

    async def _tell_of_queue(self, stream: WholeAnswer) -> None:
        """Tell after a while that a busy server lets the question wait."""
        await asyncio.sleep(BUSY_S)
        if stream.queued:
            self._emit(events.Queued())
            if self._say:
                await self._say(events.Queued.told)

    async def _follow(self, incoming: AnswerStream, telling: asyncio.Task[None]) -> None:
        """Pass on the stream's events until the answer ends; its first one ends `telling`."""
        stream = incoming.stream
        async for event in incoming:
            self._came(stream, telling)
            if isinstance(event, wire.MessageEnd):
                self._text.note_end(event)
                self._emit_answered(stream, complete=not stream.stopped)
            else:
                await self._text.add(event)

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
