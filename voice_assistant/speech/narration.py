"""An answer being said: held, gone on with, said again, from any of its sentences, at any speed.

All of it lies on a tape. Whatever the listener wants is the same to the speaker: silence, then
sound from another place.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from voice_assistant.audio.pauses import from_first_sound
from voice_assistant.audio.tape import Tape
from voice_assistant.speech.cursor import Cursor
from voice_assistant.speech.paced_playback import PacedPlayback

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Speaker

BLOCK_S = 1.0
"""How much is handed to the speaker at a time."""


def _ignore(_: bool) -> None:  # noqa: FBT001 (the only news is yes or no)
    pass


class Narration:
    """What is said, in sentences, and where the listener is in it.

    `run` plays it on a speaker while it grows, to its end, and any number of times.

    Args:
        speed: how fast, 1.0 as it came.

    Attributes:
        paused: the listener wants silence.
        held: somebody else is to be heard.
        said_at_s: when it was last handed to a speaker, on the monotonic clock; 0.0 for never.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.paused = False
        self.held = False
        self.said_at_s = 0.0
        self._speed = speed
        self._tape = Tape()
        self._cursor = Cursor(self._tape)  # what is before it the speaker was given
        self._whole = False
        self._changed = asyncio.Event()
        self._speaker: Speaker | None = None
        self._playback: PacedPlayback | None = None
        self._began_s = 0.0  # where on the tape the playback began
        self._heard_before_s = 0.0
        self._on_start: Callable[[], None] | None = None
        self._on_pause: Callable[[bool], None] = _ignore
        self._on_rest: Callable[[], None] | None = None

    # What there is to say.

    @property
    def end_s(self) -> float:
        """How long it is so far."""
        return self._tape.end_s

    @property
    def reached_s(self) -> float:
        """How much of it the speaker was given."""
        return self._cursor.at_s

    def begin_sentence(self) -> None:
        """The sentence is whole: what is added next begins another one."""
        self._tape.begin_sentence()
        self._changed.set()

    def add(self, pcm: Pcm, rate_hz: int) -> None:
        """More to be said. It begins with its first sound: silence before that is left out."""
        if not self._tape.end_s:
            pcm = from_first_sound(pcm)
        self._tape.add(pcm, rate_hz)
        self._cursor.settle()
        self._changed.set()

    def end(self) -> None:
        """Nothing more will be added."""
        self._tape.begin_sentence()
        self._whole = True
        self._changed.set()

    def cut(self, at_s: float) -> None:
        """Forget what comes after `at_s`, less what the speaker has."""
        self._tape.cut(max(at_s, self._cursor.at_s))
        self._changed.set()

    def clear(self) -> None:
        """Forget everything, and be silent."""
        self._stop()
        self._cursor.go_to(0.0)
        self._tape.cut(0.0)

    async def handed_over(self) -> None:
        """Wait until the speaker has all there is."""
        while self._cursor.has_more:
            self._changed.clear()
            await self._changed.wait()

    # What the listener wants. All of this bites at once.

    @property
    def heard_s(self) -> float:
        """Seconds of speech that have been heard; what was heard twice counts twice."""
        heard_s = self._playback.heard_s if self._playback else 0.0
        return self._heard_before_s + heard_s

    def pause(self) -> None:
        """Be silent, and keep the place."""
        if not self.paused:
            self._stop()
            self._set_paused(paused=True)

    def resume(self) -> None:
        """Go on from where it was paused."""
        if self.paused:
            self._set_paused(paused=False)

    def skip(self) -> None:
        """Go on with the next sentence, be it that it has yet to come."""
        self._stop()
        self._cursor.skip()
        self.resume()

    def back(self) -> None:
        """Say this sentence again; at its beginning, the one before."""
        self._stop()
        self._cursor.back(self._speed)
        self.resume()

    def restart(self) -> None:
        """Say it again from the beginning."""
        self._stop()
        self._cursor.go_to(0.0)
        self.resume()

    # What somebody else wants, who is to be heard in between.

    def hold(self) -> None:
        """Be silent, now. A sentence that is cut in two by this is then said again."""
        if self._playback:
            self._stop()
            self._cursor.whole(self._speed)
        self.held = True

    def rest(self, then: Callable[[], None]) -> None:
        """As `hold`, at the end of the sentence that is being said; then call `then`."""
        self._on_rest = then
        if not self.running:
            self._rested()
        self._changed.set()

    def carry_on(self) -> None:
        """Nobody else is to be heard any more."""
        self.held = False
        self._changed.set()

    @property
    def running(self) -> bool:
        """It is being said, or about to be."""
        return self._speaker is not None

    def set_speed(self, speed: float) -> None:
        """Go on at another speed."""
        if speed != self._speed:
            self._stop()
            self._speed = speed

    async def run(
        self,
        speaker: Speaker,
        *,
        on_start: Callable[[], None],
        on_pause: Callable[[bool], None] = _ignore,
    ) -> None:
        """Play it until it is whole and all is heard. Cancelling this is silence at once.

        Args:
            speaker: where; opened with the first sound.
            on_start: called once, when the first sound is on its way.
            on_pause: called with whether it is `paused`, whenever that changes.

        Raises:
            SpeakerError: there is no speaker, or it was lost.
        """
        self._speaker, self._on_start, self._on_pause = speaker, on_start, on_pause
        try:
            while await self._step():
                pass
        finally:
            self._stop()
            self._speaker = None
            self.paused = self.held = False
            if self._on_rest:
                self._rested()

    async def _step(self) -> bool:
        """Do what is next; False: nothing is left to do."""
        if self._on_rest and self._between_sentences:
            await self._come_to_rest()
        elif self._can_hand_over:
            await self._hand_over()
        elif self._whole and not self._silent:
            if self._playback:
                await self._playback.finish()
            # Meanwhile somebody may have gone back, or paused.
            return self._can_hand_over or self._silent
        elif self._playback and self._playback.holds_back and self._tape.rests:
            await self._playback.flush()
        else:
            self._changed.clear()
            await self._changed.wait()
        return True

    @property
    def _silent(self) -> bool:
        return self.paused or self.held

    @property
    def _between_sentences(self) -> bool:
        """Nothing is being said, or the speaker has whole sentences."""
        return self._playback is None or self._cursor.between_sentences

    async def _come_to_rest(self) -> None:
        """Let the speaker say what it has, then be held."""
        if playback := self._playback:
            await playback.finish()
            if self._playback is not playback:
                return  # somebody has paused, or gone elsewhere
            self._stop()
        self._rested()

    def _rested(self) -> None:
        then, self._on_rest = self._on_rest, None
        self.hold()
        if then:
            then()

    @property
    def _can_hand_over(self) -> bool:
        return not self._silent and self._cursor.has_more

    async def _hand_over(self) -> None:
        """Give the speaker the next samples."""
        at_s, begins = self._cursor.at_s, self._cursor.between_sentences
        pcm, rate_hz = self._cursor.read(BLOCK_S)
        self.said_at_s = time.monotonic()
        self._changed.set()
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
        self.paused = paused
        self._on_pause(paused)
        self._changed.set()

    def _stop(self) -> None:
        """Silence; sound will go on from the first sample that was not heard."""
        if self._playback:
            at_s = self._began_s + self._playback.heard_s
            self._cursor.go_to(min(at_s, self._cursor.at_s))
            self._heard_before_s += self._playback.abort()
            self._playback = None
        self._changed.set()
