"""What the record costs a running assistant: its share of a spoken turn's CPU, and of the start.

    python tests/benchmarks/bench_record_in_use.py [turns]

It needs no desktop: questions are files, and so are the spoken answers.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.append(str(Path(__file__).parents[1]))

from benchmarks.bench_history import fill
from helpers.e2e.assistant import COMMAND, command

import voice_assistant.cli
from voice_assistant import events
from voice_assistant.history.recorder import Recorder
from voice_assistant.history.store import Store
from voice_assistant.history.writer import Writer
from voice_assistant.system import paths

if TYPE_CHECKING:
    from collections.abc import Iterator

TURNS = 100_000
ROUNDS = 10
STARTS = 5
QUESTION = Path(voice_assistant.cli.__file__).with_name("question.wav")
TICKS = os.sysconf("SC_CLK_TCK")


def home(folder: Path) -> dict[str, str]:
    """Return the environment of a user with the networks of this machine, and no desktop."""
    data = folder / ".local" / "share" / "voice-assistant"
    data.mkdir(parents=True)
    (data / "models").symlink_to(paths.data_dir() / "models")
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}


@contextlib.contextmanager
def running(env: dict[str, str]) -> Iterator[tuple[int, float]]:
    """An assistant; yields its process, and the seconds until it answered."""
    began_s = time.monotonic()
    with subprocess.Popen([COMMAND, "run"], env=env, stderr=subprocess.DEVNULL) as daemon:
        try:
            while command("status", env=env).returncode:
                time.sleep(0.01)
            yield daemon.pid, time.monotonic() - began_s
        finally:
            daemon.terminate()
            daemon.wait(30)


def cpu_ms(pid: int) -> float:
    """Return the CPU time of a process and its children."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, _, rest = stat.read_text().partition(" ")
            fields = rest.rpartition(")")[2].split()
            if pid in (int(number), int(fields[1])):
                total += (int(fields[11]) + int(fields[12])) / TICKS * 1000
    return total


def recording_ms(folder: Path) -> float:
    """Return the CPU time of recording one turn of a short answer, with its writes."""
    took, waited = [], []
    with Writer(folder / "one.sqlite3", print) as writer:
        for number in range(1, 200):
            recorder = Recorder(writer)
            began_s = time.process_time()
            for event in (
                events.Listening(turn=number),
                events.Transcribing(turn=number),
                events.Asked(turn=number, question="What is 12 times 7?", source="voice"),
                events.Begun(turn=number, message_id=f"m{number}", conversation_id="c"),
                events.Text(turn=number, delta="12 times 7 is 84."),
                events.Answered(
                    turn=number,
                    text="12 times 7 is 84.",
                    message_id=f"m{number}",
                    conversation_id="c",
                    complete=True,
                ),
                events.Suggested(turn=number, questions=("a", "b", "c")),
                events.Idle(turn=number),
            ):
                recorder.handle(event)
                time.sleep(0.001)  # as in a turn: each is written by itself
            while not writer._queue.empty() or writer._unwritten:
                time.sleep(0.001)
            took.append((time.process_time() - began_s) * 1000)
            began_s = time.process_time()
            for _ in range(9):
                time.sleep(0.001)
            waited.append((time.process_time() - began_s) * 1000)
    return statistics.median(took) - statistics.median(waited)


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record = recording_ms(folder)
        env = home(folder / "user")
        ask = [COMMAND, "ask", "--audio", str(QUESTION), "--save-speech", str(folder / "said.wav")]
        with running(env) as (pid, _):
            subprocess.run(ask, env=env, check=True, capture_output=True)
            before = cpu_ms(pid)
            for _ in range(ROUNDS):
                subprocess.run(ask, env=env, check=True, capture_output=True)
            turn = (cpu_ms(pid) - before) / ROUNDS
        print(
            f"a spoken turn: {turn:.0f} ms of CPU, its recording {record:.2f} ms: "
            f"{record / turn:.2%} of it"
        )
        other = home(folder / "other")
        file = folder / "other/.local/share/voice-assistant/history.sqlite3"
        with Store(file) as store:
            fill(store, turns)
        took: dict[str, list[float]] = {"few": [], "many": []}
        for _ in range(STARTS):
            for kind, who in (("few", env), ("many", other)):
                with running(who) as (_, seconds):
                    took[kind].append(seconds)
        few, many = (statistics.median(took[kind]) for kind in ("few", "many"))
        print(
            f"start: {few:.2f} s with {ROUNDS + 1} turns, {many:.2f} s with {turns}: "
            f"x{many / few:.2f}"
        )


if __name__ == "__main__":
    main()
