"""Key combinations as people write them."""

from __future__ import annotations

import pytest
from Xlib import XK

from voice_assistant.desktop.hotkey import COMMANDS, chosen, hotkey, keys
from voice_assistant.desktop.hotkey.portal import DESCRIPTIONS, PortalHotkey
from voice_assistant.desktop.hotkey.pynput import named, sided
from voice_assistant.desktop.hotkey.x11 import X11Hotkey
from voice_assistant.errors import ConfigError, HotkeyError
from voice_assistant.settings.sections.desktop import HotkeySettings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ctrl+alt+space", "ctrl+alt+space"),
        ("Alt + Control + SPACE", "ctrl+alt+space"),
        ("win+esc", "super+escape"),
        ("cmd+Enter", "super+return"),
        ("shift+ctrl+a", "ctrl+shift+a"),
        ("f9", "f9"),
        ("pause", "pause"),
        ("shift+F1", "shift+f1"),
        ("ctrl+page_up", "ctrl+pageup"),
        ("Right Ctrl", "rightctrl"),
        ("ctrl_r", "rightctrl"),
        ("AltGr", "rightalt"),
        ("mouse9", "mouse9"),
        ("ctrl+mouse1", "ctrl+mouse1"),
    ],
)
def test_a_chord_is_read(written, meant):
    assert str(keys.parse(written)) == meant


@pytest.mark.parametrize(
    ("written", "what", "hint"),
    [
        ("ctlr+space", "no key 'ctlr'", "'ctrl'"),
        ("ctrl+spaec", "no key 'spaec'", "'space'"),
        ("ctrl+ö", "no key 'ö'", "Modifiers are"),
        ("ctrl++a", "no key ''", "Modifiers are"),
        ("ctrl+alt", "0 keys besides the modifiers", "exactly one key"),
        ("ctrl+a+b", "2 keys", "exactly one key"),
        ("a", "needed for writing", "ctrl+alt+a"),
        ("shift+space", "needed for writing", "ctrl+alt+space"),
        ("mouse1", "needed for writing", "ctrl+alt+mouse1"),
        ("mouse5", "no key 'mouse5'", "mouse"),
        ("alt+rightctrl", "only alone", "rightctrl"),
    ],
)
def test_a_wrong_chord_is_an_error_with_a_hint(written, what, hint):
    with pytest.raises(ConfigError, match=r"hotkey\.keys") as said:
        keys.parse(written)
    assert what in said.value.title
    assert hint in said.value.hint


@pytest.mark.parametrize(
    ("written", "trigger"),
    [
        ("ctrl+alt+space", "CTRL+ALT+space"),
        ("super+shift+pagedown", "SHIFT+LOGO+Next"),
        ("f9", "F9"),
    ],
)
def test_the_portal_gets_its_own_form(written, trigger):
    assert keys.parse(written).trigger == trigger


def test_every_key_is_known_to_x():
    unknown = [key for key, sym in keys._KEYSYMS.items() if not XK.string_to_keysym(sym)]
    assert unknown == []


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({"DISPLAY": ":0"}, X11Hotkey),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"}, X11Hotkey),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, PortalHotkey),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, PortalHotkey),
        ({}, X11Hotkey),  # which says that there is no display
    ],
)
def test_the_session_decides_who_watches_the_key(environ, kind):
    assert isinstance(hotkey(HotkeySettings(), lambda _: None, environ), kind)


def test_no_key_is_a_choice():
    assert hotkey(HotkeySettings(keys=" "), lambda _: None, {}) is None


class Key:
    """A key as pynput gives it: special keys have a name, others a character."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


class Listener:
    """Knows what a key writes without modifiers; of special keys it loses the name, as pynput."""

    def canonical(self, key):
        char = getattr(key, "char", None)
        return Key(char={"A": "a", "\x01": "a"}.get(char, char))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key(name="ctrl_l"), "ctrl"),
        (Key(name="alt"), "alt"),
        (Key(name="cmd_r"), "super"),
        (Key(name="alt_gr"), "alt_gr"),
        (Key(name="space"), "space"),
        (Key(name="page_down"), "pagedown"),
        (Key(name="f9"), "f9"),
        (Key(char="A"), "a"),
        (Key(char="\x01"), "a"),
        (Key(char=";"), "semicolon"),
        (Key(char=None), ""),
        (None, ""),
    ],
)
def test_pynputs_keys_have_names_here(key, name):
    assert named(key, Listener()) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key(name="ctrl_r"), "rightctrl"),
        (Key(name="cmd_l"), "leftsuper"),
        (Key(name="alt_gr"), "rightalt"),
        (Key(name="alt"), "alt"),
        (Key(char="A"), "a"),
    ],
)
def test_the_left_and_the_right_modifier_are_two_keys(key, name):
    assert sided(key, Listener()) == name


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("ctrl+alt+space", "Ctrl+Alt+Space"),
        ("rightctrl", "Right Ctrl"),
        ("mouse9", "mouse button 9"),
    ],
)
def test_a_chord_is_told_as_keyboards_are_labelled(written, title):
    assert keys.parse(written).title == title


@pytest.mark.parametrize("written", ["rightctrl", "mouse9"])
async def test_wayland_cannot_watch_everything_and_that_is_said(written):
    part = hotkey(HotkeySettings(keys=written), lambda _: None, {"WAYLAND_DISPLAY": "wayland-0"})
    with pytest.raises(HotkeyError, match="On Wayland"):
        await part.run(lambda: None)


def test_a_key_that_two_settings_name_is_an_error():
    with pytest.raises(ConfigError, match=r"hotkey\.stop are the same key"):
        chosen(HotkeySettings(keys="ctrl+f5", stop="Control+F5"))


def test_settings_without_a_key_give_no_key():
    assert list(chosen(HotkeySettings(keys=" ", stop="f9", skip=""))) == ["hotkey.stop"]


def test_every_key_beside_the_talk_key_is_a_setting_with_words_for_the_portal():
    for setting in COMMANDS:
        name = setting.removeprefix("hotkey.")
        assert list(chosen(HotkeySettings(keys="", **{name: "f9"}))) == [setting]
        assert setting in DESCRIPTIONS
