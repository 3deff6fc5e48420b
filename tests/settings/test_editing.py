from __future__ import annotations

import stat
import tomllib

import pytest

from voice_assistant.errors import ConfigError
from voice_assistant.settings import documentation, editing, loading, parsing
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.settings.schema import Settings

OWN = """\
# my settings
[speech]   # how it speaks
speed = 1.5  # brisk
# the end of speech

[hotkey]
keys = "f9"
"""


def changed(text, key, typed):
    one = editing.declared(key)
    return editing.with_setting(text, one, editing.value_from(one, typed), "config.toml")


def test_a_changed_setting_leaves_comments_and_order_alone():
    assert changed(OWN, "speech.speed", "2") == OWN.replace("1.5", "2.0")


def test_a_new_setting_joins_its_section():
    text = changed(OWN, "speech.enabled", "off")
    assert tomllib.loads(text)["speech"] == {"speed": 1.5, "enabled": False}
    assert all(line in text.splitlines() for line in OWN.splitlines())


def test_a_new_section_comes_at_the_end():
    text = changed(OWN, "microphone.device", "USB")
    assert text.startswith(OWN)
    assert text[len(OWN) :].split() == ["[microphone]", "device", "=", '"USB"']


def test_a_setting_that_is_taken_out_has_its_default_again():
    one = editing.declared("speech.speed")
    text = editing.with_setting(OWN, one, None, "config.toml")
    assert parsing.parse(text, "").speech.speed == 1.0
    assert "# the end of speech" in text
    assert editing.with_setting(text, one, None, "config.toml") == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[speech]\nspeed = 1.5\n", ""),
        ("[sounds]\nenabled = true\n\n[speech]\nspeed = 1.5\n", "[sounds]\nenabled = true\n\n"),
        ("[speech]\nspeed = 1.5\n\n[sounds]\nenabled = true\n", "[sounds]\nenabled = true\n"),
        ("speech.speed = 1.5\n", ""),
        ("speech = { speed = 1.5 }\n", ""),
        ("[speech]\n# why\nspeed = 1.5\n", "[speech]\n# why\n"),
        ("[speech]\nspeed = 1.5\nenabled = true\n", "[speech]\nenabled = true\n"),
    ],
)
def test_of_a_section_whose_last_setting_is_taken_out_comments_alone_stay(text, left):
    one = editing.declared("speech.speed")
    assert editing.with_setting(text, one, None, "config.toml") == left


def test_a_section_in_two_parts_may_lose_its_setting():
    text = '[backend]\n[sounds]\n[backend.inputs]\na = "b"\n'
    left = editing.with_setting(text, editing.declared("backend.inputs"), None, "config.toml")
    assert parsing.parse(left, "").backend.inputs == {}


@pytest.mark.parametrize("one", list(every_setting()), ids=lambda one: one.key)
def test_every_setting_can_be_typed_as_its_default_is_shown(one):
    shown = one.default if isinstance(one.default, str) else documentation.toml_value(one.default)
    assert editing.value_from(one, shown) == one.default
    start = documentation.starting_toml()
    again = editing.with_setting(start, one, one.default, "config.toml")
    kept = parsing.parse(again, "")
    assert getattr(getattr(kept, one.section), one.name) == one.default


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("speech.speed", "9", "It goes from 0.5 to 3."),
        ("speech.speed", "fast", "It is a number from 0.5 to 3, such as 1."),
        ("speech.speed", "1,5", "It is a number from 0.5 to 3, such as 1."),
        ("speech.speed", "true", "It is a number from 0.5 to 3, such as 1."),
        ("speech.enabled", "perhaps", "It is true or false."),
        ("hotkey.mode", "shout", 'Use "hold", "toggle" or "hybrid".'),
        ("backend.inputs", "city", 'It is a table, such as { name = "value" }.'),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(key, typed, words):
    with pytest.raises(ConfigError) as refused:
        changed(OWN, key, typed)
    assert refused.value.hint == words


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("speech.sped", "Did you mean speech.speed?"),
        ("speed", "Did you mean speech.speed?"),
        ("zzzz", "`voice-assistant config show` lists all settings."),
    ],
)
def test_a_setting_that_does_not_exist_is_refused_with_the_one_that_may_be_meant(key, hint):
    with pytest.raises(ConfigError) as refused:
        editing.declared(key)
    assert refused.value.hint == hint


def test_the_starting_file_changes_nothing():
    assert parsing.parse(documentation.starting_toml(), "") == Settings()


def test_a_file_with_an_error_is_left_as_it_is(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[speech\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        editing.change(file, editing.declared("speech.speed"), 2.0)
    assert file.read_text() == "[speech\n"


def test_a_link_stays_a_link_and_the_file_keeps_its_mode_and_its_folder(tmp_path):
    (tmp_path / "dotfiles").mkdir(mode=0o755)
    real = tmp_path / "dotfiles" / "assistant.toml"
    real.write_text(OWN)
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    editing.change(link, editing.declared("speech.speed"), 2.0)
    assert link.is_symlink()
    assert "speed = 2.0" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert stat.S_IMODE(real.parent.stat().st_mode) == 0o755


def test_a_new_file_is_its_owners_alone(tmp_path):
    file = tmp_path / "new" / "config.toml"
    editing.change(file, editing.declared("hotkey.keys"), "f9")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert parsing.parse(file.read_text(), "").hotkey.keys == "f9"


def test_a_profile_is_added_changed_and_taken_out(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(OWN)
    editing.change_profile(file, "my work", {"url": "https://dify.example/v1"})
    editing.change_profile(file, "my work", {"url": "https://other.example/v1"})
    assert file.read_text().startswith(OWN)
    assert parsing.parse(file.read_text(), "").profiles["my work"].url == "https://other.example/v1"
    with pytest.raises(ConfigError):
        editing.change_profile(file, "wrong", {"url": "no address"})
    editing.change_profile(file, "my work", {"inputs": {"city": "Paris"}, "voice": "alloy"})
    editing.change_profile(file, "my work", {"voice": None})
    kept = loading.load(file, {}, profile="my work").backend
    assert (kept.url, kept.inputs, kept.voice) == (
        "https://other.example/v1",
        {"city": "Paris"},
        "",
    )
    editing.change_profile(file, "my work", None)
    assert parsing.parse(file.read_text(), "").profiles == {}
    assert all(line in file.read_text() for line in OWN.splitlines())
