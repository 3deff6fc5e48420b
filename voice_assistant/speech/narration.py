"""Speaks an answer: paused, held, resumed or repeated, from any of its sentences, at any speed.

Every wish of the listener has the same effect on the speaker: silence, then sound from another
place of the script.
"""

from __future__ import annotations

import time
from enum import Enum
from typing import TYPE_CHECKING

from voice_assistant.errors import SpeakerError
from voice_assistant.speech.paced_playback import PacedPlayback
from voice_assistant.speech.script import Script
from voice_assistant.speech.transport import Hold, Transport
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.ports import Speaker

BLOCK_S = 1.0
"""Seconds of speech that are given to the speaker at a time."""

MOST_SILENCED = 3
"""How many times in a row another sound may silence a narration before anything of it is heard."""

_HEARD_S = 0.1
"""Seconds of speech; fewer do not count as heard."""


def _ignore(_: bool) -> None:  # noqa: FBT001 (the only news is yes or no)
    pass


class Step(Enum):
    """The next step of a narration."""

    # Let the speaker play the sentences that it was given, then hold.
    HOLD = "hold"
    # Give the speaker the next samples.
    HAND_OVER = "hand over"
    # The speaker was given everything: wait until that was played.
    FINISH = "finish"
    # A sentence is complete: its last samples must not wait for the next sentence.
    FLUSH = "flush"


