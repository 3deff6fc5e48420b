from __future__ import annotations

import re

import pytest

from voice_assistant.errors import ConfigError
from voice_assistant.settings import loading, parsing
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.settings.schema import Settings


def test_a_missing_file_means_the_defaults(tmp_path):
    assert loading.load(tmp_path / "none.toml", {}) == Settings()


@pytest.mark.parametrize(
    ("text", "title", "hint"),
    [
        ('[backend]\nkidn = "dify"', "no setting backend.kidn", "backend.kind"),
        ("[hotkeys]", "no setting hotkeys", "hotkey"),
        ("[xyzzy]", "no setting xyzzy", "Known: backend"),
        ('[backend]\nkind = "x"', "backend.kind is 'x'", 'Use "embedded" or "dify".'),
        ("[speaker]\nvolume = 3.0", "speaker.volume is 3", "from 0 to 1"),
        ("[microphone]\ntail_s = 9", "my.toml: microphone.tail_s is 9", "It goes from 0 to 5."),
        ("[microphone]\nmax_s = 0.5", "microphone.max_s is 0.5", "It goes from 1 to 1800."),
        ("[speech]\nspeed = nan", "speech.speed is nan", "It goes from 0.5 to 3."),
        ("[sounds]\nvolume = inf", "sounds.volume is inf", "It goes from 0 to 1."),
        ("[backend]\nsilence_s = -1", "backend.silence_s is -1", "It goes from 1 to 3600."),
        ('[speech]\nspeed = "1.5"', "speech.speed is '1.5'", "a number from 0.5 to 3"),
        ("[speaker]\nvolume = true", "speaker.volume is true", "a number from 0 to 1"),
        ("backend = 3", "backend has a wrong value", "[backend] stands on a line of its own"),
        ("a =", "not valid TOML", "Correct"),
        ("[speech]\nspeed = 1" + "0" * 400, "speech.speed is inf", "from 0.5 to 3"),
        ("[speech]\nspeed = -1" + "0" * 400, "speech.speed is -inf", "from 0.5 to 3"),
        ("[speech]\nspeed = 1" + "0" * 5000, "not valid TOML", "Correct"),
        ("speech = " + "[" * 100_000, "nested too deep", "Correct"),
        ("[backend.inputs]\nx = " + "[" * 900 + "]" * 900, "nested too deep", "Correct"),
        ('[backend]\nuser = "a\\u0000b"', r"backend.user is 'a\x00b'", "Your name"),
        ('[backend]\nuser = "\\u001b]0;x"', r"backend.user is '\x1b]0;x'", "Your name"),
        ("[backend]\nuser = 2026-01-01", "backend.user is 2026-01-01", "It is text in quotes"),
        (f'[backend]\nuser = "{"x" * 300}"', "backend.user is 'xxx", "at most 255 characters"),
        ("[backend]\napi_key = 5", "backend.api_key has a wrong value", "It is text in quotes"),
        ("[tray]\nenabled = 1", "tray.enabled is 1", "It is true or false."),
        ("[profiles.a]\nsilence_s = []", "profiles.NAME.silence_s has a wrong", "from 1 to 3600"),
        ("profiles = 5", "profiles has a wrong value", "[profiles.NAME] stands on a line"),
        ('[backend]\nurl = "api.dify.ai"', "backend.url", "https://"),
    ],
)
def test_an_error_names_the_file_the_key_and_the_way_out(text, title, hint):
    with pytest.raises(ConfigError) as caught:
        parsing.parse(text, "my.toml")
    assert caught.value.title.startswith("my.toml")
    assert title in caught.value.title
    assert hint in caught.value.hint


@pytest.mark.parametrize("one", list(every_setting()), ids=lambda one: one.key)
def test_a_value_of_the_wrong_kind_is_told_in_words_for_people(one):
    for value in ("2026-01-01", "[5]"):
        with pytest.raises(ConfigError) as told:
            parsing.parse(f"[{one.section}]\n{one.name} = {value}", "my.toml")
        assert told.value.hint
        assert not re.search(r"Expected|`str`|object", f"{told.value.title} {told.value.hint}")


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        loading.load(tmp_path, {})
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        loading.load(binary, {})


PLAIN = "[speech]\nspeed = 1.25\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        b"\xef\xbb\xbf# my settings\n" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode("utf-8-sig"),
    ],
)
def test_a_mark_of_the_byte_order_is_no_part_of_the_settings(tmp_path, content):
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    assert loading.load(file, {}).speech.speed == 1.25


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (PLAIN.encode("utf-16"), 1),
        (PLAIN.encode("utf-16-le"), 1),
        (PLAIN.encode("utf-16-be"), 1),
        ('[backend]\nuser = "Zoë"\n'.encode("latin-1"), 2),
        ("[backend]\n\n# “mine”\n".encode("cp1252"), 3),
    ],
)
def test_a_file_in_another_encoding_is_said_with_its_line_and_a_way_out(tmp_path, content, line):
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=f"line {line} is not UTF-8") as caught:
        loading.load(file, {})
    assert str(file) in caught.value.title
    assert "as UTF-8" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[speech]\nspeed = 1,25\n", "1.5"),
        ("[sounds]\nenabled = true\nvolume = 0,5", "1.5"),
        ("[backend]\nuser = \u201cZoë\u201d\n", "straight quotes"),
        ("[backend]\nuser = Zoë\n", "Correct that line"),
        ("[backend", "Correct that line"),
    ],
)
def test_a_line_that_is_no_toml_comes_with_what_is_usually_wrong(text, hint):
    with pytest.raises(ConfigError, match="not valid TOML") as caught:
        parsing.parse(text, "my.toml")
    assert hint in caught.value.hint


def test_a_named_file_that_does_not_exist_is_an_error(tmp_path):
    file = tmp_path / "mistyped.toml"
    with pytest.raises(ConfigError, match=r"mistyped\.toml does not exist") as caught:
        loading.load(file, {"VOICE_ASSISTANT_CONFIG": str(file)})
    assert "VOICE_ASSISTANT_CONFIG" in caught.value.hint
    file.touch()
    assert loading.load(file, {"VOICE_ASSISTANT_CONFIG": str(file)}) == Settings()


def test_a_link_to_nowhere_is_an_error(tmp_path):
    file = tmp_path / "config.toml"
    file.symlink_to(tmp_path / "unmounted" / "config.toml")
    with pytest.raises(ConfigError, match=r"a link to .*unmounted.*does not exist"):
        loading.load(file, {})


def test_a_wrong_address_is_said_without_its_password():
    with pytest.raises(ConfigError, match=r"backend\.url holds a user name") as caught:
        parsing.parse('[backend]\nurl = "htps://me:HUSH@host/v1"', "my.toml")
    assert "HUSH" not in f"{caught.value.title} {caught.value.hint}"


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
