"""From the release of the key to the first sound of the answer, on a desktop of its own: prints it.

    .venv/bin/python tests/benchmarks/bench_first_sound.py

The key is held, a question is spoken into the microphone, the key comes up; what the loudspeaker
plays is listened to. The embedded backend answers with its own voice. The time includes the start
of the program that lets the key up, and the delay of both sound devices.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import platformdirs

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import Desktop
from bench.waiting import wait_for
from helpers.e2e.assistant import Assistant, saying

RATE_HZ = 16_000
LOUD = 100
SETTINGS = """
[sounds]
enabled = false

[embedded]
engine = "hibari"
"""
QUESTIONS = (
    "what time is it",
    "what is five times seven",
    "how many feet are in a mile",
    "set a timer for ten minutes",
    "what day is it tomorrow",
    "flip a coin",
)


def first_sound_s(desktop, assistant, question):
    with desktop.listen() as heard:
        with saying(desktop, assistant, question):
            released = heard.pcm.size
        wait_for(lambda: _loud(heard.pcm[released:]).size, f"{question} is answered", 20)
        first = _loud(heard.pcm[released:])[0] / RATE_HZ
        assistant.wait_for_phase("idle")
    return first


def _loud(pcm):
    return np.flatnonzero(np.abs(pcm.astype(np.int32)) > LOUD)


def main():
    # The desktop's home is empty; the models are those of the user.
    models = platformdirs.user_data_path("voice-assistant") / "models"
    os.environ.setdefault("VOICE_ASSISTANT_MODELS", str(models))
    with Desktop() as desktop, Assistant(desktop, SETTINGS) as assistant:
        assistant.wait_until_complete()
        first_sound_s(desktop, assistant, QUESTIONS[0])
        found = [first_sound_s(desktop, assistant, one) for one in QUESTIONS * 2]
        print(
            f"release of the key to the first sound, {len(found)} questions: median "
            f"{1000 * np.median(found):.0f} ms, {1000 * min(found):.0f} to "
            f"{1000 * max(found):.0f} ms"
        )
        for line in assistant.tell("history", "--latency").stdout.splitlines():
            print(line)


if __name__ == "__main__":
    main()
