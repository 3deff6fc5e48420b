"""Key combinations as people write them: "ctrl+alt+space".

Pure. A key has one name in the settings, and its keysym, the name that X11 and the desktop portal
share (`Chord.keysym`, https://specifications.freedesktop.org/shortcuts-spec/latest/).
"""

from __future__ import annotations

import difflib
import string
from typing import NamedTuple

from voice_assistant.errors import ConfigError
from voice_assistant.translation import N_, _, ngettext

TALK = "hotkey.keys"
"""The setting of the talk key."""

DICTATE = "hotkey.dictate"
"""The setting of the key that is held as the talk key is, and types what is said."""
# The hint for a key that cannot be watched.

MODIFIERS = ("ctrl", "alt", "shift", "super")
PORTAL_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "super": "LOGO"}

_LONE = {
    "rightctrl": "Control_R",
    "leftctrl": "Control_L",
    "rightalt": "Alt_R",
    "leftalt": "Alt_L",
    "rightshift": "Shift_R",
    "leftshift": "Shift_L",
    "rightsuper": "Super_R",
    "leftsuper": "Super_L",
}
"""Modifiers that are a chord by themselves, on one side of the keyboard."""

_BUTTONS: dict[str, int] = {f"mouse{number}": number for number in (1, 2, 3, *range(8, 21))}
"""Buttons of a mouse, or of a pedal that is one, as X11 counts them: 4 to 7 are the wheel."""

_CLICKING = ("mouse1", "mouse3")

# Keys that write nothing and control nothing: they can be the talk key without a modifier.
_ALONE = {
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
    "pause": "Pause",
    "print": "Print",
    "scrolllock": "Scroll_Lock",
    "menu": "Menu",
    "insert": "Insert",
}
_STANDING = {*_ALONE, *_LONE, *_BUTTONS} - {*_CLICKING}
"""What needs no modifier."""

_KEYSYMS = {
    **_ALONE,
    **_LONE,
    **{letter: letter for letter in string.ascii_lowercase + string.digits},
    "space": "space",
    "tab": "Tab",
    "return": "Return",
    "escape": "Escape",
    "backspace": "BackSpace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "pageup": "Prior",
    "pagedown": "Next",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "minus": "minus",
    "equal": "equal",
    "comma": "comma",
    "period": "period",
    "slash": "slash",
    "backslash": "backslash",
    "semicolon": "semicolon",
    "apostrophe": "apostrophe",
    "grave": "grave",
}
_ALIASES = {
    "control": "ctrl",
    "option": "alt",
    "win": "super",
    "windows": "super",
    "cmd": "super",
    "command": "super",
    "meta": "super",
    "logo": "super",
    "enter": "return",
    "esc": "escape",
    "del": "delete",
    "ins": "insert",
    "page_up": "pageup",
    "page_down": "pagedown",
    "scroll_lock": "scrolllock",
    "altgr": "rightalt",
    **{
        form.format(side=side, initial=side[0], key=key): f"{side}{key}"
        for side in ("left", "right")
        for key in MODIFIERS
        for form in ("{side} {key}", "{side}_{key}", "{initial}{key}", "{key}_{initial}")
    },
}


class Chord(NamedTuple):
    """A key with the modifiers that must be down.

    Attributes:
        modifiers: a subset of `MODIFIERS`.
        key: the name of a key or button, such as "space", "f9", "rightctrl" or "mouse8".
    """

    modifiers: frozenset[str]
    key: str

    @property
    def keysym(self) -> str:
        """Return the key's name in X11 and in XKB, such as "space", "F9" or "Prior"."""
        return _KEYSYMS[self.key]

    @property
    def lone(self) -> bool:
        """Return whether the chord is one modifier and nothing else."""
        return self.key in _LONE

    @property
    def button(self) -> int:
        """Return X11's number of the mouse's button, 0 for a key."""
        return _BUTTONS.get(self.key, 0)

    @property
    def only_x11(self) -> bool:
        """Return whether only an X server can watch for this."""
        return self.lone or bool(self.button)

    @property
    def trigger(self) -> str:
        """Return the chord in the form of the desktop portal, such as "CTRL+ALT+space"."""
        held = [PORTAL_MODIFIERS[name] for name in MODIFIERS if name in self.modifiers]
        return "+".join([*held, self.keysym])

    @property
    def title(self) -> str:
        """Return the chord as keyboards are labelled, such as "Ctrl+Alt+Space"."""
        return "+".join(_label(name) for name in str(self).split("+"))

    def __str__(self) -> str:
        """Return the chord as it is written in the settings."""
        return "+".join([*(name for name in MODIFIERS if name in self.modifiers), self.key])


def by_command() -> str:
    """Return the hint for a desktop that lets nobody watch a key."""
    return _(
        "Without it, bind `voice-assistant press` and `voice-assistant release`, or "
        "`voice-assistant toggle`, to a key in the desktop's own settings."
    )


def parse(keys: str, setting: str = TALK) -> Chord:
    """Return the chord that `keys` names; `setting` is the setting's name, for errors.

    Raises:
        ConfigError: an unknown name, no key or several, or a key that is needed for writing.
    """
    names = [_known(name.strip().lower(), keys, setting) for name in keys.split("+")]
    modifiers = frozenset(name for name in names if name in MODIFIERS)
    ordinary = [name for name in names if name not in MODIFIERS]
    if len(ordinary) != 1:
        raise ConfigError(
            ngettext(
                "{setting} is {keys!r}, with {n} key besides the modifiers",
                "{setting} is {keys!r}, with {n} keys besides the modifiers",
                len(ordinary),
                setting=setting,
                keys=keys,
            ),
            _('Name modifiers and exactly one key, such as "ctrl+alt+space" or "f9".'),
        )
    key = ordinary[0]
    if key in _LONE and modifiers:
        raise ConfigError(
            _(
                "{setting} is {keys!r}, and a modifier of one side works only alone",
                setting=setting,
                keys=keys,
            ),
            _('Write "{key}", or name both sides, such as "ctrl+alt+space".', key=key),
        )
    if key not in _STANDING and modifiers <= {"shift"}:
        raise ConfigError(
            _(
                "{setting} is {keys!r}, a key that is needed for writing",
                setting=setting,
                keys=keys,
            ),
            _('Add a modifier, such as "ctrl+alt+{key}", or take a key such as "f9".', key=key),
        )
    return Chord(modifiers, key)


def _label(name: str) -> str:
    """Return the name of a key as people read it."""
    for side, both in (("left", N_("Left {key}")), ("right", N_("Right {key}"))):
        if name.removeprefix(side) in MODIFIERS and name != name.removeprefix(side):
            return _(both, key=name.removeprefix(side).capitalize())
    if name in _BUTTONS:
        return _("mouse button {number}", number=_BUTTONS[name])
    return name.capitalize()


def _known(name: str, keys: str, setting: str) -> str:
    name = _ALIASES.get(name, name)
    if name in MODIFIERS or name in _KEYSYMS or name in _BUTTONS:
        return name
    every = [*MODIFIERS, *_KEYSYMS, *_BUTTONS, *_ALIASES]
    close = difflib.get_close_matches(name, every, n=1)
    raise ConfigError(
        _(
            "{setting} is {keys!r}, and there is no key {name!r}",
            setting=setting,
            keys=keys,
            name=name,
        ),
        _("Did you mean {close!r}?", close=close[0])
        if close
        else _(
            'Modifiers are {names}; keys are named as in "space", "f9", "a", "pause", '
            '"rightctrl", "mouse8".',
            names=", ".join(MODIFIERS),
        ),
    )
