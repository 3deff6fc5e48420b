"""The process of the daemon: signals end it, and its terminal may be closed."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.commands import Quit
from voice_assistant.subscribers.buttons import Button
from voice_assistant.system import process_signals
from voice_assistant.system.process_signals import on_signal
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from voice_assistant.subscribers.notices import Notices
    from voice_assistant.turns.assistant import Assistant

log = logging.getLogger(__name__)


async def run_until_quit(
    assistant: Assistant,
    notices: Notices,
    beside: Iterable[Awaitable[None]],
    over: Callable[[Quit], None] = lambda _: None,
) -> Quit:
    """Run the assistant until it quits, and run `beside` as long; return the last `Quit`.

    The end of the terminal ends the assistant, unless it was started in that terminal by hand:
    then `notices` say that the assistant goes on. `over` is called before what runs beside ends.
    """
    if threading.current_thread() is threading.main_thread():
        for number in process_signals.ENDING:
            on_signal(number, assistant.post, Quit())
        for number in process_signals.TERMINAL_CLOSED:
            if os.isatty(0):
                on_signal(number, _go_on_without_terminal, notices)
            else:
                on_signal(number, assistant.post, Quit())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_finish(work)) for work in beside]
        ended = await assistant.run()
        over(Quit() if assistant.over else ended)
        for task in tasks:
            task.cancel()
    return Quit() if assistant.over else ended  # a quit may come while all else ends


def _go_on_without_terminal(notices: Notices) -> None:
    """Write nowhere from now on: whatever is written to a closed terminal fails."""
    with Path(os.devnull).open("r+b") as nowhere:
        for descriptor in (0, 1):  # errors are lost without a word already
            os.dup2(nowhere.fileno(), descriptor)
    log.info("the terminal was closed; the assistant goes on")
    notices.offer(
        "terminal",
        _("The terminal is closed, and the assistant goes on"),
        _("End it in its menu, or with `voice-assistant quit`."),
        Button(_("Quit"), Quit()),
    )


async def _finish(work: Awaitable[None]) -> None:
    await work
