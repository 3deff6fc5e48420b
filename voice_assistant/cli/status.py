"""`status`: shows what the running daemon does, and what is missing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

import msgspec

from voice_assistant.cli.control import Control, understood
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.errors import AssistantError
from voice_assistant.events import PHASE_WORDS
from voice_assistant.system.own_command import typeable
from voice_assistant.system.plain_files import is_missing
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.status import Status

FOLLOW_S = 0.2
"""Seconds between two looks at the status: a bar that is later than this looks slow."""


def show(*, as_json: bool, follow: bool) -> int:
    """Show the status of the running daemon, or (`follow`) each change of it until its end."""
    if follow:
        _follow()
    now = report()
    if as_json:
        show_json(now)
        return 0
    print(*_lines(now), sep="\n")
    return 0


def _lines(now: Status) -> Iterator[str]:
    """Yield the status as people read it."""
    from voice_assistant.audio.level import meter
    from voice_assistant.system import local_form

    yield _(
        "{phase}, version {version}, process {pid}",
        phase=_(PHASE_WORDS[now.phase]),
        version=now.version,
        pid=now.pid,
    )
    about = ", ".join(filter(None, (now.app, now.server_version)))
    answers = f"{now.backend} ({about})" if about else now.backend
    yield _("who answers: {name}", name=answers)
    if len(now.profiles) > 1:
        names = ", ".join(now.profiles)
        yield _("profile: {profile} (of {names})", profile=now.profile, names=names)
    yield _("conversation: {name}", name=_conversation(now) or _("a new one"))
    yield _("volume: {volume:g}, speed: {speed:g}", volume=now.volume * 100, speed=now.speed)
    yield from _modes(now)
    if now.level_dbfs is not None:
        yield _("level: {meter}", meter=meter(now.level_dbfs, "#") or _("silence"))
    if latency := _latency():
        yield _("latency: {steps}", steps=latency)
    for text, due in now.timers:
        yield f"{local_form.moment(due)}: {text}"
    for missing in now.missing:
        yield _("missing: {part}", part=typeable(missing))
    if now.restart_for:
        yield _("after `voice-assistant restart`: {names}", names=", ".join(now.restart_for))


def _conversation(now: Status) -> str:
    """Return the first question of the conversation that goes on, its id where that is unknown."""
    known = dict(now.recent_conversations)
    return " ".join(known.get(now.conversation_id, now.conversation_id).split())


def _modes(now: Status) -> list[str]:
    """Return how to talk, if that is possible, and the switches that are on."""
    modes = {
        now.to_say: bool(now.to_say),
        now.how_to_talk: bool(now.how_to_talk) and not now.not_ready,
        _("conversation mode: on"): now.conversation_mode,
        _("wake word: {wake_phrase}", wake_phrase=now.wake_phrase): now.wake_word,
        _("slow speaker: on"): now.slow_speaker,
        _("microphone: switched off"): now.muted,
        _("microphone: always open"): now.microphone_open,
        _("history: off the record, nothing is kept"): now.off_the_record,
    }
    return [line for line, on in modes.items() if on]


def _latency() -> str:
    """Return how quick the last turns were; "" without a record of them."""
    from voice_assistant.cli import latencies
    from voice_assistant.history.record_file import history_file
    from voice_assistant.history.store import Store

    if is_missing(history_file()):
        return ""
    try:
        with Store(history_file()) as store:
            return latencies.in_short(store.turns())
    except AssistantError:  # that is what `missing` tells
        return ""


def _follow() -> NoReturn:
    """Print the status as JSON, and again at each change, until the daemon ends.

    The level of the microphone is left out: it changes all the time.

    Raises:
        DaemonError: the daemon does not run any more.
    """
    shown = None
    while True:
        now = msgspec.structs.replace(report(), level_dbfs=None)
        if now != shown:
            show_json(now)
            shown = now
        time.sleep(FOLLOW_S)


def report() -> Status:
    """Return the status of the running daemon.

    Raises:
        DaemonError: no daemon runs, or it does not answer.
    """
    from voice_assistant.status import Status

    with Control() as daemon:
        return understood(daemon.request(b'{"command":"status"}'), msgspec.json.Decoder(Status))
