"""Answers as real servers (0.15.3 and 1.14.0) sent them, and the words of their audio."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "traces"

SAID = {
    "0.mp3": "OK.",
    "1.mp3": "你好，我是本地的测试助手。今天天气很好！こんにちは、元気ですか？ 😀 Done.",  # noqa: RUF001
    "2.mp3": "Hello, this is the local test assistant. I heard your question and I will answer it"
    " in a few sentences.",
    "3.mp3": " Paris is the capital of France! Is there anything else you would like to know?"
    " The temperature is 3.",
    "4.mp3": "5 degrees today.",
    "5.mp3": "INPUT BLOCKED",
    "6.mp3": "First sentence is fine. Second sentence is fine too.",
}
"""The text of each audio file."""

EXCHANGES: dict[str, list[list]] = json.loads((FOLDER / "exchanges.json").read_text("utf-8"))
"""Steps by name: ["text", delta], ["audio", file, begin, end], ["audio_ended"]."""


def audio(step: list) -> bytes:
    """Return the bytes of an audio step."""
    _, name, begin, end = step
    return (FOLDER / name).read_bytes()[begin:end]


def text_of(steps: list[list]) -> str:
    """Return the text of the answer."""
    return "".join(step[1] for step in steps if step[0] == "text")


def audio_text_of(steps: list[list]) -> str:
    """Return the words that the complete files of the stream speak."""
    last = {}
    for step in steps:
        if step[0] == "audio":
            last[step[1]] = step[3]
    whole = [name for name, end in last.items() if end == (FOLDER / name).stat().st_size]
    return "".join(SAID[name] for name in whole)
