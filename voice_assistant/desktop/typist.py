"""Types text into the window that has the focus, as a keyboard would.

On X11 each sign that the layout has only with Shift, or not at all, is given for a moment to a key
that means nothing, so that any layout types any script (XTEST; and the X Window System Protocol,
"ChangeKeyboardMapping"). A letter outside of Latin-1 has the keysym 0x01000000 and its code
(appendix A there).
On Wayland the compositor decides whether a program may type for another one: those of the wlroots
family (sway, Hyprland, labwc) let `wtype` do it; GNOME and Plasma let nobody.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from voice_assistant.system.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

log = logging.getLogger(__name__)

LET_GO_S = 3.0
"""Seconds for which the typing waits until the user's modifiers are up: with one of them, letters
are shortcuts."""

LEARNED_S = 0.3
"""Seconds that programs get to take what was typed before its keys mean something else: many ask
for the meaning only when they come to the key."""

LOOK_S = 0.02

WTYPE_S = 30.0
"""Seconds after which `wtype` is given up: the compositor hangs."""

BEYOND_LATIN_1 = 0x01000000
GROUP_MASK = 0x6000
CAPS_LOCK = 0xFFE5


def type_text(
    text: str, environ: Mapping[str, str] = os.environ, *, let_go_s: float = LET_GO_S
) -> bool:
    """Type a text into the window with the focus; return whether that is possible here.

    Blocks for some milliseconds, or seconds where a text has more signs than the keyboard has free
    keys. If it is not possible, nothing was typed.

    Args:
        text: one line, see `printable_line`.
        environ: tells which desktop runs.
        let_go_s: seconds for which it waits until the user's modifiers are up.
    """
    if sys.platform != "linux":
        from pynput.keyboard import Controller  # noqa: PLC0415  (only there)

        Controller().type(text)
        return True
    if _on_wayland(environ):
        return _type_on_wayland(text, environ)
    from Xlib import display, error  # noqa: PLC0415  (only where there is an X server)

    try:
        keyboard = display.Display()
    except (error.DisplayError, error.ConnectionClosedError, OSError):
        return False
    try:
        if not _let_go(keyboard, let_go_s):
            return False
        with _without_caps_lock(keyboard):
            return _type(keyboard, text)
    except error.ConnectionClosedError:
        return False
    finally:
        with contextlib.suppress(error.ConnectionClosedError):
            keyboard.close()


def lacks_wtype(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether this desktop might type if `wtype` was installed."""
    names = environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    return _on_wayland(environ) and not _wtype(environ) and not {"GNOME", "KDE"} & {*names}


def _on_wayland(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("WAYLAND_DISPLAY")) or environ.get("XDG_SESSION_TYPE") == "wayland"


def _wtype(environ: Mapping[str, str]) -> str | None:
    return shutil.which("wtype", path=environ.get("PATH"))


def _type_on_wayland(text: str, environ: Mapping[str, str]) -> bool:
    program = _wtype(environ)
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, "-"],  # by standard input: a command line is for everybody to read
            input=text.encode(),
            env=child_environment(environ),
            capture_output=True,
            timeout=WTYPE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.debug("wtype: %s", error)
        return False
    if done.returncode:
        log.debug("wtype: %s", done.stderr.decode("utf-8", "replace").strip())
    return not done.returncode


def _type(keyboard: Any, text: str) -> bool:
    own, free = _keys(keyboard)
    lacking = {sign for sign in text if _keysym(sign) not in own}
    if not keyboard.has_extension("XTEST") or (lacking and not free):
        return False
    for part in _parts(text, lacking, len(free)):
        given = dict(zip((_keysym(sign) for sign in lacking & set(part)), free, strict=False))
        codes = own | given
        try:
            _give(keyboard, {code: keysym for keysym, code in given.items()})
            for sign in part:
                _press(keyboard, codes[_keysym(sign)])
            keyboard.sync()
            if given:
                time.sleep(LEARNED_S)
        finally:
            _give(keyboard, dict.fromkeys(given.values(), 0))
            keyboard.sync()
    return True


def _keys(keyboard: Any) -> tuple[dict[int, int], list[int]]:
    """Return the keys that give a sign without any modifier, by keysym, and those without a sign.

    A second layout is in use where the state names its group ("Group Index" in "The X Keyboard
    Extension: Protocol Specification"): what its keys give is not looked for.
    """
    shown = keyboard.display.info
    first, count = shown.min_keycode, shown.max_keycode - shown.min_keycode + 1
    modifiers = set(itertools.chain(*keyboard.get_modifier_mapping()))
    every = [
        (code, keysyms)
        for code, keysyms in enumerate(keyboard.get_keyboard_mapping(first, count), first)
        if code not in modifiers
    ]
    second_layout = keyboard.screen().root.query_pointer().mask & GROUP_MASK
    own = {} if second_layout else {keysyms[0]: code for code, keysyms in every if keysyms[0]}
    return own, [code for code, keysyms in every if not any(keysyms)]


def _let_go(keyboard: Any, limit_s: float) -> bool:
    """Wait until no modifier is down; return whether that is so."""
    from Xlib import X  # noqa: PLC0415  (only where there is an X server)

    held = X.ControlMask | X.ShiftMask | X.Mod1Mask | X.Mod4Mask
    give_up_at_s = time.monotonic() + limit_s
    while keyboard.screen().root.query_pointer().mask & held:
        if time.monotonic() > give_up_at_s:
            return False
        time.sleep(LOOK_S)
    return True


@contextlib.contextmanager
def _without_caps_lock(keyboard: Any) -> Iterator[None]:
    """Let letters be as they are while the block runs, also where Caps Lock is on."""
    from Xlib import X  # noqa: PLC0415  (only where there is an X server)

    locked = keyboard.screen().root.query_pointer().mask & X.LockMask
    lock = keyboard.keysym_to_keycode(CAPS_LOCK) if locked else 0
    if lock:
        _press(keyboard, lock)
    try:
        yield
    finally:
        if lock:
            _press(keyboard, lock)
            keyboard.sync()


def _parts(text: str, lacking: Collection[str], most: int) -> Sequence[str]:
    """Return the text in parts that have at most `most` different signs of `lacking` each."""
    parts, given = [""], set[str]()
    for sign in text:
        if sign in lacking and sign not in given:
            if len(given) == most:
                parts.append("")
                given = set()
            given.add(sign)
        parts[-1] += sign
    return parts


def _keysym(sign: str) -> int:
    """Return the name of a sign among keys: those of Latin-1 have their own code."""
    in_latin_1 = len(sign.encode("latin-1", "ignore")) == 1
    return ord(sign) if in_latin_1 else BEYOND_LATIN_1 | ord(sign)


def _give(keyboard: Any, keysyms: Mapping[int, int]) -> None:
    """Give keys a meaning each, with Shift and without.

    Every change is told to every program: keys beside each other are changed at once.
    """
    for first, run in _runs(sorted(keysyms)):
        keyboard.change_keyboard_mapping(first, [(keysyms[code],) * 2 for code in run])


def _runs(codes: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each row of codes that follow each other, with its first one."""
    for _distance, run in itertools.groupby(enumerate(codes), lambda placed: placed[1] - placed[0]):
        row = [code for _, code in run]
        yield row[0], row


def _press(keyboard: Any, code: int) -> None:
    from Xlib import X  # noqa: PLC0415  (only where there is an X server)

    for move in (X.KeyPress, X.KeyRelease):
        keyboard.xtest_fake_input(move, code)
