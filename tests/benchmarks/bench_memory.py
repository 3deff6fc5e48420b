"""The memory of the assistant with its embedded backend, by key and hands-free: prints a table.

    .venv/bin/python tests/benchmarks/bench_memory.py

Both processes, on a desktop of their own: when the assistant is ready, and after three questions
(by key; or after the wake word, with a microphone that waits for interruptions). Private memory is
what no other process shares; PSS counts shared memory in parts.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import platformdirs

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import Desktop
from bench.sounds import flite
from bench.waiting import wait_for
from helpers.e2e.assistant import Assistant, aloud, saying

AUDIBLE_S = 0.3
HANDS_FREE = """
[hands_free]
wake_word = true
barge_in = "loudspeaker"
"""
QUESTIONS = ("what time is it?", "what is twelve times seven?", "what day is it tomorrow?")


def processes(pid):
    """Yield a process and all it has started."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from processes(int(child))


def memory_mb(pid):
    """Private memory and PSS of a process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kb = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
    return (kb["Private_Dirty"] + kb["Private_Clean"]) // 1024, kb["Pss"] // 1024


def of_all(assistant):
    status = assistant.status()
    assert status, "it runs"
    return [memory_mb(pid) for pid in processes(status["pid"])]


def tell(when, assistant):
    before, found = None, of_all(assistant)
    while before != found:  # something is still being loaded, or given back
        time.sleep(1)
        before, found = found, of_all(assistant)
    private, pss = map(sum, zip(*found, strict=True))
    each = " + ".join(f"{one:.0f}" for one, _ in found)
    print(f"{when:30} {private:5.0f} MB private ({each}), PSS {pss:5.0f} MB", flush=True)


def waits(assistant):
    wait_for(
        lambda: (assistant.status() or {}).get("microphone_open"), "it waits for its wake word"
    )


def ask(desktop, assistant, question, *, hands_free):
    with desktop.listen() as heard:
        if hands_free:
            waits(assistant)
            desktop.speak_into_microphone(flite(f"Computer, {question}"))
        else:
            with saying(desktop, assistant, question):
                pass
        wait_for(lambda: heard.loud_s > AUDIBLE_S, f"{question} is answered", 60)
    assistant.wait_for_phase("idle")


def main():
    # The desktop's home is empty; the models are those of the user.
    models = platformdirs.user_data_path("voice-assistant") / "models"
    os.environ.setdefault("VOICE_ASSISTANT_MODELS", str(models))
    for name, settings in (("by key", ""), ("hands-free", HANDS_FREE)):
        with Desktop() as desktop, Assistant(desktop, settings) as assistant, aloud(desktop):
            assistant.wait_until_complete()
            if settings:
                waits(assistant)
            tell(f"{name}, ready", assistant)
            for question in QUESTIONS:
                ask(desktop, assistant, question, hands_free=bool(settings))
            tell(f"{name}, after three questions", assistant)


if __name__ == "__main__":
    main()
