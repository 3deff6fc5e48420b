"""`ask`: one question, through the running daemon or without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import events
from voice_assistant.cli import context, interruption, standard_input
from voice_assistant.cli.control import Control, understood
from voice_assistant.cli.printing import Printer
from voice_assistant.cli.terminal import own_stderr, warn
from voice_assistant.commands import Ask, Retry
from voice_assistant.errors import InputError, NotRunning
from voice_assistant.settings import loading
from voice_assistant.settings.sections.records import HistorySettings
from voice_assistant.status import Status
from voice_assistant.system import logs, paths
from voice_assistant.system.json_lines import encoded
from voice_assistant.system.temporary import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.desktop.clipboard import Selection
    from voice_assistant.settings.schema import Settings


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
    question = " ".join(text) if follow is None else _follow_up(follow)
    if not question and not audio and standard_input.is_piped():
        question = standard_input.read()
    with temporary_folder() as name:
        folder, files = Path(name), list(files)
        wanted: dict[Selection, bool] = {"clipboard": clipboard, "selection": selection}
        for kind in (kind for kind, is_wanted in wanted.items() if is_wanted):
            question, pictures = context.copied(kind, question, folder)
            files += pictures
        if question and audio:
            raise InputError("There are two questions", "Give either words or --audio.")
        if screen:
            files.append(context.of_screen(screen, folder))
        command = Ask(
            text=question,
            audio=_absolute(audio),
            new=new,
            literal=literal,
            speech=speech,
            save_speech=_absolute(save_speech),
            files=tuple(map(_absolute, files)),
            form=tuple(map(form_item, form)),
        )
        return carry_out(command, as_json=as_json, profile=profile, plain=plain)


def _follow_up(number: int) -> str:
    from voice_assistant.cli.daemon import report

    questions = dict(enumerate(report().suggestions, 1))
    try:
        return questions[number]
    except KeyError:
        shown = "; ".join(f"{number}: {question}" for number, question in questions.items())
        raise InputError(
            f"There is no follow-up question {number}", shown or "None is shown at the moment."
        ) from None


def carry_out(
    command: Ask | Retry, *, as_json: bool, profile: str | None = None, plain: bool = False
) -> int:
    """Run a turn, in the daemon or without a daemon, show it, and return the exit status.

    The daemon's turns all belong to the profile in use, so another one answers without the daemon.
    """
    interruption.listen()
    printer = Printer(as_json=as_json, plain=plain)
    try:
        daemon = Control()
    except NotRunning:
        _alone(command, printer, loading.load(paths.config_file(), profile=profile))
    else:
        with daemon:
            if profile is None:
                _through_daemon(daemon, command, printer)
            else:
                settings = loading.load(paths.config_file(), profile=profile)
                _alone(command, printer, _as_private_as(daemon, settings))
    return printer.status


def form_item(item: str) -> str:
    """Return a button, or the value of a field, with the absolute path of a file."""
    name, sign, file = item.partition("=@")
    return f"{name}=@{_absolute(file)}" if sign else item


def _absolute(file: str | None) -> str:
    """Return the absolute path of `file`, because the daemon runs in another folder.

    Raises:
        InputError: the name is one within the current folder, and that was deleted.
    """
    try:
        return str(Path(file).absolute()) if file else ""
    except FileNotFoundError as error:
        raise InputError(
            f"There is no file {file}: the current folder was deleted",
            "Change to another folder, or give the file's whole path.",
        ) from error


def _through_daemon(daemon: Control, command: Ask | Retry, printer: Printer) -> None:
    """Run a turn in the daemon. A connection that ends before the turn stops it; so Ctrl+C does.

    Raises:
        BrokenPipeError: the reader of the output has closed it.
        DaemonError: the daemon ended.
        StorageError: the output cannot be written.
    """
    decoder = msgspec.json.Decoder(events.AnyEvent)
    for line in daemon.stream(encoded(command)):
        event = understood(line, decoder)
        printer.handle(event)
        printer.check()
        if isinstance(event, events.Idle):
            return


def _as_private_as(daemon: Control, settings: Settings) -> Settings:
    """Return the settings without a record, if the daemon is off the record."""
    status = understood(daemon.request(b'{"command":"status"}'), msgspec.json.Decoder(Status))
    if not status.off_the_record:
        return settings
    return msgspec.structs.replace(settings, history=HistorySettings(enabled=False))


def _alone(command: Ask | Retry, printer: Printer, settings: Settings) -> None:
    from voice_assistant.runtime import without_daemon

    with own_stderr():
        logs.start("error")
        turn = without_daemon.ask_alone(settings, command, printer.handle, warn)
        interruption.run(printer.follow(turn))
