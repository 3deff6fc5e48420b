from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from voice_assistant.settings.sections.backend import BackendSettings
from voice_assistant.settings.user_name import user_name


def test_a_user_name_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert user_name(BackendSettings(user="me")) == "me"
    name = user_name(BackendSettings())
    assert name == user_name(BackendSettings())
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("")  # as after a full disk
    assert user_name(BackendSettings()) == file.read_text().strip() != ""


@pytest.mark.parametrize("spoilt", ["x" * 300, "a\nb", "a\x1b[2J"])
def test_a_user_name_that_no_server_takes_is_set_aside(tmp_path, monkeypatch, spoilt):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    file = tmp_path / "voice-assistant" / "user"
    file.parent.mkdir()
    file.write_text(spoilt)
    assert user_name(BackendSettings()) == file.read_text().strip() != spoilt
    assert file.with_name("user.unreadable").read_text() == spoilt


def test_nobody_reads_half_a_user_name(tmp_path, monkeypatch):
    for at in range(30):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / str(at)))
        with ThreadPoolExecutor(8) as pool:
            names = set(pool.map(user_name, [BackendSettings()] * 8))
        assert "" not in names
        assert user_name(BackendSettings()) in names
