from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend

from voice_assistant.cli import forget
from voice_assistant.errors import AlreadyRunning, InputError
from voice_assistant.runtime.process.daemon_lock import only_daemon
from voice_assistant.settings.system_keyring import SERVICE

URL = "https://dify.example/v1"


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.keys.get((service, username))

    def set_password(self, service, username, password):
        self.keys[service, username] = password

    def delete_password(self, service, username):
        del self.keys[service, username]


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    keyring.set_keyring(kept := Kept())
    yield kept
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
        folder = tmp_path / name / "voice-assistant"
        folder.mkdir(parents=True)
        (folder / "file").write_text("words")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    config = tmp_path / "CONFIG" / "voice-assistant" / "config.toml"
    config.write_text(f'[backend]\nkind = "dify"\nurl = "{URL}"\n')
    return tmp_path


def kept(home) -> list[str]:
    return sorted(file.parent.parent.name for file in home.glob("*/voice-assistant/file"))


def test_the_users_data_is_deleted_and_the_settings_stay(home, ring, capsys):
    ring.set_password(SERVICE, URL, "app-key")
    ring.set_password("another program", URL, "its key")
    assert forget.forget(sure=True) == 0
    assert kept(home) == ["CONFIG"]
    assert ring.keys == {("another program", URL): "its key"}
    assert "config.toml" in capsys.readouterr().out


def test_nothing_is_deleted_without_an_answer(home, ring):
    ring.set_password(SERVICE, URL, "app-key")
    with pytest.raises(InputError, match="Nothing was deleted"):
        forget.forget(sure=False)
    assert kept(home) == ["CONFIG", "DATA", "STATE"]
    assert ring.keys


@pytest.mark.usefixtures("ring")
def test_a_running_assistant_is_to_be_ended_first(home):
    with only_daemon(), pytest.raises(AlreadyRunning) as caught:
        forget.forget(sure=True)
    assert "quit" in caught.value.hint
    assert kept(home) == ["CONFIG", "DATA", "STATE"]
