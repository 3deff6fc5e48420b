"""Recognises a recording without any server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.engines.recognition.recognizer import (
    Recognizer,
    RecognizerDied,
    recognizer_available,
)

if TYPE_CHECKING:
    from voice_assistant.audio.format import Pcm


async def recognize_here(pcm: Pcm) -> str:
    """Return the words of a recording (16 kHz); a process is started for this one recording.

    Raises:
        RecognizerDied: speech cannot be recognised on this machine, or the process ended.
    """
    if not recognizer_available():
        raise RecognizerDied(
            "Speech cannot be recognised on this machine",
            "Install pocketsphinx, or let the server do it: speech_to_text.local in the settings.",
        )
    async with Recognizer() as recognizer:
        return await recognizer.recognize(pcm)
