from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voice_assistant.backend.embedded_process import EmbeddedServer
from voice_assistant.engines.voices.program import _program
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.system.child_environment import child_environment

SECRETS = {
    "VOICE_ASSISTANT_API_KEY": "app-HUSH",
    "VOICE_ASSISTANT_URL": "https://me:HUSH@dify.example/v1",
}


def test_a_child_gets_our_environment_without_the_secrets_and_with_what_is_added():
    ours = {"PATH": "/bin", "LANG": "de_DE.UTF-8", **SECRETS}
    assert child_environment(ours, LANG="C.UTF-8") == {"PATH": "/bin", "LANG": "C.UTF-8"}
    assert set(SECRETS) <= set(ours)


@pytest.fixture
def secrets(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


async def test_a_voice_does_not_learn_the_key(secrets):
    async with _program(["env"], "") as process:
        told = (await process.stdout.read()).decode()
    assert "PATH=" in told
    assert "HUSH" not in told


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_the_embedded_backend_does_not_learn_the_key(secrets, tmp_path):
    async with EmbeddedServer(tmp_path, EmbeddedSettings(engine="flite")) as server:
        await server.ready()
        told = Path(f"/proc/{server.pid}/environ").read_bytes()
    assert b"PYTHONPATH=" in told
    assert b"HUSH" not in told
