from __future__ import annotations

import sys

import keyring
import msgspec
import pytest
from helpers.settings.keyrings import (
    LockedKeyring,
    MemoryKeyring,
    OddKeyring,
    SilentKeyring,
    ring,
)

from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials
from voice_assistant.settings.secret import Secret
from voice_assistant.settings.sections.backend import BackendSettings, ChatModelSettings
from voice_assistant.settings.system_keyring import SERVICE, Keyring, keep_api_key

__all__ = ["ring"]

URL = "https://app.example/v1"


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "config.toml"
    file.touch(mode=0o600)
    return file


async def key(settings, file, **environ):
    keyring = Keyring(settings.url, limit_s=10)
    return (await credentials.api_key(settings, file, keyring, environ)).reveal()


async def test_the_environment_wins_over_everything(file, ring):
    keep_api_key(URL, Secret("kept"))
    settings = BackendSettings(url=URL, api_key="file", api_key_command="echo command")
    assert await key(settings, file, VOICE_ASSISTANT_API_KEY="env\n") == "env"


async def test_a_command_may_print_the_key(file, ring):
    keep_api_key(URL, Secret("kept"))
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
    keep_api_key(URL, Secret("kept"))
    assert await key(BackendSettings(url=URL), file) == "kept"
    with pytest.raises(ConfigError, match="no key for"):
        await key(BackendSettings(url="https://other.example/v1"), file)


async def test_a_locked_keyring_is_said(file, ring):
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(ConfigError, match="keyring cannot be used"):
        keep_api_key(URL, Secret("kept"))
    with pytest.raises(ConfigError, match="no key for"):
        await key(BackendSettings(url=URL), file)


async def test_a_keyring_that_fails_in_an_unknown_way_is_said(file, ring):
    keyring.set_keyring(OddKeyring())
    with pytest.raises(ConfigError, match="something odd"):
        keep_api_key(URL, Secret("kept"))
    with pytest.raises(ConfigError, match="no key for") as caught:
        await key(BackendSettings(url=URL), file)
    assert "keyring cannot be used ([org.example.Odd] ('something odd',))" in caught.value.hint
    assert "VOICE_ASSISTANT_API_KEY" in caught.value.hint


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
        keep_api_key(URL, Secret(text))
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
    keep_api_key(URL, Secret("kept"))
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


async def test_a_missing_key_is_said_without_the_password_in_the_address(file, ring):
    with pytest.raises(ConfigError, match="no key for") as caught:
        await key(BackendSettings(url="https://me:HUSH@host/v1"), file)
    assert "HUSH" not in f"{caught.value.title} {caught.value.hint}"


@pytest.mark.parametrize("old", ["https://app.example/v1/", f"{URL} ", f"{URL}\r", URL])
async def test_a_key_that_was_kept_under_another_spelling_is_found(ring, file, old):
    ring.kept[SERVICE, old] = "app-OLD"
    assert await key(BackendSettings(url=URL), file) == "app-OLD"
    keep_api_key("HTTPS://app.example:443/v1/", Secret("app-NEW"))
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
    keep_api_key(BEYOND.url, Secret("sk-ring"))

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
