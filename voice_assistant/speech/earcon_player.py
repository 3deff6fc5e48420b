"""Plays the short sounds that tell by ear what the tray icon shows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant import events
from voice_assistant.audio import earcons
from voice_assistant.errors import DeviceError
from voice_assistant.ports import SPEAKER

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.audio.format import Pcm
    from voice_assistant.ports import Problems, Speaker
    from voice_assistant.settings.sections.speech import SoundSettings

    Earcon = Callable[[int, float], Pcm]

RATE_HZ = 24_000
"""Any rate is right: the speaker resamples."""


class EarconPlayer:
    """A `Subscriber` that plays the earcon of each event that has one, if the settings say so.

    Args:
        settings: whether earcons are played, and how loud.
        speaker: plays them.
        problems: gets the error of a speaker that plays nothing.
    """

    def __init__(self, settings: SoundSettings, speaker: Speaker, problems: Problems) -> None:
        self._settings = settings
        self._speaker = speaker
        self._problems = problems
        self._next: asyncio.Queue[Earcon] = asyncio.Queue()
        self._over = asyncio.Event()
        self._over.set()
        self._used = False
        self._phases = events.Phases()
        self._for_silence: list[Earcon] = []

    def use(self, settings: SoundSettings) -> None:
        """Play the next earcons as these settings say."""
        self._settings = settings

    def handle(self, event: events.AnyEvent) -> None:
        """Take one event; returns at once."""
        self._used = True
        self._phases.handle(event)
        match event:
            case events.Listening(talked_over=True) | events.Listening(woken=True):
                pass  # a sound would be heard over the first word
            case events.Listening(by_itself=True):
                self._add(earcons.soft_start_sound)
            case events.Listening():
                self._add(earcons.start_sound)
            case events.Transcribing():
                self._add(earcons.end_sound)
            case events.Commanded(pauses=True) | events.Announced(of_pause=True):
                self._add(earcons.paused_sound)
            case events.Commanded(reply="", sounds=False) | events.Dictated():
                self._add(earcons.done_sound)
            case events.Announced():
                self._add(earcons.timer_sound)
            case events.Spoken(problem=problem) if problem:
                self._add(earcons.failure_sound)
            case events.Failed():
                self._add(earcons.failure_sound)
            case _:
                pass
        self._break_silence()

    async def run(self) -> None:
        """Play one earcon after the other, until cancelled."""
        while True:
            await self._play(await self._next.get())
            if self._next.empty():
                self._over.set()

    def greet(self, _: str = "") -> None:
        """Play the sound that says that the assistant works, unless it was used already.

        The sound would get into the first question, or silence its answer.
        """
        if not self._used:
            self._add(earcons.ready_sound)

    def wake(self) -> None:
        """Play the sound that says that the wake word was heard."""
        self._add(earcons.start_sound)

    def wait(self) -> None:
        """Play the sound that says that an answer is still waited for."""
        self._add(earcons.waiting_sound)

    def confirm(self) -> None:
        """Play the sound that says that a command was obeyed, unless another sound says it."""
        if self._over.is_set():
            self._add(earcons.done_sound)

    def mute(self, *, on: bool) -> None:
        """Play the sound that says that the microphone is off, or that it is on again."""
        self._add_for_silence(earcons.muted_sound if on else earcons.ready_sound)

    def switch(self, *, on: bool) -> None:
        """Play the sound that says that a way of working begins, such as conversation mode."""
        self._add_for_silence(earcons.switched_on_sound if on else earcons.switched_off_sound)

    async def over(self) -> None:
        """Wait until all earcons have been played: other sound would cut them short."""
        await self._over.wait()

    def _add_for_silence(self, earcon: Earcon) -> None:
        """Play a sound, but cut off no answer with it, and disturb no recording."""
        self._for_silence.append(earcon)
        self._break_silence()

    def _break_silence(self) -> None:
        if self._phases.now in ("idle", "error"):
            due, self._for_silence = self._for_silence, []
            for earcon in due:
                self._add(earcon)

    def _add(self, earcon: Earcon) -> None:
        if self._settings.enabled:
            self._over.clear()
            self._next.put_nowait(earcon)

    async def _play(self, earcon: Earcon) -> None:
        try:
            pcm = earcon(RATE_HZ, self._settings.volume)
            playback = self._speaker.play(prompt=True)  # a late sound says something false
            await playback.write(pcm, RATE_HZ)
            if await playback.finish() < len(pcm) / RATE_HZ / 2:
                # Speech cut our sound off; drop queued sounds, they would cut off the speech.
                self._next = asyncio.Queue()
        except DeviceError as error:
            self._problems.report_problem(SPEAKER, error)
