"""The talk key on Windows and macOS.

pynput listens in a thread of its own. Its hotkeys report no release, so a `ChordFollower` follows
the chord.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from voice_assistant.desktop.hotkey.follower import ChordFollower, Move
from voice_assistant.desktop.hotkey.keys import TALK, Chord, by_command
from voice_assistant.errors import HotkeyError
from voice_assistant.translation import _

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


class PynputHotkey:
    """A supervised part: calls `moved` once when the key goes down, and once when it comes up."""

    def __init__(self, chord: Chord, moved: Callable[[Move], None], setting: str = TALK) -> None:
        self.name = setting
        self._chord = chord
        self._moved = moved

    async def run(self, ready: Callable[[], None]) -> None:
        """Watch the key until cancelled.

        Raises:
            HotkeyError: keys cannot be watched.
        """
        try:
            from pynput import keyboard  # noqa: PLC0415
        except Exception as error:  # pynput's backends fail in their own ways
            raise HotkeyError(
                _("Keys cannot be watched: {error}", error=error), by_command()
            ) from error
        if self._chord.button:
            raise HotkeyError(
                _("Buttons of the mouse are watched on X11 alone"),
                _("Choose a key in {name}. {by_command}", name=self.name, by_command=by_command()),
            )
        loop = asyncio.get_running_loop()
        chord = ChordFollower(self._chord, self._moved)

        def pressed(key: Any) -> None:
            one = sided(key, listener)
            name = one if one == self._chord.key else named(key, listener)
            loop.call_soon_threadsafe(chord.press, one, name)

        listener: Any = keyboard.Listener(
            on_press=pressed,
            on_release=lambda key: loop.call_soon_threadsafe(chord.release, sided(key, listener)),
        )
        listener.start()
        try:
            await asyncio.to_thread(listener.wait)
            if not getattr(listener, "IS_TRUSTED", True):
                raise HotkeyError(
                    _("macOS does not let voice-assistant watch for the talk key"),
                    _(
                        "Allow it under Privacy & Security, Accessibility and Input Monitoring, "
                        "and start again. {by_command}",
                        by_command=by_command(),
                    ),
                )
            ready()
            while listener.is_alive():  # noqa: ASYNC110  (an error in the listener's thread ends it silently)
                await asyncio.sleep(ALIVE_CHECK_S)
            raise HotkeyError(_("Keys are no longer watched"), by_command())
        finally:
            listener.stop()  # to join the thread could wait for the next key
            chord.close()


def named(key: Any, listener: Any) -> str:
    """Return the name that `keys` has for pynput's key, on whichever side of the keyboard."""
    name = _name(key, listener).removesuffix("_l").removesuffix("_r")
    return _NAMES.get(name, name)


def sided(key: Any, listener: Any) -> str:
    """Return a name of pynput's key that tells one side of the keyboard from the other."""
    name = _name(key, listener)
    for ending, side in (("_r", "right"), ("_l", "left")):
        if name.endswith(ending):
            return f"{side}{named(key, listener)}"
    return {"alt_gr": "rightalt"}.get(name) or named(key, listener)


def _name(key: Any, listener: Any) -> str:
    name = getattr(key, "name", None)  # of special keys; others have a character
    if name is None:
        name = getattr(listener.canonical(key), "char", None) or ""  # as without Ctrl and Shift
    return str(name)
