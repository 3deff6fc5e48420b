"""The tray's menu as a test reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.desktop.tray.menu import Menu, MenuItem, entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.commands import AnyCommand
    from voice_assistant.status import Status


def shown(state: Status) -> list[str]:
    """The menu as text; what cannot be chosen in brackets."""
    menu = Menu(*entries(state, lambda _: None))
    return [
        "---" if item is Menu.SEPARATOR else item.text if item.enabled else f"[{item.text}]"
        for item in menu
    ]


def below(label: str, state: Status, post: Callable[[AnyCommand], None]) -> dict[str, MenuItem]:
    """The entries of a submenu, by their labels."""
    items = {item.text: item for item in Menu(*entries(state, post))}
    return {item.text: item for item in items[label].submenu}


def more(state: Status, post: Callable[[AnyCommand], None]) -> dict[str, MenuItem]:
    return below("More", state, post)
