"""Lays a notification out as its daemon can show it: text, actions, and what a click posts."""

from __future__ import annotations

import html
import secrets
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.commands import Window
from voice_assistant.desktop.notification_words import in_words
from voice_assistant.ports import BODY_MAX
from voice_assistant.text.excerpt import shortened
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.commands import AnyCommand
    from voice_assistant.ports import Button

BUTTONS_MAX = 3
"""What daemons show side by side; with more, xfce4-notifyd is wider than a screen."""
DEFAULT = "default"
"""The action of a click on the notification itself."""


class Abilities(NamedTuple):
    """What a notification daemon can do.

    Attributes:
        capabilities: the names of the specification, such as "actions" and "body-markup".
        letters: it shows actions as letters, or in a menu of their own: their labels have to stand
            in the text, and no action may be beside them.
    """

    capabilities: frozenset[str] = frozenset()
    letters: bool = False


class Layout(NamedTuple):
    """What is shown.

    Attributes:
        title: one line.
        text: what stands below it.
        actions: key and label of each action, one after the other, as daemons take them.
        commands: what a click on an action posts, by the action's key.
    """

    title: str
    text: str
    actions: list[str]
    commands: dict[str, AnyCommand]


def laid_out(
    abilities: Abilities,
    title: str,
    body: str,
    buttons: Sequence[Button],
    extras: Sequence[Sequence[Button]] = (),
    *,
    opens: bool,
) -> Layout:
    """Return what a daemon is to show.

    Args:
        abilities: what the daemon can do.
        title: one line.
        body: what stands below it.
        buttons: the choices: the first three are shown, with numbers, by which they may be said.
        extras: groups of buttons that are shown where there is room for all of a group.
        opens: a click on the notification itself opens the window.
    """
    shown = _fitting(buttons, extras)
    labels = [printable(button.label) for button in shown]
    text = shortened(in_words(body), BODY_MAX)
    actions: list[str] = []
    commands: dict[str, AnyCommand] = {}
    if "actions" in abilities.capabilities:
        # A key is unlike any other: a late click on what was replaced does nothing, and neither
        # does one on the notification of another program.
        commands = {secrets.token_hex(8): button.command for button in shown}
        numbered = len(buttons) if len(shown) > 1 else 0
        for number, (key, label) in enumerate(zip(commands, labels, strict=True), 1):
            actions += [key, f"{number}. {label}" if number <= numbered else label]
        if opens and not (abilities.letters and actions):
            actions = [DEFAULT, _("Open the window"), *actions]
            commands[DEFAULT] = Window()
    if abilities.letters or not actions:
        lines = (f"{number}. {label}" for number, label in enumerate(labels, 1))
        text = "\n".join([text, *lines]).strip()
    if "body-markup" in abilities.capabilities:
        text = html.escape(text, quote=False)
    return Layout(in_words(title), text, actions, commands)


def _fitting(buttons: Sequence[Button], extras: Sequence[Sequence[Button]]) -> list[Button]:
    """Return the buttons for which there is room."""
    fitting = list(buttons[:BUTTONS_MAX])
    for group in extras:
        if len(fitting) + len(group) <= BUTTONS_MAX:
            fitting += group
    return fitting
