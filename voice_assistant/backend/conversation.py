"""Which conversation the next question belongs to.

Kept across restarts, for each server and user apart, because a conversation's id means nothing to
another server or another user.
"""

from __future__ import annotations

import json
import logging
import os
import time
from typing import TYPE_CHECKING

from voice_assistant.errors import BackendError, TimedOut
from voice_assistant.settings.address import identity

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

SURE_S = 300.0
"""How long a server is trusted to still have a conversation that it had."""


class Conversation:
    """The conversation that goes on until `forget`.

    Args:
        file: where ids are kept, as a JSON object; created for the owner only.
        owner: names the server; an address in any spelling.
    """

    def __init__(self, file: Path, owner: str) -> None:
        self._file = file
        self._owner = identity(owner)
        self._had = ""  # what the server had, when last asked
        self._had_s = 0.0

    @property
    def id(self) -> str:
        """The conversation to go on with, "" where the next question begins one."""
        ids = self._read()
        older = (ids[name] for name in ids if identity(name) == self._owner)
        return ids.get(self._owner) or next(older, "")

    async def confirmed(self, backend: Backend) -> str:
        """As `id`, less one that the server no longer has.

        1.14.0 answers a question in a conversation that is gone by one ping and then nothing for
        300 s, and counts it among those that run. So it is asked for first, while the user speaks
        or while something else is awaited.

        Raises:
            TimedOut: the server is frozen: the question would wait as long.
        """
        wanted = self.id
        if not wanted or (wanted == self._had and time.monotonic() - self._had_s < SURE_S):
            return wanted
        try:
            exists = await backend.has_conversation(wanted)
        except TimedOut:
            raise
        except BackendError as error:
            log.info("the server does not say whether the conversation exists: %s", error.title)
            return wanted
        if exists:
            self._sure(wanted)
            return wanted
        log.info("the server no longer has the conversation: a new one begins")
        self.forget()
        return ""

    def doubt(self) -> None:
        """An answer did not begin: ask for the conversation before the next question."""
        self._had = ""

    def go_on(self, conversation_id: str) -> None:
        """The next question belongs to this one."""
        self._sure(conversation_id)
        ids = self._read()
        if ids.get(self._owner) != conversation_id:
            self._write({**self._of_others(ids), self._owner: conversation_id})

    def forget(self) -> None:
        """The next question begins a new conversation."""
        self._write(self._of_others(self._read()))

    def _of_others(self, ids: dict[str, str]) -> dict[str, str]:
        return {name: kept for name, kept in ids.items() if identity(name) != self._owner}

    def _sure(self, conversation_id: str) -> None:
        self._had, self._had_s = conversation_id, time.monotonic()

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
