"""Follows single keys, and tells what that means for one chord."""

from __future__ import annotations

import asyncio
import enum
from typing import TYPE_CHECKING

from voice_assistant.desktop.hotkey.keys import MODIFIERS, Chord

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

ALONE_S = 0.15
"""Seconds for which a lone modifier is down before it counts: with another key it belongs to a
shortcut, whose key most people press sooner."""


class Move(enum.Enum):
    """A movement of a watched key."""

    DOWN = enum.auto()
    UP = enum.auto()
    SPOILT = enum.auto()
    """Another key came to a lone modifier that is down: it was meant for a shortcut."""


class ChordFollower:
    """Calls `moved` when the whole chord goes down, and when its key comes up.

    A lone modifier goes down once it has been down alone for `ALONE_S`, or was tapped.

    Args:
        chord: the chord.
        moved: takes each move, on the asyncio thread.
    """

    def __init__(self, chord: Chord, moved: Callable[[Move], None]) -> None:
        self._chord = chord
        self._moved = moved
        self._down: dict[Hashable, str] = {}  # the modifiers that are down, by their keys
        self._held: Hashable | None = None
        self._waits: asyncio.TimerHandle | None = None  # for the lone modifier to be alone

    @property
    def held(self) -> Hashable | None:
        """Return the key that holds the chord down, None while it is up."""
        return self._held

    @property
    def armed(self) -> bool:
        """Return whether all modifiers are down, and no other: the key alone is missing."""
        return frozenset(self._down.values()) == self._chord.modifiers

    @property
    def down(self) -> frozenset[Hashable]:
        """Return the modifiers that are down."""
        return frozenset(self._down)

    def press(self, key: Hashable, name: str, latched: frozenset[str] = frozenset()) -> None:
        """Note that a key went down, or repeats.

        Args:
            key: tells the key from others of the same name, such as the two for "ctrl".
            name: its name as in `Chord`, or any other.
            latched: modifiers that count as down although no key is.
        """
        if self._chord.lone:
            self._press_beside(key, name)
        elif name == self._chord.key:
            if latched | frozenset(self._down.values()) == self._chord.modifiers:
                self.hold(key)
        elif name in MODIFIERS:
            self._down[key] = name

    def hold(self, key: Hashable) -> None:
        """Note that the whole chord is down by this key, whatever else was noted."""
        if self._held is None:
            self._held = key
            self._moved(Move.DOWN)

    def release(self, key: Hashable) -> None:
        """Note that a key came up."""
        self._down.pop(key, None)
        if self._waits and self._chord.lone and not self._down:
            self._settle(key)
        if key == self._held:
            self._held = None
            self._moved(Move.UP)

    def close(self) -> None:
        """Release the chord: no more keys will be reported."""
        self._stop_waiting()
        if self._held is not None:
            self.release(self._held)

    def _press_beside(self, key: Hashable, name: str) -> None:
        """Follow a lone modifier and everything that is pressed with it."""
        if key in self._down:
            return  # it repeats
        if self._waits:
            self._stop_waiting()
        elif self._held is not None:
            self._held = None
            self._moved(Move.SPOILT)
        elif name == self._chord.key and not self._down:
            self._waits = asyncio.get_running_loop().call_later(ALONE_S, self._settle, key)
        self._down[key] = name

    def _settle(self, key: Hashable) -> None:
        self._stop_waiting()
        self.hold(key)

    def _stop_waiting(self) -> None:
        if self._waits:
            self._waits.cancel()
            self._waits = None
