"""The lists of all parts that may be missing and come back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from voice_assistant.commands import Quit
from voice_assistant.desktop.hotkey import hotkey, more_keys
from voice_assistant.desktop.hotkey.keys import DICTATE
from voice_assistant.runtime.supervision.replaceable import Replaceable
from voice_assistant.runtime.supervision.sound_watch import SoundWatch

if TYPE_CHECKING:
    from voice_assistant.runtime.core import Core
    from voice_assistant.runtime.display import Display
    from voice_assistant.runtime.hands_free import HandsFree
    from voice_assistant.runtime.supervision.supervised import Supervised
    from voice_assistant.settings.schema import Settings
    from voice_assistant.turns.assistant import Assistant


def lasting_parts(core: Core, display: Display, assistant: Assistant) -> list[Supervised]:
    """Return the parts that no change of the settings replaces."""
    return [
        SoundWatch(partial(assistant.post, Quit(anew=True))),
        *core.checks.parts,
        *([display.face.tray] if core.settings.tray.enabled else []),
        display.window,
    ]


def replaceable_parts(
    core: Core, display: Display, assistant: Assistant, hands_free: HandsFree
) -> list[Replaceable]:
    """Return the parts that follow changed settings."""
    shown = display.face

    def locked() -> bool:
        return display.session.locked

    def keys(now: Settings) -> list[Supervised]:
        key = hotkey(now.hotkey, assistant.post, on_tap=display.tap_hint.tapped, locked=locked)
        dictating = hotkey(now.hotkey, assistant.post, setting=DICTATE, locked=locked)
        return [
            *((key,) if key else ()),
            *((dictating,) if dictating else ()),
            *more_keys(now.hotkey, assistant.post, locked=locked),
        ]

    def open_microphone(now: Settings) -> list[Supervised]:
        return [core.microphone] if now.microphone.pre_roll_s else []

    def notifications(now: Settings) -> list[Supervised]:
        own = shown.notifications is not shown.tray
        return [shown.notifications] if now.notifications.enabled and own else []

    def captions(now: Settings) -> list[Supervised]:
        if not now.captions.enabled:
            return []  # and load nothing
        from voice_assistant.desktop.overlay.overlay import Overlay  # noqa: PLC0415

        shown = display.captions
        return [Overlay(now.captions, lambda: shown.now, shown.wanted)]

    settings, problems = core.settings, core.missing
    groups = [
        Replaceable(keys, lambda now: now.hotkey, settings, problems),
        Replaceable(open_microphone, lambda now: now.microphone.device, settings, problems),
        Replaceable(notifications, lambda now: now.notifications, settings, problems),
        Replaceable(captions, lambda now: now.captions, settings, problems),
        hands_free.parts,
    ]
    for group in groups:
        core.live.follow(group.follow)
    return groups
