"""Turns of the record as people read them: a few lines in a list, or all that is known."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from voice_assistant.cli.terminal.layout import cut
from voice_assistant.cli.terminal.printing import about_sources
from voice_assistant.errors import sentences
from voice_assistant.history.export import STATES, began_at
from voice_assistant.system.own_command import typeable
from voice_assistant.text.printable import printable
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from voice_assistant.history.recorded_turn import RecordedTurn

WORDS = {
    "voice": N_("by voice"),
    "text": N_("typed"),
    "suggestion": N_("a follow-up question"),
    "screen": N_("with a picture of the screen"),
    "good": N_("good"),
    "bad": N_("bad"),
}
"""What people read of a turn's origin, and of its rating."""
INDENT = " " * 6
BEGINNING = 2000
"""Letters of an answer of which the list shows one line."""


def in_the_list(turn: RecordedTurn) -> str:
    """Return a turn as lines of the list: its question, and the beginning of its answer."""
    width = shutil.get_terminal_size((100, 24)).columns
    rating = f"  [{_(WORDS[turn.rating])}]" if turn.rating else ""
    said = turn.question or (_("(no words)") if turn.recording else _("(an announcement)"))
    first = f"{turn.number:>5} {began_at(turn):%Y-%m-%d %H:%M}  {_one_line(said)}{rating}"
    lines = [cut(first, width)]
    if turn.answer:
        lines.append(cut(INDENT + _one_line(turn.answer[:BEGINNING]), width))
    if note := _note(turn):
        lines.append(f"{INDENT}({note})")
    return "\n".join(lines)


def _note(turn: RecordedTurn) -> str:
    """Return what there is to say about a turn that has no complete answer; "" if it has one."""
    state = _(STATES[turn.state])
    if turn.failure:
        state = f"{state}: {_one_line(turn.failure.title)}"
    if turn.state in ("failed", "broken_off"):
        state += _("; ask again: `voice-assistant history again {number}`", number=turn.number)
    return typeable(state)


def _rating(turn: RecordedTurn) -> str:
    shown = _(WORDS[turn.rating]) if turn.rating else _("none")
    waits = "" if turn.rating_sent else _("the server does not have it yet")
    about = ", ".join(filter(None, (_one_line(turn.comment), waits)))
    return f"{shown} ({about})" if about else shown


def in_full(turn: RecordedTurn) -> str:
    """Return all that is known of a turn."""
    facts = {
        _("when"): f"{began_at(turn):%Y-%m-%d %H:%M:%S}",
        _("came"): _(WORDS.get(turn.origin, turn.origin)),
        _("state"): _note(turn) or turn.state,
        _("files"): ", ".join(turn.files),
        _("recording"): turn.recording,
        _("profile"): turn.profile,
        _("conversation"): turn.conversation_id,
        _("message"): turn.message_id,
        _("rating"): _rating(turn),
    }
    lines = [f"{name}: {text}" for name, text in facts.items() if text]
    if turn.failure:
        lines.append(_("error: {error}", error=sentences(turn.failure.title, turn.failure.hint)))
    if turn.question:
        lines += ["", _("You: {question}", question=turn.question)]
    if turn.answer:
        lines += ["", turn.answer]
    if about := [*about_sources(turn.sources, turn.answer_files)]:
        lines += ["", *about]
    if turn.suggestions:
        chosen = {turn.taken: _("  (asked)")} if turn.taken else {}
        lines += ["", _("You could ask:")]
        lines += [f"  {_one_line(one)}{chosen.get(one, '')}" for one in turn.suggestions]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
