"""Where things are kept, per platform.

Only names: whoever writes makes the folder (see `private_files`), so that to look for something
needs no right to write.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from voice_assistant.errors import StorageError
from voice_assistant.system import control_address

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "voice-assistant"
_AROUND = " \t\r\n\u00a0\u200b\ufeff\"'"


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The settings file: the named one, else the platform's, which need not exist."""
    return named_config_file(environ) or platformdirs.user_config_path(APP) / "config.toml"


def named_config_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The settings file that `VOICE_ASSISTANT_CONFIG` names, as a whole path; None without a name.

    No shell reads what desktop files, systemd units and .env files set: quotes and blanks around
    the name are dropped here, and "~" and "$HOME" are replaced.
    """
    name = environ.get("VOICE_ASSISTANT_CONFIG", "").strip(_AROUND)
    if not name:
        return None
    return Path(os.path.expanduser(os.path.expandvars(name))).absolute()  # noqa: PTH111


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
