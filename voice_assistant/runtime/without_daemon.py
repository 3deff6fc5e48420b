"""Turns that no daemon runs: `ask` without a running assistant, and the demo."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voice_assistant.backend.link import link_for, warn
from voice_assistant.commands import Ask
from voice_assistant.runtime.composition import preferences_for, services_for, speaker_for
from voice_assistant.sound.microphone import Microphone
from voice_assistant.turns.question import Question
from voice_assistant.turns.spoken_question import SpokenQuestion
from voice_assistant.turns.stored_question import StoredQuestion

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant import ports
    from voice_assistant.commands import Retry
    from voice_assistant.runtime.composition import Say
    from voice_assistant.settings.schema import Settings
    from voice_assistant.turns.services import Tell


async def ask_alone(settings: Settings, command: Ask | Retry, tell: Tell, say: Say) -> None:
    """One question and its answer, without a daemon. Cancelling it interrupts the answer."""
    warn(settings, say)
    settings = preferences_for(settings).settings()
    async with link_for(settings) as link:
        microphone = Microphone(settings.microphone.device)
        with contextlib.closing(speaker_for(settings)) as speaker:
            parts = services_for(
                settings, link, microphone, speaker, lambda error: say(error.title, error.hint)
            )
            if isinstance(command, Ask):
                await Question(parts, tell, command=command).run()
            else:
                await StoredQuestion(parts, tell, name=command.recording).run()


async def talk_alone(
    settings: Settings, microphone: ports.Microphone, speaker: ports.Speaker, data: Path, tell: Tell
) -> None:
    """One spoken turn with this microphone and this speaker; all data is kept below `data`."""
    async with link_for(settings, data) as link:
        parts = services_for(settings, link, microphone, speaker, lambda _: None, data)
        await SpokenQuestion(parts, tell).run()
