"""What the backend's app can do, read once and remembered for a while."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from voice_assistant.errors import BackendError

if TYPE_CHECKING:
    from voice_assistant.api.models import Parameters
    from voice_assistant.ports import Backend

log = logging.getLogger(__name__)

FRESH_S = 300.0
"""An app's owner may change it at any time; after this it is read again."""


class Capabilities:
    """Remembers `/parameters`."""

    def __init__(self) -> None:
        self._known: Parameters | None = None
        self._read_s = -FRESH_S

    async def of(self, backend: Backend) -> Parameters | None:
        """What the app can do; what was known last, or None, where the server will not say."""
        if time.monotonic() - self._read_s < FRESH_S:
            return self._known
        try:
            return await self.read(backend)
        except BackendError as error:
            log.info("the server does not tell what it can do: %s", error.title)
        return self._known

    async def read(self, backend: Backend) -> Parameters:
        """What the app can do, asked now.

        Raises:
            BackendError: the server does not say.
        """
        self._known = await backend.parameters()
        self._read_s = time.monotonic()
        return self._known

    def forget(self) -> None:
        """Something failed, or another server took over: read again when next asked."""
        self._read_s = -FRESH_S
