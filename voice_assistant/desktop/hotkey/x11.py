"""The talk key on X11: grabbed from the server, so that no window sees it.

Facts: XGrabKey(3), and the X Window System Protocol, "GrabKey": the grab becomes active with the
press and lasts until that key comes up, whatever happens to its modifiers meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from Xlib import XK, X, error
from Xlib.display import Display

from voice_assistant.desktop.hotkey.keys import BY_COMMAND, TALK, Chord
from voice_assistant.errors import HotkeyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

# Seconds between two checks of a key that is down, without an event.
KEY_CHECK_S = 0.5


class _Grab(NamedTuple):
    """The grabbed combinations: every keycode of the key, with every state of the locks."""

    keycodes: frozenset[int]
    states: frozenset[int]


class X11Hotkey:
    """A supervised part: calls `on_key(True)` and `on_key(False)` once for each hold."""

    def __init__(self, chord: Chord, on_key: Callable[[bool], None], setting: str = TALK) -> None:
        self.name = setting
        self._chord = chord
        self._on_key = on_key
        self._held = 0  # the keycode that is down, 0 for none

    async def run(self, ready: Callable[[], None]) -> None:
        """Watch the key until cancelled.

        Raises:
            HotkeyError: no X server, another program has the key, or the connection was lost.
        """
        try:
            with _connection() as display:
                await self._watch(display, ready)
        except error.ConnectionClosedError as lost:
            raise HotkeyError("The connection to the X server was lost", BY_COMMAND) from lost
        finally:
            self._up()

    async def _watch(self, display: Display, ready: Callable[[], None]) -> None:
        grab = self._grab(display, None)
        ready()
        while True:
            # An answer to a request may bring events along, and the socket does not signal them
            # again: wait only when no event is left.
            while display.pending_events():
                grab = self._take(display, display.next_event(), grab)
            # A key that repeats sends releases while it is down, and a release can be lost to a
            # console switch: the server's own state of the key is right in both cases.
            if self._held and not _is_down(display, self._held):
                self._up()
            elif not display.pending_events():
                await _readable(display.fileno(), KEY_CHECK_S if self._held else None)

    def _take(self, display: Display, event: Any, grab: _Grab) -> _Grab:
        if event.type == X.MappingNotify:
            display.refresh_keyboard_mapping(event)
            return self._grab(display, grab)
        if event.type == X.KeyPress and event.detail in grab.keycodes and not self._held:
            self._held = event.detail
            self._on_key(True)
        return grab

    def _up(self) -> None:
        if self._held:
            self._held = 0
            self._on_key(False)

    def _grab(self, display: Display, previous: _Grab | None) -> _Grab:
        """Grab the key; if that would change nothing, keep the present grab."""
        wanted = _wanted(display, self._chord, self.name)
        if wanted == previous:
            return wanted
        root = display.screen().root
        if previous:
            for code, state in itertools.product(*previous):
                root.ungrab_key(code, state)
        refused = error.CatchError(error.BadAccess)
        for code, state in itertools.product(*wanted):
            root.grab_key(code, state, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        display.sync()
        if refused.get_error():
            raise HotkeyError(
                f"Another program has the key {self._chord}",
                f"Choose another in {self.name}, or free it there. {BY_COMMAND}",
            )
        return wanted


@contextlib.contextmanager
def _connection() -> Iterator[Display]:
    try:
        display = Display()
    except (error.DisplayError, OSError) as problem:
        raise HotkeyError(
            f"No X server for the talk key: {problem}",
            f"Start voice-assistant within the desktop session. {BY_COMMAND}",
        ) from problem
    display.set_error_handler(lambda problem, _request: log.debug("X error: %s", problem))
    try:
        yield display
    finally:
        with contextlib.suppress(error.ConnectionClosedError):
            display.close()


async def _readable(descriptor: int, timeout_s: float | None) -> None:
    """Wait until there is something to read, or `timeout_s` has passed."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(descriptor, arrived.set)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await arrived.wait()
    finally:
        loop.remove_reader(descriptor)


def _is_down(display: Display, keycode: int) -> bool:
    keymap = display.query_keymap()
    return bool(keymap[keycode // 8] >> keycode % 8 & 1)


def _wanted(display: Display, chord: Chord, setting: str) -> _Grab:
    """Return the keycodes and modifier states that mean `chord` on this keyboard.

    Raises:
        HotkeyError: the keyboard has no such key or modifier.
    """
    found = sorted(
        (level, code)
        for code, level in display.keysym_to_keycodes(XK.string_to_keysym(chord.keysym))
    )
    masks = {"ctrl": X.ControlMask, "shift": X.ShiftMask}
    masks["alt"] = _modifier(display, "Alt_L", "Meta_L")
    masks["super"] = _modifier(display, "Super_L", "Super_R")
    missing = [name for name in chord.modifiers if not masks[name]]
    if not found or missing:
        raise HotkeyError(
            f"This keyboard has no key {', '.join(missing) or chord.key}",
            f"Choose another in {setting}. {BY_COMMAND}",
        )
    lowest_level = found[0][0]
    codes = frozenset(code for level, code in found if level == lowest_level)
    held = 0
    for name in chord.modifiers:
        held |= masks[name]
    locks = [X.LockMask, _modifier(display, "Num_Lock"), _modifier(display, "Scroll_Lock")]
    states = frozenset(
        held | caps | number | scroll
        for caps, number, scroll in itertools.product(*((0, mask) for mask in locks))
    )
    return _Grab(codes, states)


def _modifier(display: Display, *keysyms: str) -> int:
    """Return the mask of the modifier that one of the keys `keysyms` sets; 0 without one."""
    for keysym in keysyms:
        codes = {code for code, _ in display.keysym_to_keycodes(XK.string_to_keysym(keysym))}
        for index, members in enumerate(display.get_modifier_mapping()):
            if codes & set(members):
                return 1 << index
    return 0
