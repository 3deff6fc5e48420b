"""The commands that users give to the assistant: typed and frozen.

Keys, tray, notifications and the control socket all post commands to the assistant's one inbox.
The control socket carries the JSON form, with the kind in `command`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from voice_assistant.events import Source
from voice_assistant.settings.sections.desktop import ChosenSetting
from voice_assistant.settings.sections.speech import FASTEST, SLOWEST, SpeedFactor, VolumeLevel

VOLUME_STEP = 0.2
SPEED_STEP = 0.25
"""How much louder and faster one step is."""


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag=str.lower):
    """Base of all commands."""


class Press(Command, frozen=True):
    """The talk key went down: listen. An answer pauses, and continues if nobody speaks."""


class Release(Command, frozen=True):
    """The talk key came up: the spoken question is complete."""


class Toggle(Command, frozen=True):
    """Begin to listen; while listening, complete the question."""


class Tap(Command, frozen=True):
    """The talk key came up right after it went down: keep listening, with the key up."""


class Dictate(Command, frozen=True):
    """Listen, and type what is said into the window with the focus; while listening, complete that.

    Attributes:
        held: a key went down for it: `Release` completes it, after `Tap` a silence does.
    """

    held: bool = False


class Stop(Command, frozen=True):
    """End the current turn: listening, generation and speech."""


class Pause(Command, frozen=True):
    """Pause the speech, and keep its place.

    Attributes:
        toggle: resume the speech if it is paused already.
    """

    toggle: bool = False


class Resume(Command, frozen=True):
    """Resume the paused speech at its place.

    At rest, go on with the answer that the end of the program has cut off.
    """


class Repeat(Command, frozen=True):
    """Speak the last answer again, from its beginning."""


class Skip(Command, frozen=True):
    """Skip the rest of this sentence and speak the next one."""


class Back(Command, frozen=True):
    """Speak this sentence again.

    At the sentence's beginning, or after the answer, speak the previous sentence again.
    """


class Volume(Command, frozen=True):
    """Set the volume of all sounds; the volume is kept after a restart.

    Attributes:
        level: 1.0 is the loudest.
    """

    level: VolumeLevel


class Speed(Command, frozen=True):
    """Set the speed of speech; the speed is kept after a restart.

    Attributes:
        factor: 1.0 is the speed of the voice; the pitch never changes.
    """

    factor: SpeedFactor


def another_volume(now: float, *, louder: bool) -> Volume:
    """Return the command for a volume one step above or below `now`."""
    step = VOLUME_STEP if louder else -VOLUME_STEP
    return Volume(level=round(min(max(0.0, now + step), 1.0), 2))


def another_speed(now: float, *, faster: bool) -> Speed:
    """Return the command for a speed one step above or below `now`."""
    step = SPEED_STEP if faster else -SPEED_STEP
    return Speed(factor=round(min(max(SLOWEST, now + step), FASTEST), 2))


class New(Command, frozen=True):
    """Begin a new conversation with the next question."""


class Ask(Command, frozen=True):
    """Ask a question that is given as text, or as an audio file.

    Attributes:
        text: the question; "" if `audio` is given.
        audio: absolute path of a file with the spoken question, or "".
        source: where the question comes from.
        new: True begins a new conversation first.
        speech: True speaks the answer.
        literal: True asks the question also if its words are a command word such as "slower".
        save_speech: absolute path of a WAV file that receives the spoken answer, or "".
        files: absolute paths of files that the question is about.
        form: answers the form with which the app may ask, see `Fill.items`.
        profile: the name of the profile that answers this question; "" for the one in use.
    """

    text: str = ""
    audio: str = ""
    source: Source = "text"
    new: bool = False
    speech: bool = True
    literal: bool = False
    save_speech: str = ""
    files: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    profile: str = ""


class Fill(Command, frozen=True):
    """Answer the form with which the app asks: at once, or in several steps.

    Attributes:
        words: what was said: a button, an option, or the text of a field; "" if `items` are given.
        items: buttons by text or id, and values of fields as `NAME=VALUE` or `NAME=@FILE` (an
            absolute path).
        number: the place of what is chosen, 1 for the first: an option of the choice that is asked
            for, else a button; 0 if it is not chosen by its place.
    """

    words: str = ""
    items: tuple[str, ...] = ()
    number: int = 0


class FollowUp(Command, frozen=True):
    """Ask one of the follow-up questions that are shown; while the app asks, answer its form.

    Attributes:
        number: 1 is the first question, button or option; a number without one does nothing.
    """

    number: int = 1


class Retry(Command, frozen=True):
    """Try again to answer a kept recording.

    Attributes:
        recording: the recording's name; "" for the newest recording.
        new: True begins a new conversation first.
    """

    recording: str = ""
    new: bool = False


class LookAtScreen(Command, frozen=True):
    """Ask about a picture of the screen: it is shown first, and sent when the user agrees.

    Attributes:
        question: the question; "" asks what is there.
        part: "screen", or "window" for the active window.
    """

    question: str = ""
    part: Literal["screen", "window"] = "screen"


class Consent(Command, frozen=True):
    """Answer whether the picture that is shown may be sent with its question.

    Attributes:
        given: True sends it; False forgets it.
    """

    given: bool = True


class Announce(Command, frozen=True):
    """Speak a text without a question, for example because a timer ran out.

    Attributes:
        text: the text.
        rings: True speaks it again and again, until the user stops it.
        asks_consent: it asks whether something may be sent: see `Consent`.
        of_pause: it tells that the answer is paused.
    """

    text: str
    rings: bool = False
    asks_consent: bool = False
    of_pause: bool = False


class Snooze(Command, frozen=True):
    """Silence the alarm that rings; it rings again after `alarms.snooze_s`."""


class Continue(Command, frozen=True):
    """Let the next question belong to an older conversation.

    Attributes:
        conversation_id: the conversation's id on the server.
    """

    conversation_id: str


class OffRecord(Command, frozen=True):
    """Keep nothing of the turns from now on in the record; a restart ends that.

    Attributes:
        on: True begins it, False ends it, None does the opposite of what is so.
    """

    on: bool | None = None


class Rate(Command, frozen=True):
    """Rate an answer, or take the rating back.

    Attributes:
        rating: "good" or "bad"; "" takes the rating back.
        comment: the reason, or "".
        turn: the number of the turn in the record; 0 for the last answer.
    """

    rating: Literal["", "good", "bad"]
    comment: str = ""
    turn: int = 0


class OpenFiles(Command, frozen=True):
    """Open the files that the last answer has brought, with the desktop's programs."""


