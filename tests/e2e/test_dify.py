"""The command line and the daemon against Dify servers of both generations, as recorded."""

from __future__ import annotations

import dataclasses
import json

import pytest
from bench import Desktop
from bench.sounds import flite
from bench.waiting import wait_for
from helpers.e2e.assistant import (
    NO_SOUNDS,
    Assistant,
    Notified,
    ask_aloud,
    command,
    events,
)
from helpers.e2e.dify import KEY, access, app, served
from helpers.replay import VERSIONS, response, trace
from helpers.turns.form_server import FormServer

PAGE = response(200, b"<html><body>Welcome</body></html>", "text/html")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_question_is_answered_and_every_word_is_spoken(env, tmp_path, version):
    chat = trace(version, "chat-stream-full", pace=0.3)
    spoken = tmp_path / "spoken.wav"
    with served(app(version, chat_messages=chat)) as server:
        done = command(
            *("ask", "--json", "--save-speech", str(spoken), "What is the capital?"),
            env={**env, **access(server)},
        )
    assert done.returncode == 0, done.stderr
    told = {event["event"]: event for event in events(done.stdout)}
    assert told["answered"]["complete"]
    assert told["answered"]["text"].startswith("Hello, this is")
    assert told["spoken"]["complete"]
    assert told["spoken"]["stream_s"] > 1
    assert told["suggested"]["questions"]
    assert spoken.stat().st_size > 16000 * 2
    (asked,) = (one for one in server.requests if one.path == "/chat-messages")
    assert asked.json()["response_mode"] == "streaming"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recording_is_sent_as_both_take_it(env, version):
    with served(app(version)) as server:
        done = command(
            *("ask", "--json", "--no-speech", "--audio", str(flite("hello"))),
            env={**env, **access(server)},
        )
    told = {event["event"]: event for event in events(done.stdout)}
    assert told["asked"]["question"] == "heard 2.7 seconds of wav audio"
    (sent,) = (one for one in server.requests if one.path == "/audio-to-text")
    assert b"Content-Type: audio/mp3" in sent.body


WRONG = {
    "a wrong key": (lambda version: trace(version, "err-auth-bad-key"), 6, "unauthorized"),
    "a web page": (lambda _: PAGE, 7, "server_bug"),
    "too many requests": (lambda version: trace(version, "err-429-concurrent"), 7, "rate_limited"),
    "a model that fails": (
        lambda version: trace(version, "chat-stream-llm-500"),
        7,
        "model_failed",
    ),
    "a lost connection": (
        lambda version: dataclasses.replace(
            trace(version, "chat-stream-full"),
            raw=trace(version, "chat-stream-full").raw[:12000],
            arrivals=(),
            close=True,
        ),
        7,
        "broken_stream",
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", WRONG)
def test_what_goes_wrong_is_said_with_a_way_out(env, version, case):
    reply, status, code = WRONG[case]
    gone = trace(version, "err-messages-unknown-conv")
    with served(app(version, chat_messages=reply(version), messages=gone)) as server:
        done = command("ask", "--json", "--no-speech", "hello", env={**env, **access(server)})
    assert done.returncode == status
    (failed,) = (event for event in events(done.stdout) if event["event"] == "failed")
    assert failed["code"] == code
    assert failed["title"]
    assert failed["hint"]
    assert events(done.stdout)[-1]["event"] == "idle"
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_refused_key_costs_no_recording_and_a_right_one_is_picked_up(tmp_path):
    """The daemon lives through a wrong key; what was said is kept; a mended key works at once."""
    key = tmp_path / "key"
    key.write_text(KEY)
    routes = app("1.14.0", audio_to_text=trace("1.14.0", "err-auth-bad-key"))
    with served(routes) as server, Desktop(panel=False) as desktop:
        config = f"""
            [backend]
            kind = "dify"
            url = "{server.url}"
            api_key_command = "cat {key}"
        """
        with Assistant(desktop, config) as assistant, Notified(desktop) as notified:
            assistant.wait_until_complete()
            ask_aloud(desktop, assistant)
            assistant.wait_for_phase("error")
            wait_for(lambda: "recording is kept" in notified.text(), "it is said")
            (kept,) = desktop.folder.rglob("recordings/*.wav")
            assert kept.stat().st_size > 2 * 16000
            assert "voice-assistant recordings retry" in notified.text()
            done = assistant.tell("ask", "--json", "--no-speech", "hello")
            assert done.returncode == 0
            for words in (assistant.log(), assistant.said(), notified.text(), done.stdout):
                assert KEY not in words
            assert KEY not in assistant.tell("status").stdout


@pytest.mark.long
def test_a_form_is_filled_by_voice_and_the_answer_of_the_run_is_spoken():
    asking = FormServer(heard=("A pizza, please.", "Yes, order."))
    with served(asking.routes) as server, Desktop(panel=False) as desktop:
        config = f"""
            [backend]
            kind = "dify"
            url = "{server.url}"
            api_key_command = "echo {KEY}"
            {NO_SOUNDS}
        """
        with Assistant(desktop, config) as assistant, Notified(desktop) as notified:
            assistant.wait_until_complete()
            ask_aloud(desktop, assistant)
            wait_for(lambda: "Shall I order 2 pizzas?" in notified.text(), "the form is shown")
            wait_for(lambda: '"1. Order"' in notified.text(), "its buttons are shown")
            wait_for(lambda: "Choose: Order or Cancel." in asking.spoken, "it is read out")
            ask_aloud(desktop, assistant)

            def spoken():
                turn, *_ = json.loads(assistant.tell("history", "--json").stdout)
                return turn if turn["state"] == "complete" else None

            turn = wait_for(spoken, "the answer is spoken")
    assert {"Ordered.", "Enjoy."} <= set(asking.spoken)
    assert (turn["question"], turn["answer"]) == ("A pizza, please.", "Ordered. Enjoy.")
    assert turn["failure"] is None
    assert turn["stages"]["spoken"]
    assert [one["action"] for one in asking.filled] == ["order"]
