"""Ports that behave like the real ones, without devices, servers or time.

Speech is made so that what was heard can be read: `utter("Hello")` is a sound, `read(pcm)` its
text again. Time passes only where a test lets it: a held speaker hears what `hear` tells it to,
and a scripted answer waits for the conditions in its script.
"""

from __future__ import annotations

from fakes.backend import FakeBackend, FakeChatStream, speak_wav
from fakes.microphone import FakeCapture, FakeMicrophone
from fakes.problems import FakeProblems
from fakes.recognizer import FakeRecognizer
from fakes.sounds import SECONDS_PER_UNIT, pieces, read, utter, wav
from fakes.speaker import FakePlayback, FakeSpeaker
from fakes.voice import FakeVoice
from fakes.waiting import until

__all__ = [
    "SECONDS_PER_UNIT",
    "FakeBackend",
    "FakeCapture",
    "FakeChatStream",
    "FakeMicrophone",
    "FakePlayback",
    "FakeProblems",
    "FakeRecognizer",
    "FakeSpeaker",
    "FakeVoice",
    "pieces",
    "read",
    "speak_wav",
    "until",
    "utter",
    "wav",
]
