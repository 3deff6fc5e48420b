"""Prints a turn's events on the terminal: for people, or as one JSON object a line."""

from __future__ import annotations

import asyncio
import shutil
import sys
from typing import TYPE_CHECKING, Any

from voice_assistant import events
from voice_assistant.cli.terminal.layout import AsItComes, WholeLines, Wrapped
from voice_assistant.cli.terminal.output import show_json, warn
from voice_assistant.errors import StorageError, exit_code
from voice_assistant.text.printable import PrintableStream
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from voice_assistant.cli.terminal.layout import Layout

SUGGESTIONS_MAX = 10


def about_sources(sources: Sequence[events.Citation], files: Sequence[str]) -> Iterator[str]:
    """Yield the lines that name an answer's sources, each document once, and its files."""
    documents = {(one.document or one.collection): one.collection for one in sources}
    if documents:
        yield _("Sources:")
    for document, collection in documents.items():
        beside = f" ({collection})" if collection not in ("", document) else ""
        yield f"  {' '.join(f'{document}{beside}'.split())}"
    if files:
        yield _("Files of the answer:")
    yield from (f"  {file}" for file in files)


class Printer:
    """Shows one turn.

    Args:
        as_json: True prints one event a line, as JSON.
        plain: True prints whole lines, for screen readers; else lines are wrapped on a terminal.

    Attributes:
        status: the exit status after the events so far.
    """

    def __init__(self, *, as_json: bool, plain: bool = False) -> None:
        self.status = 0
        self._as_json = as_json
        self._written = ""
        self._answer = PrintableStream()
        self._plain = plain
        self._layout = _layout(plain=plain)
        self._lost: BrokenPipeError | StorageError | None = None
        self._stop: Callable[[], object] = lambda: None

    def handle(self, event: events.AnyEvent) -> None:
        """Show one event; after an event that could not be printed, show no more."""
        if isinstance(event, events.Failed):
            self.status = exit_code(event.code)
        if self._lost:
            return
        try:
            if self._as_json:
                show_json(event)
            else:
                self._show(event)
        except (BrokenPipeError, StorageError) as error:
            self._lost = error
            self._stop()

    def check(self) -> None:
        """Check that all events so far were printed.

        Raises:
            BrokenPipeError: the reader of the output has closed it.
            StorageError: the output cannot be written, as on a full disk.
        """
        if self._lost:
            raise self._lost

    async def follow(self, turn: Coroutine[Any, Any, None]) -> None:
        """Run a turn whose events this printer shows; stop the turn if they cannot be printed.

        Raises:
            BrokenPipeError: the reader of the output has closed it.
            StorageError: the output cannot be written, as on a full disk.
        """
        task = asyncio.create_task(turn)
        self._stop = task.cancel
        try:
            await task
        except asyncio.CancelledError:
            self.check()
            raise
        self.check()

    def _show(self, event: events.AnyEvent) -> None:  # noqa: C901, PLR0912  (a case for each event)
        match event:
            case events.Asked(question=question, source="voice", sure=True):
                print(_("You asked: {question}", question=question), file=sys.stderr)
            case events.Asked(question=question, source="voice"):
                print(_("You may have asked: {question}", question=question), file=sys.stderr)
            case events.Form(text=text, ask=ask):
                print(f"{text}\n{ask}", file=sys.stderr)
            case events.Uploading():
                self._show_progress(event)
            case events.Queued() | events.Lost() | events.ConversationGone():
                print(f"({_(event.told)})", file=sys.stderr)
            case events.Working():
                print(f"({event.told})", file=sys.stderr)
            case events.Commanded(words=words, reply=reply):
                print(reply or _("Done: {words}", words=words), file=sys.stderr)
            case events.Dictated(text=text):
                print(text, flush=True)
                print(_("(It is in the clipboard.)"), file=sys.stderr)
            case events.Text(delta=delta):
                self._write(delta)
            case events.Replaced(text=text):
                self._write(f"\n{text}", after=self._answer.end())
            case events.Answered():
                self._end_answer(event)
            case events.Spoken(problem=problem) if problem:
                print(
                    _("(Not all of it could be spoken: {problem}.)", problem=problem),
                    file=sys.stderr,
                )
            case events.Suggested(questions=questions):
                lines = (" ".join(question.split()) for question in questions[:SUGGESTIONS_MAX])
                numbered = (f"{number}. {line}" for number, line in enumerate(lines, 1))
                print(_("You could ask:"), *numbered, sep="\n  ", file=sys.stderr)
            case events.Failed(title=title, hint=hint):
                warn(title, hint)
            case _:
                pass

    def _show_progress(self, event: events.Uploading) -> None:
        over = event.sent_bytes == event.size_bytes
        in_place = sys.stderr.isatty() and not self._plain
        if over or in_place:
            begin, end = "\r" if in_place else "", "\n" if over else ""
            print(f"{begin}({event.told})", end=end, file=sys.stderr, flush=True)

    def _end_answer(self, event: events.Answered) -> None:
        if event.text and not self._written:
            self._write(event.text)
        if self._written:
            self._write("", after=self._answer.end())
            print(self._layout.end(), flush=True)
        if not event.complete:
            print(_("(The answer is not complete.)"), file=sys.stderr)
        for line in about_sources(event.sources, event.files):
            print(line, file=sys.stderr)

    def _write(self, text: str, *, after: str = "") -> None:
        self._written = self._written or text
        shown = self._layout.feed(after + self._answer.feed(text))
        print(shown, end="", flush=True)


def _layout(*, plain: bool) -> Layout:
    """Return the layout of answers on this standard output."""
    if plain:
        return WholeLines()
    if sys.stdout is not None and sys.stdout.isatty():
        return Wrapped(shutil.get_terminal_size().columns)
    return AsItComes()
