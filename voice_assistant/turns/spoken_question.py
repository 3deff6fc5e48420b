"""A question that is spoken into the microphone, and its answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from voice_assistant import events
from voice_assistant.errors import AssistantError, MicrophoneError, NothingHeard
from voice_assistant.hearing.going_on import GoingOn, wait_for_more
from voice_assistant.hearing.listening import Listening, Outcome
from voice_assistant.hearing.no_speech import NOT_SAID_WITHIN_S
from voice_assistant.hearing.recognisers import MACHINE_FOUND_NONE, nothing_heard
from voice_assistant.hearing.transcription import Transcription
from voice_assistant.settings.sections.hearing import SpeechToTextSettings
from voice_assistant.text.letters import letters
from voice_assistant.translation import _
from voice_assistant.turns.beside import beside
from voice_assistant.turns.command_table import SayAgain
from voice_assistant.turns.doubtful_words import doubt
from voice_assistant.turns.occasion import Occasion
from voice_assistant.turns.turn import Turn, no_meaning
from voice_assistant.turns.words_here import WordsHere

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.api.models import Transcript
    from voice_assistant.hearing.end_of_question import Said
    from voice_assistant.hearing.going_on import OpenMicrophone, Rest
    from voice_assistant.hearing.recognisers import Recognisers
    from voice_assistant.hearing.recordings import Recording
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import FindMeaning

log = logging.getLogger(__name__)

HERE_ALONE = SpeechToTextSettings(local="always")
"""Who hears what is said while an answer is paused, as it may be said to somebody else; and where
the embedded backend answers, which has the same recogniser: two would cost 80 MB."""

VERY_SOFT_DBFS = -50.0
"""The level of speech of which the user is told."""


BY_KEY = Occasion()


class SpokenQuestion(Turn):
    """Listens until `listening.release`, then finds the words and answers them.

    Args:
        services: what the turn works with.
        handle: called with every event.
        number: the turn's number in its events.
        barge_in: ends the turns that are held for this turn; called as soon as a question was
            heard. None: no turn is held for this turn.
        occasion: why the turn listens.
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
        occasion: Occasion = BY_KEY,
        go_on: Callable[[GoingOn], None] = lambda _: None,
        meaning: FindMeaning = no_meaning,
    ) -> None:
        super().__init__(services, handle, number)
        self._barge_in = barge_in
        self._occasion = occasion
        self._go_on = go_on
        self._meaning = meaning
        self._words = WordsHere(services, occasion, lambda words: meaning(words, self))
        self._speech_s = 0.0
        self._more: asyncio.Task[None] | None = None  # waits for more of the question
        self._replied = False
        waits = barge_in is not None
        self.listening = Listening(
            occasion.microphone or services.microphone,
            services.ears(),
            services.settings.microphone,
            services.recordings.longest_s,
            attend_s=occasion.attend_s,
            slow_speaker=services.settings.hands_free.slow_speaker,
            after_speech=(waits or occasion.by_itself) and occasion.microphone is None,
            answer_waits=waits,
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
            beside(self._warm_up()),
            beside(self._words.run()),
            beside(self._tell_words_so_far()),
        ):
            try:
                return await self._listen(recording)
            except (MicrophoneError, NothingHeard) as error:
                long = self._speech_s >= NOT_SAID_WITHIN_S and not self._occasion.in_pause
                if long or not self._occasion.by_itself:
                    raise
                log.info("nobody spoke to it: %s", error.title)
                recording.forget()
                return None

    async def _take(self, found: Transcript, recording: Recording) -> None:
        """Obey, or answer, what was said."""
        question = self._words.without_wake_word(found.text)
        first = self._occasion.first_part
        if not question or (first and letters(question) == letters(first.words)):
            log.info("nothing was said, or nothing more than before")
            recording.forget()
            return
        meaning = self._meaning(question, self)
        if self._occasion.in_pause and not meaning and question == found.text:
            log.info("what was said while the answer is paused was not for the assistant")
            recording.forget()
            return
        if reason := doubt(
            *(found, question, meaning, self._occasion),
            speech_s=self._speech_s,
            voice_dbfs=recording.voice_dbfs,
        ):
            log.info(reason)
            self._let_say_again(recording)
            return
        if meaning and not meaning.question:
            self._log_obeyed(found, question, recording)
            await self._obey(question, meaning)
            return
        await self._drop_others()
        if first:
            first.answered()  # with this one
        await self._tell_of_soft_speech(recording)
        if meaning:
            await self._reply(meaning.question, recording, "suggestion")
        else:
            await self._words.tell(found)
            await self._reply(question, recording, sure=found.sure)

    def _let_say_again(self, recording: Recording) -> None:
        """Forget what was said into the answer; it may be said again before the answer goes on."""
        recording.forget()
        if not self._occasion.again:
            self.next_command = SayAgain()

    def _log_obeyed(self, found: Transcript, words: str, recording: Recording) -> None:
        """Log how surely a command was heard: a noise may have been taken for it."""
        sure = "sure" if found.sure else "a guess" if found.guessed else "not sure"
        level_dbfs = recording.voice_dbfs
        level = "no speech detected" if level_dbfs is None else f"{level_dbfs:.0f} dBFS"
        where = "into the answer" if self._occasion.into_answer else "to the assistant"
        log.info('obeyed: "%s", said %s (%s, %s)', words, where, sure, level)

    async def _listen(self, recording: Recording) -> Transcript | None:
        """Record, and return the words; None if the key was only touched."""
        listening = self.listening
        assert listening  # noqa: S101  (the turn has not failed before this)
        async with Transcription(
            self._recognisers(recording), recording, refused=listening.release
        ) as transcription:
            if first := self._occasion.first_part:
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
            if not self._occasion.in_pause:
                self._emit(events.Transcribing())
            try:
                return await self._words.command() or await transcription.words(listening.speech_s)
            except AssistantError as error:
                nothing = self._occasion.in_pause or isinstance(error, NothingHeard)
                if listening.speech_detected and not nothing:
                    await self._drop_others()  # somebody asked something else
                raise

    def _recognisers(self, recording: Recording) -> Recognisers:
        """Return who finds the words of a recording; this machine may do so while it grows."""
        recognisers = self._services.recognisers
        if not self._words.feed:
            return recognisers
        recording.follower = self._words.feed
        alone = self._occasion.in_pause or recognisers.embedded
        wished = HERE_ALONE if alone else recognisers.wished
        return replace(recognisers, here=self._words.of, wished=wished)

    async def _tell_words_so_far(self) -> None:
        """Tell the words while they are spoken, where this machine finds them."""
        await self._tell_words(self._words.so_far(), lambda: self.listening is not None)

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
            self._go_on(GoingOn(recording, microphone, woken=self._occasion.wake_word_said))

        def over() -> bool:
            return self._replied or self._speech.held

        ears = self._services.ears()
        self._more = asyncio.create_task(wait_for_more(rest, ears, resources, over, go_on))

    def _emit(self, event: events.AnyEvent) -> None:
        if isinstance(event, events.Speaking | events.Answered | events.Commanded | events.Failed):
            self._replied = True
        super()._emit(event)

    def _judge(self) -> Said:
        """Return what was said until now, by this machine's recogniser."""
        return self._words.judge()

    async def _drop_others(self) -> None:
        """End the turns that are held for this turn."""
        if self._barge_in:
            await self._barge_in(self)

    def _emit_listening(self) -> None:
        self._emit(
            events.Listening(
                by_itself=self._occasion.by_itself,
                talked_over=self._occasion.talked_over,
                woken=self._occasion.woken,
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
