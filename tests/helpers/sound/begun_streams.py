"""A program that begins a stream, "input" or "output", and closes it when it is told to.

Threads have ended in it before, as in a program that has run for a while.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from voice_assistant.sound import devices, portaudio


def begin(kind):
    stream = devices.open_stream(
        kind,
        "",
        16_000 if kind == "input" else 48_000,
        block_s=0.02,
        latency="low" if kind == "input" else 0.1,
        callback=(lambda *_: None) if kind == "input" else None,
        finished=lambda: None,
    )
    portaudio.start(kind, stream)
    return stream


def deep(levels):
    return str(sorted([levels, deep(levels - 1)], key=lambda part: -part)) and 1 if levels else 1


def tell(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for _ in range(3):
        threads = [threading.Thread(target=deep, args=(99,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    stream = portaudio.submit(begin, sys.argv[1]).result(20)
    tell("begun")
    sys.stdin.readline()
    try:
        portaudio.submit(portaudio.close, stream).result(5)
        tell("closed")
    except TimeoutError:
        tell("never closed")
    os.kill(os.getpid(), signal.SIGKILL)  # what hangs keeps nobody
