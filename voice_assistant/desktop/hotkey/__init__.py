"""The global talk key: it works in whichever window has the focus."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Protocol

from voice_assistant.commands import (
    Back,
    Conversation,
    FollowUp,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    Pause,
    Rate,
    Release,
    Repeat,
    Skip,
    Stop,
    Tap,
    UseProfile,
    Window,
)
from voice_assistant.desktop.hotkey import keys
from voice_assistant.desktop.hotkey.follower import Move
from voice_assistant.desktop.hotkey.modes import TalkKey
from voice_assistant.errors import ConfigError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voice_assistant.commands import AnyCommand
    from voice_assistant.settings.sections.desktop import HotkeySettings


COMMANDS: dict[str, AnyCommand] = {
    "hotkey.stop": Stop(),
    "hotkey.pause": Pause(toggle=True),
    "hotkey.repeat": Repeat(),
    "hotkey.skip": Skip(),
    "hotkey.back": Back(),
    "hotkey.new": New(),
    **{f"hotkey.follow_up_{number}": FollowUp(number=number) for number in (1, 2, 3)},
    "hotkey.rate_good": Rate(rating="good"),
    "hotkey.rate_bad": Rate(rating="bad"),
    "hotkey.profile": UseProfile(),
    "hotkey.conversation": Conversation(),
    "hotkey.mute": Mute(),
    "hotkey.screen": LookAtScreen(),
    "hotkey.window": Window(),
    "hotkey.type": Window(view="type"),
    "hotkey.captions": Window(view="captions"),
    "hotkey.off_the_record": OffRecord(),
}
"""The keys beside the talk key: for each setting the command that its key posts."""

QUIET = (Stop, Pause, Mute, Release, Tap)
"""The commands that a locked screen allows: they say and begin nothing."""


class Hotkey(Protocol):
    """A supervised part that watches one key."""

    name: str

    async def run(self, ready: Callable[[], None]) -> None:
        """Watch until cancelled; `ready` is called when the key works.

        Raises:
            HotkeyError: the key cannot be watched, or was lost.
        """
        ...


def hotkey(
    settings: HotkeySettings,
    post: Callable[[AnyCommand], None],
    environ: Mapping[str, str] = os.environ,
    *,
    setting: str = keys.TALK,
    on_tap: Callable[[], None] = lambda: None,
    locked: Callable[[], bool] = lambda: False,
) -> Hotkey | None:
    """Return the talk key, or the key to dictate, for this desktop; None if there is none.

    On Wayland only the desktop portal is used: a key grabbed from XWayland works only while an X11
    window has the focus, and a key that works only sometimes is worse than an error with a hint.

    Args:
        settings: the keys, and the way to talk.
        post: takes the commands.
        environ: tells which desktop runs.
        setting: the setting that names the key.
        on_tap: called each time the key was tapped, not held.
        locked: returns whether the screen is locked: then the key does not listen.

    Raises:
        ConfigError: a setting names no usable key.
    """
    chords = chosen(settings)
    if setting not in chords:
        return None
    talk_key = TalkKey(settings.mode, settings.tap_s, dictates=setting == keys.DICTATE)

    def moved(move: Move) -> None:
        command = talk_key.moved(move, time.monotonic())
        if command and (isinstance(command, QUIET) or not locked()):
            post(command)
        if move is Move.UP and talk_key.tapped:
            on_tap()

    return _watch(setting, chords[setting], moved, environ)


def check_keys(settings: HotkeySettings) -> None:
    """Check the names of all keys.

    Raises:
        ConfigError: a setting names no usable key, or two settings name the same.
    """
    chosen(settings)


def more_keys(
    settings: HotkeySettings,
    post: Callable[[AnyCommand], None],
    environ: Mapping[str, str] = os.environ,
    *,
    locked: Callable[[], bool] = lambda: False,
) -> list[Hotkey]:
    """Return the keys beside the talk key that the settings name; see `hotkey`.

    Raises:
        ConfigError: a setting names no usable key.
    """
    return [
        _watch(setting, chord, _on_press(COMMANDS[setting], post, locked), environ)
        for setting, chord in chosen(settings).items()
        if setting in COMMANDS
    ]


def how_to_talk(settings: HotkeySettings) -> str:
    """Return sentences that say what to do with the talk key; "" if there is none."""
    chord = chosen(settings).get(keys.TALK)
    if chord is None:
        return ""
    talk = {
        "hold": _("Hold {title} while you speak.", title=chord.title),
        "toggle": _("Press {title} and speak; a silence ends your question.", title=chord.title),
        "hybrid": _("Hold {title} while you speak, or tap it and speak.", title=chord.title),
    }[settings.mode]
    return f"{talk} {_('Tap it twice to stop everything.')}"


def chosen(settings: HotkeySettings) -> dict[str, keys.Chord]:
    """Return the chord of each setting that names one.

    Raises:
        ConfigError: a setting names no usable key, or two settings name the same.
    """
    chords: dict[str, keys.Chord] = {}
    for setting in (keys.TALK, keys.DICTATE, *COMMANDS):
        written = getattr(settings, setting.removeprefix("hotkey."))
        if not written.strip():
            continue
        chord = keys.parse(written, setting)
        for other, taken in chords.items():
            if taken == chord:
                raise ConfigError(
                    _(
                        "{other} and {setting} are the same key, {chord}",
                        other=other,
                        setting=setting,
                        chord=chord,
                    ),
                    _("Give one of them another key."),
                )
        chords[setting] = chord
    return chords


def _on_press(
    command: AnyCommand, post: Callable[[AnyCommand], None], locked: Callable[[], bool]
) -> Callable[[Move], None]:
    def moved(move: Move) -> None:
        if move is Move.DOWN and (isinstance(command, QUIET) or not locked()):
            post(command)

    return moved


def _watch(
    setting: str, chord: keys.Chord, moved: Callable[[Move], None], environ: Mapping[str, str]
) -> Hotkey:
    if sys.platform != "linux":
        from voice_assistant.desktop.hotkey.pynput import PynputHotkey  # noqa: PLC0415

        return PynputHotkey(chord, moved, setting)
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        from voice_assistant.desktop.hotkey.portal import PortalHotkey  # noqa: PLC0415

        return PortalHotkey(chord, moved, setting)
    from voice_assistant.desktop.hotkey.x11 import X11Hotkey  # noqa: PLC0415

    return X11Hotkey(chord, moved, setting)
