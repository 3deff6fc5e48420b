"""What the tests of the whole share."""

from __future__ import annotations

import os

import pytest
from helpers.e2e.assistant import FLITE, Notified


@pytest.fixture
def env(tmp_path):
    """A home, and nothing else: no display, no sound, no bus."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key in {"PATH", "LANG", "SSL_CERT_FILE", "VOICE_ASSISTANT_MODELS"}
        or key.startswith("COV")
    }
    (tmp_path / "run").mkdir(mode=0o700)
    settings = tmp_path / ".config" / "voice-assistant"
    settings.mkdir(parents=True)
    (settings / "config.toml").write_text(FLITE)
    return {
        **kept,
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "PULSE_SERVER": "unix:/nonexistent",
    }


@pytest.fixture
def notified(desktop):
    """What is shown on the desktop of the module."""
    with Notified(desktop) as notified:
        yield notified


@pytest.fixture
def assistant(running):
    """The assistant `running` of a file's tests, at rest for the next also if this one fails."""
    yield running
    if running.phase() != "idle":
        running.tell("stop")
        running.wait_for_phase("idle")
