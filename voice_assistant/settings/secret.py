"""A value that no log and no message shows."""

from __future__ import annotations


class Secret:
    """A secret value. Only `reveal` returns it; the text forms of this object hide it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        """Return three stars."""
        return "Secret(***)"

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value
