"""Greets the user once the assistant works, and offers a restart after an update."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from voice_assistant.commands import Quit
from voice_assistant.desktop.hotkey import how_to_talk
from voice_assistant.desktop.hotkey.keys import TALK
from voice_assistant.subscribers.buttons import Button
from voice_assistant.system import version
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_assistant.settings.sections.desktop import HotkeySettings
    from voice_assistant.subscribers.missing_parts import MissingParts
    from voice_assistant.subscribers.notices import Notices

    Greet = Callable[[str], None]
    """Says that the assistant works. It is called with how to talk to it, "" without a key."""

START_S = 8.0
"""Seconds to wait for the first report of every part: a panel may start after us, and a keyring
may ask the user first."""

LOOK_S = 120.0
"""Seconds between two looks at the commit of the checkout."""


async def greet(
    settings: HotkeySettings,
    parts: Iterable[str],
    missing: MissingParts,
    greeters: Iterable[Greet],
) -> None:
    """Greet the user once each of `parts` is known to work, or not to."""
    await _all_known(parts, missing)
    how = how_to_talk(settings) if missing.works(TALK) else ""
    for say in greeters:
        say(how)


async def _all_known(parts: Iterable[str], missing: MissingParts) -> None:
    """Wait until each of `parts` has been reported, but not for ever."""
    known = asyncio.Event()
    names = set(parts)

    def look() -> None:
        if missing.are_known(names):
            known.set()

    missing.on_report(look)
    look()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_S):
            await known.wait()


async def offer_update(
    notices: Notices,
    on_disk: Callable[[], str] = version.on_disk,
    running: Callable[[], str] = version.running,
    *,
    look_s: float = LOOK_S,
) -> None:
    """Offer a restart for each update of the checkout, until cancelled."""
    known = running()
    while True:
        await asyncio.sleep(look_s)
        now = await asyncio.to_thread(on_disk)
        if now != known:
            known = now
            body = _("It is used after a restart. Running: {running}.", running=running())
            restart = Button(_("Restart"), Quit(anew=True))
            title = _("There is an update, {now}", now=now)
            notices.offer("update", title, body, restart, unasked=True)
