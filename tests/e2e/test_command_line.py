"""The command line as a person at a terminal has it, without any desktop around."""

from __future__ import annotations

import codecs
import json
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from bench.program import find_program
from bench.sounds import contains, flite, load
from helpers.e2e.assistant import COMMAND, command, events

from voice_assistant.audio.resampler import Resampler
from voice_assistant.engines.voices.installed import find_voice

NOWHERE = {"VOICE_ASSISTANT_URL": "http://127.0.0.1:9/v1"}
QUESTIONS = (
    ("slt", "what is twelve times seven", "84"),
    ("rms", "how do you spell necessary", "n-e-c"),
    ("awb", "convert ten miles to kilometers", "16"),
)


@pytest.mark.parametrize(("voice", "question", "answer"), QUESTIONS)
def test_a_spoken_question_is_answered_and_the_answer_is_said(
    env, tmp_path, voice, question, answer
):
    spoken = tmp_path / "spoken.wav"
    done = command(
        "ask",
        "--json",
        "--audio",
        str(flite(question, voice)),
        "--save-speech",
        str(spoken),
        env=env,
    )
    assert done.returncode == 0, done.stderr
    told = {event["event"]: event for event in events(done.stdout)}
    assert told["asked"]["source"] == "voice"
    assert answer in told["answered"]["text"].lower()
    assert told["spoken"]["complete"]
    assert contains(load(spoken), load(flite(told["answered"]["text"])))


def test_the_events_of_a_typed_question_are_told_in_order_with_their_times(env):
    done = command("ask", "--json", "--no-speech", "what is 3 plus 4", env=env)
    assert done.returncode == 0, done.stderr
    told = events(done.stdout)
    kinds = [event["event"] for event in told]
    assert kinds[0] == "asked"
    assert kinds[-1] == "idle"
    assert {"text", "answered", "suggested"} <= set(kinds)
    assert {"speaking", "spoken"}.isdisjoint(kinds)
    times = [event["t_ms"] for event in told]
    assert times == sorted(times)
    (asked,) = (event for event in told if event["event"] == "asked")
    assert (asked["question"], asked["source"]) == ("what is 3 plus 4", "text")
    (answered,) = (event for event in told if event["event"] == "answered")
    assert answered["complete"]
    assert "7" in answered["text"]
    text = "".join(event["delta"] for event in told if event["event"] == "text")
    assert text == answered["text"]


def test_a_question_in_another_encoding_is_asked_as_far_as_it_is_readable(env):
    latin_1 = os.fsdecode("café: what is 3 plus 4".encode("latin-1"))
    done = command("ask", "--json", "--no-speech", latin_1, env=env)
    assert "Traceback" not in done.stderr
    (asked,) = (event for event in events(done.stdout) if event["event"] == "asked")
    assert asked["question"] == "caf\ufffd: what is 3 plus 4"
    assert events(done.stdout)[-1]["event"] == "idle"


QUESTION = "what is 3 plus 4"


def run(env, *arguments, **options):
    """Run the command line in bytes; what is not given is not open."""
    return subprocess.run(
        [COMMAND, *arguments], env=env, stderr=subprocess.PIPE, timeout=60, check=False, **options
    )


