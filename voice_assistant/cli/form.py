"""`form`: the answer to a form with which the app asks back."""

from __future__ import annotations

from voice_assistant.cli.orders import order
from voice_assistant.cli.terminal.standard_input import absolute
from voice_assistant.commands import Fill


def fill(items: list[str]) -> int:
    """Answer the form in the running daemon; return the exit status.

    Args:
        items: buttons, or values of fields.

    Raises:
        DaemonError: no daemon runs, or the daemon refused the command.
        InputError: see `item`.
    """
    return order(Fill(items=tuple(map(item, items))))


def item(text: str) -> str:
    """Return a button, or the value of a field, with the absolute path of a file.

    Raises:
        InputError: the name of the file is one within the current folder, and that was deleted.
    """
    name, sign, file = text.partition("=@")
    return f"{name}=@{absolute(file)}" if sign else text
