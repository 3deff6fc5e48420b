from __future__ import annotations

import asyncio
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import keyring
import keyring.backend
import keyring.errors
import msgspec
import pytest
from fakes import until

from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials
from voice_assistant.settings.address import spellings
from voice_assistant.settings.sections.backend import BackendSettings, ChatModelSettings

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


class OddKeyring(MemoryKeyring):
    """Fails in ways that no keyring library declares."""

    def set_password(self, service, username, password):
        raise ZeroDivisionError("[org.example.Odd] ('something odd',). And more")

    def get_password(self, service, username):
        raise ZeroDivisionError("[org.example.Odd] ('something odd',). And more")


class SilentKeyring(MemoryKeyring):
    """Shows a prompt that nobody answers, until `answered` is set."""

    def __init__(self):
        super().__init__()
        self.asked = 0
        self.answered = threading.Event()

    def get_password(self, service, username):
        self.asked += 1
        self.answered.wait(60)
        return super().get_password(service, username)


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


async def key(settings, file, **environ):
    keyring = credentials.Keyring(settings.url, limit_s=10)
    return (await credentials.api_key(settings, file, keyring, environ)).reveal()


async def test_the_environment_wins_over_everything(file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    settings = BackendSettings(url=URL, api_key="file", api_key_command="echo command")
    assert await key(settings, file, VOICE_ASSISTANT_API_KEY="env\n") == "env"


async def test_a_command_may_print_the_key(file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    settings = BackendSettings(url=URL, api_key="file", api_key_command="printf 'from-command\\n'")
    assert await key(settings, file) == "from-command"


@pytest.mark.parametrize("command", ["false", "no-such-program-here", "printf ''", "'unclosed"])
async def test_a_command_that_fails_is_said_without_its_words(file, ring, command):
    settings = BackendSettings(url=URL, api_key_command=command)
    with pytest.raises(ConfigError, match="api_key_command") as caught:
        await key(settings, file)
    told = f"{caught.value.title} {caught.value.hint}"
    assert command not in told.replace("api_key_command", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
async def test_a_key_in_a_file_that_others_can_read_is_refused(file, ring):
    settings = BackendSettings(url=URL, api_key="secret-in-file")
    assert await key(settings, file) == "secret-in-file"
    file.chmod(0o640)
    with pytest.raises(ConfigError, match="can be read by others") as caught:
        await key(settings, file)
    assert "chmod 600" in caught.value.hint
    assert "secret-in-file" not in str(caught.value)


async def test_the_keyring_keeps_a_key_for_each_app(file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    assert await key(BackendSettings(url=URL), file) == "kept"
    with pytest.raises(ConfigError, match="no key for"):
        await key(BackendSettings(url="https://other.example/v1"), file)


async def test_a_locked_keyring_is_said(file, ring):
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(ConfigError, match="keyring cannot be used"):
        credentials.keep_api_key(URL, credentials.Secret("kept"))
    with pytest.raises(ConfigError, match="no key for"):
        await key(BackendSettings(url=URL), file)


async def test_a_keyring_that_fails_in_an_unknown_way_is_said(file, ring):
    keyring.set_keyring(OddKeyring())
    with pytest.raises(ConfigError, match="something odd"):
        credentials.keep_api_key(URL, credentials.Secret("kept"))
    with pytest.raises(ConfigError, match="no key for") as caught:
        await key(BackendSettings(url=URL), file)
    assert "keyring cannot be used ([org.example.Odd] ('something odd',))" in caught.value.hint
    assert "VOICE_ASSISTANT_API_KEY" in caught.value.hint


@pytest.fixture
def silent(ring):
    keyring.set_keyring(silent := SilentKeyring())
    yield silent
    silent.answered.set()


async def test_a_keyring_that_does_not_answer_is_said_and_asked_once(silent):
    asked = credentials.Keyring(URL, limit_s=0.05)
    for _ in range(3):
        with pytest.raises(ConfigError, match="does not answer") as caught:
            async with asyncio.timeout(10):
                await asked.key()
        assert "unlock" in caught.value.hint
        assert "backend.api_key_command" in caught.value.hint
    assert silent.asked == 1


async def test_a_keyring_that_answers_late_is_used_from_then_on(silent):
    silent.set_password(credentials.SERVICE, URL, "app-kept")
    asked = credentials.Keyring(URL, limit_s=0.05)
    with pytest.raises(ConfigError, match="does not answer"):
        await asked.key()
    silent.answered.set()
    await until(asked._question.done)
    assert await credentials.Keyring(URL, limit_s=10).key() == "app-kept"
    assert await asked.key() == "app-kept"


async def test_a_late_answer_asks_no_keyring_that_was_chosen_meanwhile(silent):
    asked = credentials.Keyring(URL, limit_s=0.05)
    with pytest.raises(ConfigError, match="does not answer"):
        await asked.key()
    keyring.set_keyring(other := SilentKeyring())
    silent.answered.set()
    await until(asked._question.done)
    assert (silent.asked, other.asked) == (len(spellings(URL)), 0)


async def test_everybody_who_waits_for_the_keyring_shares_one_question(silent):
    silent.set_password(credentials.SERVICE, URL, "app-kept")
    asked = credentials.Keyring(URL, limit_s=20)
    waiting = [asyncio.create_task(asked.key()) for _ in range(5)]
    await until(lambda: silent.asked)
    waiting[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    silent.answered.set()
    assert await asyncio.gather(*waiting[1:]) == ["app-kept"] * 4
    assert silent.asked == 1


SOURCES = {
    "VOICE_ASSISTANT_API_KEY": "VOICE_ASSISTANT_API_KEY",
    "command": "backend.api_key_command",
    "file": "backend.api_key in ",
    "keyring": "keyring",
}


async def key_from(source, text, file):
    settings = BackendSettings(url=URL)
    if source == "command":
        given = file.with_name("given")
        given.write_text(text, encoding="utf-8")
        settings = BackendSettings(url=URL, api_key_command=f"cat {given}")
    elif source == "file":
        settings = BackendSettings(url=URL, api_key=text)
    elif source == "keyring":
        credentials.keep_api_key(URL, credentials.Secret(text))
    return await key(settings, file, **({source: text} if source.isupper() else {}))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("text", ["\ufeffapp-x", "Bearer app-x\n", "'app-x'\u200b"])
async def test_a_key_is_taken_as_it_was_pasted_wherever_it_is_kept(source, text, file, ring):
    assert await key_from(source, text, file) == "app-x"


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("text", ["HUSH HUSH", "HUSH\u2026", "https://HUSH.example/v1"])
async def test_a_malformed_key_is_reported_with_its_place_and_not_shown(source, text, file, ring):
    with pytest.raises(ConfigError, match="no key has") as caught:
        await key_from(source, text, file)
    told = f"{caught.value.title} {caught.value.hint}"
    assert SOURCES[source] in caught.value.title
    assert ("set-key" in told) == (source == "keyring")
    assert "HUSH" not in told


@pytest.mark.parametrize("blank", ["", "  ", "\ufeff\n"])
async def test_an_empty_variable_counts_as_unset(blank, file, ring):
    credentials.keep_api_key(URL, credentials.Secret("kept"))
    assert await key(BackendSettings(url=URL), file, VOICE_ASSISTANT_API_KEY=blank) == "kept"


async def test_a_command_that_prints_more_than_the_key_gives_the_key(file, ring):
    settings = BackendSettings(url=URL, api_key_command="printf 'app-x\nlogin: me\n'")
    assert await key(settings, file) == "app-x"


@pytest.mark.parametrize("typed", ["app-x\n", " Bearer app-x ", '"app-x"', "\ufeffapp-x"])
def test_a_typed_key_is_taken_as_it_was_pasted(typed):
    assert credentials.typed_key(typed).reveal() == "app-x"


@pytest.mark.parametrize(("typed", "words"), [("\n", "no key"), ("my HUSH", "no key has")])
def test_a_typed_text_that_is_no_key_is_refused(typed, words):
    with pytest.raises(ConfigError, match=words) as caught:
        credentials.typed_key(typed)
    assert "HUSH" not in caught.value.title


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.dify.ai/v1", "https://api.dify.ai/v1"),
        ("https://me:HUSH@host:8443/v1", "https://***@host:8443/v1"),
        ("HTTPS://HUSH@host", "HTTPS://***@host"),
        ("me:HUSH@host/v1", "***@host/v1"),
        ("http://host/v1/@me", "http://host/v1/@me"),
    ],
)
def test_an_address_is_shown_without_user_and_password(url, shown):
    assert credentials.without_password(url) == shown


async def test_a_missing_key_is_said_without_the_password_in_the_address(file, ring):
    with pytest.raises(ConfigError, match="no key for") as caught:
        await key(BackendSettings(url="https://me:HUSH@host/v1"), file)
    assert "HUSH" not in f"{caught.value.title} {caught.value.hint}"


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


@pytest.mark.parametrize("spoilt", ["x" * 300, "a\nb", "a\x1b[2J"])
def test_a_user_name_that_no_server_takes_is_set_aside(tmp_path, monkeypatch, spoilt):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "voice-assistant" / "user"
    file.parent.mkdir()
    file.write_text(spoilt)
    assert credentials.user_name(BackendSettings()) == file.read_text().strip() != spoilt
    assert file.with_name("user.unreadable").read_text() == spoilt


def test_nobody_reads_half_a_user_name(tmp_path, monkeypatch):
    for at in range(30):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / str(at)))
        with ThreadPoolExecutor(8) as pool:
            names = set(pool.map(credentials.user_name, [BackendSettings()] * 8))
        assert "" not in names
        assert credentials.user_name(BackendSettings()) in names


@pytest.mark.parametrize("old", ["https://app.example/v1/", f"{URL} ", f"{URL}\r", URL])
async def test_a_key_that_was_kept_under_another_spelling_is_found(ring, file, old):
    ring.kept[credentials.SERVICE, old] = "app-OLD"
    assert await key(BackendSettings(url=URL), file) == "app-OLD"
    credentials.keep_api_key("HTTPS://app.example:443/v1/", credentials.Secret("app-NEW"))
    assert await key(BackendSettings(url=URL), file) == "app-NEW"
    assert await key(BackendSettings(url=f"{URL}/"), file) == "app-NEW"


HERE = ChatModelSettings(url="http://127.0.0.1:11434/v1")
BEYOND = ChatModelSettings(url="https://models.example/v1")


async def test_a_chat_model_on_this_machine_needs_no_key_and_no_keyring(tmp_path):
    silent = SilentKeyring()
    keyring.set_keyring(silent)
    for settings in (HERE, ChatModelSettings()):
        assert await credentials.chat_model_key(settings, tmp_path / "f", environ={}) is None
    assert silent.asked == 0


async def test_the_key_of_a_chat_model_is_found_like_that_of_an_app(tmp_path):
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    file = tmp_path / "settings.toml"
    file.touch(0o600)
    credentials.keep_api_key(BEYOND.url, credentials.Secret("sk-ring"))

    async def found(environ=None, **settings):
        chat_model = msgspec.structs.replace(BEYOND, **settings)
        return (await credentials.chat_model_key(chat_model, file, environ or {})).reveal()

    assert await found() == "sk-ring"
    assert await found(api_key="sk-file") == "sk-file"
    assert await found(api_key_command="echo sk-command", api_key="sk-file") == "sk-command"
    environ = {"VOICE_ASSISTANT_CHAT_MODEL_KEY": "sk-environ"}
    assert await found(environ, api_key_command="echo sk-command") == "sk-environ"
    with pytest.raises(ConfigError, match=r"chat_model\.api_key_command failed"):
        await found(api_key_command="false")
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others"):
        await found(api_key="sk-file")
