"""Orders to the running daemon: commands that change something, and have no answer of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant.cli.control import Control
from voice_assistant.cli.status import report
from voice_assistant.commands import Consent, LookAtScreen, Speed, Volume, Window
from voice_assistant.errors import ConfigError
from voice_assistant.settings.sections import speech
from voice_assistant.system.json_lines import encoded
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.commands import AnyCommand, WindowView


def order(command: AnyCommand) -> int:
    """Have the running daemon carry out a command; return the exit status.

    Raises:
        DaemonError: no daemon runs, or the daemon refused the command.
    """
    with Control() as daemon:
        daemon.order(encoded(command))
    return 0


def window(view: WindowView) -> int:
    """Have the running daemon open its window, or one of its views."""
    return order(Window(view=view))


def look_at_screen() -> int:
    """Have the running daemon show a picture of the screen, and ask whether it may be sent."""
    return order(LookAtScreen())


def consent(*, given: bool) -> int:
    """Tell the running daemon whether the picture that it shows may be sent."""
    return order(Consent(given=given))


def switch(command: str, *, on: bool | None) -> int:
    """Switch something of the running daemon on or off; None: the other way."""
    with Control() as daemon:
        daemon.order(msgspec.json.encode({"command": command, "on": on}))
    return 0


def volume(level: int | None) -> int:
    """Show or change the volume of the running daemon (0 to 100)."""
    if level is None:
        print(f"{report().volume * 100:g}")
        return 0
    if not 0 <= level <= 100:  # noqa: PLR2004  (percent)
        raise ConfigError(
            _("The volume cannot be {level}", level=level), _("It goes from 0 to 100.")
        )
    order(Volume(level=level / 100))
    print(_("Volume: {level}", level=level))
    return 0


def speed(factor: float | None) -> int:
    """Show or change the speed of speech of the running daemon."""
    if factor is None:
        print(f"{report().speed:g}")
        return 0
    if not speech.SLOWEST <= factor <= speech.FASTEST:
        hint = _(
            "It goes from {least:g} to {most:g}; 1 is normal speed.",
            least=speech.SLOWEST,
            most=speech.FASTEST,
        )
        raise ConfigError(_("The speed cannot be {factor:g}", factor=factor), hint)
    order(Speed(factor=factor))
    print(_("Speed: {factor:g}", factor=factor))
    return 0
