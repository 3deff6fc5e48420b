from __future__ import annotations

import signal
import subprocess
import sys

import pytest

LIVE = """
import asyncio, signal, sys, threading, time
from voice_assistant.system.process_signals import on_signal

async def live():
    told = asyncio.Queue()
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    if sys.argv[2] == "other":  # as if the main thread had no time: another one gets the signal
        signal.pthread_sigmask(signal.SIG_BLOCK, [int(sys.argv[1])])
    on_signal(signal.Signals(int(sys.argv[1])), told.put_nowait, "told")
    print("ready", flush=True)
    print(await told.get(), flush=True)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [int(sys.argv[1])])

asyncio.run(live())
print("over", flush=True)
time.sleep(30)
"""


@pytest.mark.parametrize("thread", ["main", "other"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_loop_and_after_its_end_ends_the_process(number, thread):
    with subprocess.Popen(
        [sys.executable, "-c", LIVE, str(int(number)), thread], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "told\n"
        assert process.stdout.readline() == "over\n"
        process.send_signal(number)
        assert process.wait(10) == -number
