"""A machine that sleeps, a sound server that hangs: all goes on as soon as it is awake."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from bench import Desktop
from bench.sounds import contains, flite, load
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, Assistant, events, held

from voice_assistant.audio.codec.files import read_speech

SUM = "what is twelve times seven"
SUM_ANSWER = "12 times 7 is 84."
FROZEN_S = 1.6  # more than a device may be silent
CONFIG = """
[microphone]
pre_roll_s = {pre_roll_s}
[recordings]
keep_days = 1.0
"""


@pytest.fixture(scope="module")
def desktop():
    with Desktop(panel=False, notifications="") as whole:
        yield whole


@contextmanager
def frozen(desktop, ours):
    """Nothing of it happens for a while: of these processes, and of the sound server."""
    with ExitStack() as stack:
        for pid in ours:
            with suppress(ProcessLookupError):  # a program that was asked something, and has ended
                os.kill(pid, signal.SIGSTOP)
                stack.callback(os.kill, pid, signal.SIGCONT)
        desktop.sound.freeze()
        stack.callback(desktop.sound.thaw)
        time.sleep(FROZEN_S)
        yield


def ask(desktop, assistant):
    """A question that is captured whole, and answered."""
    with desktop.listen() as heard:
        with held(desktop):
            assistant.wait_for_phase("listening")
            desktop.speak_into_microphone(flite(SUM))
        is_answered(desktop, assistant, heard)


def is_answered(desktop, assistant, heard):
    wait_for(lambda: contains(heard.pcm, load(flite(SUM_ANSWER))), "the answer is heard", 60)
    assistant.wait_for_phase("idle")
    newest, *_ = json.loads(assistant.tell("recordings", "list", "--json").stdout)
    assert newest["answered"]
    recorded = read_speech(Path(newest["file"]))
    assert contains(recorded, load(flite(SUM)), at_least=0.9, share=1.0)


@pytest.mark.parametrize(("who", "pre_roll_s"), [("the machine", 0.5), ("the sound server", 0.0)])
def test_a_frozen_process_goes_on_when_it_thaws(desktop, who, pre_roll_s):
    others = set(Assistant(desktop).processes())
    with Assistant(desktop, CONFIG.format(pre_roll_s=pre_roll_s) + NO_FACE) as assistant:
        assistant.wait_until_complete()
        ours = set(assistant.processes()) - others if who == "the machine" else set()

        with ExitStack() as thaw:  # while one speaks; and nobody sees the key come up
            with held(desktop):
                assistant.wait_for_phase("listening")
                desktop.speak_into_microphone(flite(SUM))
                time.sleep(0.3)
                thaw.enter_context(frozen(desktop, ours))
            thaw.close()
            with desktop.listen() as heard:
                is_answered(desktop, assistant, heard)

        with frozen(desktop, ours):  # while nobody does
            pass
        ask(desktop, assistant)

        with desktop.listen() as heard:  # while it speaks
            asked = assistant.begin("ask", "--json", SUM)
            wait_for(lambda: heard.loud_s > 0.5, "the answer begins", 60)
        with frozen(desktop, ours):
            pass
        told = {event["event"]: event for event in events(asked.communicate(timeout=60)[0])}
        assert told["spoken"]["complete"]
        assistant.wait_for_phase("idle")
        assert "Traceback" not in assistant.log()
