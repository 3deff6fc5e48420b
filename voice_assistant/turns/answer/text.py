"""The text of one answer while it comes: what of it is visible is shown, most of it spoken."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.api.stream import events as wire
from voice_assistant.text.spoken_part import SpokenPart, spoken_part
from voice_assistant.text.visible import Change, VisibleText, visible
from voice_assistant.turns.answer.files import AnswerFiles
from voice_assistant.turns.answer.speech import SpeechOfAnswer

if TYPE_CHECKING:
    from voice_assistant.api.models import RetrieverResource

PORTION = 2048
"""Letters of the answer processed without a pause: with more, a key press would have to wait."""


class AnswerText:
    """Takes the events of an answer's stream, and passes on what is visible of its text.

    Args:
        handle: called with the events `Text` and `Replaced`.
        withheld: whether the app is known for thinking that begins without a sign.

    Attributes:
        files: the files that the answer brings.
        sources: the sources that the answer cites.
    """

    def __init__(self, handle: events.Handler, *, withheld: bool) -> None:
        self.files = AnswerFiles()
        self.sources: tuple[events.Citation, ...] = ()
        self._emit = handle
        self._speech = SpeechOfAnswer()
        self._visible = VisibleText(withheld=withheld)
        self._spoken = SpokenPart()
        self._agent_speaks = False  # text came as an agent's

    @property
    def unannounced(self) -> bool:
        """Return whether the answer began with thinking that no sign announced."""
        return self._visible.unannounced

    @property
    def empty(self) -> bool:
        """Return whether the answer has neither words nor files: the question is not answered."""
        return not self._visible.text.strip() and not self.files.there

    def speak(self, speech: SpeechOfAnswer) -> None:
        """Let `speech` speak the text that comes from now on."""
        self._speech = speech
        if self._visible.hides or self._spoken.leaves_out:
            speech.left_out()

    async def add(self, event: object) -> None:
        """Take the next event of the stream; events of other kinds have no effect."""
        match event:
            case wire.Message() | wire.AgentMessage():
                await self._add_piece(event)
            case wire.MessageReplace():
                await self._replace(event)
            case wire.MessageFile():
                self.files.note(event)
            case wire.ReasoningChunk():
                self._speech.left_out()
            case wire.TtsMessage(lost=True):
                self._speech.left_out()
            case wire.TtsMessage(audio=audio, words=words):
                self._add_audio(audio, words)
            case wire.TtsMessageEnd():
                self._speech.audio_ended()
            case _:
                pass

    def note_end(self, event: wire.MessageEnd) -> None:
        """Take the files and the sources that the end of the message names."""
        self.files.note_all(event.files)
        self.sources = tuple(map(_citation, event.metadata.sources))

    def finish(self, *, complete: bool) -> str:
        """Pass on the rest of the text, and return all of it.

        Args:
            complete: whether the answer is complete; then one without words is told by its files.
        """
        self._show(self._visible.finish())
        self._say(Change(self._spoken.finish()))
        text = self._visible.text
        if not complete or not (note := self.files.instead_of_words(text)):
            return text
        note = f"\n\n{note}" if text.strip() else note
        self._show(Change(note))
        return f"{text}{note}" if text.strip() else note

    async def _add_piece(self, event: wire.Message | wire.AgentMessage) -> None:
        """Add the next piece of the text as it came.

        A server's speech of an agent says the closing message, too: no more of it is taken.
        """
        if isinstance(event, wire.AgentMessage):
            self._agent_speaks = True
        elif self._agent_speaks:
            self._speech.left_out()
        await self._add_text(event.answer)

    async def _add_text(self, delta: str) -> None:
        """Add the next piece of the text; let other tasks run between the parts of a long piece."""
        for at in range(0, len(delta), PORTION):
            if at:
                await asyncio.sleep(0)
            self._show(self._visible.feed(delta[at : at + PORTION]))

    def _add_audio(self, audio: bytes, words: str) -> None:
        """Add the next bytes of the stream's audio, unless they may speak thinking."""
        if self._visible.waits_at_begin or self._spoken.waits_at_begin:
            self._speech.left_out()
        self._speech.audio(audio, words)

    async def _replace(self, event: wire.MessageReplace) -> None:
        """Replace all text so far. Of an agent's final output only what is new is spoken."""
        text, self._visible, self._spoken = event.answer, VisibleText(), SpokenPart()
        if isinstance(event, wire.FinalOutput):
            self._speech.left_out()
            self._visible.feed(text)
            self._visible.finish()
            self._emit(events.Replaced(text=self._visible.text))
            if event.output and not _is_data(event.output):
                self._speech.replaced(spoken_part(visible(event.output)))
            return
        first = self._visible.feed(text[:PORTION])
        self._show(Change(first.text, anew=True))
        await self._add_text(text[PORTION:])

    def _show(self, change: Change) -> None:
        """Send the event of newly visible text, and speak what is to be spoken of it."""
        if change.anew:
            self._spoken = SpokenPart()
            self._emit(events.Replaced(text=change.text))
        elif change.text:
            self._emit(events.Text(delta=change.text))
        self._say(change._replace(text=self._spoken.feed(change.text)))

    def _say(self, change: Change) -> None:
        if self._visible.hides or self._spoken.leaves_out:
            self._speech.left_out()
        if change.anew:
            self._speech.replaced(change.text)
        elif change.text:
            self._speech.text(change.text)


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