def test_a_question_arrives_by_a_pipe_in_another_encoding(env):
    data = codecs.BOM_UTF16_LE + f"{QUESTION}\r\n".encode("utf-16-le")
    done = run(env, "ask", "--no-speech", input=data, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (0, b"3 plus 4 is 7.\n")


def test_an_empty_question_is_reported(env):
    done = run(env, "ask", "--no-speech", input=bytes(range(128, 256)) * 9)
    assert done.returncode == 8
    assert "is not text" in done.stderr.decode()


def test_letters_that_the_terminal_lacks_end_no_answer(env):
    elsewhere = {**env, "PYTHONIOENCODING": "gbk"}
    done = run(elsewhere, "ask", "--no-speech", "spell Dvořák", stdout=subprocess.PIPE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("gbk").endswith("-K.\n")
    done = run(elsewhere, "ask", "--no-speech", "--json", "spell Dvořák", stdout=subprocess.PIPE)
    asked, *_, idle = map(json.loads, done.stdout.splitlines())
    assert (asked["question"], idle["event"]) == ("spell Dvořák", "idle")


@pytest.mark.parametrize(
    ("command_line", "status", "said"),
    [
        ("{} ask --no-speech 2 + 2 >/dev/full", 4, "cannot be written"),
        ("{} config show --default >/dev/full", 4, "cannot be written"),
        ("{} --help >/dev/full", 4, "cannot be written"),
        ("{} ask --no-speech 2 + 2 >&-", 0, ""),
        ("{} devices 2>&-", 0, ""),
        ("{} ask --no-speech <&-", 8, "no question"),
        ("{} config show --default | head -n 1", 0, ""),
        ("{{ {} ask --json --no-speech 2 + 2; echo $? >&2; }} | head -c 1", 0, "0\n"),
    ],
)
def test_streams_that_are_closed_or_full_are_no_bug(env, command_line, status, said):
    done = subprocess.run(
        ["sh", "-c", command_line.format(COMMAND)],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_signal_ends_a_question_at_once(env, number):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        elsewhere = {
            **env,
            "VOICE_ASSISTANT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/v1",
            "VOICE_ASSISTANT_API_KEY": "k",
        }
        argv = [find_program("env"), "--default-signal=INT,HUP", COMMAND, "ask", "hello"]
        with subprocess.Popen(argv, env=elsewhere, stderr=subprocess.PIPE, text=True) as asking:
            connection, _ = silent.accept()
            with connection:
                asking.send_signal(number)
                assert asking.wait(10) == 130
                assert "Traceback" not in asking.stderr.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_hangs_up_on_the_daemon_which_stops_the_answer_then(env, tmp_path, number):
    file = tmp_path / "run" / "voice-assistant" / "control.sock"
    file.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(str(file))
        daemon.listen()
        argv = [find_program("env"), "--default-signal=HUP", COMMAND, "ask", "hello"]
        with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True) as asking:
            connection, _ = daemon.accept()
            with connection, connection.makefile("rb") as lines:
                assert json.loads(lines.readline())["text"] == "hello"
                asking.send_signal(number)
                assert lines.read() == b""
                assert asking.wait(10) == 130
                assert asking.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["ask", "--audio", b"st\xfcck.wav", "--save-speech", b"\xfc.wav"], 0),
        (["ask", "--file", b"b\xe9richt.pdf", "what is this?"], 7),
        (["files", "upload", "--json", b"\xb1\xa8.pdf"], 0),
    ],
)
def test_files_have_names_of_any_encoding(env, tmp_path, arguments, status):
    for name in (b"b\xe9richt.pdf", b"\xb1\xa8.pdf"):
        (tmp_path / os.fsdecode(name)).write_bytes(b"%PDF-1.4\n")
    (tmp_path / os.fsdecode(b"st\xfcck.wav")).write_bytes(flite(QUESTION).read_bytes())
    done = run(env, *arguments, cwd=tmp_path, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert done.returncode == status, done.stderr
    assert b"Traceback" not in done.stderr
    assert (done.stdout + done.stderr).decode()


def test_a_home_may_have_a_name_of_any_encoding(env, tmp_path):
    home = tmp_path / os.fsdecode(b"j\xfcrgen")
    home.mkdir()
    elsewhere = {**env, "HOME": str(home), "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8:strict"}
    for arguments in (
        ["config", "path"],
        ["menu", "add"],
        ["autostart", "on"],
        ["autostart", "status", "--json"],
        ["ask", "--no-speech", QUESTION],
    ):
        done = run(elsewhere, *arguments, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, (arguments, done.stderr)
        assert (done.stdout + done.stderr).decode()


def test_a_conversation_goes_on_until_a_new_one_is_wanted(env):
    def ask(*arguments: str) -> dict:
        done = command("ask", "--json", "--no-speech", *arguments, env=env)
        assert done.returncode == 0, done.stderr
        return next(one for one in events(done.stdout) if one["event"] == "answered")

    first = ask("what is 3 plus 4")
    second = ask("times two")
    assert second["conversation_id"] == first["conversation_id"]
    assert "14" in second["text"]
    third = ask("--new", "what is 1 plus 1")
    assert third["conversation_id"] != first["conversation_id"]


def test_the_answer_is_streamed_to_the_terminal(env):
    done = command("ask", "--no-speech", "what is 3 plus 4", env=env)
    assert done.returncode == 0
    assert "7" in done.stdout
    assert "7" not in done.stderr.splitlines()[0]


async def said(text):
    """The text as the voice of a fresh machine says it, 16 kHz."""
    parts = [
        Resampler(rate_hz, 16_000).feed(pcm) async for pcm, rate_hz in find_voice().speak(text)
    ]
    return np.concatenate(parts)


async def test_the_demo_speaks_into_a_file_where_there_is_no_speaker(env):
    done = command("demo", env=env)
    assert done.returncode == 0, done.stderr
    assert "What is twelve times seven?" in done.stdout
    assert "12 times 7 is 84." in done.stdout
    spoken = Path(done.stderr.split()[-1])
    try:
        assert spoken.suffix == ".wav"
        assert contains(load(spoken), await said("12 times 7 is 84."))
    finally:
        spoken.unlink()


def test_another_question_gets_another_answer(env):
    done = command("demo", "--json", "--audio", str(flite("what day is it today", "rms")), env=env)
    assert done.returncode == 0, done.stderr
    told = {event["event"]: event for event in events(done.stdout)}
    assert "84" not in told["answered"]["text"]
    assert "day" in told["answered"]["text"].lower()
    Path(done.stderr.split()[-1]).unlink()


WRONG = {
    "no question": (["ask", "--no-speech", " "], 8, "no question"),
    "no such file": (["ask", "--audio", "none.wav"], 8, "none.wav"),
    "two questions": (["ask", "--audio", "x.wav", "what"], 8, "two questions"),
    "no daemon": (["press"], 9, "not running"),
    "no daemon to ask": (["status"], 9, "not running"),
    "no such command": (["sing"], 2, "sing"),
    "no key without an app": (["config", "set-key"], 3, "belongs to an app"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_a_way_out(env, case):
    arguments, status, words = WRONG[case]
    done = command(*arguments, env=env)
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_audio_is_said(env, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("hello, this is no sound at all\n" * 50, encoding="utf-8")
    done = command("ask", "--json", "--audio", str(file), env=env)
    assert done.returncode == 8
    (failed,) = (event for event in events(done.stdout) if event["event"] == "failed")
    assert "notes.txt" in failed["title"]
    assert "Traceback" not in done.stderr


def test_silence_asks_nothing(env, tmp_path):
    file = tmp_path / "silence.wav"
    soundfile.write(file, np.zeros(32000, dtype=np.int16), 16000)
    done = command("ask", "--json", "--audio", str(file), env=env)
    assert done.returncode == 8
    assert [event["event"] for event in events(done.stdout)] == ["transcribing", "failed", "idle"]
    assert "No words" in events(done.stdout)[1]["title"]


def test_a_server_that_cannot_be_reached_is_said(env):
    elsewhere = {
        **env,
        "VOICE_ASSISTANT_URL": "http://127.0.0.1:9/v1",
        "VOICE_ASSISTANT_API_KEY": "k",
    }
    done = command("ask", "--no-speech", "hello", env=elsewhere)
    assert done.returncode == 5
    assert "127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_key_is_said(env):
    elsewhere = {**env, **NOWHERE}
    done = command("ask", "--no-speech", "hello", env=elsewhere)
    assert done.returncode == 3
    assert "set-key" in done.stderr


def test_a_config_with_errors_is_said(env, tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[hotkey]\nkies = 'f9'\n", encoding="utf-8")
    done = command("config", "show", env={**env, "VOICE_ASSISTANT_CONFIG": str(file)})
    assert done.returncode == 3
    assert "Did you mean hotkey.keys?" in done.stderr
    assert "Traceback" not in done.stderr


def test_config_show_never_shows_the_key(env, tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[backend]\napi_key = 'app-secret'\n", encoding="utf-8")
    file.chmod(0o600)
    configured = {**env, "VOICE_ASSISTANT_CONFIG": str(file), "VOICE_ASSISTANT_API_KEY": "app-env"}
    done = command("config", "show", env=configured)
    assert done.returncode == 0
    assert "app-" not in done.stdout + done.stderr
    assert 'api_key = "***"' in done.stdout
    assert command("config", "path", env=configured).stdout.strip() == str(file)


def test_the_commented_defaults_are_at_hand(env):
    done = command("config", "show", "--default", env=env)
    assert done.returncode == 0
    assert "[hotkey]" in done.stdout
    assert "# " in done.stdout


def test_kept_files_are_private(env, tmp_path):
    assert command("ask", "--no-speech", "what time is it", env=env).returncode == 0
    kept = [path for path in (tmp_path / ".local").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_status_for_programs_is_json(env):
    done = command("status", "--json", env=env)
    assert done.returncode == 9
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout)
