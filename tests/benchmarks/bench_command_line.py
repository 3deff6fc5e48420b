"""What a key bound to `voice-assistant press` waits for, beside a bare interpreter.

    python tests/benchmarks/bench_command_line.py [result.json]

Both are started in turn, many times; the ratio of the medians is what counts.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROUNDS = 60


def seconds(argv: list[str], env: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(argv, env=env, check=True)
    return time.perf_counter() - begin


def answer_forever(listener: socket.socket) -> None:
    """The daemon's side: one line in, one line out."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.recv(4096)
            connection.sendall(b'{"ok":true}\n')


def main() -> None:
    python = sys.executable
    command = str(Path(python).with_name("voice-assistant"))
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        (Path(folder) / "voice-assistant").mkdir()
        listener.bind(f"{folder}/voice-assistant/control.sock")
        listener.listen()
        threading.Thread(target=answer_forever, args=(listener,), daemon=True).start()
        env = {"XDG_RUNTIME_DIR": folder}
        times: dict[str, list[float]] = {"bare": [], "press": []}
        for _ in range(ROUNDS):
            times["bare"].append(seconds([python, "-c", "pass"], env))
            times["press"].append(seconds([command, "press"], env))
    bare, press = (statistics.median(times[name]) for name in ("bare", "press"))
    result = {"bare_ms": bare * 1000, "press_ms": press * 1000, "ratio": press / bare}
    print(
        f"bare interpreter {bare * 1000:.1f} ms, press {press * 1000:.1f} ms: x{press / bare:.2f}"
    )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
