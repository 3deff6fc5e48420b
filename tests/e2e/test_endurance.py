"""Long use: nothing said is lost, nothing is stuck, and memory does not grow.

`VOICE_ASSISTANT_ENDURANCE_S` says for how long commands are given; a tenth of an hour by default.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import socket
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path

import pytest
from bench import flite, wait_for
from bench.parts import Sound
from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant
from helpers.e2e.dify import access, app, served
from helpers.replay import json, sse, trace

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

ENDURANCE_S = float(os.environ.get("VOICE_ASSISTANT_ENDURANCE_S", "360"))
VERSION = "1.14.0"
IDS = {"task_id": "task", "message_id": "message", "conversation_id": "conversation"}
ANSWER = (
    {"event": "message", "answer": "Yes. ", **IDS},
    {"event": "message", "answer": "That is so.", **IDS},
    {"event": "message_end", "id": "message", "metadata": {}, **IDS},
)
SHORT = NO_FACE + NO_SOUNDS + "[speech]\nlocal_voice = true\n"


class Moody:
    """A server that fails in one request out of three until it is `healed`.

    Attributes:
        healed: nothing fails any more.
        answered: how many questions were answered to their end.
    """

    def __init__(self, rng: random.Random) -> None:
        self.healed = False
        self.answered = 0
        self._rng = rng

    def routes(self):
        return {
            **app(VERSION),
            "POST /audio-to-text": self._words,
            "POST /chat-messages": self._chat,
            "POST /text-to-audio": self._speech,
        }

    def _fails(self) -> bool:
        return not self.healed and self._rng.random() < 1 / 3

    def _words(self, _request):
        if self._fails():
            return self._rng.choice(
                [json(500, {}), json(200, {}), json(200, {"text": ""}), json(429, {})]
            )
        return json(200, {"text": "is that so"})

    def _chat(self, _request):
        if self._fails():
            cut_short = sse(*ANSWER[: self._rng.randrange(3)])
            return self._rng.choice([json(500, {}), json(400, {"code": "x"}), cut_short])
        self.answered += 1
        return sse(*ANSWER)

    def _speech(self, _request):
        if self._fails():
            return json(500, {})
        return trace(VERSION, "tts-text")


class World:
    """The desktop's devices and the disk: what works now."""

    def __init__(self, desktop, assistant, rng) -> None:
        self._desktop = desktop
        self._assistant = assistant
        self._rng = rng
        self.disk_full = False

    def change(self) -> str:
        """Let one thing fail, or work again; return what was changed."""
        match self._rng.choice(["disk", "speaker", "microphone", "clock"]):
            case "disk":
                self._fill(full=not self.disk_full)
                return f"the disk is full: {self.disk_full}"
            case "speaker":
                return self._suspend("sink", Sound.speaker)
            case "microphone":
                return self._suspend("source", Sound.microphone)
            case _:
                return self.set_clock(self._rng.choice(["+0", "+30d", "-2h", "+50m"]))

    def heal(self) -> None:
        """Let everything work again."""
        self._fill(full=False)
        self._desktop.sound.pactl("suspend-sink", Sound.speaker, "0")
        self._desktop.sound.pactl("suspend-source", Sound.microphone, "0")

    def set_clock(self, offset: str) -> str:
        """Where the library for it is there, the program's clock is off by that."""
        (self._desktop.folder / "clock").write_text(f"{offset}\n")
        return f"the clock is off by {offset}"

    def _suspend(self, kind: str, name: str) -> str:
        asleep = self._rng.choice("01")
        self._desktop.sound.pactl(f"suspend-{kind}", name, asleep)
        return f"the {kind} is suspended: {asleep}"

    def _fill(self, *, full: bool) -> None:
        self.disk_full = full
        limits = (0 if full else resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(self._assistant.process.pid, resource.RLIMIT_FSIZE, limits)


def faked_clock(desktop) -> dict[str, str]:
    """The environment of a program whose wall clock jumps, where libfaketime is there."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        return {}
    file = desktop.folder / "clock"
    file.write_text("+0\n")
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def kept(assistant) -> int:
    """How many recordings wait for an answer."""
    return assistant.tell("recordings", "list").stdout.count("not answered")


def rests(assistant) -> bool:
    """Nothing goes on; what was paused goes on first: a pause ends by itself never."""
    phase = assistant.phase()
    if phase == "paused":
        assistant.tell("resume")
    return phase in {"idle", "error"}


def wait_for_rest(assistant, when: str) -> None:
    wait_for(lambda: rests(assistant), f"rest {when}", 150)


class Diary:
    """What was done last: a failure after half an hour is told with what led to it."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=40)

    def note(self, what: str) -> None:
        self._lines.append(f"{dt.datetime.now():%H:%M:%S.%f} {what}")  # noqa: DTZ005  (as the log)

    @contextmanager
    def explaining(self, assistant):
        """Add to a failure the diary, what the assistant is doing, and its log."""
        try:
            yield
        except Exception as failure:
            self.note(f"failed; {assistant.status()}")
            failure.add_note("\n".join([*self._lines, assistant.log()[-6000:]]))
            raise


def hold(assistant) -> bool:
    """One repetition of a held key; return whether the microphone is open.

    A key that is held repeats `press`. One that comes within a blink of the release before, which
    no hand does, counts as late and is not obeyed.
    """
    pressed = assistant.tell("press")
    assert pressed.returncode == 0, pressed
    return assistant.phase() == "listening"


def speak(desktop, assistant) -> None:
    # Nobody speaks before the start sound; on a busy machine it takes a while.
    wait_for(lambda: hold(assistant), "the microphone", 60)
    desktop.speak_into_microphone(flite("is that so"))
    assistant.tell("release")


def say_and_lose_nothing(desktop, assistant, server, world) -> None:
    """One utterance: it is answered, or its recording is there."""
    world.heal()
    # A toggle may open the microphone at this moment: the press would end what it began.
    assistant.tell("stop")
    wait_for_rest(assistant, "before speaking")
    answered_before, kept_before = server.answered, kept(assistant)
    speak(desktop, assistant)
    wait_for_rest(assistant, "after a question")
    kept_now = kept(assistant)
    assert server.answered > answered_before or kept_now > kept_before


COMMANDS = (
    *(("press",), ("release",), ("toggle",), ("stop",), ("new",), ("pause",), ("resume",)),
    *(("repeat",), ("skip",), ("skip", "--back"), ("volume", "0.5"), ("speed", "1.5")),
    *(("ask", "--no-speech", "so?"), ("recordings", "retry"), ("status",)),
)


def test_random_commands_in_a_world_that_misbehaves_lose_nothing_and_leave_nothing_stuck(
    make_desktop, request
):
    seed = request.config.getoption("--hypothesis-seed")  # `packaging/check.sh` prints it
    rng = random.Random(seed)  # noqa: S311  (the same each time)
    moody = Moody(rng)
    desktop = make_desktop(display=False, bus=False)
    with served(moody.routes()) as server:
        env = {**access(server), **faked_clock(desktop)}
        with Assistant(desktop, SHORT, **env) as assistant:
            world, diary = World(desktop, assistant, rng), Diary()
            with diary.explaining(assistant):
                end_s = time.monotonic() + ENDURANCE_S
                while time.monotonic() < end_s:
                    match rng.choice(["command", "command", "world", "utterance"]):
                        case "command":
                            command = rng.choice(COMMANDS)
                            diary.note(" ".join(command))
                            assistant.tell(*command)
                        case "world":
                            diary.note(world.change())
                        case "utterance":
                            diary.note("an utterance")
                            say_and_lose_nothing(desktop, assistant, moody, world)
                moody.healed = True
                world.heal()
                assistant.tell("stop")
                wait_for_rest(assistant, "at the end")
                diary.note("the last utterance")
                before = moody.answered
                speak(desktop, assistant)
                wait_for(lambda: moody.answered > before and rests(assistant), "its answer", 60)
                assert "Traceback" not in assistant.log()


def turn(address: str) -> None:
    """Ask by the control socket, as the command line does; until the turn is over."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(address)
        connection.sendall(b'{"command": "ask", "text": "so?", "speech": false}\n')
        with connection.makefile("rb") as lines:
            assert any(b'"event":"idle"' in line for line in lines)


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def test_3000_turns_need_no_more_memory_than_300(make_desktop):
    desktop = make_desktop(display=False, bus=False, sound=False)
    with (
        served({**app(VERSION), "POST /chat-messages": sse(*ANSWER)}) as server,
        Assistant(desktop, NO_FACE, **access(server)) as assistant,
    ):
        (socket_file,) = Path(desktop.env["XDG_RUNTIME_DIR"], "voice-assistant").glob("*.sock*")
        address = str(socket_file)
        for _ in range(300):
            turn(address)
        after_300_mb = memory_mb(assistant.process.pid)
        for _ in range(2700):
            turn(address)
        after_3000_mb = memory_mb(assistant.process.pid)
    assert after_3000_mb < after_300_mb + 5.0
