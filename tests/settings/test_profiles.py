"""Profiles: declared in the settings, chosen on this machine, refused where they cannot be used."""

from __future__ import annotations

import keyring
import pytest
from helpers.settings.keyrings import MemoryKeyring

from voice_assistant.errors import ConfigError
from voice_assistant.settings import credentials, documentation, loading, parsing, profiles
from voice_assistant.settings.secret import Secret
from voice_assistant.settings.system_keyring import Keyring, keep_api_key

URL = "https://api.example/v1"
TWO = f"""
[backend]
kind = "dify"
url = "https://first.example/v1"

[profiles.Work]
url = "{URL}/"
user = "me"
inputs = {{ city = "Paris" }}

[profiles.local]
kind = "embedded"
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(TWO)
    return file


def test_a_profile_takes_the_place_of_the_backend(file):
    settings = loading.load(file, {}, profile="work")
    assert profiles.names(settings) == ("default", "Work", "local")
    assert profiles.in_use(settings) == "Work"
    assert (settings.backend.kind, settings.backend.url) == ("dify", URL)
    assert settings.backend.inputs == {"city": "Paris"}
    assert loading.load(file, {}, profile="local").backend.kind == "embedded"


def test_without_a_choice_the_backend_itself_answers(file):
    settings = loading.load(file, {})
    assert profiles.in_use(settings) == "default"
    assert settings.backend.url == "https://first.example/v1"


def test_a_choice_holds_over_restarts_until_another_one(file):
    settings = loading.load(file, {})
    assert profiles.choose(settings, "WORK") == "Work"
    assert profiles.in_use(loading.load(file, {})) == "Work"
    assert profiles.choose(settings, "default") == "default"
    assert profiles.in_use(loading.load(file, {})) == "default"


def test_the_settings_name_the_profile_to_begin_with(file):
    file.write_text(TWO.replace("[backend]", '[backend]\nprofile = "work"'))
    settings = loading.load(file, {})
    assert profiles.in_use(settings) == "Work"
    profiles.choose(settings, "default")
    assert profiles.in_use(loading.load(file, {})) == "default"


def test_a_server_that_the_environment_names_wins_over_a_choice(file):
    profiles.choose(loading.load(file, {}), "work")
    settings = loading.load(file, {"VOICE_ASSISTANT_URL": "https://third.example/v1"})
    assert settings.backend.url == "https://third.example/v1"
    assert profiles.in_use(settings) == "default"


def test_profiles_follow_one_another(file):
    order, name = [], "default"
    for _ in range(3):
        name = profiles.after(loading.load(file, {}, profile=name))
        order.append(name)
    assert order == ["Work", "local", "default"]


def test_a_profile_that_is_gone_is_an_error_that_says_what_there_is(file):
    profiles.choose(loading.load(file, {}), "work")
    file.write_text(TWO.replace("Work", "job"))
    with pytest.raises(ConfigError, match="no profile Work") as caught:
        loading.load(file, {})
    assert "default, job, local" in caught.value.hint
    assert "profile use" in caught.value.hint
    assert loading.load(file, {}, profile="default")
    with pytest.raises(ConfigError, match="no profile other"):
        profiles.choose(loading.load(file, {}, profile="default"), "other")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('[profiles.a]\nuser = "x"', r"\[profiles.a\] has no address"),
        ('[profiles.a]\nurl = "https://x/v1"\n[profiles.a]\nurl = "https://y/v1"', "a"),
        (
            '[profiles.a]\nurl = "https://x/v1"\n[profiles.A]\nurl = "https://y/v1"',
            r"\[profiles.a\] and \[profiles.A\] have one name",
        ),
        ('[profiles.Default]\nurl = "https://x/v1"', r"\[profiles.Default\] have one name"),
        ('[profiles." "]\nurl = "https://x/v1"', "has no name"),
        ('[profiles.a]\nurl = "ftp://x"', r"profiles\.a\.url"),
        ('[profiles.a]\nadress = "x"', r"no setting profiles\.a\.adress"),
        ("[profiles]\na = 1", "profiles"),
        ('[backend]\nprofile = "nobody"', "no profile nobody"),
        ('[profiles.a]\nurl = "https://x/v1"\nsilence_s = 0', "profiles"),
    ],
)
def test_profiles_that_cannot_be_used_are_refused(text, title):
    with pytest.raises(ConfigError, match=title):
        parsing.parse(text, "config.toml")


def test_the_settings_in_use_are_shown_without_the_keys_of_profiles(file):
    file.write_text(TWO.replace('user = "me"', 'api_key = "app-secret"'))
    shown = documentation.settings_toml(loading.load(file, {}, profile="local"))
    assert "app-secret" not in shown
    assert "[profiles.Work]" in shown


async def test_two_apps_at_one_address_have_a_key_each(file):
    keyring.set_keyring(MemoryKeyring())
    keep_api_key(URL, Secret("app-default"))
    keep_api_key(URL, Secret("app-work"), "Work")
    backend = loading.load(file, {}, profile="work").backend
    environ = {"VOICE_ASSISTANT_API_KEY": "app-of-the-default"}
    ring = Keyring(URL, profile="Work")
    assert (await credentials.api_key(backend, file, ring, environ)).reveal() == "app-work"
    assert await Keyring(URL).key() == "app-default"
    assert await Keyring(URL, profile="other").key() is None
