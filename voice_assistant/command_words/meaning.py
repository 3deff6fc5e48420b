"""Finds the command that an utterance gives to the assistant itself. Pure: words in, command out.

The same words are a command or a question, by what goes on when they are said: "two" chooses a
follow-up only where follow-ups were offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_assistant.command_words.language import Choice, Replies, vocabularies
from voice_assistant.command_words.screen import about_screen
from voice_assistant.commands import (
    AnyCommand,
    Back,
    Consent,
    Conversation,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    Pause,
    Rate,
    Repeat,
    Resume,
    Skip,
    Snooze,
    Stop,
    Window,
    another_speed,
    another_volume,
)
from voice_assistant.text.letters import letters

if TYPE_CHECKING:
    from voice_assistant.command_words.language import Name


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The state of the assistant when words are said.

    Attributes:
        answering: an answer is awaited, spoken or paused.
        rings: an alarm rings.
        answered: there is an answer that can be repeated.
        asks: the last answer ended with a question.
        follow_ups: the questions that the server suggests.
        heard: the words of the last question, "" if there was none.
        volume: the volume of all sounds, from 0.0 to 1.0.
        speed: the speed of speech; 1.0 is the speed of the voice.
        rings_there: the backend may ring a timer, which it alone can stop.
    """

    answering: bool = False
    rings: bool = False
    answered: bool = False
    asks: bool = False
    follow_ups: tuple[str, ...] = ()
    heard: str = ""
    volume: float = 1.0
    speed: float = 1.0
    rings_there: bool = False


@dataclass(frozen=True)
class Meaning:
    """The effect of command words, which are not sent as a question.

    Attributes:
        command: the command to carry out; None if nothing is left to do.
        reply: a text to speak; "": a short sound tells that the words were understood.
        question: the follow-up that was chosen, to be asked in place of the words; "" for none.
    """

    command: AnyCommand | None = None
    reply: str = ""
    question: str = ""

    @property
    def sounds(self) -> bool:
        """Return whether the command has a sound of its own when it is carried out."""
        return isinstance(self.command, Conversation | OffRecord)

    @property
    def pauses(self) -> bool:
        """Return whether the command pauses the answer."""
        return isinstance(self.command, Pause)


def meaning_of(words: str, situation: Situation) -> Meaning | None:
    """Return the meaning of an utterance; None if it is a question for the backend.

    Args:
        words: the whole utterance.
        situation: what goes on when it is said.
    """
    if looked_at := about_screen(words):
        part, question = looked_at
        return Meaning(LookAtScreen(question=question, part=part))
    for vocabulary in vocabularies():
        match vocabulary.find(words):
            case Choice() as choice:
                return _chosen(choice, situation)
            case str() as name:
                return _command(name, situation, vocabulary.language.replies)
            case None:
                pass
    return _own_words(words, situation)


def takes_back(words: str) -> bool:
    """Return whether an utterance takes back what was said: "stop", "cancel", "never mind"."""
    return any(
        vocabulary.find(words) in {"stop", "cancel", "never_mind"} for vocabulary in vocabularies()
    )


def consent_of(words: str) -> Meaning | None:
    """Return what an utterance says to "Shall it be sent?"; None if it says neither yes nor no."""
    for vocabulary in vocabularies():
        given = vocabulary.consents(words)
        if given is not None:
            reply = "" if given else vocabulary.language.replies.not_sent
            return Meaning(Consent(given=given), reply=reply)
    return None


def _own_words(words: str, situation: Situation) -> Meaning | None:
    """Return the follow-up that was read out as it is written."""
    said = letters(words)
    for question in situation.follow_ups:
        if said and letters(question) == said:
            return _of_follow_up(question)
    return None


def _chosen(choice: Choice, situation: Situation) -> Meaning | None:
    if choice.index >= len(situation.follow_ups) or (choice.bare and situation.asks):
        return None
    return _of_follow_up(situation.follow_ups[choice.index])


def _of_follow_up(question: str) -> Meaning:
    """Return what choosing a follow-up means: it is asked, or it opens the window."""
    opens = window_of(question)
    return Meaning(opens) if opens else Meaning(question=question)


def window_of(words: str) -> Window | None:
    """Return the command that opens the window, if these words do; they do so at any time."""
    names = [vocabulary.find(words) for vocabulary in vocabularies()]
    return next(
        (_WINDOWS[name] for name in names if isinstance(name, str) and name in _WINDOWS), None
    )


_TO_ALARM: dict[Name, Meaning] = {
    "agreed": Meaning(Stop()),
    "heeded": Meaning(Stop()),
    "snooze": Meaning(Snooze()),
    "pause": Meaning(Snooze()),
}
_TO_ANSWER: dict[Name, Meaning] = {
    "stop": Meaning(Stop()),
    "never_mind": Meaning(Stop()),
    "cancel": Meaning(Stop()),
    "backchannel": Meaning(),
    "agreed": Meaning(),
    "pause": Meaning(Pause()),
    "go_on": Meaning(Resume()),
    "next": Meaning(Skip()),
    "back": Meaning(Back()),
}
"""What a command means while an answer is awaited, spoken or paused."""
_ABOUT_ANSWER: dict[Name, Meaning] = {
    "repeat": Meaning(Repeat()),
    "last_sentence": Meaning(Back()),
    "good": Meaning(Rate(rating="good")),
    "bad": Meaning(Rate(rating="bad")),
}
"""What a command means once there was an answer."""
_WINDOWS: dict[Name, Window] = {
    "setup": Window(view="setup"),
    "settings": Window(view="settings"),
    "window": Window(),
}
_AT_ANY_TIME: dict[Name, Meaning] = {
    "new_conversation": Meaning(New()),
    "conversation_on": Meaning(Conversation(on=True)),
    "conversation_off": Meaning(Conversation(on=False)),
    "off_the_record": Meaning(OffRecord(on=True)),
    "on_the_record": Meaning(OffRecord(on=False)),
    **{name: Meaning(window) for name, window in _WINDOWS.items()},
}


def _command(name: Name, now: Situation, replies: Replies) -> Meaning | None:
    """Return what a command means: to an alarm that rings, else to an answer, else at any time."""
    for applies, table in (
        (now.rings, _TO_ALARM),
        (now.answering, _TO_ANSWER),
        (now.answered, _ABOUT_ANSWER),
        (True, _AT_ANY_TIME),
    ):
        if applies and name in table:
            return table[name]
    return _by_circumstances(name, now, replies)


def _by_circumstances(name: Name, now: Situation, replies: Replies) -> Meaning | None:  # noqa: PLR0911  (a case for each command)
    match name:
        case "stop" | "never_mind" if not (now.rings_there or now.asks):
            return Meaning()
        case "slower" | "faster":
            return Meaning(another_speed(now.speed, faster=name == "faster"))
        case "louder" | "quieter":
            return Meaning(another_volume(now.volume, louder=name == "louder"))
        case "mute":
            return Meaning(Mute(on=True, told=True), reply=replies.muted)
        case "read_follow_ups" if now.follow_ups:
            return Meaning(reply=_read_out(now.follow_ups, replies))
        case "heard":
            said = replies.heard.format(now.heard) if now.heard else replies.nothing_heard
            return Meaning(reply=said)
        case _:
            return None


def _read_out(follow_ups: tuple[str, ...], replies: Replies) -> str:
    return "\n".join(
        replies.follow_up.format(number, question)
        for number, question in enumerate(follow_ups, start=1)
    )
