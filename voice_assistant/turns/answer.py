"""From a question in words to an answer that was heard: the second half of a turn."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.api import stream as wire
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend.app_inputs import checked as inputs_for
from voice_assistant.backend.attachments import attach
from voice_assistant.errors import BackendError, DeviceError, InputError, NotFound
from voice_assistant.speech.prosody import UNHEARD
from voice_assistant.speech.speaking import Speaking, SpokenSummary
from voice_assistant.text.visible import Change, VisibleText
from voice_assistant.turns.answer_files import AnswerFiles
from voice_assistant.turns.answer_stream import AnswerStream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AsyncExitStack

    from voice_assistant.api.client import ChatStream
    from voice_assistant.api.models import Parameters
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.services import Tell, TurnServices

log = logging.getLogger(__name__)

SUGGESTIONS_S = 5.0
"""How long a turn whose answer was heard still waits for follow-ups: some servers take minutes."""

PORTION = 2048
"""Letters of the answer taken in one go: more would keep a key's press waiting."""


class Answer:
    """One answer. Use it once, by `give`, `say` or `say_again`.

    Args:
        parts: what it works with.
        tell: called with every event.
        speaker: where it is spoken; None for an answer that is only written.
        narration: what is spoken is added to it.
        interrupted: called when an interruption has silenced it and its last events are told; what
            is left then, stopping the server, nobody has to wait for.
    """

    def __init__(
        self,
        parts: TurnServices,
        tell: Tell,
        speaker: Speaker | None,
        narration: Narration,
        interrupted: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._tell = tell
        self._speaker = speaker
        self._narration = narration
        self._interrupted = interrupted
        self._answered = False
        self._speaking: Speaking | None = None
        self._spoken = False
        self._unwritten: InputError | None = None  # of the file that it is spoken to
        self._voice = ""  # of the server, as it names it
        self._question = ""
        self._app = str(parts.settings.backend.url)
        self._visible = VisibleText(withheld=self._app in parts.unannounced_thinking)
        self._files = AnswerFiles()

    async def give(self, question: str, source: events.Source, files: Sequence[str] = ()) -> None:
        """Ask the backend, and pass on text, speech and follow-ups as they come.

        Args:
            question: in words.
            source: where they come from.
            files: paths of what the question is about.

        Raises:
            BackendError: there is no answer, or only a part of it (which has been spoken).
            ConfigError: the app asks for inputs that are not set.
            InputError: a file cannot be read, or the one that speech is written to cannot be.
        """
        self._question = question
        self._tell(events.Asked(question=question, source=source))
        backend = await self._parts.connect()
        abilities, conversation_id = await asyncio.gather(
            self._parts.capabilities.of(backend), self._parts.conversation.confirmed(backend)
        )
        allowed = abilities.file_upload if abilities else None
        attached = await attach(backend, [Path(name) for name in files], allowed)
        request = ChatRequest(
            question,
            conversation_id=conversation_id,
            inputs=self._parts.settings.backend.inputs,
            files=attached,
        )
        async with contextlib.AsyncExitStack() as resources:
            stream = await self._open(resources, backend, request, abilities)
            incoming = AnswerStream(stream)
            try:
                await self._converse(backend, incoming, abilities)
            except asyncio.CancelledError:
                self._tell_unfinished(stream)
                self._interrupted()
                await incoming.hang_up(backend)
                raise
            finally:
                await incoming.let_go()

    async def say(self, text: str) -> None:
        """Speak a text that is no answer to anything."""
        if not self._speaker:
            return
        backend = await self._parts.connect()
        speaking = self._new_speaking(backend, self._speaker, auto_play=False)
        speaking.text(text)
        speaking.ended("")
        await self._speak(speaking)

    async def say_again(self) -> None:
        """Say what the narration holds, from where it stands."""
        if not self._speaker:
            return
        narration = self._narration
        before_s, complete, problem = narration.heard_s, False, None
        narration.end()
        try:
            await narration.run(
                self._speaker, on_start=self._tell_speaking, on_pause=self._tell_paused
            )
            complete = True
        except DeviceError as error:
            self._parts.missing(error)
            problem = error
        finally:
            seconds = narration.heard_s - before_s
            self._tell_spoken(SpokenSummary(seconds, complete, 0.0, 0.0, 0.0, problem))

    async def _open(
        self,
        resources: AsyncExitStack,
        backend: Backend,
        request: ChatRequest,
        abilities: Parameters | None,
    ) -> ChatStream:
        """Ask; in a new conversation where the server no longer knows the old one."""
        if request.conversation_id:
            try:
                return await resources.enter_async_context(backend.chat(request))
            except NotFound:
                log.info("the server no longer knows the conversation: a new one begins")
                self._parts.conversation.forget()
        # Only now: a conversation keeps the inputs that it began with.
        inputs = inputs_for(abilities.user_input_form if abilities else (), request.inputs)
        request = msgspec.structs.replace(request, conversation_id="", inputs=inputs)
        return await resources.enter_async_context(backend.chat(request))

    async def _converse(
        self, backend: Backend, incoming: AnswerStream, abilities: Parameters | None
    ) -> None:
        stream, problem = incoming.stream, None
        async with asyncio.TaskGroup() as group:
            if self._speaker:
                auto_play = abilities.text_to_speech.auto_play if abilities else None
                speaking = self._new_speaking(backend, self._speaker, auto_play=auto_play)
                speech = group.create_task(self._speak(speaking))
            try:
                await self._follow(incoming)
            except BackendError as error:
                problem = error
                self._parts.capabilities.forget()
                if not stream.task_id:
                    self._parts.conversation.doubt()
            if not self._answered and (stream.text or not problem):
                complete = not problem and not stream.stopped
                self._tell_answered(stream, complete=complete)
            suggestions = group.create_task(self._suggest(backend, stream, abilities))
            if self._speaking:
                self._speaking.ended(stream.message_id)
                await speech
            await asyncio.wait([suggestions], timeout=SUGGESTIONS_S)
            suggestions.cancel()
        if failure := problem or self._unwritten:
            raise failure

    async def _follow(self, incoming: AnswerStream) -> None:
        """Pass on what the stream brings until the answer's end."""
        speaking, stream = self._speaking, incoming.stream
        async for event in incoming:
            match event:
                case wire.Message(answer=delta) | wire.AgentMessage(answer=delta):
                    await self._add(delta)
                case wire.MessageReplace(answer=text):
                    self._visible = VisibleText()
                    first = self._visible.feed(text[:PORTION])
                    self._show(Change(first.text, anew=True))
                    await self._add(text[PORTION:])
                case wire.MessageFile():
                    self._files.note(event)
                case wire.TtsMessage(audio=audio) if speaking:
                    speaking.audio(audio)
                case wire.TtsMessageEnd() if speaking:
                    speaking.audio_ended()
                case wire.MessageEnd(files=files):
                    self._files.note_all(files)
                    self._tell_answered(stream, complete=not stream.stopped)
                case _:
                    pass

    async def _add(self, delta: str) -> None:
        """Take the next piece of the text; other tasks are not kept waiting by a long one."""
        for at in range(0, len(delta), PORTION):
            if at:
                await asyncio.sleep(0)
            self._show(self._visible.feed(delta[at : at + PORTION]))

    def _show(self, change: Change) -> None:
        """Tell and speak what has become visible."""
        if self._speaking and self._visible.hides:
            self._speaking.left_out()
        if change.anew:
            self._tell(events.Replaced(text=change.text))
        elif change.text:
            self._tell(events.Text(delta=change.text))
        if self._speaking and change.anew:
            self._speaking.replaced(change.text)
        elif self._speaking and change.text:
            self._speaking.text(change.text)

    def _tell_answered(self, stream: ChatStream, *, complete: bool) -> None:
        self._answered = True
        self._show(self._visible.finish())
        text = self._visible.text
        if complete and (note := self._files.instead_of_words(text)):
            note = f"\n\n{note}" if text.strip() else note
            self._show(Change(note))
            text = f"{text}{note}" if text.strip() else note
        if complete:
            thinks = self._parts.unannounced_thinking
            (thinks.add if self._visible.unannounced else thinks.discard)(self._app)
        if stream.conversation_id:
            self._parts.conversation.go_on(stream.conversation_id)
        self._tell(
            events.Answered(
                text=text,
                message_id=stream.message_id,
                conversation_id=stream.conversation_id,
                complete=complete and not stream.damaged,
            )
        )

    async def _suggest(
        self, backend: Backend, stream: ChatStream, abilities: Parameters | None
    ) -> None:
        if not stream.message_id or not stream.complete:
            return
        if abilities and not abilities.suggested_questions_after_answer.enabled:
            return
        try:
            if questions := tuple(await backend.suggested(stream.message_id)):
                self._tell(events.Suggested(questions=questions))
        except BackendError as error:
            log.info("no follow-ups: %s", error.title)

    def _new_speaking(
        self, backend: Backend, speaker: Speaker, *, auto_play: bool | None
    ) -> Speaking:
        self._parts.player.begin(self._narration)
        known = self._parts.capabilities.known
        self._voice = known.text_to_speech.voice if known else ""
        self._speaking = Speaking(
            backend,
            speaker,
            auto_play=auto_play,
            on_start=self._tell_speaking,
            on_pause=self._tell_paused,
            narration=self._narration,
            question=self._question,
            voice=self._parts.voice,
            prosody=self._parts.prosodies.get(self._voice, UNHEARD),
        )
        return self._speaking

    async def _speak(self, speaking: Speaking) -> None:
        try:
            summary = await speaking.run()
        except DeviceError as error:
            self._parts.missing(error)
            summary = speaking.summary()._replace(problem=error)
        except InputError as error:
            self._unwritten = error
            summary = speaking.summary()._replace(problem=error)
        finally:
            self._parts.prosodies[self._voice] = speaking.prosody
        if summary.problem:
            log.warning("not all of the answer was spoken: %s", summary.problem.title)
        if isinstance(summary.problem, BackendError):
            self._parts.capabilities.forget()
        self._tell_spoken(summary)

    def _tell_speaking(self) -> None:
        self._tell(events.Speaking())

    def _tell_paused(self, paused: bool) -> None:  # noqa: FBT001  (the only news is yes or no)
        self._tell(events.Paused() if paused else events.Resumed())

    def _tell_spoken(self, summary: SpokenSummary) -> None:
        self._spoken = True
        self._tell(
            events.Spoken(
                seconds=round(summary.seconds, 3),
                complete=summary.complete,
                stream_s=round(summary.stream_s, 3),
                text_to_audio_s=round(summary.text_to_audio_s, 3),
                local_s=round(summary.local_s, 3),
                problem=summary.problem.title if summary.problem else "",
            )
        )

    def _tell_unfinished(self, stream: ChatStream) -> None:
        """After an interruption: how far the answer came."""
        if not self._answered:
            self._tell_answered(stream, complete=False)
        if self._speaking and not self._spoken:
            self._tell_spoken(self._speaking.summary())
