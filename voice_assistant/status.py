"""The status of the assistant: the tray, `status` and every other display show this one state."""

from __future__ import annotations

import msgspec

from voice_assistant.events import Phase  # msgspec reads it
from voice_assistant.settings.sections.desktop import ChosenSetting


class Choosable(msgspec.Struct, frozen=True):
    """A setting whose value can be chosen from a list.

    Attributes:
        setting: the setting's key.
        chosen: the present value; "" leaves the choice to the system.
        values: the values there are.
    """

    setting: ChosenSetting
    chosen: str
    values: tuple[str, ...]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the running assistant, as `status` prints and the tray shows it.

    Attributes:
        version: the daemon's version, with its commit in a checkout.
        pid: the daemon's process id.
        started_at: when the daemon was started, in seconds since the epoch.
        phase: the activity of the assistant, such as "listening".
        talk_key: the name of the talk key, such as "Ctrl+Alt+Space"; "" while no key works.
        backend: the backend's name and address.
        app: the name of the backend's app, "" if the app has no name.
        server_version: the version of the backend's server, such as "1.14.0"; "" if the server
            names no version.
        conversation_id: the current conversation, "" if the next question begins a new one.
        volume: the volume of all sounds; 1.0 is the loudest.
        speed: the speed of speech; 1.0 is the speed of the voice.
        conversation_mode: True if the assistant listens again after each answer.
        wake_word: True if the assistant waits for its wake word.
        wake_phrase: the words of the wake word.
        slow_speaker: True if the assistant waits longer, for people who speak slowly.
        muted: True if the user has switched the microphone off: no stream of it is open.
        microphone_open: True while the microphone records between questions, for the pre-roll.
        level_dbfs: the loudness of the microphone's sound, None while nothing is recorded.
        missing: the parts that do not work: title and hint of each problem.
        problems: the titles alone, for displays with little room.
        rings: True while an alarm rings.
        timers: the text and the time (in seconds since the epoch) of each timer that has not rung.
        how_to_talk: says what to do with the talk key; "" if there is none.
        not_ready: the problem for which no question can be asked, "" if one can be asked.
        uploading: how far a file that is being sent was sent, in words; "" while none is.
        to_say: tells what can be said to an answer that is paused by voice, "" for nothing.
        suggestions: the questions that the server suggests.
        failed_question: the last question, if its answer failed and no recording keeps it; else "".
        failed_files: the files that this question is about.
        can_rate: True if the last answer can be rated.
        rating: the rating of the last answer: "good", "bad" or "".
        unanswered: True if a kept recording can be tried again.
        unfinished: True if an answer that the end of the program has cut off can go on.
        recent_conversations: the last conversations: ids, with the first question of each.
        profile: the name of the profile that answers.
        profiles: the names of all profiles.
        off_the_record: True if nothing of the turns is kept in the record at the moment.
        choices: microphones, loudspeakers and voices that can be chosen.
        restart_for: keys of changed settings that take effect after a restart.
        starts_at_login: True if the desktop starts the assistant when the user logs in.
    """

    version: str = ""
    pid: int = 0
    started_at: float = 0.0
    phase: Phase = "idle"
    talk_key: str = ""
    backend: str = ""
    app: str = ""
    server_version: str = ""
    conversation_id: str = ""
    volume: float = 1.0
    speed: float = 1.0
    conversation_mode: bool = False
    wake_word: bool = False
    wake_phrase: str = "computer"
    slow_speaker: bool = False
    muted: bool = False
    microphone_open: bool = False
    level_dbfs: float | None = None
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    rings: bool = False
    timers: tuple[tuple[str, float], ...] = ()
    how_to_talk: str = ""
    not_ready: str = ""
    uploading: str = ""
    to_say: str = ""
    suggestions: tuple[str, ...] = ()
    failed_question: str = ""
    failed_files: tuple[str, ...] = ()
    can_rate: bool = False
    rating: str = ""
    unanswered: bool = False
    unfinished: bool = False
    recent_conversations: tuple[tuple[str, str], ...] = ()
    profile: str = "default"
    profiles: tuple[str, ...] = ()
    off_the_record: bool = False
    choices: tuple[Choosable, ...] = ()
    restart_for: tuple[str, ...] = ()
    starts_at_login: bool = False
