"""What every turn has: its events, its failure, and being held for another turn.

A turn is a straight line: each story (`spoken_question`, `question`, `stored_question`,
`announcement`, `repetition`) says in `_story` what happens from its beginning to its end.
Cancelling the task that runs a turn is the whole interruption mechanism: speech falls silent, the
events of the unfinished turn are told, and only then, out of the user's sight, the server is asked
to stop and the connection is closed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import msgspec

from voice_assistant import events
from voice_assistant.errors import AssistantError, NothingHeard
from voice_assistant.speech import own_voice
from voice_assistant.speech.narration import Narration
from voice_assistant.turns.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.hearing.listening import Listening
    from voice_assistant.hearing.recordings import StoredRecording
    from voice_assistant.ports import Speaker
    from voice_assistant.turns.command_table import Activity
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

TRY_AGAIN = (
    "Your recording is kept: try it again from the tray, or `voice-assistant recordings retry`."
)
ASK_AGAIN = (
    "Your question is kept: ask it again from the tray, or `voice-assistant recordings retry`."
)


class Turn(ABC):
    """One thing that is done from its beginning to its end. Call `run` once.

    Args:
        services: what the turn works with.
        handle: called with every event, in order; the last one is always `Idle`.
        number: of the turn, in its events.

    Attributes:
        aloud: a failure is said, too: who has spoken may not look at the screen. That no words
            were heard is told well enough by a sound.
        over: set when `Idle` has been handled. An interrupted turn may then still be hanging up.
        listening: the microphone is open, or about to be; None before and after.
    """

    aloud: ClassVar[bool] = False

    def __init__(self, services: TurnServices, handle: events.Handler, number: int = 1) -> None:
        self.over = asyncio.Event()
        self.listening: Listening | None = None
        self._services = services
        self._handle = handle
        self._number = number
        self._began_s = time.monotonic()
        self._narration = Narration()
        self._recording: StoredRecording | None = None  # what it answers
        self._answer_begun = False
        self._last_told = "nothing"
        self._spoken = False

    def __repr__(self) -> str:
        """For the log: which turn, and how far it is."""
        return f"<{type(self).__name__} {self._number}: {self.activity}, told {self._last_told}>"

    @property
    def activity(self) -> Activity:
        """What the turn does, as far as commands are concerned."""
        if self.listening:
            return "hands_free" if self.listening.hands_free else "listening"
        if self._narration.held:
            return "held"
        return "spoken" if self._spoken else "answering"

    async def run(self) -> None:
        """Do everything, to `Idle`. Cancelling this is silence at once."""
        try:
            failed = await self._failure(self._story())
            if failed and self.aloud and failed.code != NothingHeard.code:
                await self._failure(self._say(f"{failed.title}. {failed.hint}"))
        finally:
            self._end()

    @abstractmethod
    async def _story(self) -> None:
        """What happens, from the beginning to the end.

        Raises:
            AssistantError: it went wrong.
        """

    def hold(self) -> None:
        """Be silent, for another turn; all else goes on."""
        self._narration.hold()

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Be held as soon as no sentence is cut in two, then call `then`."""
        self._narration.hold_at_sentence_end(then)

    def unhold(self) -> None:
        """The other turn is over: speak on."""
        self._narration.unhold()

    def dismiss(self) -> None:
        """The user wants no more of the answer: what there is of it has answered the recording."""
        if self._recording and self._answer_begun:
            self._recording.answered()

    def give_up(self) -> None:
        """End for everybody else, though whatever the turn waits for never comes."""
        if self._recording:
            self._recording.close()  # so that it can be tried again
        self._end()

    def _tell(self, event: events.AnyEvent) -> None:
        if self.over.is_set():
            return  # it was given up
        match event:
            case events.Text():
                self._answer_begun = True
            case events.Answered(complete=True) if self._recording:
                self._recording.answered()
            case events.Spoken():
                self._spoken = True
            case _:
                pass
        self._last_told = type(event).__name__
        t_ms = round((time.monotonic() - self._began_s) * 1000)
        self._handle(msgspec.structs.replace(event, turn=self._number, t_ms=t_ms))

    def _end(self) -> None:
        self.listening = None
        self._tell(events.Idle())
        self.over.set()

    async def _failure(self, work: Awaitable[None]) -> events.Failed | None:
        """Await `work`; the failure that was told, None where it succeeds."""
        try:
            await work
        except AssistantError as error:
            return self._fail(error.title, error.hint, error.code)
        except Exception:
            log.exception("a bug ended the turn")
            return self._fail("Something went wrong in the assistant itself", "See its log.", "bug")
        return None

    def _fail(self, title: str, hint: str, code: str) -> events.Failed:
        self.listening = None
        name = self._recording.name if self._recording else ""
        question = self._recording.words if self._recording else ""
        if name:
            hint = f"{hint} {ASK_AGAIN if question else TRY_AGAIN}".lstrip()
        log.info("the turn failed: %s (%s)", title, code)
        failed = events.Failed(title=title, hint=hint, code=code, recording=name, question=question)
        self._tell(failed)
        return failed

    async def _say(self, text: str) -> None:
        """Say something by this machine's own voice: whatever else there is may have failed.

        Where the turn is held, this waits: somebody may be speaking into the microphone.
        """
        voice, speaker = self._services.voice, self._speaker()
        if voice and speaker:
            self._spoken = False
            self._narrate(Narration())
            self._services.player.begin(self._narration)
            await self._services.sounds.over()
            await own_voice.say(text, voice, self._narration, speaker, self._services.problems)

    async def _reply(self, question: str, recording: StoredRecording) -> None:
        """Answer the words of a recording, which stays on the disk until the answer is whole."""
        recording.keep_words(question)
        await self._answer(self._speaker()).give(question, "voice")

    def _narrate(self, narration: Narration) -> None:
        """Have `narration` be what the turn says from now on: held, where the turn is."""
        if self._narration.held:
            narration.hold()
        self._narration = narration

    def _speaker(self) -> Speaker | None:
        return self._services.speaker if self._services.settings.speech.enabled else None

    def _answer(self, speaker: Speaker | None) -> Answer:
        return Answer(self._services, self._tell, speaker, self._narration, self._end)
