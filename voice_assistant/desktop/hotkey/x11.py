"""Keys on X11: grabbed from the server, so that no window sees them, and watched beside the grab.

Facts: XGrabKey(3), and the X Window System Protocol, "GrabKey": the grab becomes active with the
press and lasts until that key comes up, whatever happens to its modifiers meanwhile. It does not
become active while another program has the keyboard, as a menu does that is open: raw events tell
of the key then (see `x11_keyboard`).

A grab takes the focus from the window for as long as the key is down, and screen readers then read
the window anew, into the answer: beside one, nothing is grabbed. The key does not repeat then while
it is down, because they say each repetition.
"""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING, Any

from Xlib import X, error

from voice_assistant.desktop import screen_reader
from voice_assistant.desktop.hotkey import x11_keyboard
from voice_assistant.desktop.hotkey.follower import ChordFollower, Move
from voice_assistant.desktop.hotkey.keys import TALK, Chord, by_command
from voice_assistant.errors import HotkeyError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from Xlib.display import Display

log = logging.getLogger(__name__)

KEY_CHECK_S = 0.5
"""Seconds between two checks of a key that is down, without an event."""

READER_CHECK_S = 10.0
"""Seconds between two looks for a screen reader, which may be started later."""


NOTHING = x11_keyboard.Combinations(frozenset(), frozenset())


class X11Hotkey:
    """A supervised part: calls `moved` once when the key goes down, and once when it comes up.

    Args:
        chord: the key.
        moved: takes its moves.
        setting: the key's setting.
        reader_runs: returns whether a screen reader runs.
    """

    def __init__(
        self,
        chord: Chord,
        moved: Callable[[Move], None],
        setting: str = TALK,
        reader_runs: Callable[[], bool] = screen_reader.runs,
    ) -> None:
        self.name = setting
        self._reader_runs = reader_runs
        self._chord = chord
        self._follower = ChordFollower(chord, moved)
        self._grabbed = NOTHING
        self._raw = False  # whether the server tells of keys that others have grabbed
        self._names: dict[int, str] = {}
        self._watched = frozenset[int]()  # the codes of the key, if nobody grabs it
        self._muffled = frozenset[int]()  # the keys that do not repeat
        self._latched: frozenset[str] = frozenset()
        self._released = False  # whether a key has come up since the last look at the keyboard

    async def run(self, ready: Callable[[], None]) -> None:
        """Watch the key until cancelled.

        Raises:
            HotkeyError: no X server, another program has the key, or the connection was lost.
        """
        try:
            with x11_keyboard.connection() as display:
                try:
                    await self._watch(display, ready)
                finally:
                    self._watched = frozenset()
                    self._keep_from_repeating(display)
        except error.ConnectionClosedError as lost:
            raise HotkeyError(_("The connection to the X server was lost"), by_command()) from lost
        finally:
            self._grabbed = NOTHING
            self._follower.close()

    async def _watch(self, display: Display, ready: Callable[[], None]) -> None:
        self._raw = x11_keyboard.ask_for_raw_events(display, buttons=self._chord.only_x11)
        if self._chord.lone and not self._raw:
            raise HotkeyError(
                _("This X server cannot watch {title} alone", title=self._chord.title),
                _(
                    "Choose another key in {name}. {by_command}",
                    name=self.name,
                    by_command=by_command(),
                ),
            )
        self._learn(display)
        ready()
        while True:
            # An answer to a request may bring events along, and the socket does not signal them
            # again: wait only when no event is left.
            while display.pending_events():
                self._take(display, display.next_event())
            self._let_go_of_what_is_up(display)
            self._keep_from_repeating(display)
            if display.pending_events():
                continue
            held = self._follower.held is not None
            if not await x11_keyboard.readable(
                display.fileno(), KEY_CHECK_S if held else READER_CHECK_S
            ):
                self._learn(display)

    def _take(self, display: Display, event: Any) -> None:
        if event.type == X.MappingNotify:
            display.refresh_keyboard_mapping(event)
            self._learn(display)
        elif raw := x11_keyboard.raw_event(event):
            self._follow(display, raw)
        elif event.type in {X.KeyPress, X.ButtonPress}:
            if event.detail in self._grabbed.codes:
                self._follower.hold(_key(event.detail, button=event.type == X.ButtonPress))
        elif event.type == X.KeyRelease:
            self._released = True
        elif event.type == X.ButtonRelease:
            self._follower.release(_key(event.detail, button=True))

    def _follow(self, display: Display, raw: x11_keyboard.RawEvent) -> None:
        """Follow a key or button that the grab does not tell of, or only later."""
        key = _key(raw.code, button=raw.button)
        if raw.button:
            name = self._chord.key if raw.code == self._chord.button else ""
        else:
            name = self._names.get(raw.code, "")
        if raw.down and (name or self._chord.lone):
            self._follower.press(key, name, self._latched)
        if raw.button and self._chord.lone:
            self._follower.release(key)  # the wheel never comes up
        elif not raw.down:
            self._released = True
            self._follower.release(key)
            if name and name != self._chord.key:
                self._latched = x11_keyboard.latched(display)

    def _let_go_of_what_is_up(self, display: Display) -> None:
        """Note the keys whose release was not told.

        A key that repeats sends releases while it is down, the active grab keeps raw events back,
        and a release can be lost to a console switch: the server's own state is right in each case.
        """
        noted = {key for key in (self._follower.held,) if isinstance(key, int)}
        if self._released:
            noted |= {key for key in self._follower.down if isinstance(key, int)}
        self._released = False
        if noted:
            for key in noted - x11_keyboard.keys_down(display):
                self._follower.release(key)

    def _keep_from_repeating(self, display: Display) -> None:
        """Let a key that nobody grabs not repeat from the moment that its modifiers are down.

        The server decides at the press whether a key repeats.
        """
        wanted = frozenset[int]()
        if not self._grabbed.codes and (self._follower.armed or self._follower.held is not None):
            wanted = frozenset(self._watched)
        for codes, mode in (
            (self._muffled - wanted, X.AutoRepeatModeOn),
            (wanted - self._muffled, X.AutoRepeatModeOff),
        ):
            for code in codes:
                display.change_keyboard_control(key=code, auto_repeat_mode=mode)
        self._muffled = wanted
        display.flush()

    def _learn(self, display: Display) -> None:
        """Learn what the keyboard has, and grab the key again if that changed."""
        wanted = x11_keyboard.combinations(display, self._chord, self.name)
        self._names = x11_keyboard.names(display, self._chord, wanted.codes)
        if self._chord.lone or (self._raw and not self._chord.button and self._reader_runs()):
            self._watched, wanted = frozenset() if self._chord.lone else wanted.codes, NOTHING
        if wanted == self._grabbed:
            return
        root = display.screen().root
        grab, ungrab = root.grab_key, root.ungrab_key
        if self._chord.button:
            grab, ungrab = _grab_button(root), root.ungrab_button
        for code, state in itertools.product(*self._grabbed):
            ungrab(code, state)
        refused = error.CatchError(error.BadAccess)
        for code, state in itertools.product(*wanted):
            grab(code, state, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        display.sync()
        if refused.get_error():
            raise HotkeyError(
                _("Another program has the key {chord}", chord=self._chord),
                _(
                    "Choose another in {name}, or free it there. {by_command}",
                    name=self.name,
                    by_command=by_command(),
                ),
            )
        self._grabbed = wanted


def _key(code: int, *, button: bool) -> int | tuple[str, int]:
    """Return what tells a key, or a button, from every other."""
    return ("button", code) if button else code


def _grab_button(root: Any) -> Callable[..., None]:
    """Return a function with the arguments of `grab_key` that grabs a button."""
    mask = X.ButtonPressMask | X.ButtonReleaseMask

    def grab(button: int, state: int, owner: bool, *modes: int, onerror: Any) -> None:  # noqa: FBT001  (the library's)
        root.grab_button(button, state, owner, mask, *modes, X.NONE, X.NONE, onerror=onerror)

    return grab
