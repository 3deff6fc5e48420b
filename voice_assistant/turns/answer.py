"""Asks the backend a question, sends the answer's events, and speaks the answer as it arrives."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.api import stream as wire
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend import app_inputs
from voice_assistant.backend.attachments import attach
from voice_assistant.backend.whole_answer import WholeAnswer
from voice_assistant.errors import BackendError, ConversationOver, NotFound, WrongApp
from voice_assistant.text.visible import Change, VisibleText, visible
from voice_assistant.turns.answer_files import AnswerFiles
from voice_assistant.turns.answer_speech import AnswerSpeech, Unspoken
from voice_assistant.turns.answer_stream import AnswerStream

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AsyncExitStack

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import Parameters, RetrieverResource
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.answer_speech import SpeechOfAnswer
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

SUGGESTIONS_S = 5.0
"""Seconds that a turn waits for follow-ups after its answer: some servers take minutes."""

BUSY_S = 5.0
"""Seconds after which the user hears that a busy server lets the question wait."""

PORTION = 2048
"""Letters of the answer processed without a pause: with more, a key press would have to wait."""


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
    ) -> None:
        self._services = services
        self._emit = handle
        self._speaker = speaker
        self._narration = narration
        self._interrupted = interrupted
        self._say = say
        self._answered = False  # the event `Answered` was sent
        self._speech: SpeechOfAnswer = Unspoken()
        self._app = str(services.settings.backend.url)
        self._visible = VisibleText(withheld=self._app in services.unannounced_thinking)
        self._files = AnswerFiles()
        self._sources: tuple[events.Citation, ...] = ()
        self._agent_speaks = False  # text came as an agent's

    async def give(self, question: str, source: events.Source, files: Sequence[str] = ()) -> None:
        """Ask the backend, and pass on text, speech and follow-ups as they come.

        Args:
            question: the question's words.
            source: how the question was given.
            files: paths of files that the question is about.

        Raises:
            BackendError: the answer failed or is incomplete; the part that came has been spoken.
            ConfigError: the app asks for inputs that are not set.
            InputError: a file cannot be read, or the file for the speech cannot be written.
        """
        self._emit(events.Asked(question=question, source=source, files=tuple(files)))
        backend = await self._services.connect()
        abilities, conversation_id, _ = await asyncio.gather(
            self._services.capabilities.of(backend),
            self._services.conversation.confirmed(backend),
            self._services.recorded(),  # before the question is sent
        )
        self._tell_of_lost_conversation()
        self._services.capabilities.check_chat()
        given = self._services.settings.backend.inputs
        form = abilities.user_input_form if abilities else ()
        into_inputs = not conversation_id and app_inputs.wants_files(form, given)
        allowed = abilities.file_upload if abilities and not into_inputs else None
        limits = abilities.system_parameters if abilities else None
        attached = await attach(backend, [Path(name) for name in files], allowed, limits)
        request = ChatRequest(
            question,
            conversation_id=conversation_id,
            inputs=given,
            files=attached,
        )
        if self._speaker:
            self._speech = self._spoken(backend, self._speaker, question, abilities)
        if self._visible.hides:
            self._speech.left_out()
        async with contextlib.AsyncExitStack() as resources:
            try:
                asked = await self._open(resources, backend, request, abilities)
            except WrongApp:
                self._services.capabilities.refuse_chat()
                raise
            anew = partial(self._open_anew, resources, backend, request, abilities)
            again = anew if request.conversation_id else None
            stream = WholeAnswer(asked, backend, self._broke_off, again)
            incoming = AnswerStream(stream)
            try:
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

    async def _open(
        self,
        resources: AsyncExitStack,
        backend: Backend,
        request: ChatRequest,
        abilities: Parameters | None,
    ) -> ChatStream:
        """Ask the question; in a new conversation if the server no longer knows the old one."""
        if request.conversation_id:
            sure = self._services.conversation.is_sure(request.conversation_id)
            with contextlib.suppress(NotFound):
                return await resources.enter_async_context(backend.chat(request, sure=sure))
        return await self._open_anew(resources, backend, request, abilities)

    async def _open_anew(
        self,
        resources: AsyncExitStack,
        backend: Backend,
        request: ChatRequest,
        abilities: Parameters | None,
    ) -> ChatStream:
        """Ask the question in a new conversation."""
        if request.conversation_id:
            self._services.conversation.lose()
            self._tell_of_lost_conversation()
        # Inputs are checked only here: a conversation keeps the inputs that it began with.
        form = abilities.user_input_form if abilities else ()
        inputs, files = app_inputs.with_files(form, request.inputs, request.files)
        inputs = app_inputs.checked(form, inputs)
        request = msgspec.structs.replace(request, conversation_id="", inputs=inputs, files=files)
        chat = backend.chat(request, sure=abilities is not None)
        return await resources.enter_async_context(chat)

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
            try:
                await self._follow(incoming, telling)
            except BackendError as error:
                problem = error
                self._services.capabilities.forget()
                if not stream.task_id:
                    self._services.conversation.doubt()
            telling.cancel()
            if not self._answered and (stream.text or not problem):
                complete = not problem and not stream.stopped
                self._emit_answered(stream, complete=complete)
            if isinstance(problem, ConversationOver):
                self._services.conversation.forget()
            suggestions = group.create_task(self._suggest(backend, stream, abilities))
            self._speech.ended(stream.message_id)
            await speaking
            await asyncio.wait([suggestions], timeout=SUGGESTIONS_S)
            suggestions.cancel()
        if failure := problem or self._speech.save_error:
            raise failure

    def _tell_of_lost_conversation(self) -> None:
        if self._services.conversation.was_lost():
            self._emit(events.ConversationGone())

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
            if not stream.queued:
                telling.cancel()
            match event:
                case wire.Message() | wire.AgentMessage():
                    await self._add_piece(event)
                case wire.MessageReplace():
                    await self._replace(event)
                case wire.MessageFile():
                    self._files.note(event)
                case wire.ReasoningChunk():
                    self._speech.left_out()
                case wire.TtsMessage(audio=audio):
                    self._add_audio(audio)
                case wire.TtsMessageEnd():
                    self._speech.audio_ended()
                case wire.MessageEnd(files=files, metadata=metadata):
                    self._files.note_all(files)
                    self._sources = tuple(map(_citation, metadata.sources))
                    self._emit_answered(stream, complete=not stream.stopped)
                case _:
                    pass

    async def _add_piece(self, event: wire.Message | wire.AgentMessage) -> None:
        """Add the next piece of the text as it came.

        A server's speech of an agent says the closing message, too: no more of it is taken.
        """
        if isinstance(event, wire.AgentMessage):
            self._agent_speaks = True
        elif self._agent_speaks:
            self._speech.left_out()
        await self._add(event.answer)

    async def _add(self, delta: str) -> None:
        """Add the next piece of the text; let other tasks run between the parts of a long piece."""
        for at in range(0, len(delta), PORTION):
            if at:
                await asyncio.sleep(0)
            self._show(self._visible.feed(delta[at : at + PORTION]))

    def _add_audio(self, audio: bytes) -> None:
        """Add the next bytes of the stream's audio, unless they may speak thinking."""
        if self._visible.waits_at_begin:
            self._speech.left_out()
        self._speech.audio(audio)

    async def _replace(self, event: wire.MessageReplace) -> None:
        """Replace all text so far. Of an agent's final output only what is new is spoken."""
        text, self._visible = event.answer, VisibleText()
        if isinstance(event, wire.FinalOutput):
            self._speech.left_out()
            self._visible.feed(text)
            self._visible.finish()
            self._emit(events.Replaced(text=self._visible.text))
            if event.output and not _is_data(event.output):
                self._speech.replaced(visible(event.output))
            return
        first = self._visible.feed(text[:PORTION])
        self._show(Change(first.text, anew=True))
        await self._add(text[PORTION:])

    def _show(self, change: Change) -> None:
        """Send the event of newly visible text, and speak that text."""
        if self._visible.hides:
            self._speech.left_out()
        if change.anew:
            self._emit(events.Replaced(text=change.text))
        elif change.text:
            self._emit(events.Text(delta=change.text))
        if change.anew:
            self._speech.replaced(change.text)
        elif change.text:
            self._speech.text(change.text)

    def _emit_answered(self, stream: WholeAnswer, *, complete: bool) -> None:
        self._answered = True
        self._show(self._visible.finish())
        text = self._visible.text
        if complete and (note := self._files.instead_of_words(text)):
            note = f"\n\n{note}" if text.strip() else note
            self._show(Change(note))
            text = f"{text}{note}" if text.strip() else note
        if complete:
            thinks = self._services.unannounced_thinking
            (thinks.add if self._visible.unannounced else thinks.discard)(self._app)
        if stream.conversation_id:
            self._services.conversation.set_current(stream.conversation_id)
        self._emit(
            events.Answered(
                text=text,
                message_id=stream.message_id,
                conversation_id=stream.conversation_id,
                complete=complete and not stream.damaged,
                sources=self._sources,
                files=self._files.addresses,
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


def _citation(source: RetrieverResource) -> events.Citation:
    return events.Citation(
        document=source.document_name, collection=source.dataset_name, content=source.content
    )


def _is_data(text: str) -> bool:
    """Return whether a text is a JSON object or list, which programs read and nobody listens to."""
    try:
        return isinstance(msgspec.json.decode(text), dict | list)
    except (msgspec.DecodeError, RecursionError):
        return False
