"""The whole API from the terminal, and what an app asks for or lacks, in the running program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from bench import Desktop
from bench.waiting import wait_for
from helpers.e2e.assistant import Assistant, command, events, saying
from helpers.e2e.dify import access, app, served
from helpers.replay import VERSIONS, trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OLD, NEW = VERSIONS


def story(env: Mapping[str, str]) -> Callable[..., Any]:
    """Type commands one after the other; the value of each."""

    def tell(*typed: str, status: int = 0) -> Any:
        done = command(*typed, "--json", env=env)
        assert done.returncode == status, (typed, done.stderr)
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout) if status == 0 else done.stderr

    return tell


def asking(env: Mapping[str, str]) -> Callable[[str], Any]:
    """Ask one question after the other; the `answered` event of each."""

    def ask(question: str) -> Any:
        done = command("ask", "--json", "--no-speech", question, env=env)
        assert done.returncode == 0, done.stderr
        return next(one for one in events(done.stdout) if one["event"] == "answered")

    return ask


def test_the_result_of_one_command_is_found_by_the_next_without_a_running_assistant(env):
    tell, ask = story(env), asking(env)
    first = ask("what is 3 plus 4")
    conversation, message = first["conversation_id"], first["message_id"]
    assert [one["id"] for one in tell("conversations", "list")] == [conversation]
    assert tell("conversations", "messages")[0]["answer"] == first["text"]
    assert tell("conversations", "rename", "current", "My", "sums")["name"] == "My sums"
    shown = tell("conversations", "show")
    assert (shown["conversation"]["name"], shown["messages"][0]["id"]) == ("My sums", message)
    assert "topic" in [one["name"] for one in tell("conversations", "variables", "list")]

    tell("feedback", "dislike", "--comment", "too short")
    assert [(one["message_id"], one["content"]) for one in tell("app", "feedbacks")] == [
        (message, "too short")
    ]
    tell("feedback", "clear", "--message", message)
    assert tell("app", "feedbacks") == []

    tell("conversations", "delete", "current")
    assert "There is no current conversation" in tell("conversations", "messages", status=8)
    assert ask("what is 1 plus 1")["conversation_id"] != conversation


def test_everything_can_be_done_beside_a_running_assistant(make_desktop, tmp_path):
    with Assistant(make_desktop(display=False, bus=False, sound=False)) as assistant:
        tell, ask = story(assistant.env), asking(assistant.env)
        answer = ask("what is 3 plus 4")
        assert [one["id"] for one in tell("conversations", "list")] == [answer["conversation_id"]]
        tell("feedback", "like")
        assert [one["message_id"] for one in tell("app", "feedbacks")] == [answer["message_id"]]
        assert assistant.status()["conversation_id"] == answer["conversation_id"]
        assert tell("app", "info")["server_version"].startswith("embedded-")
        assert tell("app", "parameters")["speech_to_text"]["enabled"]
        assert tell("app", "site")["title"]
        assert tell("app", "meta") == {"tool_icons": {}}
        file = tmp_path / "notes.txt"
        file.write_text("hello", encoding="utf-8")
        assert [one["size"] for one in tell("files", "upload", str(file))] == [5]

        made = tell("annotations", "add", "who made you", "A carpenter.")
        tell("annotations", "edit", made["id"], "who made you", "A watchmaker.")
        job = tell("annotations", "reply", "enable")
        assert tell("annotations", "reply", "status", job["job_id"])["job_status"] == "completed"
        assert ask("who made you")["text"] == "A watchmaker."
        assert [one["hit_count"] for one in tell("annotations", "list")] == [1]
        tell("annotations", "reply", "disable")
        assert tell("annotations", "reply", "status") == {"enabled": False}
        tell("annotations", "delete", made["id"])
        tell("conversations", "delete", "current")
        assert assistant.status()["conversation_id"] == ""
        assert ask("what is 1 plus 1")["conversation_id"] != answer["conversation_id"]
        assert assistant.status()["server_version"].startswith("embedded-")


def test_an_older_server_says_what_it_lacks(env):
    with served({"GET /site": trace(OLD, "get-site")}) as server:
        done = command("app", "site", env={**env, **access(server)})
    assert done.returncode == 11
    assert done.stderr.startswith("voice-assistant: This server (0.15.3) has no site settings.")
    assert done.stdout == ""


def config(inputs: str, url: str = "") -> str:
    return f'[backend]\nkind = "dify"\nurl = "{url}"\ninputs = {inputs}\n'


@pytest.mark.parametrize("version", VERSIONS)
def test_inputs_that_are_not_set_are_named_before_anything_is_asked(env, tmp_path, version):
    file = tmp_path / "config.toml"
    routes = app(version, parameters=trace(version, "get-parameters-inputs"))
    with served(routes) as server:
        with_file = {**env, **access(server), "VOICE_ASSISTANT_CONFIG": str(file)}
        file.write_text(config('{ lang = "en" }', server.url), encoding="utf-8")
        done = command("ask", "--no-speech", "hello", env=with_file)
        assert done.returncode == 3
        assert "The app asks for what is not set: name" in done.stderr
        assert "[backend.inputs]" in done.stderr
        assert "/chat-messages" not in {one.path for one in server.requests}

        file.write_text(config('{ name = "Ada" }', server.url), encoding="utf-8")
        done = command("ask", "--no-speech", "hello", env=with_file)
        assert done.returncode == 0, done.stderr
        (asked,) = (one for one in server.requests if one.path == "/chat-messages")
        assert asked.json()["inputs"] == {"name": "Ada"}


def test_a_file_goes_with_a_question_where_the_app_takes_it(env, tmp_path):
    picture = tmp_path / "red.png"
    picture.write_bytes(b"\x89PNG")
    routes = {**app(NEW), "POST /files/upload": trace(NEW, "file-png")}
    with served(routes) as server:
        env = {**env, **access(server)}
        done = command("ask", "--no-speech", "--file", str(picture), "what is it", env=env)
        assert done.returncode == 0, done.stderr
        refused = command("ask", "--no-speech", "--file", "a.mp4", "what is it", env=env)
        assert refused.returncode == 7
        assert "It takes: image, document, audio." in refused.stderr
    (asked,) = (one for one in server.requests if one.path == "/chat-messages")
    (file,) = asked.json()["files"]
    assert (file["type"], file["transfer_method"]) == ("image", "local_file")
    assert file["upload_file_id"]


def test_the_running_assistant_tells_what_the_app_lacks(make_desktop):
    routes = {
        **app(NEW, parameters=trace(NEW, "get-parameters-alloff")),
        "GET /info": trace(NEW, "get-info"),
    }
    with served(routes) as server:
        desktop = make_desktop(display=False, bus=False, sound=False)
        alone = "[speech]\nlocal_voice = false\n"
        with Assistant(desktop, alone, **access(server)) as assistant:

            def lacking() -> str:
                return "\n".join(assistant.status()["missing"])

            wait_for(lambda: "no speech to text" in lacking(), "it is told", 30.0)
            wait_for(lambda: "no text to speech" in lacking(), "it is told", 30.0)
            status = assistant.status()
            assert (status["app"], status["server_version"]) == ("full", NEW)
            assert "full, 1.14.0" in assistant.tell("status").stdout
            assert asking(assistant.env)("hello")["complete"]


def test_a_conversation_that_is_gone_costs_a_spoken_question_no_time():
    """A new server answers a question in it by silence; so it is looked for while one speaks."""
    gone = trace(NEW, "err-messages-unknown-conv")
    with served({**app(NEW), "GET /messages": gone}) as server, Desktop(panel=False) as desktop:
        with Assistant(desktop, **access(server)) as assistant:
            assistant.wait_until_complete()
            asking(assistant.env)("hello")
            before = assistant.status()["conversation_id"]
        with Assistant(desktop, **access(server)) as assistant:  # it no longer knows for sure
            assistant.wait_until_complete()
            assert assistant.status()["conversation_id"] == before
            with saying(desktop, assistant):
                looked_for = [one.path for one in server.requests].count("/messages")
            assistant.wait_for_phase("idle")
    asked = [
        one.json()["conversation_id"] for one in server.requests if one.path == "/chat-messages"
    ]
    assert before
    assert asked == ["", ""]
    assert looked_for == 1
