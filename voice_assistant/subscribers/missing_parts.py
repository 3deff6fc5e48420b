"""The register of the parts that do not work at the moment."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.errors import AssistantError
    from voice_assistant.ports import Warn

log = logging.getLogger(__name__)


class MissingParts:
    """A `ports.Problems` that warns of each problem once, until its part works again.

    A problem that several parts share, such as a session bus that is not there, is one warning.

    Args:
        warn: shows the warnings; `warn_by` adds more.
    """

    def __init__(self, *warn: Warn) -> None:
        self._errors: dict[str, AssistantError] = {}
        self._warn = list(warn)
        self._followers: list[Callable[[], None]] = []

    def warn_by(self, warn: Warn) -> None:
        """Also warn by `warn`; begin with the problems that are known already."""
        self._warn.append(warn)
        for error in {error.title: error for error in self._errors.values()}.values():
            warn(error.title, error.hint)

    def on_report(self, follower: Callable[[], None]) -> None:
        """Call `follower` after every report, also after `clear_problem` of a part that works."""
        self._followers.append(follower)

    def report_problem(self, part: str, error: AssistantError) -> None:
        """Register that `part` does not work."""
        if part not in self._errors:
            log.warning("%s: %s. %s", part, error.title, error.hint)
            if error.title not in self.titles:
                for warn in self._warn:
                    warn(error.title, error.hint)
        self._errors[part] = error
        self._reported()

    def clear_problem(self, part: str) -> None:
        """Register that `part` works (again)."""
        if self._errors.pop(part, None):
            log.info("%s: works again", part)
        self._reported()

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the title of each problem."""
        return tuple(dict.fromkeys(error.title for error in self._errors.values()))

    @property
    def lines(self) -> tuple[str, ...]:
        """Return title and hint of each problem."""
        return tuple(
            dict.fromkeys(f"{error.title}. {error.hint}".strip() for error in self._errors.values())
        )

    def _reported(self) -> None:
        for follower in self._followers:
            follower()
