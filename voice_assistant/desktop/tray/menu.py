"""The tray's words and menu, made from the status; the same on every platform."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Literal

from voice_assistant.audio.level import meter
from voice_assistant.commands import (
    About,
    Ask,
    Back,
    Choose,
    Continue,
    Conversation,
    LookAtScreen,
    Mute,
    New,
    OffRecord,
    Pause,
    Quit,
    Rate,
    Repeat,
    Resume,
    Retry,
    Skip,
    SlowSpeaker,
    Snooze,
    Stop,
    Toggle,
    UseProfile,
    Wake,
    Window,
    another_speed,
    another_volume,
)
from voice_assistant.desktop.tray import icons
from voice_assistant.events import PHASE_WORDS
from voice_assistant.settings.sections.speech import FASTEST, SLOWEST
from voice_assistant.settings.titles import in_titles
from voice_assistant.system import local_form
from voice_assistant.text.printable import printable
from voice_assistant.translation import N_, _

if sys.platform == "linux":
    # pystray's own backends need a display or GTK when they are imported; only its menu is used.
    os.environ["PYSTRAY_BACKEND"] = "dummy"
from pystray import Menu, MenuItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_assistant.commands import AnyCommand
    from voice_assistant.status import Choosable, Status

__all__ = ["Menu", "MenuItem", "entries", "notes", "words"]

LABEL_MAX = 60
METER_WIDTH = 10
TIMERS_MAX = 10
SUGGESTIONS_MAX = 10  # a menu that is longer than the screen is of no use

LOGIN = N_("Start when I log in")
MUTED = N_("The microphone is switched off")
MICROPHONE_OPEN = N_("The microphone is always open")
OFF_THE_RECORD = N_("Off the record: nothing is kept")


def words(state: Status) -> str:
    """Return the status in words: the phase with a meter, the way to talk, a line for each note."""
    phase = _(PHASE_WORDS[state.phase])
    picture = icons.picture(state)
    if picture == "not_ready":
        phase = _("Not ready: {reason}", reason=_problem(state.not_ready))
    if state.level_dbfs is not None:
        bar = meter(state.level_dbfs, "▮", "▯", METER_WIDTH)
        phase = f"{phase} {bar}"
    way = (state.how_to_talk,) if picture == "idle" and state.how_to_talk else ()
    told = notes(state)
    if picture == "not_ready":  # the reason is told already
        told = tuple(note for note in told if note != _problem(state.not_ready))
    return "\n".join((phase, *way, *told))


def notes(state: Status) -> tuple[str, ...]:
    """Return further notes for the user, one line each."""
    ours = {
        MUTED: state.muted,
        MICROPHONE_OPEN: state.microphone_open,
        OFF_THE_RECORD: state.off_the_record,
    }
    sending = tuple(printable(told) for told in (state.uploading, state.to_say) if told)
    notes = (_(note) for note, so in ours.items() if so)
    return (*sending, *notes, *map(_problem, state.problems))


def _problem(title: str) -> str:
    return printable(in_titles(title))


def entries(
    state: Status,
    post: Callable[[AnyCommand], None],
    start_at_login: Callable[[bool], object] | None = None,
) -> Iterator[MenuItem]:
    """Yield the entries of the menu.

    Args:
        state: the status that the menu shows.
        post: called with the command of a chosen entry.
        start_at_login: called with whether a login starts the assistant; None: the menu does not
            offer that.
    """

    def item(label: str, command: AnyCommand, enabled: bool = True, **options: Any) -> MenuItem:  # noqa: FBT001, FBT002  (one line for each entry)
        return MenuItem(_short(label), lambda: post(command), enabled=enabled, **options)

    busy = state.phase in {"listening", "thinking", "speaking", "paused"}
    yield item(_("Finish") if state.phase == "listening" else _("Talk"), Toggle(), default=True)
    by_key = _("Stop ({key} twice)", key=state.talk_key)
    yield item(by_key if state.talk_key else _("Stop"), Stop(), enabled=busy)
    if state.rings:
        yield item(_("Snooze"), Snooze())
    yield Menu.SEPARATOR
    for number, question in enumerate(map(printable, state.suggestions[:SUGGESTIONS_MAX]), 1):
        yield item(f"{number}. {question}", Ask(text=question, source="suggestion"))
    yield Menu.SEPARATOR
    yield from _answer(state, item)
    yield from _ratings(state, post)
    yield Menu.SEPARATOR
    yield from _steps(state, item)
    yield Menu.SEPARATOR
    yield item(_("Open the window"), Window())
    yield item(_("Type a question"), Window(view="type"))
    yield item(_("New conversation"), New(), bool(state.conversation_id))
    yield from _older(state, post)
    yield item(_("Ask about my screen"), LookAtScreen())
    yield from _unanswered(state, item)
    yield _mute(state, item)
    yield MenuItem(_("More"), Menu(*_more(state, post, item)))
    yield Menu.SEPARATOR
    yield from (MenuItem(line, None, enabled=False) for line in _timers(state))
    yield Menu.SEPARATOR
    for note in notes(state):
        yield MenuItem(_short(note), None, enabled=False)
    yield Menu.SEPARATOR
    yield item(_("Settings"), Window(view="settings"))
    if start_at_login:
        on = state.starts_at_login
        yield MenuItem(_(LOGIN), lambda: start_at_login(not on), checked=lambda _: on)
    yield item(_("Quit"), Quit())


def _answer(state: Status, item: Callable[..., MenuItem]) -> Iterator[MenuItem]:
    """Yield the entries that steer the speech of the answer, and say it again."""
    if state.phase == "paused":
        yield item(_("Go on"), Resume())
    elif state.phase == "speaking":
        yield item(_("Pause"), Pause())
    if state.phase in {"speaking", "paused"}:
        yield item(_("Next sentence"), Skip())
        yield item(_("Previous sentence"), Back())
    yield item(_("Say it again"), Repeat(), enabled=state.phase != "listening")


def _unanswered(state: Status, item: Callable[..., MenuItem]) -> Iterator[MenuItem]:
    """Yield the entries for what has no answer yet, or not all of it."""
    if state.unfinished:
        resting = state.phase in {"idle", "error"}
        yield item(_("Go on with the answer that was cut off"), Resume(), enabled=resting)
    if state.unanswered:
        yield item(_("Try the last recording again"), Retry(), enabled=state.phase != "listening")
    if state.failed_question:
        again = Ask(text=state.failed_question, files=state.failed_files)
        yield item(_("Ask again: {question}", question=state.failed_question), again)


def _mute(state: Status, item: Callable[..., MenuItem]) -> MenuItem:
    muted = state.muted
    return item(_("Microphone off"), Mute(on=not muted), checked=lambda _: muted)


def _more(
    state: Status, post: Callable[[AnyCommand], None], item: Callable[..., MenuItem]
) -> Iterator[MenuItem]:
    """Yield what is chosen seldom: beside all the rest it would not fit on a small screen."""
    yield from _switches(state, item)
    yield from _profiles(state, post)
    yield from (_choice(one, post) for one in state.choices)
    yield Menu.SEPARATOR
    yield item(_("Doctor"), Window(view="doctor"))
    yield item(_("About"), About())


def _switches(state: Status, item: Callable[..., MenuItem]) -> Iterator[MenuItem]:
    """Yield the entries that are on or off."""
    talks = state.conversation_mode
    yield item(_("Conversation mode"), Conversation(on=not talks), checked=lambda _: talks)
    wakes = state.wake_word
    waits = _("Wake word: {phrase}", phrase=state.wake_phrase)
    yield item(waits, Wake(on=not wakes), checked=lambda _: wakes)
    slowly = state.slow_speaker
    yield item(_("Slow speaker"), SlowSpeaker(on=not slowly), checked=lambda _: slowly)
    off = state.off_the_record
    yield item(_("Off the record"), OffRecord(on=not off), checked=lambda _: off)


def _older(state: Status, post: Callable[[AnyCommand], None]) -> Iterator[MenuItem]:
    """Yield a submenu that continues one of the last conversations; the present one is marked."""

    def entry(conversation_id: str, question: str) -> MenuItem:
        command = Continue(conversation_id=conversation_id)
        now = conversation_id == state.conversation_id
        return MenuItem(_short(question), lambda: post(command), checked=lambda _: now, radio=True)

    if recent := state.recent_conversations:
        yield MenuItem(_("Continue a conversation"), Menu(*(entry(*one) for one in recent)))


def _ratings(state: Status, post: Callable[[AnyCommand], None]) -> Iterator[MenuItem]:
    """Yield the entries that rate the last answer, or take the rating back."""

    def entry(label: str, rating: Literal["good", "bad"]) -> MenuItem:
        rated = state.rating == rating
        command = Rate(rating="" if rated else rating)
        return MenuItem(label, lambda: post(command), checked=lambda _: rated)

    if state.can_rate:
        yield entry(_("Good answer"), "good")
        yield entry(_("Bad answer"), "bad")


def _profiles(state: Status, post: Callable[[AnyCommand], None]) -> Iterator[MenuItem]:
    """Yield a submenu with all profiles, if there is more than one."""

    def entry(name: str) -> MenuItem:
        command, now = UseProfile(name=name), name == state.profile
        return MenuItem(_short(name), lambda: post(command), checked=lambda _: now, radio=True)

    if len(state.profiles) > 1:
        label = _short(_("Profile: {name}", name=state.profile))
        yield MenuItem(label, Menu(*map(entry, state.profiles)))


def _choice(choice: Choosable, post: Callable[[AnyCommand], None]) -> MenuItem:
    """Return a submenu with the values of a setting; "" leaves the choice to the system."""
    chosen = next((one for one in choice.values if _means(choice.chosen, one)), "")

    def entry(value: str) -> MenuItem:
        command, now = Choose(setting=choice.setting, value=value), value == chosen
        label = _short(value or _("Chosen by the system"))
        return MenuItem(label, lambda: post(command), checked=lambda _: now, radio=True)

    title = {
        "microphone.device": _("Microphone: {name}", name=chosen or _("the usual one")),
        "speaker.device": _("Loudspeaker: {name}", name=chosen or _("the usual one")),
        "backend.voice": _("Voice: {name}", name=chosen or _("the usual one")),
    }[choice.setting]
    return MenuItem(_short(title), Menu(*map(entry, ("", *choice.values))))


def _means(written: str, name: str) -> bool:
    """Return whether a setting's value, a part of a name, means this device or voice."""
    return bool(written) and written.lower() in name.lower()


def _steps(state: Status, item: Callable[..., MenuItem]) -> Iterator[MenuItem]:
    """Yield the entries that change volume and speed; those that would change nothing are grey."""
    louder = _("Louder (volume: {percent})", percent=local_form.percent(state.volume))
    yield item(louder, another_volume(state.volume, louder=True), state.volume < 1)
    yield item(_("Quieter"), another_volume(state.volume, louder=False), state.volume > 0)
    faster = _("Faster (speed: {speed})", speed=local_form.number(state.speed, 2))
    yield item(faster, another_speed(state.speed, faster=True), state.speed < FASTEST)
    yield item(_("Slower"), another_speed(state.speed, faster=False), state.speed > SLOWEST)


def _timers(state: Status) -> Iterator[str]:
    """Yield a line for each of the next timers."""
    return (_short(f"{local_form.soon(due)} {text}") for text, due in state.timers[:TIMERS_MAX])


def _short(label: str) -> str:
    words = " ".join(printable(label).split())
    return words if len(words) <= LABEL_MAX else words[: LABEL_MAX - 1].rstrip() + "…"
