"""The user's session: whether the screen is locked, and whether the machine goes to sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Session:
    """What is known of the session: as long as nothing tells of it, it is never locked."""

    def __init__(self) -> None:
        self._locked_by: set[str] = set()
        self._on_sleep: list[Callable[[], None]] = []
        self._on_wake: list[Callable[[], None]] = []

    @property
    def locked(self) -> bool:
        """Return whether the screen is locked: whoever sits there may not be the user."""
        return bool(self._locked_by)

    def on_sleep(self, follower: Callable[[], None]) -> None:
        """Call `follower` right before the machine goes to sleep."""
        self._on_sleep.append(follower)

    def on_wake(self, follower: Callable[[], None]) -> None:
        """Call `follower` when the machine has woken up."""
        self._on_wake.append(follower)

    def tell_of_sleep(self, *, begins: bool) -> None:
        """Tell the followers that the machine goes to sleep, or has woken up."""
        for follower in self._on_sleep if begins else self._on_wake:
            follower()

    def note(self, who: str, *, locked: bool) -> None:
        """Note whether `who` has locked the screen."""
        (self._locked_by.add if locked else self._locked_by.discard)(who)
