"""`history`: the record of questions and answers on this disk: shown, searched, asked again."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant.cli import latencies
from voice_assistant.cli.control import Control
from voice_assistant.cli.terminal.layout import cut
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.cli.terminal.printing import about_sources
from voice_assistant.errors import InputError, sentences
from voice_assistant.history.export import FORMATS, STATES, began_at, for_programs
from voice_assistant.history.record_file import history_file
from voice_assistant.history.store import Store
from voice_assistant.settings.profiles import DEFAULT
from voice_assistant.system.own_command import typeable
from voice_assistant.system.private_files import told
from voice_assistant.text.printable import printable
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def show_all(
    search: str, since: float, profile: str | None, limit: int, *, latency: bool, as_json: bool
) -> int:
    """List turns, or how long their stages took, the latest first."""
    with _store() as store:
        turns = store.turns(search=search, since_s=since, profile=_stored(profile), limit=limit)
    if latency:
        latencies.show(turns, as_json=as_json)
    elif as_json:
        show_json([for_programs(turn) for turn in turns])
    elif turns:
        print("\n".join(map(_in_the_list, turns)))
    else:
        print(_("Nothing was found.") if search or since else _("Nothing was said yet."))
    return 0


def show(number: int, *, as_json: bool) -> int:
    """Show one turn, by default the last one, with everything that is known of it."""
    with _store() as store:
        turn = _turn(store, number)
    if as_json:
        show_json(for_programs(turn))
    else:
        print(_in_full(turn))
    return 0


def export(search: str, since: float, profile: str | None, form: str) -> int:
    """Write turns to standard output, the oldest first."""
    with _store() as store:
        turns = store.turns(search=search, since_s=since, profile=_stored(profile), limit=None)[
            ::-1
        ]
    if form == "json":
        show_json([for_programs(turn) for turn in turns])  # escaped for the terminal's encoding
    else:
        print(FORMATS[form](turns), end="")
    return 0


def delete(numbers: Sequence[int], *, every: bool) -> int:
    """Delete some turns, or all."""
    with _store() as store:
        if every:
            gone = store.delete_all()
        else:
            for number in numbers:
                store.turn(number)  # all are there, or none is deleted
            gone = store.delete(numbers)
    print(_("Deleted: {names}.", names=gone))
    return 0


def again(number: int, *, as_json: bool) -> int:
    """Ask a question again, by default the last one; show the turn; return the exit status."""
    from voice_assistant.cli.one_turn import carry_out
    from voice_assistant.commands import Ask, Retry

    with _store() as store:
        turn = _turn(store, number)
        copies = store.kept_files.copies(turn)
    files = [str(copies.get(file, file)) for file in turn.files]
    if gone := [file for file in files if not Path(file).exists()]:
        raise InputError(
            _(
                "Turn {number} was about {names}, which is gone",
                number=turn.number,
                names=", ".join(gone),
            ),
            _("Ask it with `voice-assistant ask --file`, `--clipboard` or `--screen`."),
        )
    if turn.question:
        again = Ask(text=turn.question, files=tuple(files))
        return carry_out(again, as_json=as_json, profile=turn.profile or DEFAULT)
    if turn.recording:
        return carry_out(Retry(recording=turn.recording), as_json=as_json)
    raise InputError(
        _("Turn {number} has no question", number=number), _("It was an announcement.")
    )


def files(number: int, save: str, *, opened: bool, as_json: bool) -> int:
    """List the copies of a turn's files; copy them into the folder `save`, or open them."""
    from voice_assistant.desktop.viewer import show

    with _store() as store:
        copies = store.kept_files.copies(_turn(store, number))
    if save:
        copies = {file: _saved(copy, Path(save)) for file, copy in copies.items()}
    if opened:
        for copy in copies.values():
            show(copy)
    if as_json:
        show_json([{"file": file, "copy": str(copy)} for file, copy in copies.items()])
    elif copies:
        print("\n".join(typeable(str(copy)) for copy in copies.values()))
    else:
        print(_("No files of this turn are kept."))
    return 0


def _saved(copy: Path, folder: Path) -> Path:
    """Copy a kept file into a folder; return the new file. No file is overwritten."""
    name = copy.name.partition("-")[2] or copy.name
    with told(_("{folder} cannot be written", folder=folder)):
        folder.mkdir(parents=True, exist_ok=True)
        file = _unused(folder / name)
        shutil.copyfile(copy, file)
    return file


def _unused(file: Path) -> Path:
    """Return a path like `file` at which nothing is."""
    numbered = (file.with_stem(f"{file.stem}-{number}") for number in itertools.count(2))
    return next(path for path in itertools.chain([file], numbered) if not path.exists())


def copy(number: int) -> int:
    """Copy the answer of a turn to the clipboard."""
    from voice_assistant.desktop import clipboard

    with _store() as store:
        turn = _turn(store, number)
    if not turn.answer:
        raise InputError(
            _("Turn {number} has no answer", number=turn.number),
            _("`voice-assistant history` shows the last ones."),
        )
    clipboard.copy(turn.answer)
    print(_("The answer of turn {number} is copied.", number=turn.number))
    return 0


def off_the_record(*, off: bool) -> int:
    """Let the running daemon keep nothing in the record, or keep it again."""
    from voice_assistant.commands import OffRecord

    with Control() as daemon:
        daemon.order(msgspec.json.encode(OffRecord(on=off)))
    return 0


def _stored(profile: str | None) -> str | None:
    """Return a profile's name as the record has it."""
    return "" if profile == DEFAULT else profile


def _store() -> Store:
    from voice_assistant.cli.terminal.output import warn

    return Store(history_file(), lambda error: warn(error.title, error.hint))


def _turn(store: Store, number: int) -> RecordedTurn:
    """Return a turn by its number; 0: the last question."""
    turn = store.turn(number) if number else store.last()
    if turn is None:
        raise InputError(_("There is no question yet"), _("Ask something first."))
    return turn


def _in_the_list(turn: RecordedTurn) -> str:
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


def _in_full(turn: RecordedTurn) -> str:
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
