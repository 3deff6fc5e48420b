"""What somebody wants: typed, frozen commands.

Keys, tray, notifications and the control socket all post these to the one inbox of the assistant;
the JSON form (kind in `command`) is what travels over the socket.
"""

from __future__ import annotations

import msgspec

from voice_assistant.events import Source
from voice_assistant.settings.schema import SpeedFactor, VolumeLevel


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag=str.lower):
    """Base of all commands."""


class Press(Command, frozen=True):
    """The talk key went down: listen. An answer is silent, and goes on unless somebody speaks."""


class Release(Command, frozen=True):
    """The talk key came up: what was said is complete."""


class Toggle(Command, frozen=True):
    """Listen, or, while listening, finish."""


class Tap(Command, frozen=True):
    """The talk key came up right after it went down: go on listening without it."""


class Stop(Command, frozen=True):
    """End speech and generation, and whatever else is going on."""


class Pause(Command, frozen=True):
    """Hold what is being said, and keep the place.

    Attributes:
        toggle: go on, if it is held already.
    """

    toggle: bool = False


class Resume(Command, frozen=True):
    """Go on with what was held."""


class Repeat(Command, frozen=True):
    """Say the last answer again, from its beginning."""


class Skip(Command, frozen=True):
    """Go on with the next sentence."""


class Back(Command, frozen=True):
    """Say this sentence again; at its beginning, or after the answer, the one before."""


class Volume(Command, frozen=True):
    """How loud the assistant is, from now on, also after a restart.

    Attributes:
        level: 1.0 is as loud as it comes.
    """

    level: VolumeLevel


class Speed(Command, frozen=True):
    """How fast answers are said, from now on, also after a restart.

    Attributes:
        factor: 1.0 is as fast as they come; the pitch stays.
    """

    factor: SpeedFactor


class New(Command, frozen=True):
    """The next question begins a new conversation."""


class Ask(Command, frozen=True):
    """A question in words, or in a file of speech.

    Attributes:
        text: the question; "" where `audio` is given.
        audio: absolute path of a file with the spoken question, or "".
        source: where the words come from.
        new: begin a new conversation first.
        speech: speak the answer.
        save_speech: absolute path of a WAV file to write what is spoken to, or "".
        files: absolute paths of files that the question is about.
    """

    text: str = ""
    audio: str = ""
    source: Source = "text"
    new: bool = False
    speech: bool = True
    save_speech: str = ""
    files: tuple[str, ...] = ()


class Retry(Command, frozen=True):
    """Try a recording again whose words are not known.

    Attributes:
        recording: its name; "" for the newest.
    """

    recording: str = ""


class Announce(Command, frozen=True):
    """Something to be said without having been asked: a timer that ran out."""

    text: str


class Quit(Command, frozen=True):
    """End the daemon, tidily."""


AnyCommand = (
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
    | Retry
    | Announce
    | Quit
)
