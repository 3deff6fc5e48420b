"""Speaks one text of a turn: chooses the voice, and sends the events of the speech."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.errors import BackendError, DeviceError, InputError
from voice_assistant.ports import SPEAKER
from voice_assistant.speech.marks import Marks, ReadMarks
from voice_assistant.speech.prosody import UNHEARD
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput

if TYPE_CHECKING:
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.speech.narration import Narration
    from voice_assistant.speech.spoken_summary import SpokenSummary
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SpeechEvents:
    """Sends the events of speech.

    Attributes:
        handle: called with each event.
    """

    handle: events.Handler

    def begun(self) -> None:
        """Send `Speaking`: the first sound is on its way."""
        self.handle(events.Speaking())

    def paused(self, paused: bool) -> None:  # noqa: FBT001  (the only news is yes or no)
        """Send that the listener paused the speech, or resumed it."""
        self.handle(events.Paused() if paused else events.Resumed())

    def over(self, summary: SpokenSummary) -> None:
        """Send `Spoken`: the speech has ended."""
        self.handle(
            events.Spoken(
                seconds=round(summary.seconds, 3),
                complete=summary.complete,
                stream_s=round(summary.stream_s, 3),
                text_to_audio_s=round(summary.text_to_audio_s, 3),
                local_s=round(summary.local_s, 3),
                problem=summary.problem.title if summary.problem else "",
            )
        )


class SpeechOfAnswer:
    """Takes an answer's text and audio as they arrive.

    This class speaks nothing: it is for an answer that is only written. `AnswerSpeech` speaks.

    Attributes:
        save_error: the error of the file for the speech; None if the file was written.
    """

    def __init__(self) -> None:
        self.save_error: InputError | None = None

    def text(self, delta: str) -> None:
        """Add the next piece of the visible text."""

    def replaced(self, text: str) -> None:
        """Replace all text so far by `text`."""

    def left_out(self) -> None:
        """Ignore the stream's audio from now on: it speaks what is hidden, or has a hole."""

    def audio(self, data: bytes, words: str) -> None:
        """Add the next bytes of the stream's audio; see `Speaking.audio`."""

    def audio_ended(self) -> None:
        """Note that no more audio comes in the stream."""

    def broke_off(self) -> None:
        """Note that the text stops anywhere, perhaps within a word, and goes on later."""

    def ended(self, message_id: str = "") -> None:
        """Note that the answer has ended."""

    async def run(self) -> None:
        """Speak all of the text. Cancelling `run` stops the speech at once."""

    def interrupted(self) -> None:
        """Send `Spoken` after `run` was cancelled, unless it was sent."""


class AnswerSpeech(SpeechOfAnswer):
    """Speaks one text while it arrives, and sends the events of the speech.

    Args:
        services: what the turn works with.
        handle: called with every event: at most one `Spoken`, as the last.
        backend: the server that sentences are requested from.
        speaker: plays the speech.
        narration: gets the speech.
        question: the question that the text answers.
        auto_play: whether the server says that the stream brings audio; None if it does not say.
    """

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        backend: Backend,
        speaker: Speaker,
        narration: Narration,
        *,
        question: str = "",
        auto_play: bool | None = False,
    ) -> None:
        super().__init__()
        self._services = services
        self._events = SpeechEvents(handle)
        self._over_sent = False
        services.player.begin(narration)
        known = services.capabilities.known
        read_aloud = isinstance(speaker, ReadMarks)
        wished = "" if read_aloud else services.settings.backend.voice
        # The server's name of the voice that is heard.
        self._voice = wished or (known.text_to_speech.voice if known else "")
        self._speaking = Speaking(
            SpeechSource(
                None if read_aloud else backend,
                auto_play=False if wished or read_aloud else auto_play,
                server_voice=wished,
                prosody=services.prosodies.get(self._voice, UNHEARD),
                voice=Marks() if read_aloud else services.voice,
                question=question,
                own=services.settings.backend.kind == "embedded",
            ),
            SpeechOutput(speaker, on_start=self._events.begun, on_pause=self._events.paused),
            narration,
        )
        if wished or read_aloud:
            self._speaking.left_out()  # the stream's audio has the app's own voice

    def text(self, delta: str) -> None:
        """Add the next piece of the text."""
        self._speaking.text(delta)

    def replaced(self, text: str) -> None:
        """Replace all text so far by `text`."""
        self._speaking.replaced(text)

    def left_out(self) -> None:
        """Ignore the stream's audio from now on: it speaks what is hidden, or has a hole."""
        self._speaking.left_out()

    def audio(self, data: bytes, words: str) -> None:
        """Add the next bytes of the stream's audio; see `Speaking.audio`."""
        self._speaking.audio(data, words)

    def audio_ended(self) -> None:
        """Note that no more audio comes in the stream."""
        self._speaking.audio_ended()

    def broke_off(self) -> None:
        """Note that the text stops anywhere, perhaps within a word, and goes on later."""
        self._speaking.broke_off()

    def ended(self, message_id: str = "") -> None:
        """Note that the text has ended."""
        self._speaking.ended(message_id)

    async def run(self) -> None:
        """Speak all of the text. Cancelling `run` stops the speech at once."""
        try:
            summary = await self._speaking.run()
        except DeviceError as error:
            self._services.problems.report_problem(SPEAKER, error)
            summary = self._speaking.summary()._replace(problem=error)
        except InputError as error:
            self.save_error = error
            summary = self._speaking.summary()._replace(problem=error)
        finally:
            self._services.prosodies[self._voice] = self._speaking.prosody
        if summary.problem:
            log.warning("not all of the answer was spoken: %s", summary.problem.title)
        if isinstance(summary.problem, BackendError):
            self._services.capabilities.forget()
        self._over(summary)

    def interrupted(self) -> None:
        """Send `Spoken` after `run` was cancelled, unless it was sent."""
        if not self._over_sent:
            self._over(self._speaking.summary())

    def _over(self, summary: SpokenSummary) -> None:
        self._over_sent = True
        self._events.over(summary)
