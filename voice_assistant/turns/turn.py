"""The base of all turns: it sends events, fails in words, and can be held for another turn.

A turn is a straight line: each story (`spoken_question`, `question`, `stored_question`,
`announcement`, `repetition`) says in `_story` what happens from its beginning to its end.
Cancelling the task that runs a turn is the whole interruption mechanism: the speech stops, the
turn sends its last events, and only then, out of the user's sight, the turn asks the server to stop
and closes the connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import logging
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import msgspec

from voice_assistant import events
from voice_assistant.errors import AssistantError, NothingHeard, sentences
from voice_assistant.settings.titles import in_titles
from voice_assistant.translation import N_, _
from voice_assistant.turns.answer.answer import Answer
from voice_assistant.turns.answer.reception import AnswerOutput
from voice_assistant.turns.beside import beside
from voice_assistant.turns.turn_speech import TurnSpeech

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.command_words.meaning import Meaning
    from voice_assistant.commands import AnyCommand, Fill
    from voice_assistant.hearing.listening import Listening
    from voice_assistant.hearing.recordings import StoredRecording
    from voice_assistant.ports import Speaker
    from voice_assistant.turns.answer.form_dialogue import FormDialogue
    from voice_assistant.turns.command_table import Activity, Internal
    from voice_assistant.turns.services import TurnServices

    FindMeaning = Callable[[str, "Turn"], Meaning | None]

log = logging.getLogger(__name__)

TRY_AGAIN = N_(
    "Your recording is kept: try it again from the tray, or `voice-assistant recordings retry`."
)
ASK_AGAIN = N_(
    "Your question is kept: ask it again from the tray, or `voice-assistant recordings retry`."
)


def no_meaning(words: str, turn: Turn) -> None:
    """Take all words for a question."""


class Turn(ABC):
    """One task of the assistant, from its beginning to its end. Call `run` once.

    Args:
        services: what the turn works with.
        handle: called with every event, in order; the last one is always `Idle`.
        number: the turn's number in its events.

    Attributes:
        aloud: whether a failure is also spoken: a user who has spoken may not look at the screen.
            `NothingHeard` is not spoken: its short sound is enough.
        rings: whether it speaks until the user stops it.
        over: set when `Idle` has been handled. An interrupted turn may then still be hanging up.
        listening: set while the microphone is open or about to be; None before and after.
        next_command: what the assistant carries out when the turn is over; None for nothing.
    """

    aloud: ClassVar[bool] = False
    rings: ClassVar[bool] = False

    def __init__(self, services: TurnServices, handle: events.Handler, number: int = 1) -> None:
        self.over = asyncio.Event()
        self.listening: Listening | None = None
        self.next_command: AnyCommand | Internal | None = None
        self._services = copy.copy(services)  # what is chosen later concerns the next turn
        self._handle = handle
        self._number = number
        self._began_s = time.monotonic()
        self._speech = TurnSpeech(self._services, self._emit)
        self._giving: Answer | None = None
        self._recording: StoredRecording | None = None  # the recording that the turn answers
        self._asked = ""  # the question's words, "" until they are known
        self._answer_begun = False
        self._last_event = "nothing"
        self._spoken = False

    def __repr__(self) -> str:
        """Return the turn's number, activity and last event, for the log."""
        return f"<{type(self).__name__} {self._number}: {self.activity}, told {self._last_event}>"

    @property
    def activity(self) -> Activity:
        """Return the activity that decides what a command does: see the command table."""
        if self.listening and self.listening.attending:
            return "attending"
        if self.listening:
            return "hands_free" if self.listening.hands_free else "listening"
        if self._speech.held:
            return "spoken_held" if self._spoken else "held"
        return "spoken" if self._spoken else "answering"

    @property
    def unfinished(self) -> bool:
        """Return whether the turn has more to say."""
        return not (self._spoken or self.over.is_set())

    @property
    def paused(self) -> bool:
        """Return whether the listener has paused what it says."""
        return self._speech.narration.paused

    @property
    def sentence(self) -> str:
        """Return the sentence that is being spoken, or with which it goes on; "" if not known."""
        script = self._speech.narration.script
        return script.words_at(script.reached_s)

    @property
    def dialogue(self) -> FormDialogue | None:
        """Return the dialogue about a form, while the app waits for that."""
        return self._giving.dialogue if self._giving else None

    def fill(self, step: Fill) -> None:
        """Take a step of filling in the form with which the app asks, if it does."""
        if dialogue := self.dialogue:
            dialogue.fill(step)

    async def run(self) -> None:
        """Run the turn; its last event is `Idle`. Cancelling `run` stops the speech at once."""
        try:
            failed = await self._failure(self._story())
            if failed and self.aloud and failed.code != NothingHeard.code:
                self._spoken = False
                told = in_titles(sentences(failed.title, failed.hint))
                await self._failure(self._speech.say_here(told))
        finally:
            self._end()

    @abstractmethod
    async def _story(self) -> None:
        """Do the turn's own work, from its beginning to its end.

        Raises:
            AssistantError: the turn failed.
        """

    def hold(self) -> None:
        """Stop speaking for another turn; everything else goes on."""
        self._speech.hold()

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Hold at the end of the sentence that is being spoken, then call `then`."""
        self._speech.hold_at_sentence_end(then)

    def unhold(self) -> None:
        """End the hold, and speak on: the other turn is over."""
        self._speech.unhold()

    def steer(self, command: AnyCommand) -> None:
        """Carry out a listener's command on the turn's speech, if there is speech."""
        self._speech.steer(command)

    def dismiss(self) -> None:
        """Drop the rest of the answer; a recording whose answer has begun counts as answered."""
        if self._recording and self._answer_begun:
            self._recording.answered()

    def leave(self, *, anew: bool) -> None:
        """Let the next process pick the answer up, where the server goes on with it.

        Args:
            anew: the program starts again; the user has not ended it for good.
        """
        if self._giving:
            self._giving.leave(anew=anew)

    def give_up(self) -> None:
        """Send `Idle` and set `over`, though the turn's task does not end."""
        if self._recording:
            self._recording.close()  # so that it can be tried again
        self._end()

    def _emit(self, event: events.AnyEvent) -> None:
        if self.over.is_set():
            return  # the turn was given up
        match event:
            case events.Asked(question=question):
                self._asked = question
            case events.Text():
                self._answer_begun = True
            case events.Failed():
                self._answer_begun = False  # who ends what is said of that dismisses no answer
            case events.Answered(complete=True) if self._recording:
                self._recording.answered()
            case events.Spoken():
                self._spoken = True
            case events.Speaking():
                self._spoken = False  # more is said, such as after a form
            case _:
                pass
        self._last_event = type(event).__name__
        t_ms = round((time.monotonic() - self._began_s) * 1000)
        self._handle(msgspec.structs.replace(event, turn=self._number, t_ms=t_ms))

    def _end(self) -> None:
        self.listening = None
        if self._recording:
            self._recording.keep()
        self._emit(events.Idle())
        self.over.set()

    async def _failure(self, work: Awaitable[None]) -> events.Failed | None:
        """Await `work`; return the failure that was sent, or None if `work` succeeds."""
        try:
            await work
        except AssistantError as error:
            return self._fail(error.title, error.hint, error.code)
        except Exception:
            log.exception("a bug ended the turn")
            return self._fail(
                _("Something went wrong in the assistant itself"), _("See its log."), "bug"
            )
        return None

    def _fail(self, title: str, hint: str, code: str) -> events.Failed:
        self.listening = None
        if self._recording:
            self._recording.keep()
        name = self._recording.name if self._recording else ""
        question = self._recording.words if self._recording else self._asked
        if name:
            kept = _(ASK_AGAIN) if question else _(TRY_AGAIN)
            hint = f"{hint} {kept}".lstrip()
        log.info("the turn failed: %s (%s)", title, code)
        failed = events.Failed(title=title, hint=hint, code=code, recording=name, question=question)
        self._emit(failed)
        return failed

    async def _words_of(self, pcm: Pcm) -> Transcript:
        """Return the words of a complete recording; tell meanwhile how far they are found."""
        self._emit(events.Transcribing())
        async with beside(self._tell_words(self._services.server_words())):
            return await self._services.words_of(pcm)

    async def _tell_words(
        self, coming: AsyncGenerator[str, None], wanted: Callable[[], bool] = lambda: True
    ) -> None:
        """Tell the words of a recording while they are found, as long as they are wanted."""
        if not self._services.settings.speech_to_text.live_words:
            return
        try:
            async with contextlib.aclosing(coming):
                async for words in coming:
                    if wanted():
                        self._emit(events.HeardSoFar(text=words))
        except AssistantError as error:
            log.info("no words so far: %s", error.title)

    async def _reply(
        self,
        question: str,
        recording: StoredRecording,
        source: events.Source = "voice",
        *,
        sure: bool = True,
    ) -> None:
        """Answer a recording's words; the recording is kept until the answer is complete."""
        recording.keep_words(question)
        await self._answer(self._speech.speaker).give(question, source, sure=sure)

    async def _obey(self, words: str, meaning: Meaning) -> None:
        """Tell that `words` are a command word; the assistant carries it out after the turn."""
        if self._recording:
            self._recording.answered()
        self._emit(
            events.Commanded(
                words=words,
                reply=meaning.reply,
                sounds=meaning.sounds,
                pauses=meaning.pauses,
            )
        )
        if meaning.reply:
            await self._speech.say(meaning.reply)
        self.next_command = meaning.command

    def _answer_as(self, profile: str) -> TurnServices:
        """Let a profile answer, "" for the one in use; return what the turn works with then.

        Raises:
            ConfigError: there is no such profile.
        """
        self._services = self._speech.services = self._services.of_profile(profile)
        return self._services

    def _answer(self, speaker: Speaker | None) -> Answer:
        output = AnswerOutput(self._emit, self._speech, speaker, self.aloud, self._end)
        self._giving = Answer(self._services, output)
        return self._giving
