"""When the sound comes that tells that the assistant woke: in a pause, and over no word.

Whoever goes on in one breath hears no such sound. Over a question it would cost words, even where
it is taken out of the recording: of 32 "what is twelve times seven" 18 were heard as other words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import SpeechDetector

    Clean = Callable[[Pcm], Pcm]

PAUSE_S = 0.3
"""Seconds of silence after the phrase that are a pause."""
GOES_ON_S = 0.1
"""Seconds of speech after the moment at which the phrase was heard that are the question."""


class WakeSound:
    """Plays the sound in the pause after the phrase, and removes it from what is heard then.

    Args:
        said: what was said until the phrase was heard.
        detector: knows speech from silence.
        play: plays the sound; returns what removes it from the next blocks.
    """

    def __init__(self, said: Pcm, detector: SpeechDetector, play: Callable[[], Clean]) -> None:
        detector.feed(said)
        self._detector = detector
        self._said_s = detector.speech_s
        self._play = play
        self._waits = True
        self._clean: Clean = lambda block: block

    def feed(self, block: Pcm) -> Pcm:
        """Take the next samples; return the samples that are ready, without the sound."""
        if self._waits:
            self._detector.feed(block)
            if self._detector.speech_s > self._said_s + GOES_ON_S:
                self._waits = False
            elif self._detector.silence_s >= PAUSE_S:
                self._waits = False
                self._clean = self._play()
        return self._clean(block)
