"""`ask`: one question, with or without a running assistant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.cli import context, one_turn
from voice_assistant.cli.form import item as form_item
from voice_assistant.cli.terminal import standard_input
from voice_assistant.cli.terminal.standard_input import absolute
from voice_assistant.commands import Ask
from voice_assistant.errors import InputError
from voice_assistant.system.temporary import temporary_folder
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.desktop.clipboard import Selection


def ask(
    text: Sequence[str],
    audio: str | None,
    files: Sequence[str],
    save_speech: str | None,
    form: Sequence[str],
    *,
    as_json: bool,
    speech: bool,
    new: bool,
    literal: bool,
    profile: str | None,
    clipboard: bool,
    selection: bool,
    screen: str | None,
    follow: int | None,
    plain: bool,
) -> int:
    """Ask one question, as text or as an audio file, show the turn, and return the exit status.

    Args:
        text: the words; without `text` and `audio` the question is read from standard input.
        audio: a file with the spoken question.
        files: the files that the question is about.
        save_speech: a WAV file that receives the spoken answer.
        form: answers the form with which the app may ask.
        as_json: True shows one event a line.
        speech: True speaks the answer.
        new: True begins a new conversation first.
        literal: True asks the question also if its words are a command word.
        profile: the profile that answers this question; None: the one in use.
        clipboard: True asks about what was copied.
        selection: True asks about what is marked.
        screen: the part of the screen whose picture goes with the question; None for no picture.
        follow: the number of a follow-up question that the running assistant shows.
        plain: True prints whole lines.

    Raises:
        InputError: there is no such follow-up question, both `text` and `audio` are given, or
            there is nothing copied or marked.
    """
    question = _question(text, audio, follow)
    with temporary_folder() as name:
        folder = Path(name)
        question, contents = _contents(
            question, files, folder, clipboard=clipboard, selection=selection
        )
        if question and audio:
            raise InputError(_("There are two questions"), _("Give either words or --audio."))
        if screen:
            contents.append(context.of_screen(screen, folder))
        command = Ask(
            text=question,
            audio=absolute(audio or ""),
            new=new,
            literal=literal,
            speech=speech,
            save_speech=absolute(save_speech or ""),
            files=tuple(map(absolute, contents)),
            form=tuple(map(form_item, form)),
        )
        return one_turn.carry_out(command, as_json=as_json, profile=profile, plain=plain)


def _question(text: Sequence[str], audio: str | None, follow: int | None) -> str:
    """Return the question's words: as typed, chosen, or piped into the command; "" without any."""
    if follow is not None:
        return _follow_up(follow)
    words = " ".join(text)
    return words if words or audio or not standard_input.is_piped() else standard_input.read()


def _contents(
    question: str, files: Sequence[str], folder: Path, *, clipboard: bool, selection: bool
) -> tuple[str, list[str]]:
    """Return the question and its files, with what was copied or is marked."""
    all_files = list(files)
    wanted: dict[Selection, bool] = {"clipboard": clipboard, "selection": selection}
    for kind, is_wanted in wanted.items():
        if is_wanted:
            question, pictures = context.copied(kind, question, folder)
            all_files += pictures
    return question, all_files


def _follow_up(number: int) -> str:
    from voice_assistant.cli.status import report

    questions = dict(enumerate(report().suggestions, 1))
    try:
        return questions[number]
    except KeyError:
        shown = "; ".join(f"{number}: {question}" for number, question in questions.items())
        raise InputError(
            _("There is no follow-up question {number}", number=number),
            shown or _("None is shown at the moment."),
        ) from None
