"""The speech of one sentence while it comes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from voice_assistant.audio.codec.decoder import Decoded


class Decoder(Protocol):
    """Turns the bytes of speech into sound; see `audio.codec.decoder.SpeechDecoder`."""

    @property
    def cut_off(self) -> bool:
        """Return whether the last file broke off in its middle; known only after `close`."""
        ...

    def feed(self, data: bytes) -> list[Decoded]:
        """Return the sound that `data` completes."""
        ...

    def close(self) -> list[Decoded]:
        """Return the rest of the sound."""
        ...


@dataclass(eq=False)
class Clip:
    """The speech of one sentence that has come so far.

    Attributes:
        words: the sentence.
        expected_s: the expected length of the speech, in seconds.
        sounds: the sounds that are not yet in the script.
        begun: whether some of the speech is in the script.
        complete: whether all of the speech has come.
        local: whether this machine's own voice speaks.
    """

    words: str
    expected_s: float
    sounds: deque[Decoded] = field(default_factory=deque)
    begun: bool = False
    complete: bool = False
    local: bool = False

    @property
    def ready_s(self) -> float:
        """Return the seconds of sound that are not yet in the script."""
        return sum(len(sound.pcm) / sound.rate_hz for sound in self.sounds)
