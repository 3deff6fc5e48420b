"""The ways to talk without keys, as the settings say; what is off is not even imported."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Protocol

from voice_assistant import events
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.runtime.supervision.replaceable import Replaceable
from voice_assistant.runtime.supervision.supervised import Supervised
from voice_assistant.sound.sound_server import echo_is_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.hearing.wake_word import MakeSpotter
    from voice_assistant.runtime.core import Core
    from voice_assistant.settings.schema import Settings
    from voice_assistant.turns.assistant import Assistant

WAKE_SOUND_OVER_S = 0.9
"""Seconds until the sound that tells that it woke is over, on any loudspeaker."""


class Listener(Supervised, Protocol):
    """A supervised part that listens by itself."""

    def look(self, phase: events.Phase) -> None:
        """Begin to listen, or end that, by what goes on now; returns at once."""
        ...


class HandsFree(events.Subscriber):
    """A `Subscriber` that holds barge-in and the wake word, and follows changed settings.

    Args:
        core: what turns work with.
        assistant: gets the microphone when somebody speaks.

    Attributes:
        parts: the parts, to be run and supervised.
    """

    def __init__(self, core: Core, assistant: Assistant) -> None:
        self._core = core
        self._assistant = assistant
        self._phases = events.Phases()
        self._listeners: list[Listener] = []
        core.microphone.on_change(self._look)
        self.parts = Replaceable(self._make, _made_of, core.settings, core.missing)

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._phases.handle(event)
        self._look()

    def _look(self) -> None:
        for listener in self._listeners:
            listener.look(self._phases.now)

    def _make(self, settings: Settings) -> list[Listener]:
        self._listeners = []
        if settings.hands_free.barge_in == "off":
            self._core.speaker.tell(None)
        else:
            self._listeners.append(self._barge_in(settings))
        if settings.hands_free.wake_word:
            self._listeners.append(self._wake_word(settings))
        self._look()
        return self._listeners

    def _barge_in(self, settings: Settings) -> Listener:
        from voice_assistant.audio.echo_canceller import EchoCanceller  # noqa: PLC0415
        from voice_assistant.audio.played_sound import PlayedSound  # noqa: PLC0415
        from voice_assistant.audio.talk_over import TalkOver  # noqa: PLC0415
        from voice_assistant.hearing.barge_in import BargeIn  # noqa: PLC0415

        wished, device = settings.hands_free.barge_in, settings.microphone.device

        with_echo, without_echo = TalkOver(EchoCanceller()), TalkOver(None)

        async def finder(plays: bool) -> TalkOver:  # noqa: FBT001  (by place)
            """Return what finds a voice; the sound server may remove the echo already."""
            echoes = plays and wished == "loudspeaker"
            removed = not echoes or await asyncio.to_thread(echo_is_cancelled, device)
            talk_over = without_echo if removed else with_echo
            talk_over.restart()
            return talk_over

        played = PlayedSound()
        self._core.speaker.tell(played)
        return BargeIn(
            self._core.microphone,
            played,
            finder,
            self._assistant.talk_over,
            settings.microphone.pre_roll_s,
            in_pause=self._core.services.hears_here,
        )

    def _wake_word(self, settings: Settings) -> Listener:
        from voice_assistant.hearing.wake_word import WakeWord, recognized_phrase  # noqa: PLC0415

        phrase = settings.hands_free.wake_phrase
        if settings.hands_free.wake_detector == "micro":
            from voice_assistant.hearing.micro_wake_word import micro_wake_word  # noqa: PLC0415

            spotter: MakeSpotter = partial(micro_wake_word, phrase)
        else:
            recognizer = self._core.services.recognizer or Recognizer()
            spotter = partial(recognized_phrase, recognizer, phrase)
        return WakeWord(self._core.microphone, spotter, self._after_phrase, self._assistant.wake)

    def _after_phrase(self, said: Pcm, goes_on: bool) -> Callable[[Pcm], Pcm]:  # noqa: FBT001
        """Return what takes the sound after the phrase, and tells that it woke.

        Nothing tells that where somebody has gone on: it would be heard behind a short question.
        """
        if goes_on:
            return lambda block: block
        from voice_assistant.hearing.wake_sound import WakeSound  # noqa: PLC0415

        return WakeSound(said, self._core.services.ears(), self._play_wake_sound).feed

    def _play_wake_sound(self) -> Callable[[Pcm], Pcm]:
        """Play the sound that tells that it woke; return what removes it from what follows."""
        from voice_assistant.audio.earcons import start_tones  # noqa: PLC0415
        from voice_assistant.audio.echo import Echo  # noqa: PLC0415
        from voice_assistant.audio.format import SPEECH_RATE_HZ  # noqa: PLC0415

        services = self._core.services
        if not services.settings.sounds.enabled:
            return lambda block: block
        services.sounds.wake()
        return Echo([start_tones()], SPEECH_RATE_HZ, WAKE_SOUND_OVER_S, until_heard=True).feed


def _made_of(settings: Settings) -> object:
    """Return the settings that the parts are made of."""
    wishes, microphone = settings.hands_free, settings.microphone
    wake = (wishes.wake_word, wishes.wake_phrase, wishes.wake_detector)
    return wishes.barge_in, wake, microphone.device, microphone.pre_roll_s
