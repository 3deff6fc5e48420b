"""Where things are kept, per platform; every folder is created for the owner only."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from voice_assistant.system import control_address

APP = "voice-assistant"


def config_file() -> Path:
    """The settings file: `VOICE_ASSISTANT_CONFIG`, else the platform's place. It need not exist."""
    override = os.environ.get("VOICE_ASSISTANT_CONFIG")
    return Path(override) if override else platformdirs.user_config_path(APP) / "config.toml"


def data_dir() -> Path:
    """Conversations, recordings, timers: what must survive."""
    return _private(platformdirs.user_data_path(APP))


def state_dir() -> Path:
    """Logs and small state."""
    return _private(platformdirs.user_state_path(APP))


def runtime_dir() -> Path:
    """Socket and lock; see `endpoint.py`."""
    return _private(Path(control_address.runtime_dir()))


def _private(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder
