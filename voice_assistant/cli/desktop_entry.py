"""`menu` and `autostart`: the assistant's entries in the desktop's menu and login."""

from __future__ import annotations

from voice_assistant.cli.terminal.output import show_json
from voice_assistant.desktop import applications, autostart, user_service
from voice_assistant.translation import _


def add_to_menu() -> int:
    """Rewrite the entry in the applications menu."""
    print(_("The applications menu has {file}.", file=applications.add()))
    return 0


def remove_from_menu() -> int:
    """Remove the assistant's files from the desktop's folders."""
    applications.remove()
    autostart.of_this_platform().switch(on=False)
    print(_("The applications menu has no entry any more, and no login starts the assistant."))
    return 0


def switch_autostart(*, on: bool) -> int:
    """Switch on or off that a login starts the assistant."""
    autostart.of_this_platform().switch(on=on)
    return show_autostart(as_json=False)


def show_autostart(*, as_json: bool) -> int:
    """Show whether a login starts the assistant."""
    login = autostart.of_this_platform()
    if as_json:
        show_json({"on": login.on, "file": str(login.file)})
    else:
        print(_("on: {file} starts it", file=login.file) if login.on else _("off"))
    return 0


def switch_service(*, on: bool) -> int:
    """Let the user's systemd run the assistant, or not."""
    user_service.switch(on=on)
    if on:
        print(_("on: {file} runs it now and at each login", file=user_service.file()))
        print(_("Its log: journalctl --user -u voice-assistant"))
    else:
        print(_("off"))
    return 0
