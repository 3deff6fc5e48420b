"""The end of the daemon: who ends it for good, also while it starts anew, and who does not."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from signal import SIGHUP

import pytest
from fakes import FakeProblems, FakeSpeaker
from helpers.turns.staging import ANSWER, QUIET, server, usual_services

from voice_assistant.commands import Quit
from voice_assistant.runtime.process.lifetime import run_until_quit
from voice_assistant.turns.assistant import Assistant


@pytest.mark.parametrize("when", ["before", "together", "while all else ends", "never"])
async def test_a_quit_for_good_wins_over_a_restart(tmp_path, when):
    services = usual_services(
        tmp_path,
        backend=server(script=ANSWER),
        speaker=FakeSpeaker(),
        settings=QUIET,
        problems=FakeProblems(),
        echo=None,
    )
    assistant = Assistant(services)

    async def beside() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            if when == "while all else ends":
                assistant.post(Quit())

    if when == "before":
        assistant.post(Quit())
    assistant.post(Quit(anew=True))
    if when == "together":
        assistant.post(Quit())
    async with asyncio.timeout(20):
        ended = await run_until_quit(assistant, None, [beside()])
    assert ended.anew is (when == "never")


DAEMON = """
import asyncio, sys
from voice_assistant.runtime.process.lifetime import run_until_quit

class Assistant:
    over = False
    ended = asyncio.Event()

    def post(self, command):
        print("told to end", file=sys.stderr, flush=True)
        self.ended.set()

    async def run(self):
        print("runs", file=sys.stderr, flush=True)
        await self.ended.wait()

class Notices:
    def offer(self, kind, title, body, button):
        print("a word to nobody", flush=True)
        print("offers", button.command, file=sys.stderr, flush=True)
        assistant.ended.set()

assistant = Assistant()
asyncio.run(run_until_quit(assistant, Notices(), []))
"""


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_end_of_its_terminal_ends_only_what_was_not_started_there_by_hand(by_hand):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", DAEMON],
        stdin=theirs if by_hand else subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
    ) as daemon:
        os.close(theirs)
        assert daemon.stderr.readline() == "runs\n"
        os.close(ours)
        daemon.send_signal(SIGHUP)
        told = daemon.stderr.read()
    assert told == (f"offers {Quit()}\n" if by_hand else "told to end\n")
    assert daemon.returncode == 0
