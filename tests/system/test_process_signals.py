from __future__ import annotations

import signal
import subprocess
import sys

import pytest

LIVE = """
import asyncio, signal, sys, time
from voice_assistant.system.process_signals import on_signal

async def live():
    told = asyncio.Queue()
    on_signal(signal.Signals(int(sys.argv[1])), told.put_nowait, "told")
    print("ready", flush=True)
    print(await told.get(), flush=True)

asyncio.run(live())
time.sleep(30)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_loop_and_after_its_end_ends_the_process(number):
    with subprocess.Popen(
        [sys.executable, "-c", LIVE, str(int(number))], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "told\n"
        while process.poll() is None:  # the loop may not be closed yet
            process.send_signal(number)
        assert process.returncode == -number
