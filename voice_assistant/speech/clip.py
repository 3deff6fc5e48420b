"""The speech of one sentence, while it comes."""

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
        """Whether the last file broke off in its middle; only known after `close`."""
        ...

    def feed(self, data: bytes) -> list[Decoded]:
        """The sound that `data` completes."""
        ...

    def close(self) -> list[Decoded]:
        """The sound that is left."""
        ...


@dataclass(eq=False)
class Clip:
    """The speech of one sentence, as far as it has come.

    Attributes:
        expected_s: about how long it will last.
        sounds: what has come and is not in the script yet.
        begun: some of the speech is in the script.
        complete: no more will come.
        local: this machine's own voice speaks.
    """

    expected_s: float
    sounds: deque[Decoded] = field(default_factory=deque)
    begun: bool = False
    complete: bool = False
    local: bool = False

    @property
    def ready_s(self) -> float:
        """Seconds that have come and are not in the script yet."""
        return sum(len(sound.pcm) / sound.rate_hz for sound in self.sounds)
