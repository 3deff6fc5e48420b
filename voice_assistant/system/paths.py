"""Where things are kept, per platform.

Only names: whoever writes makes the folder (see `private_files`), so that to look for something
needs no right to write.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from voice_assistant.errors import StorageError
from voice_assistant.system import control_address

APP = "voice-assistant"


def config_file() -> Path:
    """The settings file: `VOICE_ASSISTANT_CONFIG`, else the platform's place. It need not exist."""
    override = os.environ.get("VOICE_ASSISTANT_CONFIG")
    return Path(override) if override else platformdirs.user_config_path(APP) / "config.toml"


def data_dir() -> Path:
    """Conversations, recordings, timers: what must survive. It need not exist."""
    return _known(platformdirs.user_data_path(APP))


def state_dir() -> Path:
    """Logs and small state. It need not exist."""
    return _known(platformdirs.user_state_path(APP))


def runtime_dir() -> Path:
    """Socket and lock; see `control_address`. It need not exist."""
    return _known(Path(control_address.runtime_dir()))


def _known(folder: Path) -> Path:
    """The folder, if it does not depend on where the program was started.

    Raises:
        StorageError: the user has no home: "~" stays "~", and would be made in the current folder.
    """
    if not folder.is_absolute():
        raise StorageError("The home folder is not known", "Set HOME to a folder of yours.")
    return folder
