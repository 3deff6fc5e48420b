from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from voice_assistant.errors import ConfigError
from voice_assistant.settings import loading
from voice_assistant.settings.schema import Settings

DEFAULT = Path(__file__).parents[2] / "config" / "default.toml"


def test_the_commented_file_holds_exactly_the_defaults_of_the_code():
    text = DEFAULT.read_text(encoding="utf-8")
    assert loading.parse(text, "default.toml") == Settings()
    sections = msgspec.to_builtins(Settings())
    for section, values in sections.items():
        body = text.split(f"[{section}]", 1)[1].split("\n[", 1)[0]
        lines = body.strip().splitlines()
        for key in values:
            at = next(i for i, line in enumerate(lines) if line.startswith(f"{key} = "))
            assert lines[at - 1].startswith("# "), f"{section}.{key} has no comment"


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
