from __future__ import annotations

import pytest

from voice_assistant.errors import ConfigError
from voice_assistant.settings import loading
from voice_assistant.settings.schema import Settings


def test_a_missing_file_means_the_defaults(tmp_path):
    assert loading.load(tmp_path / "none.toml", {}) == Settings()


@pytest.mark.parametrize(
    ("text", "title", "hint"),
    [
        ('[backend]\nkidn = "dify"', "no setting backend.kidn", "backend.kind"),
        ("[hotkeys]", "no setting hotkeys", "hotkey"),
        ("[xyzzy]", "no setting xyzzy", "Known: backend"),
        ('[backend]\nkind = "x"', "backend.kind is wrong", "config show --default"),
        ("[speaker]\nvolume = 3.0", "speaker.volume is 3", "from 0 to 1"),
        ("[microphone]\ntail_s = 9", "my.toml: microphone.tail_s is 9", "It goes from 0 to 5."),
        ("[microphone]\nmax_s = 0.5", "microphone.max_s is 0.5", "It goes from 1 to 1800."),
        ("[speech]\nspeed = nan", "speech.speed is nan", "It goes from 0.5 to 3."),
        ("[sounds]\nvolume = inf", "sounds.volume is inf", "It goes from 0 to 1."),
        ("[backend]\nsilence_s = -1", "backend.silence_s is -1", "It goes from 1 to 3600."),
        ('[speech]\nspeed = "1.5"', "speech.speed is wrong", "config show --default"),
        ("[speaker]\nvolume = true", "speaker.volume is wrong", ""),
        ("backend = 3", "backend is wrong", ""),
        ("a =", "not valid TOML", "Correct"),
        ('[backend]\nurl = "api.dify.ai"', "backend.url", "https://"),
    ],
)
def test_an_error_names_the_file_the_key_and_the_way_out(text, title, hint):
    with pytest.raises(ConfigError) as caught:
        loading.parse(text, "my.toml")
    assert caught.value.title.startswith("my.toml")
    assert title in caught.value.title
    assert hint in caught.value.hint


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        loading.load(tmp_path, {})
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        loading.load(binary, {})


def test_a_url_in_the_environment_means_dify(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[backend]\nkind = "embedded"\nuser = "file"\n', encoding="utf-8")
    settings = loading.load(
        file, {"VOICE_ASSISTANT_URL": "https://x.example/v1", "VOICE_ASSISTANT_USER": "me"}
    )
    assert settings.backend.kind == "dify"
    assert settings.backend.url == "https://x.example/v1"
    assert settings.backend.user == "me"


def test_dify_without_a_url_is_said(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[backend]\nkind = "dify"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"backend\.url is missing"):
        loading.load(file, {})


def test_a_wrong_url_in_the_environment_names_the_variable(tmp_path):
    with pytest.raises(ConfigError, match="VOICE_ASSISTANT_URL"):
        loading.load(tmp_path / "none", {"VOICE_ASSISTANT_URL": "ftp://x"})
