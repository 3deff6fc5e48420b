from __future__ import annotations

import contextlib
import functools
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fakes import until
from fakes.chat_server import ChatServer, says

from voice_assistant.api.client import Client
from voice_assistant.api.models import ChatRequest
from voice_assistant.backend.chat_access import chat_access
from voice_assistant.backend.embedded_process import EmbeddedServer
from voice_assistant.errors import BackendError
from voice_assistant.settings.sections.backend import ChatModelSettings, EmbeddedSettings

SERVER = (sys.executable, "-m", "voice_assistant.server", "--engine", "flite")
"""With the voice that loads nothing: 0.6 s of CPU, of which a network would need 0.4 s more."""
PATIENCE_S = 60.0
"""How long a process may take to end: on a machine that is busy with much else, over 20 s."""
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid):
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


@contextlib.contextmanager
def child(tmp_path, *arguments):
    """A server's process as the app starts it; its address is read by `ready`."""
    process = subprocess.Popen(
        [*SERVER, "--data", str(tmp_path), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENV,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def greet(process, **more):
    process.stdin.write(json.dumps({"token": "secret", **more}).encode() + b"\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def info(url):
    headers = {"Authorization": "Bearer secret"}
    return httpx.get(f"{url}/info", headers=headers, trust_env=False)


def test_a_child_serves_until_its_input_ends(tmp_path):
    with child(tmp_path) as process:
        ready = greet(process)
        assert info(ready["url"]).json()["mode"] == "advanced-chat"
        assert ready["version"].startswith("embedded-")
        started = children(process.pid)
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
    assert not any(alive(pid) for pid in started)


def test_the_token_is_in_no_process_list(tmp_path):
    with child(tmp_path) as process:
        greet(process)
        for pid in (process.pid, *children(process.pid)):
            assert b"secret" not in Path(f"/proc/{pid}/cmdline").read_bytes()
            assert b"=secret" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_sigterm_ends_a_child_tidily(tmp_path):
    with child(tmp_path) as process:
        greet(process)
        started = children(process.pid)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
    assert not any(alive(pid) for pid in started)


def test_ctrl_c_is_for_the_parent(tmp_path):
    with child(tmp_path) as process:
        ready = greet(process)
        process.send_signal(signal.SIGINT)
        assert info(ready["url"]).status_code == 200


def test_an_open_stream_does_not_keep_a_child(tmp_path):
    with child(tmp_path) as process:
        ready = greet(process)
        headers = {"Authorization": "Bearer secret"}
        with httpx.stream("GET", f"{ready['url']}/alerts", headers=headers, trust_env=False) as get:
            assert next(get.iter_raw()) == b"event: ping\n\n"
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 0


def test_a_taken_port_is_said_with_the_exit_status_of_a_setting(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with child(tmp_path, "--port", str(port)) as process:
            process.stdin.write(b'{"token": "secret"}\n')
            process.stdin.flush()
            assert process.wait(PATIENCE_S) == 3
            assert f"Port {port} is taken".encode() in process.stderr.read()


@pytest.mark.parametrize("line", [b"", b"no json\n", b"{}\n"])
def test_a_child_without_a_token_says_so(tmp_path, line):
    with child(tmp_path) as process:
        process.stdin.write(line)
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 3
        assert b"No token" in process.stderr.read()


KEEPER = """
import asyncio, pathlib, sys
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.backend.embedded_process import EmbeddedServer
async def keep():
    settings = EmbeddedSettings(engine="flite")
    async with EmbeddedServer(pathlib.Path(sys.argv[1]), settings) as server:
        await server.ready()
        print(server.pid, flush=True)
        await asyncio.sleep(600)
asyncio.run(keep())
"""


async def test_a_child_ends_with_a_killed_parent(tmp_path):
    keeper = [sys.executable, "-c", KEEPER, str(tmp_path)]
    with subprocess.Popen(keeper, stdout=subprocess.PIPE, env=ENV) as parent:
        server = int(parent.stdout.readline())
        assert alive(server)
        parent.kill()
        parent.wait(PATIENCE_S)
    await until(lambda: not alive(server))


async def test_a_killed_child_comes_back_on_the_same_port(tmp_path):
    async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite")) as server:
        await server.ready()
        url, pid, token = server.url, server.pid, server.token
        os.kill(pid, signal.SIGKILL)
        await until(lambda: server.pid not in (None, pid))
        await server.ready()
        assert (server.url, server.token) == (url, token)
        async with httpx.AsyncClient(trust_env=False) as client:
            headers = {"Authorization": f"Bearer {token}"}
            response = await client.get(f"{url}/info", headers=headers)
            assert response.status_code == 200
        pid = server.pid
    assert not alive(pid)


async def test_a_child_that_dies_again_and_again_says_why_and_is_tried_until_it_serves(tmp_path):
    server = EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server.url = f"http://127.0.0.1:{port}/v1"
        async with server:
            with pytest.raises(BackendError) as caught:
                await server.ready()
            taken.close()
            await until(lambda: not server._problem)
            await server.ready()
    assert caught.value.title == "The program on this machine that answers does not run"
    assert f"Port {port} is taken" in caught.value.hint


async def test_a_child_for_which_the_system_has_no_room_is_told_in_words(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite")) as server:
        with pytest.raises(BackendError) as caught:
            await server.ready()
    assert caught.value.hint.startswith("It cannot be started: No such file or directory.")
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_child_that_hangs_is_killed_and_comes_back(tmp_path, caplog):
    async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite"), silent_s=3.0) as server:
        await server.ready()
        url, hanging = server.url, server.pid
        os.kill(hanging, signal.SIGSTOP)
        await until(lambda: not alive(hanging))
        assert "has hung for 3 s" in caplog.text
        await until(lambda: server.pid not in {None, hanging})
        await server.ready()
        assert server.url == url


def test_a_child_says_again_and_again_that_it_is_alive(tmp_path):
    with child(tmp_path) as process:
        greet(process, beat_s=0.05)
        assert [process.stdout.readline() for _ in range(2)] == [b"\n", b"\n"]


async def test_the_log_of_a_child_becomes_ours_without_words_or_token(tmp_path, caplog):
    caplog.set_level(logging.INFO)

    async def scenario():
        async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite")) as server:
            await server.ready()
            async with httpx.AsyncClient(trust_env=False) as client:
                headers = {"Authorization": f"Bearer {server.token}"}
                asked = {"query": "what is the secret word", "user": "me"}
                url = f"{server.url}/chat-messages"
                assert (await client.post(url, json=asked, headers=headers)).status_code == 200
            return server.token

    token = await scenario()
    assert "embedded-" in caplog.text
    assert token not in caplog.text
    assert "secret word" not in caplog.text


async def test_closing_before_it_serves_is_fine(tmp_path):
    async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite")) as server:
        await until(lambda: server.pid)
        pid = server.pid
    assert not alive(pid)
    await server.close()


def test_the_parents_side_is_light():
    code = (
        "import sys, voice_assistant.backend.embedded_process;"
        "print([m for m in ('starlette', 'uvicorn', 'httpx', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENV, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


async def test_the_child_asks_the_chat_model_of_the_settings_with_its_key(tmp_path):
    async with ChatServer(says("Leo Tolstoy.")) as chat:
        settings = ChatModelSettings(url=chat.url, api_key_command="echo sk-hush")
        access = functools.partial(chat_access, settings, tmp_path / "settings.toml")
        async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite"), access) as server:
            await server.ready()
            command_line = Path(f"/proc/{server.pid}/cmdline").read_bytes()
            environment = Path(f"/proc/{server.pid}/environ").read_bytes()
            async with Client(server.url, server.token, "me") as client:
                async with client.chat(ChatRequest("who wrote War and Peace")) as stream:
                    events = [event async for event in stream]
                assert stream.text == "Leo Tolstoy."
    assert events
    assert chat.asked[0].headers["authorization"] == "Bearer sk-hush"
    assert b"sk-hush" not in command_line + environment


async def test_a_key_that_cannot_be_read_leaves_the_backend_running(tmp_path):
    settings = ChatModelSettings(url="http://127.0.0.1:9/v1", api_key_command="false")
    access = functools.partial(chat_access, settings, tmp_path / "settings.toml")
    async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite"), access) as server:
        await server.ready()
        assert server.url
