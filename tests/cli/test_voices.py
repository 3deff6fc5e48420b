"""`voices list`, and what cannot be played."""

from __future__ import annotations

import json
import sys

import pytest

from voice_assistant.cli import voices
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.errors import InputError


@pytest.fixture(autouse=True)
def no_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICE_ASSISTANT_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text("")


def test_the_voice_in_use_is_marked(capsys):
    used = find_voice()
    if used is None:
        pytest.skip("needs a voice")
    assert voices.show(as_json=False) == 0
    (marked,) = (line for line in capsys.readouterr().out.splitlines() if line[0] == "*")
    assert marked.split()[1:3] == used.name.split()
    assert voices.show(as_json=True) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [f"{one['engine']} {one['voice']}" for one in listed if one["used"]] == [used.name]


def test_a_voice_that_is_not_there_is_told():
    with pytest.raises(InputError, match="no such voice"):
        voices.play("hibari", "nobody", "")


def test_a_machine_without_a_voice_is_told(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "hibari", None)
    assert voices.show(as_json=False) == 0
    assert capsys.readouterr().out == "No voice was found.\n"
