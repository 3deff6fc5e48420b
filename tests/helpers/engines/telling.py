"""Voices whose programs are a few lines of Python, and whose speech is words."""

from __future__ import annotations

import sys

from voice_assistant.audio.codec.wav import header
from voice_assistant.engines.voices.program import Program
from voice_assistant.engines.voices.voice import Voice


def python(code, *arguments, **attributes):
    """Return a program of a few lines of Python."""
    return Program("python", [sys.executable, "-c", code, *arguments], **attributes)


def python_voice(code):
    """Return a voice whose program is a few lines of Python."""
    return Voice("python", python(code).speak)


def telling(words, then="", **attributes):
    """Return a program whose speech is words: two letters are one sample."""
    wav = header(16_000).hex()
    code = f"import sys; sys.stdout.buffer.write(bytes.fromhex('{wav}') + b'{words}'){then}"
    return python(code, **attributes)


FAILING = python("import sys; sys.exit(5)")
GERMAN = "Berlin ist die Hauptstadt von Deutschland."


async def told(voice, text, *within):
    """Return the words that the programs of `telling` speak."""

    async def scenario():
        return b"".join([pcm.tobytes() async for pcm, _ in voice.speak(text, within)])

    return (await scenario()).decode()