class UseProfile(Command, frozen=True):
    """Let another profile answer, from the next question on.

    Attributes:
        name: the profile's name; "" for the one after the present one.
    """

    name: str = ""


class Mute(Command, frozen=True):
    """Close the microphone, and keep it closed: also for keys, and after a restart.

    Attributes:
        on: True mutes, False ends that, None does the opposite of what is so.
        told: the user has been told already: no sound tells it again.
    """

    on: bool | None = None
    told: bool = False


class Conversation(Command, frozen=True):
    """Listen again after each answer, without a key (conversation mode), or end that.

    Attributes:
        on: True begins it, False ends it, None does the opposite of what is so.
    """

    on: bool | None = None


class SlowSpeaker(Command, frozen=True):
    """Wait longer for people who speak slowly; the settings file keeps that.

    Attributes:
        on: True begins it, False ends it.
    """

    on: bool


class Wake(Command, frozen=True):
    """Wait for the wake word, or end that; the settings file keeps that.

    Attributes:
        on: True begins it, False ends it, None does the opposite of what is so.
    """

    on: bool | None = None


class About(Command, frozen=True):
    """Show which program this is: version, backend, key."""


class Quit(Command, frozen=True):
    """End the daemon in good order.

    Attributes:
        anew: True starts the program again right after its end.
    """

    anew: bool = False


class Copy(Command, frozen=True):
    """Copy a text, such as an answer, to the clipboard."""

    text: str


class Choose(Command, frozen=True):
    """Choose a device or a voice; the settings file keeps that.

    Attributes:
        setting: the setting's key.
        value: its new value; "" leaves the choice to the system.
    """

    setting: ChosenSetting
    value: str = ""


WindowView = Literal["", "type", "setup", "captions", "history", "settings", "doctor"]
"""What the window shows; "" for the conversation, "type" for a question to be typed there."""


class Window(Command, frozen=True):
    """Open the window, or one more of it, in the user's browser.

    Attributes:
        view: what it shows.
    """

    view: WindowView = ""


PageCommand = (
    Press
    | Release
    | Toggle
    | Tap
    | Stop
    | Pause
    | Resume
    | Repeat
    | Skip
    | Back
    | Volume
    | Speed
    | New
    | Ask
    | Fill
    | Retry
    | Continue
    | Rate
    | UseProfile
    | Mute
    | Conversation
    | SlowSpeaker
    | Wake
    | OffRecord
    | LookAtScreen
    | Consent
    | Snooze
    | Quit
)
"""What the window's page may ask for."""

AnyCommand = (
    PageCommand | About | Dictate | FollowUp | Announce | OpenFiles | Window | Copy | Choose
)
