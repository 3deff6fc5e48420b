"""A program that writes turns until it is killed."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WRITES = """
import asyncio, sys, time
from pathlib import Path
from voice_assistant.history.recorded_turn import RecordedTurn
from voice_assistant.history.writer import Writer

async def write(writer):
    for number in range(int(sys.argv[2]), 10**9):
        for length in range(5):
            state = "complete" if length == 4 else "open"
            writer.put(number, RecordedTurn(
                began_s=time.time(), origin="text", state=state, question=f"q{number}",
                answer="word " * 100 * length))
            await writer.written(60.0)
        print(f"q{number}", flush=True)

with Writer(Path(sys.argv[1]), print) as writer:
    asyncio.run(write(writer))
"""


def written_until_killed(file: Path, first: int, kill_s: float) -> set[str]:
    """Kill the program `kill_s` after its first complete turn; return its complete questions."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, file, str(first)], stdout=subprocess.PIPE, text=True
    ) as writing:
        assert writing.stdout
        first_line = writing.stdout.readline()
        time.sleep(kill_s)
        writing.kill()
        lines = (first_line + writing.stdout.read()).split("\n")
    return set(lines[:-1])
