from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from voice_assistant.settings import documentation, loading, parsing
from voice_assistant.settings.catalogue import every_setting, setting
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.backend import BackendSettings
from voice_assistant.settings.sections.declaration import Effect

DEFAULT = Path(__file__).parents[2] / "config" / "default.toml"
NUMBERS = [setting for setting in every_setting() if setting.allowed]


def test_the_file_of_defaults_is_the_one_that_the_declarations_make():
    command = [sys.executable, "-m", "voice_assistant.settings.documentation"]
    made = subprocess.run(command, capture_output=True, check=True)
    assert made.stdout == DEFAULT.read_bytes()
    assert documentation.default_toml() == made.stdout.decode()


def test_the_commented_file_holds_exactly_the_defaults_of_the_code():
    text = DEFAULT.read_text(encoding="utf-8")
    assert parsing.parse(text, "default.toml") == Settings()
    sections = msgspec.to_builtins(Settings())
    assert list(tomllib.loads(text)) == list(sections)
    assert sections.pop("profiles") == {}
    for section, values in sections.items():
        body = text.split(f"[{section}]", 1)[1].split("\n[", 1)[0]
        lines = body.strip().splitlines()
        for key in values:
            at = next(i for i, line in enumerate(lines) if line.startswith(f"{key} = "))
            assert lines[at - 1].startswith("# "), f"{section}.{key} has no comment"


def test_every_line_of_the_file_fits_a_terminal():
    assert max(map(len, documentation.default_toml().splitlines())) <= documentation.WIDTH


@pytest.mark.parametrize("declared", [*every_setting()], ids=lambda declared: declared.key)
def test_every_setting_has_a_meaning_in_whole_sentences_and_says_when_it_takes_effect(declared):
    assert declared.description.endswith(".")
    assert isinstance(declared.effect, Effect)
    assert setting(declared.key) == declared


def test_a_setting_that_does_not_exist_is_not_found():
    assert setting("speech.colour") is None


@pytest.mark.parametrize("declared", NUMBERS, ids=lambda declared: declared.key)
def test_the_declared_range_is_the_one_that_is_documented_and_enforced(declared):
    low, high = declared.allowed
    assert low <= declared.default <= high
    assert f"From {low:.12g} to {high:.12g}." in documentation.default_toml().replace("\n# ", " ")
    for value in declared.allowed:
        parsing.parse(f"{declared.section}.{declared.name} = {value}", "a file")
    for value in (low - 0.001, high + 0.001, "nan"):
        with pytest.raises(loading.ConfigError, match=f"{declared.key} is ") as caught:
            parsing.parse(f"{declared.section}.{declared.name} = {value}", "a file")
        assert caught.value.hint == f"It goes from {low:.12g} to {high:.12g}."


def test_the_schema_is_json_and_tells_type_range_default_meaning_and_effect():
    schema = json.loads(json.dumps(documentation.json_schema()))
    assert set(schema["$defs"]["Settings"]["properties"]) == set(msgspec.to_builtins(Settings()))
    for declared in every_setting():
        section = schema["$defs"]["Settings"]["properties"][declared.section]
        kind = schema["$defs"][section["$ref"].rpartition("/")[2]]
        assert kind["additionalProperties"] is False
        told = kind["properties"][declared.name]
        assert told["description"] == declared.description
        assert told["default"] == declared.default
        assert told["x-takes-effect"] == declared.effect.value
        assert (told.get("minimum"), told.get("maximum")) == (declared.allowed or (None, None))


@pytest.mark.parametrize(
    ("given", "hidden", "shown"),
    [
        ({"api_key": "app-SECRET"}, "SECRET", 'api_key = "***"'),
        ({"api_key": ""}, "***", 'api_key = ""'),
        ({"api_key_command": "echo app-SECRET"}, "SECRET", 'api_key_command = "***"'),
        ({"url": "https://me:SECRET@host/v1"}, "SECRET", 'url = "https://***@host/v1"'),
        ({"url": "https://SECRET@host/v1"}, "SECRET", 'url = "https://***@host/v1"'),
        ({"url": "http://me:SEC@RET@host/v1"}, "RET", 'url = "http://***@host/v1"'),
        ({"url": "https://host/v1?to=a@b"}, "***", 'url = "https://host/v1?to=a@b"'),
    ],
)
def test_settings_are_shown_without_their_secrets(given, hidden, shown):
    text = documentation.settings_toml(Settings(backend=BackendSettings(**given)))
    assert shown in text
    assert hidden not in text


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        'with "quotes", \\ and\ttabs\n',
        "Grüße 😀 \x7f\x01",
        1.5,
        -0.0,
        3,
        True,
        [],
        [1, "two", [3.0]],
        {},
        {"city": "Paris", "with blank": {"ü": [{"a.b": False}]}, "": "empty"},
    ],
)
def test_a_value_is_written_as_toml_that_reads_back(value):
    assert tomllib.loads(f"value = {documentation.toml_value(value)}") == {"value": value}


def test_shown_settings_can_be_read_back():
    inputs = {"home city": "Paris", "rooms": [1, 2], "nested": {"on": True}}
    settings = Settings(backend=BackendSettings(user="Zoë", inputs=inputs))
    assert parsing.parse(documentation.settings_toml(settings), "shown") == settings
