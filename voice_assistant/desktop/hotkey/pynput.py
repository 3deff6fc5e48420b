"""The talk key on Windows and macOS.

pynput listens in a thread of its own. Its hotkeys report no release, so `ChordFollower` follows
the chord.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from voice_assistant.desktop.hotkey.keys import BY_COMMAND, MODIFIERS, TALK, Chord
from voice_assistant.errors import HotkeyError

if TYPE_CHECKING:
    from collections.abc import Callable

ALIVE_CHECK_S = 1.0
# Keys whose name in pynput differs from ours.
_NAMES = {
    "cmd": "super",
    "enter": "return",
    "esc": "escape",
    "page_up": "pageup",
    "page_down": "pagedown",
    "print_screen": "print",
    "scroll_lock": "scrolllock",
    "-": "minus",
    "=": "equal",
    ",": "comma",
    ".": "period",
    "/": "slash",
    "\\": "backslash",
    ";": "semicolon",
    "'": "apostrophe",
    "`": "grave",
}


class ChordFollower:
    """Follows single keys; calls `on_key` when the whole chord goes down and its key comes up."""

    def __init__(self, chord: Chord, on_key: Callable[[bool], None]) -> None:
        self._chord = chord
        self._on_key = on_key
        self._modifiers: set[str] = set()
        self._held = False

    def press(self, key: str) -> None:
        """Note that the key of this name went down, or repeats."""
        if key in MODIFIERS:
            self._modifiers.add(key)
        elif key == self._chord.key and self._modifiers == self._chord.modifiers:
            self._turn(down=True)

    def release(self, key: str) -> None:
        """Note that the key of this name came up."""
        self._modifiers.discard(key)
        if key == self._chord.key:
            self._turn(down=False)

    def close(self) -> None:
        """Release the chord: no more keys will be reported."""
        self._turn(down=False)

    def _turn(self, *, down: bool) -> None:
        if down != self._held:
            self._held = down
            self._on_key(down)


class PynputHotkey:
    """A supervised part: calls `on_key(True)` and `on_key(False)` once for each hold."""

    def __init__(self, chord: Chord, on_key: Callable[[bool], None], setting: str = TALK) -> None:
        self.name = setting
        self._chord = chord
        self._on_key = on_key

    async def run(self, ready: Callable[[], None]) -> None:
        """Watch the key until cancelled.

        Raises:
            HotkeyError: keys cannot be watched.
        """
        try:
            from pynput import keyboard  # noqa: PLC0415
        except Exception as error:  # pynput's backends fail in their own ways
            raise HotkeyError(f"Keys cannot be watched: {error}", BY_COMMAND) from error
        loop = asyncio.get_running_loop()
        chord = ChordFollower(self._chord, self._on_key)
        listener: Any = keyboard.Listener(
            on_press=lambda key: loop.call_soon_threadsafe(chord.press, named(key, listener)),
            on_release=lambda key: loop.call_soon_threadsafe(chord.release, named(key, listener)),
        )
        listener.start()
        try:
            await asyncio.to_thread(listener.wait)
            if not getattr(listener, "IS_TRUSTED", True):
                raise HotkeyError(
                    "macOS does not let voice-assistant watch for the talk key",
                    "Allow it under Privacy & Security, Accessibility and Input Monitoring, and "
                    f"start again. {BY_COMMAND}",
                )
            ready()
            while listener.is_alive():  # noqa: ASYNC110  (an error in the listener's thread ends it silently)
                await asyncio.sleep(ALIVE_CHECK_S)
            raise HotkeyError("Keys are no longer watched", BY_COMMAND)
        finally:
            listener.stop()  # to join the thread could wait for the next key
            chord.close()


def named(key: Any, listener: Any) -> str:
    """Return the name that `keys` has for pynput's key."""
    name = getattr(key, "name", None)  # of special keys; others have a character
    if name is None:
        name = getattr(listener.canonical(key), "char", None) or ""  # as without Ctrl and Shift
    name = name.removesuffix("_l").removesuffix("_r")
    return _NAMES.get(name, name)
