"""The frugal way to hear a wake word: microWakeWord, small networks for a phrase each.

They cost 0.2 % of a core. Of 40 people's "alexa" 39 were heard (37 at 10 dB), of 38 synthetic "hey
jarvis" 33; a question needs a short pause after the phrase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import ConfigError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm

PHRASES = ("alexa", "hey jarvis", "hey mycroft", "okay nabu")
"""The phrases whose networks the package `pymicro-wakeword` brings."""

FRAME_BYTES = 320
"""10 ms."""
LATE_S = 0.2
"""Seconds between the phrase and its detection: they belong to the question."""


class MicroWakeWord:
    """A `wake_word.Spotter`, which finds the phrase as soon as it was said.

    Args:
        detector: the package's network for the phrase.
        features: the package's preparation of sound.
    """

    def __init__(self, detector: Any, features: Any) -> None:
        self.goes_on = False
        self._detector = detector
        self._features = features
        self._rest = b""
        self._last: Pcm = np.empty(0, np.int16)

    async def feed(self, pcm: Pcm) -> Pcm | None:
        """Take the next samples; return the sound behind the phrase, once that was said."""
        self._last = np.concatenate([self._last, pcm])[-round(LATE_S * SPEECH_RATE_HZ) :]
        data = self._rest + pcm.tobytes()
        whole = len(data) - len(data) % FRAME_BYTES
        self._rest = data[whole:]
        frames = (data[at : at + FRAME_BYTES] for at in range(0, whole, FRAME_BYTES))
        heard = [
            bool(self._detector.process_streaming(feature))
            for frame in frames
            for feature in self._features.process_streaming(frame)
        ]
        return self._last if any(heard) else None


async def micro_wake_word(phrase: str) -> MicroWakeWord:
    """Return what hears a phrase.

    Raises:
        ConfigError: the package is not installed, or has no network for the phrase.
    """
    if phrase.lower() not in PHRASES:
        raise ConfigError(
            _('The small detector of wake words (micro) does not know "{phrase}"', phrase=phrase),
            _(
                "hands_free.wake_phrase may be one of: {names}. Any other words need the "
                "recogniser as hands_free.wake_detector.",
                names=", ".join(PHRASES),
            ),
        )
    try:
        import pymicro_wakeword as package  # noqa: PLC0415  (only where it is wanted)
    except (ImportError, OSError) as error:  # OSError: its library needs a newer system
        raise ConfigError(
            _("The small detector of wake words (micro) cannot be used here"),
            _(
                "Install it with `pip install pymicro-wakeword`, or choose the recogniser as "
                "hands_free.wake_detector."
            ),
        ) from error
    model = package.Model(phrase.lower().replace(" ", "_"))
    return MicroWakeWord(package.MicroWakeWord.from_builtin(model), package.MicroWakeWordFeatures())
