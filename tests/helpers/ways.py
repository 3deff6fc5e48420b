"""The ways beside tray, notifications and keys: what is typed, and where the window has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.commands import (
    About,
    Announce,
    Ask,
    Back,
    Choose,
    Consent,
    Continue,
    Conversation,
    Copy,
    Fill,
    FollowUp,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    OpenFiles,
    Pause,
    Quit,
    Rate,
    Repeat,
    Resume,
    Retry,
    Skip,
    SlowSpeaker,
    Snooze,
    Speed,
    Stop,
    Toggle,
    UseProfile,
    Volume,
    Wake,
    Window,
)

if TYPE_CHECKING:
    from voice_assistant.commands import Command


class Way(NamedTuple):
    """The ways to one wish.

    Attributes:
        typed: what is typed after `voice-assistant`.
        view: the view of the window that has it.
        place: the CSS selector of its place there.
    """

    typed: str
    place: str
    view: str = "talk"


WAYS: dict[type[Command], Way] = {
    Toggle: Way("toggle", "#talk-button"),
    Stop: Way("stop", "[data-command='stop']"),
    Pause: Way("pause", "#pause"),
    Resume: Way("resume", "#go-on"),
    Skip: Way("skip", "[data-command='skip']"),
    Back: Way("skip --back", "[data-command='back']"),
    Repeat: Way("repeat", "[data-command='repeat']"),
    New: Way("new", "[data-command='new']"),
    Volume: Way("volume 40", "#volume"),
    Speed: Way("speed 1.5", "#speed"),
    Conversation: Way("conversation on", "[data-switch='conversation']"),
    Wake: Way("wake on", "[data-switch='wake']"),
    SlowSpeaker: Way("config set hands_free.slow_speaker true", "[data-switch='slowspeaker']"),
    Mute: Way("mute on", "[data-switch='mute']"),
    OffRecord: Way("history off", "[data-switch='offrecord']"),
    LookAtScreen: Way("screen", "[data-command='lookatscreen']"),
    Consent: Way("screen send", ".offered button"),
    Snooze: Way("snooze", ".offered button"),
    Retry: Way("recordings retry", "#retry"),
    Ask: Way("ask --follow 1", ".follow-ups button"),
    FollowUp: Way("ask --follow 1", ".follow-ups button"),
    Fill: Way("form Yes", ".app-form button"),
    Rate: Way("rate good", "[data-rating='good']"),
    Copy: Way("history copy", ".tools button"),
    OpenFiles: Way("history files --open", ".files a"),
    Announce: Way("conversations show", "#conversations", "history"),
    Continue: Way("conversations continue 2", "#conversations", "history"),
    UseProfile: Way("profile use work", "#profiles [aria-label^='Use']", "settings"),
    Choose: Way("config set microphone.device USB", "#setting-microphone-device", "settings"),
    Window: Way("window settings", "nav a[href='#settings']"),
    About: Way("version", "#about-version", "doctor"),
    Quit: Way("quit", "[data-command='quit']", "doctor"),
}

AT_LOGIN = Way("autostart on", "#setup-login", "setup/login")
"""The one entry of the tray's menu that is no command: whether a login starts the assistant."""
