"""A register of problems that keeps everything, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice_assistant.errors import AssistantError


class FakeProblems(list):
    """Keeps each report as a pair of the part and its error; None: the part works again."""

    def report_problem(self, part: str, error: AssistantError) -> None:
        self.append((part, error))

    def clear_problem(self, part: str) -> None:
        self.append((part, None))

    @property
    def titles(self) -> list[str | None]:
        return [error and error.title for _, error in self]
