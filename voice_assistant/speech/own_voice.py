"""Speaks by this machine's own voice, without a server."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.errors import DeviceError
from voice_assistant.ports import SPEAKER
from voice_assistant.speech.marks import Marks
from voice_assistant.text.speakable import speakable

if TYPE_CHECKING:
    from voice_assistant.engines.voices.voice import Voice
    from voice_assistant.ports import Problems, Speaker
    from voice_assistant.speech.narration import Narration

log = logging.getLogger(__name__)


async def say(
    text: str, voice: Voice | Marks, narration: Narration, speaker: Speaker, problems: Problems
) -> None:
    """Speak a text to its end. A failure is logged; a failure of the speaker is also reported.

    Args:
        text: the text; Markdown in it is read as in an answer.
        voice: this machine's voice, or marks for a screen reader.
        narration: an empty narration, which the listener's commands act upon.
        speaker: plays the text.
        problems: gets the error of a speaker that does not work.
    """
    try:
        await speak(text, voice, narration, speaker)
    except (VoiceFailed, DeviceError) as error:
        log.warning("this was not said: %s", error.title)
        if isinstance(error, DeviceError):
            problems.report_problem(SPEAKER, error)


async def speak(text: str, voice: Voice | Marks, narration: Narration, speaker: Speaker) -> None:
    """Speak a text to its end; for the arguments see `say`.

    Raises:
        VoiceFailed: the voice did not speak.
        SpeakerError: there is no speaker, or it was lost.
    """
    words = speakable(text)
    if isinstance(voice, Marks):
        narration.script.name_sentence(words)
    async with contextlib.aclosing(voice.speak(words)) as blocks:
        async for pcm, rate_hz in blocks:
            narration.script.add(pcm, rate_hz)
    narration.script.end()
    await narration.run(speaker, on_start=lambda: None)
