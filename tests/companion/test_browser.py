"""Which browser is started."""

from __future__ import annotations

import pytest

from voice_assistant.companion.page_server import open_in_browser
from voice_assistant.errors import DaemonError

ADDRESS = "http://127.0.0.1:1/enter?x"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BROWSER", raising=False)

    def make(name, status):
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\necho $1 > {tmp_path}/{name}.opened\nexit {status}\n")
        file.chmod(0o755)

    return make


def test_a_browser_that_refuses_to_start_makes_room_for_the_next(programs, tmp_path):
    programs("chromium", 1)
    programs("google-chrome", 0)
    programs("microsoft-edge", 0)
    open_in_browser(ADDRESS)
    assert (tmp_path / "google-chrome.opened").read_text() == f"--app={ADDRESS}\n"
    assert not (tmp_path / "microsoft-edge.opened").exists()


@pytest.mark.usefixtures("programs")
def test_without_a_browser_it_is_told():
    with pytest.raises(DaemonError, match="No browser"):
        open_in_browser(ADDRESS, lambda _: False)
