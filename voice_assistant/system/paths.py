"""The folders of settings, data, state and socket on each platform.

The functions return names and make no folder: the code that writes a file makes its folder (see
`private_files`), so reading needs no right to write.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from voice_assistant.errors import StorageError
from voice_assistant.system import control_address
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "voice-assistant"
_AROUND = " \t\r\n\u00a0\u200b\ufeff\"'"


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the settings file: the named file, else the platform's file, which need not exist."""
    return named_config_file(environ) or platformdirs.user_config_path(APP) / "config.toml"


def named_config_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the absolute path that `VOICE_ASSISTANT_CONFIG` names; None without a name.

    Desktop files, systemd units and .env files set variables without a shell: so quotes and blanks
    around the name are dropped here, and "~" and "$HOME" are replaced.
    """
    name = environ.get("VOICE_ASSISTANT_CONFIG", "").strip(_AROUND)
    if not name:
        return None
    return Path(os.path.expanduser(os.path.expandvars(name))).absolute()  # noqa: PTH111


def data_dir() -> Path:
    """Return the folder of conversations, recordings and timers. The folder need not exist."""
    return _known(platformdirs.user_data_path(APP))


def state_dir() -> Path:
    """Return the folder of logs and small state. The folder need not exist."""
    return _known(platformdirs.user_state_path(APP))


def runtime_dir() -> Path:
    """Return the folder of socket and lock; see `control_address`. The folder need not exist."""
    return _known(Path(control_address.runtime_dir()))


def _known(folder: Path) -> Path:
    """Return the folder if it does not depend on the current folder.

    Raises:
        StorageError: the user has no home folder: "~" stays "~", and would be made in the current
            folder.
    """
    if not folder.is_absolute():
        raise StorageError(_("The home folder is not known"), _("Set HOME to a folder of yours."))
    return folder
