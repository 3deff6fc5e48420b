"""The speech of one sentence, while it comes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from voice_assistant.audio.codec.decoder import Decoded


class Decoder(Protocol):
    """What turns the bytes of speech into sound; see `audio.decoder.SpeechDecoder`."""

    def feed(self, data: bytes) -> list[Decoded]:
        """The sound that `data` makes complete."""
        ...

    def close(self) -> list[Decoded]:
        """The rest."""
        ...


@dataclass(eq=False)
class Clip:
    """The speech of one sentence, as far as it has come.

    Attributes:
        expected_s: about how long it will last.
        sounds: what is still to be handed to the speaker.
        begun: some of it was.
        whole: no more will come.
        local: it is this machine's own voice.
    """

    expected_s: float
    sounds: deque[Decoded] = field(default_factory=deque)
    begun: bool = False
    whole: bool = False
    local: bool = False

    @property
    def ready_s(self) -> float:
        """Seconds that are still to be handed to the speaker."""
        return sum(len(sound.pcm) / sound.rate_hz for sound in self.sounds)
