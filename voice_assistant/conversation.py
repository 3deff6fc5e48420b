"""Which conversation the next question belongs to.

Kept across restarts, for each server and user apart, because a conversation's id means nothing to
another server or another user.
"""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


class Conversation:
    """The conversation that goes on until `forget`.

    Args:
        file: where ids are kept, as a JSON object; created for the owner only.
        owner: names server and user.
    """

    def __init__(self, file: Path, owner: str) -> None:
        self._file = file
        self._owner = owner

    @property
    def id(self) -> str:
        """The conversation to go on with, "" where the next question begins one."""
        return self._read().get(self._owner, "")

    def go_on(self, conversation_id: str) -> None:
        """The next question belongs to this one."""
        ids = self._read()
        if ids.get(self._owner) != conversation_id:
            self._write({**ids, self._owner: conversation_id})

    def forget(self) -> None:
        """The next question begins a new conversation."""
        self._write({owner: kept for owner, kept in self._read().items() if owner != self._owner})

    def _read(self) -> dict[str, str]:
        try:
            ids = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read, a new conversation begins: %s", self._file, error)
            return {}
        return ids if isinstance(ids, dict) else {}

    def _write(self, ids: dict[str, str]) -> None:
        """Replace the file whole: a crash in between leaves the old one."""
        draft = self._file.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(ids, file)
        draft.replace(self._file)
