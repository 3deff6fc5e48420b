from __future__ import annotations

import signal
import socket
import subprocess
import sys

import httpx
import pytest
from backend.test_embedded_process import ENV

from voice_assistant.errors import ConfigError
from voice_assistant.server.composition import Options
from voice_assistant.server.http.standalone import serve, token_of

SERVE = """
import pathlib, sys
from voice_assistant.server.composition import Options
from voice_assistant.server.http.standalone import serve
folder = pathlib.Path(sys.argv[1])
serve(Options(folder), 0, folder / "token", lambda url: print(url, flush=True))
print("ended", flush=True)
"""


def test_the_server_serves_readers_of_the_token_until_ctrl_c(tmp_path):
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENV) as process:
        url = process.stdout.readline().decode().strip()
        headers = {"Authorization": f"Bearer {(tmp_path / 'token').read_text().strip()}"}
        assert httpx.get(f"{url}/info", headers=headers, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b"ended\n"
        assert process.wait(20) == 0


def test_a_taken_port_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port} is taken"):
            serve(Options(tmp_path), port, tmp_path / "token", print)


def test_a_token_is_made_once_for_the_owner_alone(tmp_path):
    file = tmp_path / "new" / "token"
    token = token_of(file)
    assert len(token) > 30
    assert file.stat().st_mode & 0o777 == 0o600
    assert token_of(file) == token


def test_a_token_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "token"
    token_of(file)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others"):
        token_of(file)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff"])
def test_a_token_that_is_none_is_refused(tmp_path, content):
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ConfigError):
        token_of(file)


def test_a_token_that_cannot_be_kept_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError):
        token_of(tmp_path / "file" / "token")