class Narration:
    """Plays a script on a speaker while the script grows, to its end, and any number of times.

    Args:
        speed: 1.0 is the speech's own speed.
        aside: another sound on the speaker ends the narration; else it goes on where it was.

    Attributes:
        script: the speech to play.
        said_at_s: when speech was last given to a speaker, on the monotonic clock; 0.0 for never.
    """

    def __init__(self, speed: float = 1.0, *, aside: bool = False) -> None:
        self.script = Script()
        self._aside = aside
        self._silenced = 0  # times in a row
        self.said_at_s = 0.0
        self._transport = Transport()
        self._changed = self.script.changed
        self._speed = speed
        self._speaker: Speaker | None = None
        self._playback: PacedPlayback | None = None
        self._began_s = 0.0  # where in the script the playback began
        self._played_before_s = 0.0
        self._on_start: Callable[[], None] | None = None
        self._on_pause: Callable[[bool], None] = _ignore

    def __repr__(self) -> str:
        """Return whether the narration runs, whether it may be heard, and its place."""
        running = "running" if self.running else "not running"
        return f"<Narration: {running}, {self._transport}, {self.script}>"

    @property
    def running(self) -> bool:
        """Return whether the script is being played, or about to be."""
        return self._speaker is not None

    @property
    def played_s(self) -> float:
        """Return the seconds of speech that were played; speech played twice counts twice."""
        played_s = self._playback.played_s if self._playback else 0.0
        return self._played_before_s + played_s

    @property
    def sentence(self) -> str:
        """Return the words of the sentence that is being heard; "" if they are not known."""
        if self._playback is None:
            return ""
        return self.script.words_at(self._began_s + self._playback.played_s)

    # The listener's wishes. Each takes effect at once.

    @property
    def paused(self) -> bool:
        """Return whether the listener wants silence."""
        return self._transport.paused

    def pause(self) -> None:
        """Stop the sound, and keep the place."""
        if not self.paused:
            self._stop()
            self._set_paused(paused=True)

    def resume(self) -> None:
        """Go on from the place of the pause."""
        if self.paused:
            self._set_paused(paused=False)

    def skip(self) -> None:
        """Go on with the next sentence, also if that sentence has yet to come."""
        self._stop()
        self.script.skip()
        self.resume()

    def back(self) -> None:
        """Speak this sentence again; at its beginning, the sentence before."""
        self._stop()
        self.script.back(self._speed)
        self.resume()

    def restart(self) -> None:
        """Speak the script again from its beginning."""
        self._stop()
        self.script.go_to(0.0)
        self.resume()

    def set_speed(self, speed: float) -> None:
        """Go on at another speed."""
        if speed != self._speed:
            self._stop()
            self._speed = speed

    # The wishes of another turn, which needs silence for itself.

    @property
    def held(self) -> bool:
        """Return whether the narration is silent for another turn."""
        return self._transport.hold is Hold.HELD

    def hold(self) -> None:
        """Stop the sound now. A sentence that this cuts in two is later spoken again."""
        if self._playback:
            self._stop()
            self.script.rewind_to_sentence(self._speed)
        self._transport.hold_now()

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Hold at the end of the sentence that is being spoken; then call `then`."""
        self._transport.hold_at_sentence_end(then)
        if not self.running:
            self.hold()
        self._changed.notify()

    def unhold(self) -> None:
        """End the hold and go on: the other turn is over."""
        self._transport.unhold()
        self._changed.notify()

    def clear(self) -> None:
        """Stop the sound, and forget the script."""
        self._stop()
        self.script.clear()

    async def run(
        self,
        speaker: Speaker,
        *,
        on_start: Callable[[], None],
        on_pause: Callable[[bool], None] = _ignore,
    ) -> None:
        """Play the script to its end. Cancelling `run` stops the sound at once.

        Args:
            speaker: plays the script; it is opened with the first sound.
            on_start: called once, when the first sound is on its way.
            on_pause: called with whether it is `paused`, whenever that changes.

        Raises:
            SpeakerError: there is no speaker, or it was lost.
        """
        self._speaker, self._on_start, self._on_pause = speaker, on_start, on_pause
        try:
            await self._play()
        finally:
            self._stop()
            self._speaker = None
            self._transport.finish()

    async def _play(self) -> None:
        """Do one step after the other, until nothing is left to do."""
        while True:
            step = await self._changed.until(self._next_step)
            playback = self._playback
            if self._was_silenced():
                continue
            match step:
                case Step.HOLD:
                    await self._play_out_and_hold()
                case Step.HAND_OVER:
                    await self._hand_over()
                case Step.FLUSH if playback:
                    await playback.flush()
                case Step.FINISH:
                    if playback:
                        await playback.finish()
                    if self._was_silenced():
                        continue
                    # Meanwhile the listener may have gone back, or paused.
                    if not (self._can_hand_over or self._transport.silent):
                        return

    def _was_silenced(self) -> bool:
        """Return whether another sound has silenced the narration, which now goes on from there.

        Raises:
            SpeakerError: nothing of the narration can be heard because of the other sounds.
        """
        playback = self._playback
        if playback is None or not playback.silenced or self._aside:
            return False
        self._silenced = 0 if playback.played_s >= _HEARD_S else self._silenced + 1
        if self._silenced == MOST_SILENCED:
            raise SpeakerError(
                _("Another sound silences the answer"), _("Repeat the answer to hear it.")
            )
        self._stop()
        return True

    def _next_step(self) -> Step | None:
        """Return the next step; None if there is nothing to do until something changes."""
        playback, script = self._playback, self.script
        whole_sentences = playback is None or script.between_sentences
        if self._transport.hold is Hold.AT_SENTENCE_END and whole_sentences:
            return Step.HOLD
        if self._can_hand_over:
            return Step.HAND_OVER
        if script.complete and not self._transport.silent:
            return Step.FINISH
        if playback and playback.holds_back and script.last_sentence_complete:
            return Step.FLUSH
        return None

    @property
    def _can_hand_over(self) -> bool:
        return not self._transport.silent and self.script.has_more

    async def _play_out_and_hold(self) -> None:
        if playback := self._playback:
            await playback.finish()
            if self._playback is not playback:
                return  # the listener has paused, or gone elsewhere
            self._stop()
        self.hold()

    async def _hand_over(self) -> None:
        """Give the speaker the next samples."""
        at_s, begins = self.script.reached_s, self.script.between_sentences
        pcm, rate_hz = self.script.read(BLOCK_S)
        self.said_at_s = time.monotonic()
        if self._playback is None:
            assert self._speaker  # noqa: S101  (it runs)
            self._playback, self._began_s = PacedPlayback(self._speaker.play(), self._speed), at_s
        playback = self._playback
        if begins:
            await playback.flush()
        await playback.write(pcm, rate_hz)
        if self._on_start and self._playback is playback:
            self._on_start()
            self._on_start = None

    def _set_paused(self, *, paused: bool) -> None:
        self._transport.paused = paused
        self._on_pause(paused)
        self._changed.notify()

    def _stop(self) -> None:
        """Stop the sound; it will go on from the first sample that was not played."""
        if self._playback:
            at_s = self._began_s + self._playback.played_s
            self.script.go_to(min(at_s, self.script.reached_s))
            self._played_before_s += self._playback.abort()
            self._playback = None
        self._changed.notify()
