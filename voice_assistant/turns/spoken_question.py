"""A question that is spoken into the microphone, and its answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from voice_assistant import events
from voice_assistant.errors import AssistantError, MicrophoneError, NothingHeard
from voice_assistant.hearing.end_of_question import Said, judge
from voice_assistant.hearing.going_on import GoingOn, wait_for_more
from voice_assistant.hearing.listening import Listening, Outcome
from voice_assistant.hearing.no_speech import NOT_SAID_WITHIN_S
from voice_assistant.hearing.recognisers import MACHINE_FOUND_NONE, nothing_heard
from voice_assistant.hearing.transcription import Transcription
from voice_assistant.text.letters import letters
from voice_assistant.translation import _
from voice_assistant.turns.turn import Turn, no_meaning

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.going_on import OpenMicrophone, Rest
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.ports import Microphone
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import FindMeaning

log = logging.getLogger(__name__)

SCRAP_WORDS = 2
"""Words of which nothing is asked if they were said into an answer and may have been misheard: the
answer goes on, and a "stop" that was not understood is said again."""

VERY_SOFT_DBFS = -50.0
"""The level of speech of which the user is told."""


class SpokenQuestion(Turn):
    """Listens until `listening.release`, then finds the words and answers them.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        barge_in: ends the turns that are held for this turn; called as soon as a question was
            heard. None: no turn is held for this turn.
        attend_s: seconds in which somebody may begin to speak, if the assistant listens by itself;
            it then tells nobody that nobody spoke. None: a user has asked it to listen.
        overheard: the microphone, if somebody speaks already; None: the usual one.
        woken: somebody has said the wake word.
        going_on: the first part of the question and its microphone, if the question goes on.
        go_on: called if this question goes on after its end.
        meaning: returns the meaning of words that are a command for the assistant itself.

    Attributes:
        may_go_on: whether what is said soon after its end still belongs to it.
    """

    aloud = True
    may_go_on: ClassVar[bool] = True

    def __init__(
        self,
        services: TurnServices,
        handle: events.Handler,
        number: int = 1,
        *,
        barge_in: Callable[[Turn], Awaitable[None]] | None = None,
        attend_s: float | None = None,
        overheard: Microphone | None = None,
        woken: bool = False,
        going_on: GoingOn | None = None,
        go_on: Callable[[GoingOn], None] = lambda _: None,
        meaning: FindMeaning = no_meaning,
    ) -> None:
        super().__init__(services, handle, number)
        self._barge_in = barge_in
        self._speech_s = 0.0
        self._woken = woken
        talked_over = overheard is not None and not woken
        self._live = services.live_words(over_answer=talked_over)
        self._attends = attend_s is not None
        self._meaning = meaning
        self._first_part = going_on.recording if going_on else None
        self._go_on = go_on
        self._wake_word_said = woken or (going_on is not None and going_on.woken)
        self._more: asyncio.Task[None] | None = None  # waits for more of the question
        self._replied = False
        overheard = going_on.microphone if going_on else overheard
        self._overheard = overheard is not None and not woken
        self.listening = Listening(
            overheard or services.microphone,
            services.ears(),
            services.settings.microphone,
            services.recordings.longest_s,
            attend_s=attend_s,
            slow_speaker=services.settings.hands_free.slow_speaker,
            after_speech=(barge_in is not None or self._attends) and overheard is None,
            answer_waits=barge_in is not None,
            judge=self._judge,
        )

    async def _story(self) -> None:
        try:
            with self._new_recording() as recording:
                self._recording = recording
                found = await self._hear(recording)
            if found:
                await self._take(found, recording)
        finally:
            if more := self._more:
                more.cancel()
                await asyncio.wait([more])

    def _new_recording(self) -> Recording:
        return self._services.recordings.new()

    async def _hear(self, recording: Recording) -> Transcript | None:
        """Listen, and return what was said; None if nothing was."""
        async with (
            _beside(self._warm_up()),
            _beside(self._live.run() if self._live else None),
            _beside(self._tell_words_so_far()),
        ):
            try:
                return await self._listen(recording)
            except (MicrophoneError, NothingHeard) as error:
                if not self._attends or self._speech_s >= NOT_SAID_WITHIN_S:
                    raise
                log.info("nobody spoke to it: %s", error.title)
                recording.forget()
                return None

    async def _take(self, found: Transcript, recording: Recording) -> None:
        """Obey, or answer, what was said."""
        question = self._without_wake_word(found.text)
        first = self._first_part
        if not question or (first and letters(question) == letters(first.words)):
            log.info("nothing was said, or nothing more than before")
            recording.forget()
            return
        meaning = self._meaning(question, self)
        if meaning and not meaning.question:
            await self._obey(question, meaning)
            return
        if not meaning and self._overheard and self._is_scrap(found, question):
            log.info("too little was understood of what was said into the answer")
            recording.forget()
            return
        await self._drop_others()
        if first:
            first.answered()  # with this one
        await self._tell_of_soft_speech(recording)
        if meaning:
            await self._reply(meaning.question, recording, "suggestion")
        else:
            await self._reply(question, recording, sure=found.sure)

    def _is_scrap(self, found: Transcript, question: str) -> bool:
        """Return whether words are what a recogniser makes of one that was half covered."""
        first_part = self._first_part is not None
        return not (found.sure or first_part) and len(question.split()) <= SCRAP_WORDS

    async def _listen(self, recording: Recording) -> Transcript | None:
        """Record, and return the words; None if the key was only touched."""
        listening, live = self.listening, self._live
        assert listening  # noqa: S101  (the turn has not failed before this)
        recognisers = self._services.recognisers
        if live:
            recording.follower = live.feed
            recognisers = replace(recognisers, here=self._words_here)
        async with Transcription(
            recognisers, recording, refused=listening.release
        ) as transcription:
            if first := self._first_part:
                recording.write(await asyncio.to_thread(first.pcm))
            async with contextlib.AsyncExitStack() as resources:
                outcome = await listening.record(recording, self._emit_listening, resources)
                if self.may_go_on and listening.rest and outcome is Outcome.QUESTION:
                    self._wait_for_more(listening.rest, recording, resources.pop_all())
            self.listening = None
            recording.finish()
            if outcome is not Outcome.QUESTION:
                transcription.check()
            if outcome is Outcome.TOUCH:
                log.info("the key was only touched: nothing was said")
                return None
            self._speech_s = listening.speech_s
            if outcome is Outcome.SILENCE:
                raise nothing_heard(MACHINE_FOUND_NONE, 0.0)
            self._emit(events.Transcribing())
            try:
                return await self._command_heard_here() or await transcription.words(
                    listening.speech_s
                )
            except AssistantError as error:
                if listening.speech_detected and not isinstance(error, NothingHeard):
                    await self._drop_others()  # somebody asked something else
                raise

    async def _tell_words_so_far(self) -> None:
        """Tell the words while they are spoken, where this machine finds them."""
        services = self._services
        if not services.settings.speech_to_text.live_words:
            return
        try:
            heard = self._live.follow() if self._live else services.server_words()
            async with contextlib.aclosing(heard) as coming:
                async for words in coming:
                    if self.listening:
                        self._emit(events.HeardSoFar(text=words))
        except AssistantError as error:
            log.info("no words so far: %s", error.title)

    async def _tell_of_soft_speech(self, recording: Recording) -> None:
        """Say once that the user speaks very softly: a recogniser may miss words."""
        told, level_dbfs = self._services.told_once, recording.voice_dbfs
        text = _("You are very quiet. Come closer, or speak louder.")
        if level_dbfs is not None and level_dbfs < VERY_SOFT_DBFS and text not in told:
            told.add(text)
            log.info("the speech is very soft: %.0f dBFS", level_dbfs)
            await self._speech.say_aside(text)

    def _wait_for_more(
        self, rest: Rest, recording: Recording, resources: contextlib.AsyncExitStack
    ) -> None:
        """Let the question go on if somebody speaks again before its answer sounds."""

        def go_on(microphone: OpenMicrophone) -> None:
            self._go_on(GoingOn(recording, microphone, woken=self._wake_word_said))

        def over() -> bool:
            return self._replied or self._speech.held

        ears = self._services.ears()
        self._more = asyncio.create_task(wait_for_more(rest, ears, resources, over, go_on))

    def _emit(self, event: events.AnyEvent) -> None:
        if isinstance(event, events.Speaking | events.Answered | events.Commanded | events.Failed):
            self._replied = True
        super()._emit(event)

    async def _command_heard_here(self) -> Transcript | None:
        """Return the words if this machine hears a command in them, else None."""
        heard = await self._live.words() if self._live else None
        words = self._without_wake_word(heard.text) if heard else ""
        return heard if words and self._meaning(words, self) else None

    async def _words_here(self, pcm: Pcm) -> Transcript:
        """Return the words that this machine finds, of which most are found already."""
        words = await self._live.words() if self._live else None
        return await self._services.local_words(pcm) if words is None else words

    def _judge(self) -> Said:
        """Return what was said until now, by this machine's recogniser."""
        heard = self._live.at_pause if self._live else ""
        words = self._without_wake_word(heard)
        if heard and not words:
            return Said.NOTHING
        recognizer = self._services.recognizer
        known = bool(recognizer and recognizer.knows(words)) or self._meaning(words, self)
        return judge(words, command=bool(known))

    def _without_wake_word(self, words: str) -> str:
        """Return words without the wake word at their beginning, where one may be said."""
        hands_free = self._services.settings.hands_free
        if not (self._wake_word_said or (self._attends and hands_free.wake_word)):
            return words
        from voice_assistant.hearing.wake_phrase import without_phrase  # noqa: PLC0415

        return without_phrase(words, hands_free.wake_phrase, woken=self._wake_word_said)

    async def _drop_others(self) -> None:
        """End the turns that are held for this turn."""
        if self._barge_in:
            await self._barge_in(self)

    def _emit_listening(self) -> None:
        self._emit(
            events.Listening(
                by_itself=self._attends, talked_over=self._overheard, woken=self._woken
            )
        )

    async def _warm_up(self) -> None:
        """Connect while the user speaks, and read the app's abilities and the conversation."""
        services = self._services
        try:
            backend = await services.connect()
            await asyncio.gather(
                services.capabilities.of(backend), services.conversation.confirmed(backend)
            )
        except AssistantError as error:
            log.debug("not warm yet: %s", error.title)


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None] | None) -> AsyncIterator[None]:
    """Run `work`, if there is any, while the block runs; cancel it at the block's end."""
    if work is None:
        yield
        return
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
