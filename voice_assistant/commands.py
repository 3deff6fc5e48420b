"""What somebody wants: typed, frozen commands.

Keys, tray, notifications and the control socket all post these to the one inbox of the assistant;
the JSON form (kind in `command`) is what travels over the socket.
"""

from __future__ import annotations

import msgspec

from voice_assistant.events import Source


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag=str.lower):
    """Base of all commands."""


class Press(Command, frozen=True):
    """The talk key went down: listen; during an answer, silence it first."""


class Release(Command, frozen=True):
    """The talk key came up: what was said is complete."""


class Toggle(Command, frozen=True):
    """Listen, or, while listening, finish."""


class Tap(Command, frozen=True):
    """The talk key came up right after it went down: go on listening without it."""


class Stop(Command, frozen=True):
    """End speech and generation, and whatever else is going on."""


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


AnyCommand = Press | Release | Toggle | Tap | Stop | New | Ask | Retry | Announce | Quit
