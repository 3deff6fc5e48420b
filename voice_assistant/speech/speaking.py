"""Speaks an answer while it is written: every word is heard soon, and a command silences it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_assistant.errors import InputError, SpeakerError
from voice_assistant.speech.idle_watch import IDLE_S, IdleWatch
from voice_assistant.speech.narration import Narration
from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.speech.requested import RequestedSpeech
from voice_assistant.speech.spoken_summary import SpokenSummary
from voice_assistant.speech.streamed import StreamedSpeech
from voice_assistant.system.signal import Signal
from voice_assistant.text.speakable import speakable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.errors import AssistantError
    from voice_assistant.ports import Speaker
    from voice_assistant.speech.clip import Clip
    from voice_assistant.speech.prosody import Prosody
    from voice_assistant.speech.source import SpeechSource

log = logging.getLogger(__name__)

PAUSE_S = 0.5
"""Speak an unfinished sentence when no text has come for this long: a tool may run for a minute."""

PATIENCE_S = 3.0
"""How long the listener may wait in silence before the stream's own audio is given up and its
sentences are requested. The servers themselves take audio for ended that does not come for 5 s."""


@dataclass(frozen=True)
class SpeechOutput:
    """The speaker of an answer, and the functions that are called about its speech.

    Attributes:
        speaker: opened with the first sound.
        on_start: called once, when the first sound is on its way to the speaker.
        on_pause: called with True when the listener pauses the speech, with False at its end.
    """

    speaker: Speaker
    on_start: Callable[[], None] = lambda: None
    on_pause: Callable[[bool], None] = lambda _: None


class Speaking:
    """Speaks one answer.

    The turn reports what arrives (`text`, `audio` ...; none of these blocks) and lets `run` go on
    beside that. Five tasks: one requests sentences as the plan names them, a little ahead of the
    speaker; one adds them to the script, behind the stream's own sound; the narration plays the
    script; one gives up a stream that leaves the listener in silence; and one ends what would go on
    without anything left to do.

    Args:
        source: the voices.
        output: the speaker.
        narration: plays the speech, and keeps its script; a new narration by default.
        patience_s: the longest silence in which the stream's own audio is awaited.
        idle_s: see `idle_watch.IDLE_S`.
    """

    def __init__(
        self,
        source: SpeechSource,
        output: SpeechOutput,
        narration: Narration | None = None,
        *,
        patience_s: float = PATIENCE_S,
        idle_s: float = IDLE_S,
    ) -> None:
        self._output = output
        self._narration = narration or Narration()
        self._script = self._narration.script
        self._changed = Signal()  # of texts and requests; the script has one of its own
        self._plan = SpeechPlan(auto_play=source.auto_play, prosody=source.prosody)
        self._requested = RequestedSpeech(
            source, self._plan, self._changed, handed_over=self._script.handed_over
        )
        self._requesting: asyncio.Task[None] | None = None
        self._pausing: asyncio.TimerHandle | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._streamed = StreamedSpeech(
            self._plan, self._script, source.decoder, self._request_again
        )
        self._patience_s = patience_s
        self._idle = IdleWatch(
            self._narration, self._plan, lambda: self._requested.owed, self._changed, idle_s
        )
        self._complete = False

    def __repr__(self) -> str:
        """Return what is requested, and where the narration is."""
        return f"<Speaking: {self._requested}, {self._narration}>"

    def text(self, delta: str) -> None:
        """Add the next piece of the answer's text."""
        self._plan.text(delta)
        if self._plan.read_by_signs:
            self.left_out()
        self._watch_for_pause()
        self._changed.notify()

    def replaced(self, text: str) -> None:
        """Replace all text so far: stop the sound, then speak the replacement."""
        self._plan.replaced(text)
        self._watch_for_pause()
        self._narration.clear()
        self._request_again()

    def left_out(self) -> None:
        """Ignore the stream's audio: it speaks what must not be heard, or the signs of a table."""
        self._streamed.end(last_whole=self._streamed.last_whole)
        self._changed.notify()

    def audio(self, data: bytes, words: str = "") -> None:
        """Add the next bytes of the stream's audio.

        Args:
            data: the bytes, as the server cut them.
            words: the sentence that begins with them, "" if the server does not say.
        """
        self._streamed.feed(data, words)
        self._changed.notify()

    def audio_ended(self) -> None:
        """End the stream's audio: the server has said that no more comes."""
        self._streamed.end(last_whole=self._streamed.last_whole is not False)
        self._changed.notify()

    def broke_off(self) -> None:
        """The text stops anywhere, and goes on later: its last sentence waits for the rest."""
        self.left_out()
        if self._pausing:
            self._pausing.cancel()

    def ended(self, message_id: str) -> None:
        """End the text and the stream's audio; unspoken sentences are requested."""
        self._streamed.end(last_whole=self._streamed.last_whole)
        self._plan.ended()
        self._watch_for_pause()
        log.debug("the stream of %s has ended", message_id)
        self._changed.notify()

    async def run(self) -> SpokenSummary:
        """Speak until every word is heard. Cancelling this silences the speaker at once.

        Raises:
            SpeakerError: there is no speaker, or it was lost.
            InputError: the file that speech is written to cannot be written.
        """
        lost: AssistantError | None = None
        speakable("")  # loads its tables while the server still thinks
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self._request_again()
            feeding = tasks.create_task(self._feed())
            doubting = tasks.create_task(self._doubt())
            watching: asyncio.Task[None] | None = None
            try:
                async with asyncio.timeout(None) as limit:
                    watching = tasks.create_task(self._end_when_idle(limit))
                    await self._narration.run(
                        self._output.speaker,
                        on_start=self._output.on_start,
                        on_pause=self._output.on_pause,
                    )
            except TimeoutError:
                if not limit.expired():
                    raise
                lost = (
                    None
                    if self._idle.all_played
                    else SpeakerError(
                        _("The loudspeaker does not play"), _("Look into the sound settings.")
                    )
                )
            except (SpeakerError, InputError) as error:
                lost = error
            finally:
                # Whatever the stream still brings, nothing more may be requested.
                self._tasks = None
                self._plan.ignore_audio()
            feeding.cancel()
            doubting.cancel()
            if watching:
                watching.cancel()
            self._stop_requesting()
        if lost:
            raise lost
        self._complete = not self._requested.missing
        return self.summary()

    @property
    def prosody(self) -> Prosody:
        """Return the timing of the server's voice, as far as it is known."""
        return self._plan.prosody

    def summary(self) -> SpokenSummary:
        """Return how speaking went, or has gone so far."""
        return SpokenSummary(
            seconds=self._narration.played_s,
            complete=self._complete,
            stream_s=self._streamed.seconds,
            text_to_audio_s=self._requested.seconds,
            local_s=self._requested.local_s,
            problem=self._requested.problem if self._requested.missing else None,
        )

    def _watch_for_pause(self) -> None:
        if self._pausing:
            self._pausing.cancel()
        self._pausing = None
        if not self._plan.over:
            self._pausing = asyncio.get_running_loop().call_later(PAUSE_S, self._pause)

    def _pause(self) -> None:
        self._plan.pause()
        self._changed.notify()

    async def _doubt(self) -> None:
        """Give up the stream's audio when it leaves the listener in silence."""
        silent = False
        while self._plan.listens:
            await self._script.handed_over()
            came_s, last_whole = self._script.end_s, self._streamed.last_whole
            awaited = self._plan.awaits_audio(last_whole=last_whole)
            if awaited and silent:
                log.info("the stream's audio does not come: its sentences are requested")
                self._streamed.end(last_whole=last_whole)
                self._changed.notify()
            await asyncio.sleep(self._patience_s)
            silent = awaited and self._script.end_s == came_s

    async def _end_when_idle(self, limit: asyncio.Timeout) -> None:
        """End an answer that does not end by itself although nothing of it is left."""
        await self._idle.wait()
        log.error(
            "an answer did not end for %.1f s although nothing of it is left: %r, %r, %r",
            self._idle.idle_s,
            self._narration,
            self._requested,
            self._requesting,
        )
        limit.reschedule(asyncio.get_running_loop().time())

    def _request_again(self) -> None:
        """Forget what was requested, and request what the plan names from now on."""
        self._stop_requesting()
        self._requested = self._requested.fresh()
        if self._tasks:
            self._requesting = self._tasks.create_task(self._requested.run())
        self._changed.notify()

    def _stop_requesting(self) -> None:
        if self._requesting:
            self._requesting.cancel()

    async def _feed(self) -> None:
        """Add requested speech to the script, a little ahead of the speaker."""
        while True:
            await self._changed.until(lambda: self._all_said or self._next_clip)
            requested, clip = self._requested, self._next_clip
            if clip is None:
                break
            if not clip.sounds:
                requested.clips.popleft()
                self._script.begin_sentence()
                self._changed.notify()
                continue
            await self._script.handed_over()
            # Meanwhile the stream may have brought sound: then this clip is not wanted.
            if requested is self._requested and clip.sounds:
                self._plan.ignore_audio()
                requested.say_next(self._script)
        self._script.end()

    @property
    def _next_clip(self) -> Clip | None:
        """Return the first clip, once it has sound or is complete."""
        clips = self._requested.clips
        return clips[0] if clips and (clips[0].sounds or clips[0].complete) else None

    @property
    def _all_said(self) -> bool:
        requested = self._requesting is None or self._requesting.done()
        return self._plan.over and requested and not self._requested.clips
