"""The speech of one text, as a turn tells it: the voice that is used, and the events."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from voice_assistant import events
from voice_assistant.errors import BackendError, DeviceError, InputError
from voice_assistant.ports import SPEAKER
from voice_assistant.speech.prosody import UNHEARD
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput, SpokenSummary

if TYPE_CHECKING:
    from voice_assistant.ports import Backend, Speaker
    from voice_assistant.speech.narration import Narration
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SpeechEvents:
    """Tells the events of speech.

    Attributes:
        handle: called with each.
    """

    handle: events.Handler

    def begun(self) -> None:
        """The first sound is on its way."""
        self.handle(events.Speaking())

    def paused(self, paused: bool) -> None:  # noqa: FBT001  (the only news is yes or no)
        """The listener has paused the speech, or resumed it."""
        self.handle(events.Paused() if paused else events.Resumed())

    def over(self, summary: SpokenSummary) -> None:
        """The speech has ended."""
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


class SpeechOfAnswer(Protocol):
    """What an answer is spoken by while it arrives: `AnswerSpeech`, or `Unspoken`."""

    @property
    def save_error(self) -> InputError | None:
        """Why the file that the speech was to be written to could not be written."""
        ...

    def text(self, delta: str) -> None:
        """The next piece of the visible text."""
        ...

    def replaced(self, text: str) -> None:
        """All text so far is replaced."""
        ...

    def left_out(self) -> None:
        """A part of the answer is hidden; the stream's audio says it, so none is taken."""
        ...

    def audio(self, data: bytes) -> None:
        """The next bytes of the stream's audio."""
        ...

    def audio_ended(self) -> None:
        """No more audio comes in the stream."""
        ...

    def ended(self, message_id: str = "") -> None:
        """Nothing more will come of the answer."""
        ...

    async def run(self) -> None:
        """Speak all of it. Cancelling this is silence at once."""
        ...

    def interrupted(self) -> None:
        """`run` was cancelled: tell how far the speech came, unless that was told."""
        ...


class Unspoken:
    """The speech of an answer that is only written: none."""

    save_error = None

    def text(self, delta: str) -> None:
        """Do nothing."""

    def replaced(self, text: str) -> None:
        """Do nothing."""

    def left_out(self) -> None:
        """Do nothing."""

    def audio(self, data: bytes) -> None:
        """Do nothing."""

    def audio_ended(self) -> None:
        """Do nothing."""

    def ended(self, message_id: str = "") -> None:
        """Do nothing."""

    async def run(self) -> None:
        """Return at once."""

    def interrupted(self) -> None:
        """Tell nothing."""


class AnswerSpeech:
    """Speaks one text while it arrives, and tells the events of that.

    Args:
        services: what the turn works with.
        handle: called with every event: at most one `Spoken`, as the last.
        backend: whose voice is asked for the sentences.
        speaker: where the speech goes.
        narration: what is said is added to it.
        question: what the text answers.
        auto_play: the stream is said to bring audio; None where the server does not say.

    Attributes:
        save_error: why the file that the speech was to be written to could not be written.
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
        self.save_error: InputError | None = None
        self._services = services
        self._events = SpeechEvents(handle)
        self._told_over = False
        services.player.begin(narration)
        known = services.capabilities.known
        self._voice = known.text_to_speech.voice if known else ""  # as the server names it
        self._speaking = Speaking(
            SpeechSource(
                backend,
                auto_play=auto_play,
                prosody=services.prosodies.get(self._voice, UNHEARD),
                voice=services.voice,
                question=question,
            ),
            SpeechOutput(speaker, on_start=self._events.begun, on_pause=self._events.paused),
            narration,
        )

    def text(self, delta: str) -> None:
        """The next piece of the text."""
        self._speaking.text(delta)

    def replaced(self, text: str) -> None:
        """All text so far is replaced."""
        self._speaking.replaced(text)

    def left_out(self) -> None:
        """A part of the answer is hidden; the stream's audio says it, so none is taken."""
        self._speaking.left_out()

    def audio(self, data: bytes) -> None:
        """The next bytes of the stream's audio."""
        self._speaking.audio(data)

    def audio_ended(self) -> None:
        """No more audio comes in the stream."""
        self._speaking.audio_ended()

    def ended(self, message_id: str = "") -> None:
        """Nothing more will come of the text."""
        self._speaking.ended(message_id)

    async def run(self) -> None:
        """Speak all of it. Cancelling this is silence at once."""
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
        """`run` was cancelled: tell how far the speech came, unless that was told."""
        if not self._told_over:
            self._over(self._speaking.summary())

    def _over(self, summary: SpokenSummary) -> None:
        self._told_over = True
        self._events.over(summary)
