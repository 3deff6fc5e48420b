"""What the window's setup keeps, and what it leaves as it was."""

from __future__ import annotations

import keyring
import pytest
from fakes import FakeProblems
from helpers.replay import replay, trace
from helpers.settings.keyrings import ring
from keyring.backends.fail import Keyring as NoKeyringAtAll

from voice_assistant.errors import ConfigError, NoKeyring
from voice_assistant.runtime.live_settings import LiveSettings
from voice_assistant.runtime.setup.setup import Setup
from voice_assistant.settings import credentials
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.system_keyring import Keyring

__all__ = ["ring"]

ROUTES = {
    "GET /parameters": trace("1.14.0", "get-parameters"),
    "GET /info": trace("1.14.0", "get-info"),
}


@pytest.fixture
def setup(tmp_path, monkeypatch, ring):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("VOICE_ASSISTANT_API_KEY", raising=False)
    file = tmp_path / "config.toml"
    file.write_text("# mine\n")
    file.chmod(0o644)
    keyring.set_keyring(NoKeyringAtAll())
    return Setup(LiveSettings(Settings(), file, FakeProblems()), None, print, print)


@pytest.mark.parametrize("profile", ["", "work"])
async def test_an_app_whose_key_cannot_be_kept_does_not_answer_from_then_on(setup, profile):
    async with replay(ROUTES) as server:
        with pytest.raises(NoKeyring, match="no keyring"):
            await setup.server(server.url, "app-1", profile=profile, anyway=False)
    assert setup._live.file.read_text() == "# mine\n"


@pytest.mark.parametrize("profile", ["", "work"])
async def test_without_a_keyring_the_key_is_kept_in_a_file_that_nobody_else_reads(setup, profile):
    live = setup._live
    async with replay(ROUTES) as server:
        await setup.server(server.url, "app-1", profile=profile, anyway=True)
        backend = live.now.profiles["work"] if profile else live.now.backend
        assert (
            await credentials.api_key(backend, live.file, Keyring(backend.url))
        ).reveal() == "app-1"
    assert live.file.read_text().startswith("# mine\n")
    assert live.file.stat().st_mode & 0o777 == 0o600


async def test_an_address_that_is_none_keeps_nothing(setup):
    with pytest.raises(ConfigError):
        await setup.server("dify.example", "app-1", profile="", anyway=False)
    assert setup._live.file.read_text() == "# mine\n"
