"""What a status shows of the disk, where other processes change it, too."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.desktop.autostart import Autostart
    from voice_assistant.hearing.archive import Archive


class WatchedDisk:
    """The recordings, the start at login and the conversation, as they were at the last look.

    Args:
        archive: tells whether recordings wait for an answer.
        login: tells whether a login starts the assistant.
        conversation_id: returns the current conversation of the app in use.

    Attributes:
        unanswered: whether a recording can be tried again.
        starts_at_login: whether a login starts the assistant.
        conversation_id: the current conversation.
    """

    def __init__(
        self, archive: Archive, login: Autostart, conversation_id: Callable[[], str]
    ) -> None:
        self._archive = archive
        self._login = login
        self._current_id = conversation_id
        self.look()

    def look(self) -> None:
        """Look at everything."""
        self._archive_ns = self._archive.changed_ns
        self.unanswered = False
        with contextlib.suppress(StorageError):  # a check of the folder tells that
            self.unanswered = self._archive.newest() is not None
        self._look_beside()

    def look_at_changes(self) -> None:
        """Look at the recordings only if their folder has changed: all of them would be read."""
        if self._archive.changed_ns == self._archive_ns:
            self._look_beside()
        else:
            self.look()

    def _look_beside(self) -> None:
        self.starts_at_login = self._login.on
        self.conversation_id = self._current_id()
