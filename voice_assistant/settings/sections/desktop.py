"""Keys, tray, notifications, and the language of all words."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from voice_assistant.settings.sections.declaration import Section, at_once, needs_restart

HotkeyMode = Literal["hold", "toggle", "hybrid"]


ChosenSetting = Literal["microphone.device", "speaker.device", "backend.voice"]
"""The settings whose values the tray's menu lists."""


class HotkeySettings(Section, frozen=True):
    """The global talk key, and more keys."""

    keys: Annotated[
        str,
        at_once(
            "Hold this key and speak. Modifiers are ctrl, alt, shift and super; then comes a key "
            'by its name: "space", "f9", "a". On X11 it may also be one modifier alone, such as '
            '"rightctrl", or a button of the mouse or of a pedal, such as "mouse8". Empty: no key '
            "(the commands `press`, `release` and `toggle` always work)."
        ),
    ] = "ctrl+alt+space"
    mode: Annotated[
        HotkeyMode,
        at_once(
            '"hold": the assistant listens while the key is down. "toggle": one press begins; the '
            "next one ends, or a silence does (`microphone.end_after_silence_s`). "
            '"hybrid": a tap (see `tap_s`) works as "toggle", a longer press as "hold".'
        ),
    ] = "hybrid"
    tap_s: Annotated[
        float,
        msgspec.Meta(ge=0.05, le=5.0),
        at_once(
            "A press that is shorter than this many seconds is a tap. A tap that follows another "
            "one sooner than that stops everything, in each mode."
        ),
    ] = 0.4
    dictate: Annotated[
        str,
        at_once(
            "Hold this key and speak, or tap it (see `mode`): what you say is typed into the "
            "window with the focus, and no question is asked. Empty: no key (the command "
            "`voice-assistant dictate` always works)."
        ),
    ] = ""
    stop: Annotated[
        str,
        at_once(
            'More keys, such as "ctrl+alt+p", for what the tray and the command line can do as '
            "well; empty: no key. This one stops everything, as two taps of the talk key do."
        ),
    ] = ""
    pause: Annotated[str, at_once("Pauses the answer, and continues it.")] = ""
    repeat: Annotated[str, at_once("Says the last answer again.")] = ""
    new: Annotated[str, at_once("Begins a new conversation.")] = ""
    follow_up_1: Annotated[str, at_once("Asks the first of the follow-up questions.")] = ""
    follow_up_2: Annotated[str, at_once("Asks the second one.")] = ""
    follow_up_3: Annotated[str, at_once("Asks the third one.")] = ""
    skip: Annotated[str, at_once("Continues with the next sentence.")] = ""
    back: Annotated[str, at_once("Says this sentence, or the last one, again.")] = ""
    rate_good: Annotated[str, at_once("Rates the last answer as good.")] = ""
    rate_bad: Annotated[str, at_once("Rates the last answer as bad.")] = ""
    conversation: Annotated[str, at_once("Switches conversation mode on or off.")] = ""
    mute: Annotated[
        str, at_once("Closes the microphone, whatever key is pressed; pressed again, opens it.")
    ] = ""
    window: Annotated[str, at_once("Opens the window: conversation, captions, settings.")] = ""
    type: Annotated[str, at_once("Opens the window for a question that you type.")] = ""
    captions: Annotated[str, at_once("Opens the window with large captions.")] = ""
    profile: Annotated[
        str, at_once("Lets the next profile answer (see [profiles]), from the next question on.")
    ] = ""
    screen: Annotated[
        str,
        at_once("Asks about your screen: its picture is shown, and sent only when you agree."),
    ] = ""
    off_the_record: Annotated[
        str, at_once("Keeps nothing in the record from now on; pressed again, keeps it again.")
    ] = ""


class InterfaceSettings(Section, frozen=True):
    """Settings of the assistant's own words."""

    language: Annotated[
        Literal["auto", "en", "zh_CN"],
        at_once(
            "The language of all words that the assistant itself shows and says. "
            '"auto": that of your desktop (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), or English.'
        ),
    ] = "auto"


class TraySettings(Section, frozen=True):
    """The tray icon."""

    enabled: Annotated[bool, needs_restart("Show the icon.")] = True


class NotificationSettings(Section, frozen=True):
    """Notifications."""

    enabled: Annotated[bool, at_once("Show question, answer and follow-up questions.")] = True
    stay_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=3600.0),
        at_once(
            "Seconds for which an answer and its follow-up questions stay on the screen, once all "
            "of it is there and spoken. 0.0: until you close it. GNOME decides by itself."
        ),
    ] = 20.0
    words: Annotated[
        bool,
        at_once(
            "Show the words of questions and answers; otherwise only that there is an answer, "
            "where others see your screen."
        ),
    ] = True
    do_not_disturb: Annotated[
        bool,
        at_once(
            'While the desktop is set to "do not disturb", offers wait. If this is on, nothing '
            "that you did not ask for is spoken, either, and the start makes no sound. Answers and "
            "alarms are heard all the same."
        ),
    ] = True


class CaptionSettings(Section, frozen=True):
    """Captions above all windows, on X11 and XWayland; the window has captions on every desktop."""

    enabled: Annotated[
        bool,
        at_once(
            "Show what the assistant does, the question, and the sentence being spoken as large "
            "text above all windows. Clicks go through it, and it never takes the focus."
        ),
    ] = False
    size_px: Annotated[
        float, msgspec.Meta(ge=12.0, le=200.0), at_once("The height of the letters, in pixels.")
    ] = 36.0
    place: Annotated[
        Literal["bottom", "top"], at_once('The edge of the screen: "bottom" or "top".')
    ] = "bottom"
    colours: Annotated[
        Literal["white", "yellow", "black"],
        at_once('The letters: "white" or "yellow" on black, or "black" on white.'),
    ] = "white"
    stay_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=600.0),
        at_once("Seconds for which a caption stays when all is said."),
    ] = 4.0
