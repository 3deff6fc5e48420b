"""Which chat model answers: that of the settings, or one on this machine that the user chose."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.server.chat_model.access import Access

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_assistant.server.chat_model.discovery import Found
    from voice_assistant.server.store.store import Store

LOOK_AGAIN_S = 60.0
"""Seconds between two looks for servers on this machine."""

SETTING = "chat_model"
"""The name under which the store keeps the model that the user chose."""


class ModelChoice:
    """Keeps the user's choice of a chat model.

    Args:
        db: a connection as made by `store.connect`.
        access: what the settings say about the chat model.
        ports: where to look for servers on this machine; None for their usual ports.
    """

    def __init__(
        self, db: Store, access: Access | None = None, ports: Mapping[str, int] | None = None
    ) -> None:
        self._db = db
        self._settings = access or Access("")
        self._ports = ports
        self._found: Found | None = None
        self._looked_at_s = -LOOK_AGAIN_S

    @property
    def given(self) -> bool:
        """Whether the settings name the model, so that it cannot be chosen by voice."""
        return bool(self._settings.url)

    @property
    def access(self) -> Access | None:
        """The access to the model in use; None if no model is in use."""
        if self.given:
            return self._settings
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (SETTING,)).fetchone()
        if row is None:
            return None
        chosen = msgspec.json.decode(row[0], type=Access)
        model = self._settings.model or chosen.model
        return msgspec.structs.replace(self._settings, url=chosen.url, model=model)

    async def found(self, *, anew: bool = False) -> Found | None:
        """Return the first server of chat models on this machine; None without a server.

        Args:
            anew: look now, even if the last look was a moment ago.
        """
        if anew or time.monotonic() - self._looked_at_s >= LOOK_AGAIN_S:
            from voice_assistant.server.chat_model import discovery  # noqa: PLC0415  (httpx)

            ports = discovery.USUAL_PORTS if self._ports is None else self._ports
            self._found = next(iter(await discovery.look(ports)), None)
            self._looked_at_s = time.monotonic()
        return self._found

    def use(self, found: Found) -> None:
        """Let the first model of this server answer from now on, also after a restart."""
        access = Access(found.url, found.models[0])
        self._db.execute(
            "REPLACE INTO settings VALUES (?, ?)", (SETTING, msgspec.json.encode(access).decode())
        )

    def leave(self) -> None:
        """Forget the model that the user chose."""
        self._db.execute("DELETE FROM settings WHERE name = ?", (SETTING,))
