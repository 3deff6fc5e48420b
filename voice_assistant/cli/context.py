"""Adds to a question what it is about, beside files: clipboard, selection, screen."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from voice_assistant.cli.terminal import interruption, standard_input
from voice_assistant.errors import InputError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant.desktop.clipboard import Selection

LETTERS_MAX = 100_000
"""A longer text is refused: no model reads it, and many servers refuse it without a word."""


def with_text(question: str, text: str) -> str:
    """Return a question about a text.

    Raises:
        InputError: the text is too long.
    """
    if len(text) > LETTERS_MAX:
        raise InputError(
            _(
                "The text has {n:,} letters, and a question at most {most:,}",
                n=len(text),
                most=LETTERS_MAX,
            ),
            _("Select less, or save it as a file and use --file."),
        )
    return f"{question}\n\n{text}" if question else text


def copied(selection: Selection, question: str, folder: Path) -> tuple[str, list[str]]:
    """Return the question with what was copied or is marked, and the file of a copied picture.

    Raises:
        InputError: there is nothing, or too much.
        DeviceError: there is no desktop to ask.
    """
    from voice_assistant.desktop import clipboard

    content = clipboard.read(selection)
    if content.text:
        return with_text(question, content.text), []
    file = folder / "clipboard.png"
    file.write_bytes(content.picture)
    return question, [str(file)]


def of_screen(what: str, folder: Path) -> str:
    """Take a picture of the screen, show it if somebody looks, and return its file.

    Raises:
        InputError: there is no such part, or the user does not want to send it.
        DeviceError: the desktop gives no pictures.
    """
    from voice_assistant.desktop import screen
    from voice_assistant.desktop.viewer import show
    from voice_assistant.history.recorded_turn import SCREEN_PICTURE

    file = folder / SCREEN_PICTURE
    file.write_bytes(interruption.run(screen.picture(what)))
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        with contextlib.suppress(InputError):
            show(file)
        print(_("This picture goes with the question: {file}", file=file), file=sys.stderr)
        print(_("Send it? [Y/n] "), end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline()  # "" is the end of the input, and no consent
        if not typed or not standard_input.is_yes(typed.strip() or "yes", usual=False):
            raise InputError(_("The picture was not sent"))
    return str(file)
