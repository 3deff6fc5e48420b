"""One voice query, told from top to bottom: capture, words, answer.

Cancelling the task that runs a turn is the whole interruption mechanism: speech falls silent, the
events of the unfinished turn are told, and only then, out of the user's sight, the server is asked
to stop and the connection is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.errors import AssistantError, InputError, NothingHeard
from voice_assistant.hearing.listening import Listening
from voice_assistant.hearing.recordings import StoredRecording
from voice_assistant.hearing.transcription import Transcription, Words
from voice_assistant.speech import own_voice
from voice_assistant.speech.narration import Narration
from voice_assistant.turns.answer import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

    from voice_assistant.commands import Ask, Retry
    from voice_assistant.ports import Speaker
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

SHORTEST_S = 0.5
"""Less than this without a word is a slip of the finger, not a question."""

TRY_AGAIN = (
    "Your recording is kept: try it again from the tray, or `voice-assistant recordings retry`."
)


class Turn:
    """One question and its answer. Run one of `talk`, `ask`, `retry`, `announce`, `repeat`, once.

    Args:
        parts: what it works with.
        handle: called with every event, in order; the last one is always `Idle`.
        number: of the turn, in its events.

    Attributes:
        over: set when `Idle` has been handled. An interrupted turn may then still be hanging up.
        listening: the microphone is open, or about to be.
        said: its speech is over. It may still wait for follow-ups.
    """

    def __init__(self, parts: TurnServices, handle: events.Handler, number: int = 1) -> None:
        self.over = asyncio.Event()
        self.listening = False
        self.said = False
        self._parts = parts
        self._handle = handle
        self._number = number
        self._began_s = time.monotonic()
        self._listening = Listening(
            parts.microphone,
            parts.ears(),
            parts.settings.microphone,
            parts.recordings.longest_s,
        )
        self._narration = Narration()
        self._announces = False
        self._recording: StoredRecording | None = None

    async def talk(self, barge_in: Callable[[], None] | None = None) -> None:
        """Listen until `release`, then find the words and answer them.

        Args:
            barge_in: called as soon as somebody has spoken, where another turn is held for this.
        """
        self.listening = True
        await self._run(self._talk(barge_in), aloud=True)

    async def ask(self, command: Ask) -> None:
        """Answer a question that was typed, chosen, or recorded elsewhere."""
        await self._run(self._ask(command))

    async def retry(self, command: Retry) -> None:
        """Answer what was said in a recording that was kept."""
        await self._run(self._retry(command), aloud=True)

    async def announce(self, text: str) -> None:
        """Say something that nobody asked for, such as that a timer ran out."""
        self._announces = True
        await self._run(self._announce(text))

    async def repeat(self, *, sentence: bool) -> None:
        """Say the last answer again, or only its last sentence."""
        await self._run(self._repeat(sentence=sentence))

    def release(self) -> None:
        """What was said is complete. Harmless when nothing is being recorded."""
        self._listening.finish()

    def go_on(self) -> None:
        """What was said is not complete after all. Harmless when it never was said to be."""
        self._listening.go_on()

    def let_go(self) -> None:
        """No key is held any more: the end of the speech is the end of the question."""
        self._listening.hands_free = True

    def hold(self) -> None:
        """Be silent, for another turn; all else goes on."""
        self._narration.hold()

    def rest(self, then: Callable[[], None]) -> None:
        """Be held as soon as no sentence is cut in two, then call `then`.

        An announcement is none to be interrupted by another one.
        """
        if not self._announces:
            self._narration.hold_at_sentence_end(then)

    def carry_on(self) -> None:
        """The other turn is over: speak on."""
        self._narration.unhold()

    @property
    def held(self) -> bool:
        """It is silent for another turn."""
        return self._narration.held

    @property
    def hands_free(self) -> bool:
        """It listens without a key being held."""
        return self._listening.hands_free

    async def _run(self, story: Awaitable[None], *, aloud: bool = False) -> None:
        """Have something done to its end.

        Args:
            story: what.
            aloud: say what goes wrong, too: who has spoken may not look at the screen. That no
                words were heard is told well enough by a sound.
        """
        try:
            failed = await self._failure(story)
            if failed and aloud and failed.code != NothingHeard.code:
                await self._failure(self._say(f"{failed.title}. {failed.hint}"))
        finally:
            self._end()

    async def _failure(self, story: Awaitable[None]) -> events.Failed | None:
        try:
            await story
        except AssistantError as error:
            return self._fail(error.title, error.hint, error.code)
        except Exception:
            log.exception("a bug ended the turn")
            return self._fail("Something went wrong in the assistant itself", "See its log.", "bug")
        return None

    def _tell(self, event: events.AnyEvent) -> None:
        self.said = self.said or isinstance(event, events.Spoken)
        t_ms = round((time.monotonic() - self._began_s) * 1000)
        self._handle(msgspec.structs.replace(event, turn=self._number, t_ms=t_ms))

    def _fail(self, title: str, hint: str, code: str) -> events.Failed:
        self.listening = False
        kept = self._recording.name if self._recording else ""
        if kept:
            hint = f"{hint} {TRY_AGAIN}".lstrip()
        log.info("the turn failed: %s (%s)", title, code)
        failed = events.Failed(title=title, hint=hint, code=code, recording=kept)
        self._tell(failed)
        return failed

    async def _say(self, text: str) -> None:
        """Say something by this machine's own voice: whatever else there is may have failed.

        Where the turn is held, this waits: somebody may be speaking into the microphone.
        """
        voice, speaker = self._parts.voice, self._speaker()
        if voice and speaker:
            self.said = False
            held, self._narration = self._narration.held, Narration()
            if held:
                self._narration.hold()
            self._parts.player.begin(self._narration)
            await self._parts.sounds.over()
            await own_voice.say(text, voice, self._narration, speaker, self._parts.problems)

    def _end(self) -> None:
        self.listening = False
        if not self.over.is_set():
            self._tell(events.Idle())
            self.over.set()

    async def _talk(self, barge_in: Callable[[], None] | None) -> None:
        settings = self._parts.settings.microphone
        with self._parts.recordings.new() as recording:
            self._recording = recording
            async with (
                _beside(self._warm_up()),
                Transcription(
                    self._parts.recognisers, recording, refused=self.release
                ) as transcription,
            ):
                await self._listening.record(
                    recording, lambda: self._tell(events.Listening()), barge_in
                )
                self.listening = False
                recording.finish()
                if not self._listening.speech_detected:
                    transcription.check()
                    around_s = settings.tail_s + settings.pre_roll_s
                    if recording.seconds < SHORTEST_S + around_s:
                        log.info("the key was only touched: nothing was said")
                        return
                    raise _no_words()
                words = await self._words(transcription.words())
        await self._reply(words, recording)

    async def _ask(self, command: Ask) -> None:
        if command.new:
            self._parts.conversation.forget()
        question = command.text.strip()
        if command.audio:
            pcm = await asyncio.to_thread(read_speech, Path(command.audio))
            question = (await self._words(self._parts.words_of(pcm))).text
        if not question:
            raise InputError("There is no question", "Say or type what you want to know.")
        source: events.Source = "voice" if command.audio else command.source
        speaker = self._speaker() if command.speech else None
        if not command.save_speech:
            await self._answer(speaker).give(question, source, command.files)
            return
        with contextlib.closing(self._parts.saved(Path(command.save_speech), speaker)) as saved:
            await self._answer(saved).give(question, source, command.files)

    async def _retry(self, command: Retry) -> None:
        recordings = self._parts.recordings
        kept = recordings.archive.find(command.recording)
        self._recording = recording = StoredRecording(recordings.archive, kept.file)
        pcm = await asyncio.to_thread(recordings.read, kept.file)
        await self._reply(await self._words(self._parts.words_of(pcm)), recording)

    async def _reply(self, words: Words, recording: StoredRecording) -> None:
        # Words that were found out here may be all there is without a network: until the server
        # has answered them, they can be tried again.
        if not words.local:
            recording.answered()
        await self._answer(self._speaker()).give(words.text, "voice")
        recording.answered()

    async def _announce(self, text: str) -> None:
        self._tell(events.Announced(text=text))
        await self._parts.sounds.over()
        await self._answer(self._speaker()).say(text)

    async def _repeat(self, *, sentence: bool) -> None:
        last = self._parts.player.last
        if last is None:
            raise InputError("There is no answer to repeat", "Ask something first.")
        self._narration = last
        last.unhold()  # it may have been held after its end
        if sentence:
            last.back()
        else:
            last.restart()
        await self._answer(self._parts.speaker).say_again()

    def _speaker(self) -> Speaker | None:
        return self._parts.speaker if self._parts.settings.speech.enabled else None

    def _answer(self, speaker: Speaker | None) -> Answer:
        return Answer(self._parts, self._tell, speaker, self._narration, self._end)

    async def _warm_up(self) -> None:
        """While the user speaks: a connection, what the app can do, whose conversation it is."""
        try:
            backend = await self._parts.connect()
            await asyncio.gather(
                self._parts.capabilities.of(backend), self._parts.conversation.confirmed(backend)
            )
        except AssistantError as error:
            log.debug("not warm yet: %s", error.title)

    async def _words(self, looked_for: Awaitable[Words]) -> Words:
        self._tell(events.Transcribing())
        words = await looked_for
        if words.text:
            return words
        if self._recording:
            self._recording.forget()
        raise _no_words()


def _no_words() -> NothingHeard:
    return NothingHeard("No words were heard", "Speak a little louder, or closer.")


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Let `work` go on for as long as the block lasts."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
