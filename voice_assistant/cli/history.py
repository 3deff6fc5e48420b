"""`history`: the record of questions and answers on this disk: shown, searched, asked again."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.cli import latencies
from voice_assistant.cli.orders import order
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.cli.turn_text import in_full, in_the_list
from voice_assistant.errors import InputError
from voice_assistant.history.export import FORMATS, for_programs
from voice_assistant.history.record_file import history_file
from voice_assistant.history.store import Store
from voice_assistant.settings.profiles import DEFAULT
from voice_assistant.system.own_command import typeable
from voice_assistant.system.plain_files import told
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.history.recorded_turn import RecordedTurn


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
        print("\n".join(map(in_the_list, turns)))
    else:
        print(_("Nothing was found.") if search or since else _("The record is empty."))
    return 0


def show(number: int, *, as_json: bool) -> int:
    """Show one turn, by default the last one, with everything that is known of it."""
    with _store() as store:
        turn = _turn(store, number)
    if as_json:
        show_json(for_programs(turn))
    else:
        print(in_full(turn))
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

    return order(OffRecord(on=off))


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
