"""The register of the parts that do not work at the moment."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from voice_assistant.errors import MicrophoneReplaced, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_assistant.errors import AssistantError
    from voice_assistant.ports import Warn

log = logging.getLogger(__name__)


class MissingParts:
    """A `ports.Problems` that warns of each problem once, until its part works again.

    A problem that several parts share, such as a session bus that is not there, is one warning.
    Its words call settings by their names, as one types them: each display shows their titles.

    Args:
        warn: shows the warnings.
    """

    def __init__(self, *warn: Warn) -> None:
        self._errors: dict[str, AssistantError] = {}
        self._warn = warn
        self._reported: set[str] = set()
        self._followers: list[Callable[[], None]] = []

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
        self._report_of(part)

    def clear_problem(self, part: str) -> None:
        """Register that `part` works (again)."""
        if self._errors.pop(part, None):
            log.info("%s: works again", part)
        self._report_of(part)

    def are_known(self, parts: Iterable[str]) -> bool:
        """Return whether each of `parts` has been reported at least once, as working or not."""
        return self._reported.issuperset(parts)

    def works(self, part: str) -> bool:
        """Return whether no problem of `part` is known."""
        return part not in self._errors

    def first_title(self, parts: Iterable[str]) -> str:
        """Return the title of the first problem that one of `parts` has, "" for none.

        A microphone in whose place another one listens does not count.
        """
        problems = (self._errors[part] for part in parts if part in self._errors)
        found = (one.title for one in problems if not isinstance(one, MicrophoneReplaced))
        return next(found, "")

    @property
    def problems(self) -> dict[str, str]:
        """Return the title of each problem with its hint."""
        return {error.title: error.hint for error in self._errors.values()}

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the title of each problem."""
        return tuple(self.problems)

    @property
    def lines(self) -> tuple[str, ...]:
        """Return title and hint of each problem."""
        lines = (sentences(error.title, error.hint) for error in self._errors.values())
        return tuple(dict.fromkeys(lines))

    def _report_of(self, part: str) -> None:
        self._reported.add(part)
        for follower in self._followers:
            follower()
