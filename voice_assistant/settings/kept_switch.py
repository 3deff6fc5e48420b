"""A switch that stays as it is over a restart: on while its file exists."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError
from voice_assistant.system.private_files import replace

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

MICROPHONE_OFF = "microphone-off"
"""The name of the file, in the state folder, that mutes the microphone."""


class KeptSwitch:
    """A switch. If the disk refuses the change, it holds until the program ends.

    Args:
        file: exists while the switch is on.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._on = os.path.exists(file)  # noqa: PTH110  (an unreadable folder is no error here)

    @property
    def on(self) -> bool:
        """Return whether the switch is on."""
        return self._on

    def turn(self, on: bool | None) -> None:  # noqa: FBT001  (a switch has two places)
        """Turn the switch on or off; None: to its other place."""
        self._on = not self._on if on is None else on
        try:
            if self._on:
                replace(self._file, b"")
            else:
                self._file.unlink(missing_ok=True)
        except (OSError, StorageError) as error:
            log.warning("%s: a restart will not know the change: %s", self._file, error)
