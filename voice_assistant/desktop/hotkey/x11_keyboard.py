"""The keyboard of an X server, and the keys that other programs have grabbed.

Facts: XI2proto.txt, "RawEvent": since version 2.1 a client gets raw events also while another one
has a grab, such as a menu that is open.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

from Xlib import XK, X, error
from Xlib.display import Display
from Xlib.ext import ge, xinput

from voice_assistant.desktop.hotkey.keys import Chord, by_command
from voice_assistant.errors import HotkeyError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

XINPUT = (2, 2)
_RAW = struct.Struct("=HII")  # device, time, and the key's code or the button's number


class Combinations(NamedTuple):
    """The combinations that mean a chord: every code of its key, with every state of the locks."""

    codes: frozenset[int]
    states: frozenset[int]


class RawEvent(NamedTuple):
    """A key or button that went down or came up, whoever gets it."""

    down: bool
    code: int
    button: bool


@contextlib.contextmanager
def connection() -> Iterator[Display]:
    """Yield a connection to the X server.

    Raises:
        HotkeyError: there is no X server.
    """
    try:
        display = Display()
    except (error.DisplayError, OSError) as problem:
        raise HotkeyError(
            _("No X server for the talk key: {problem}", problem=problem),
            _(
                "Start voice-assistant within the desktop session. {by_command}",
                by_command=by_command(),
            ),
        ) from problem
    display.set_error_handler(lambda problem, _request: log.debug("X error: %s", problem))
    try:
        yield display
    finally:
        with contextlib.suppress(error.ConnectionClosedError):
            display.close()


async def readable(descriptor: int, timeout_s: float) -> bool:
    """Wait until there is something to read, or `timeout_s` has passed; return whether there is."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    loop.add_reader(descriptor, arrived.set)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await arrived.wait()
    finally:
        loop.remove_reader(descriptor)
    return arrived.is_set()


def ask_for_raw_events(display: Display, *, buttons: bool) -> bool:
    """Ask for raw events of keys, or also of `buttons`; return whether the server has them."""
    extension = display.query_extension(xinput.extname)
    if not extension or not extension.present:
        return False
    # The library's own request names version 2.0, with which grabs of others keep raw events back.
    version = xinput.XIQueryVersion(
        display=display.display,
        opcode=extension.major_opcode,
        major_version=XINPUT[0],
        minor_version=XINPUT[1],
    )
    if (version.major_version, version.minor_version) < XINPUT:
        return False
    mask = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask
    if buttons:
        mask |= xinput.RawButtonPressMask | xinput.RawButtonReleaseMask
    display.screen().root.xinput_select_events([(xinput.AllMasterDevices, mask)])
    return True


def raw_event(event: Any) -> RawEvent | None:
    """Return the raw event that an event of the library is, None for another one."""
    kinds = {
        xinput.RawKeyPress: (True, False),
        xinput.RawKeyRelease: (False, False),
        xinput.RawButtonPress: (True, True),
        xinput.RawButtonRelease: (False, True),
    }
    if event.type != ge.GenericEventCode or event.evtype not in kinds:
        return None
    down, button = kinds[event.evtype]
    _device, _time, code = _RAW.unpack_from(event.data)
    return RawEvent(down, code, button)


def keys_down(display: Display) -> frozenset[int]:
    """Return the codes of the keys that are down."""
    keymap = display.query_keymap()
    return frozenset(code for code in range(8 * len(keymap)) if keymap[code // 8] >> code % 8 & 1)


def latched(display: Display) -> frozenset[str]:
    """Return the modifiers that count as down, by a key or by sticky keys."""
    state = display.screen().root.query_pointer().mask
    return frozenset(name for name, mask in _masks(display).items() if state & mask)


def names(display: Display, chord: Chord, codes: frozenset[int]) -> dict[int, str]:
    """Return the names of the keys that matter for a chord: its own, and those of modifiers."""
    by_mask = {mask: name for name, mask in _masks(display).items() if mask}
    named = {
        code: by_mask[1 << index]
        for index, members in enumerate(display.get_modifier_mapping())
        for code in members
        if code and 1 << index in by_mask
    }
    return {**named, **dict.fromkeys(codes, chord.key)}


def combinations(display: Display, chord: Chord, setting: str) -> Combinations:
    """Return the codes and modifier states that mean `chord` on this keyboard.

    Raises:
        HotkeyError: the keyboard has no such key or modifier.
    """
    masks = _masks(display)
    missing = [name for name in chord.modifiers if not masks[name]]
    codes = frozenset({chord.button}) if chord.button else _codes(display, chord.keysym)
    if not codes or missing:
        raise HotkeyError(
            _("This keyboard has no key {names}", names=", ".join(missing) or chord.key),
            _(
                "Choose another in {setting}. {by_command}",
                setting=setting,
                by_command=by_command(),
            ),
        )
    held = 0
    for name in chord.modifiers:
        held |= masks[name]
    locks = [X.LockMask, _modifier(display, "Num_Lock"), _modifier(display, "Scroll_Lock")]
    states = frozenset(
        held | caps | number | scroll
        for caps, number, scroll in itertools.product(*((0, mask) for mask in locks))
    )
    return Combinations(codes, states)


def _codes(display: Display, keysym: str) -> frozenset[int]:
    """Return the codes of the keys that give a symbol without, or with the fewest, modifiers."""
    others = {"Alt_R": ("ISO_Level3_Shift",)}  # the right Alt key of many layouts is AltGr
    for name in (keysym, *others.get(keysym, ())):
        found = sorted(
            (level, code) for code, level in display.keysym_to_keycodes(XK.string_to_keysym(name))
        )
        if found:
            return frozenset(code for level, code in found if level == found[0][0])
    return frozenset()


def _masks(display: Display) -> dict[str, int]:
    """Return the mask of each modifier; 0 for one that the keyboard does not have."""
    return {
        "ctrl": X.ControlMask,
        "shift": X.ShiftMask,
        "alt": _modifier(display, "Alt_L", "Meta_L"),
        "super": _modifier(display, "Super_L", "Super_R"),
    }


def _modifier(display: Display, *keysyms: str) -> int:
    """Return the mask of the modifier that one of the keys `keysyms` sets; 0 without one."""
    for keysym in keysyms:
        codes = {code for code, _ in display.keysym_to_keycodes(XK.string_to_keysym(keysym))}
        for index, members in enumerate(display.get_modifier_mapping()):
            if codes & set(members):
                return 1 << index
    return 0
