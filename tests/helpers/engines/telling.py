"""Voices whose programs are a few lines of Python, and whose speech is words."""

from __future__ import annotations

import sys

from voice_assistant.audio.codec.wav import header
from voice_assistant.engines.voices.program import Voice


def python_voice(code):
    """Return a voice whose program is a few lines of Python."""
    return Voice("python", [sys.executable, "-c", code])


def telling(words):
    """Return a program whose speech is words: two letters are one sample."""
    wav = header(16_000).hex()
    code = f"import sys; sys.stdout.buffer.write(bytes.fromhex('{wav}') + b'{words}')"
    return [sys.executable, "-c", code]


FAILING = [sys.executable, "-c", "import sys; sys.exit(5)"]
GERMAN = "Berlin ist die Hauptstadt von Deutschland."


async def told(voice, text, *within):
    """Return the words that the programs of `telling` speak."""

    async def scenario():
        return b"".join([pcm.tobytes() async for pcm, _ in voice.speak(text, within)])

    return (await scenario()).decode()
