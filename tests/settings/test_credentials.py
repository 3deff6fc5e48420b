from __future__ import annotations

import stat
import sys
from concurrent.futures import ThreadPoolExecutor

import keyring
import keyring.backend
import keyring.errors
import pytest

from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials
from voice_assistant.settings.schema import BackendSettings

URL = "https://app.example/v1"


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        del self.kept[service, username]


class LockedKeyring(MemoryKeyring):
    def set_password(self, service, username, password):
        raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked("locked")


@pytest.fixture
def ring():
    previous = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(previous)


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "config.toml"
    file.touch(mode=0o600)
    return file


def key(settings, file, **environ):
    return credentials.api_key(settings, file, environ).reveal()


def test_the_environment_wins_over_everything(file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    settings = BackendSettings(url=URL, api_key="file", api_key_command="echo command")
    assert key(settings, file, VOICE_ASSISTANT_API_KEY="env\n") == "env"


def test_a_command_may_print_the_key(file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    settings = BackendSettings(url=URL, api_key="file", api_key_command="printf 'from command\\n'")
    assert key(settings, file) == "from command"


@pytest.mark.parametrize("command", ["false", "no-such-program-here", "printf ''", "'unclosed"])
def test_a_command_that_fails_is_said_without_its_words(file, ring, command):
    settings = BackendSettings(url=URL, api_key_command=command)
    with pytest.raises(ConfigError, match="api_key_command") as caught:
        key(settings, file)
    told = f"{caught.value.title} {caught.value.hint}"
    assert command not in told.replace("api_key_command", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_a_key_in_a_file_that_others_can_read_is_refused(file, ring):
    settings = BackendSettings(url=URL, api_key="secret-in-file")
    assert key(settings, file) == "secret-in-file"
    file.chmod(0o640)
    with pytest.raises(ConfigError, match="can be read by others") as caught:
        key(settings, file)
    assert "chmod 600" in caught.value.hint
    assert "secret-in-file" not in str(caught.value)


def test_the_keyring_keeps_a_key_for_each_app(file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    assert key(BackendSettings(url=URL), file) == "kept"
    with pytest.raises(ConfigError, match="no API key"):
        key(BackendSettings(url="https://other.example/v1"), file)


def test_a_locked_keyring_is_said(file, ring):
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(ConfigError, match="keyring cannot be used"):
        credentials.keep_api_key(URL, credentials.Secret("kept"))
    with pytest.raises(ConfigError, match="no API key"):
        key(BackendSettings(url=URL), file)


def test_a_secret_hides_in_every_text_form():
    secret = credentials.Secret("hush")
    assert "hush" not in f"{secret} {secret!r} {[secret]}"


def test_a_user_name_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert credentials.user_name(BackendSettings(user="me")) == "me"
    name = credentials.user_name(BackendSettings())
    assert name == credentials.user_name(BackendSettings())
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("")  # as after a full disk
    assert credentials.user_name(BackendSettings()) == file.read_text().strip() != ""


def test_nobody_reads_half_a_user_name(tmp_path, monkeypatch):
    for at in range(30):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / str(at)))
        with ThreadPoolExecutor(8) as pool:
            names = set(pool.map(credentials.user_name, [BackendSettings()] * 8))
        assert "" not in names
        assert credentials.user_name(BackendSettings()) in names


@pytest.mark.parametrize("old", ["https://app.example/v1/", f"{URL} ", f"{URL}\r", URL])
def test_a_key_that_was_kept_under_another_spelling_is_found(ring, file, old):
    ring.kept[credentials.SERVICE, old] = "app-OLD"
    assert credentials.api_key(BackendSettings(url=URL), file, {}).reveal() == "app-OLD"
    credentials.keep_api_key("HTTPS://app.example:443/v1/", credentials.Secret("app-NEW"))
    assert credentials.api_key(BackendSettings(url=URL), file, {}).reveal() == "app-NEW"
    assert credentials.api_key(BackendSettings(url=f"{URL}/"), file, {}).reveal() == "app-NEW"
