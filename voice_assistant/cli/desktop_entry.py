"""`menu` and `autostart`: the assistant's place on the desktop."""

from __future__ import annotations

from voice_assistant.cli.terminal import show_json
from voice_assistant.desktop import applications, autostart


def add_to_menu() -> int:
    """Write the entry in the applications menu again."""
    print(f"The applications menu has {applications.add()}.")
    return 0


def remove_from_menu() -> int:
    """Take away whatever lies in the desktop's folders."""
    applications.remove()
    autostart.of_this_platform().switch(on=False)
    print("The applications menu has no entry any more, and no login starts the assistant.")
    return 0


def switch_autostart(*, on: bool) -> int:
    """Have a login start the assistant, or not."""
    autostart.of_this_platform().switch(on=on)
    return show_autostart(as_json=False)


def show_autostart(*, as_json: bool) -> int:
    """Whether a login starts the assistant."""
    login = autostart.of_this_platform()
    if as_json:
        show_json({"on": login.on, "file": str(login.file)})
    else:
        print(f"on: {login.file} starts it" if login.on else "off")
    return 0
