"""The daemon: builds its parts from top to bottom, runs them, and ends them in reverse.

`core` builds what turns work with, `display` what shows it. `subscribers` lists all that follow
events, `parts` what may be missing and come back, `switches` the commands that begin no turn.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from queue import SimpleQueue
from typing import TYPE_CHECKING

from voice_assistant.commands import Announce
from voice_assistant.desktop import applications, autostart
from voice_assistant.desktop.face import IN_FRONT, follow_session
from voice_assistant.runtime.core import open_core
from voice_assistant.runtime.display import display_for, on_screen
from voice_assistant.runtime.greeting import greet, offer_update
from voice_assistant.runtime.hands_free import HandsFree
from voice_assistant.runtime.offers import offer_late, offer_recording, pick_up
from voice_assistant.runtime.parts import lasting_parts, replaceable_parts
from voice_assistant.runtime.process.control_socket import ControlSocket
from voice_assistant.runtime.process.lifetime import run_until_quit
from voice_assistant.runtime.process.loop_watch import watch_loop
from voice_assistant.runtime.setup import first_start
from voice_assistant.runtime.subscribers import subscribers_for
from voice_assistant.runtime.supervision.supervised import supervise
from voice_assistant.runtime.switches import hand_on_commands
from voice_assistant.system import service
from voice_assistant.system.memory import keep_little_memory
from voice_assistant.turns.assistant import Assistant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from voice_assistant.api.alerts import Alert
    from voice_assistant.commands import AnyCommand
    from voice_assistant.desktop.tray.pystray import Tray
    from voice_assistant.ports import Warn
    from voice_assistant.runtime.core import Core
    from voice_assistant.runtime.display import Display
    from voice_assistant.runtime.greeting import Greet
    from voice_assistant.runtime.supervision.supervised import Supervised
    from voice_assistant.settings.schema import Settings

log = logging.getLogger(__name__)


class End(enum.Enum):
    """The reason why the assistant has ended."""

    QUIT = enum.auto()
    ANEW = enum.auto()
    """Start the program again: the user wants that, or only a new process will have sound again."""


def run(
    settings: Settings,
    warn: Warn,
    greet: Greet = lambda _: None,
    *,
    in_front: bool = IN_FRONT,
) -> End:
    """Run the assistant until a command ends it. Call `run` while holding `only_daemon`.

    Args:
        settings: all settings.
        warn: shows missing parts on the terminal.
        greet: called once the assistant works, with how to talk to it.
        in_front: True shows the tray on the main thread, and does everything else on another.

    Returns:
        Why the assistant has ended; after `End.ANEW` the caller starts the program again.

    Raises:
        ConfigError: a setting cannot be used.
    """
    keep_little_memory()
    if not in_front:
        return asyncio.run(_live(settings, warn, greet))
    trays: SimpleQueue[Tray | None] = SimpleQueue()
    with ThreadPoolExecutor(1, "asyncio") as pool:
        life = pool.submit(asyncio.run, _live(settings, warn, greet, trays.put))
        life.add_done_callback(lambda _: trays.put(None))
        if tray := trays.get():
            tray.run_blocking()
        return life.result()


async def _live(
    settings: Settings,
    warn: Warn,
    greet_terminal: Greet,
    begun: Callable[[Tray | None], None] | None = None,
) -> End:
    applications.keep()  # before the key is asked for: portals identify us by our desktop entry
    login = autostart.of_this_platform()
    autostart.keep(login)
    async with open_core(settings, warn) as core:
        assistant = Assistant(core.services)
        display = display_for(core, assistant, login, in_front=begun is not None)
        hand_on_commands(assistant, core, display)
        hands_free = HandsFree(core, assistant)
        subscribers = subscribers_for(core, display, hands_free, assistant.post)
        for subscriber in subscribers:
            assistant.subscribe(subscriber)
        lasting = lasting_parts(core, display, assistant)
        replaceable = replaceable_parts(core, display, assistant, hands_free)
        beside = chain(
            (subscriber.run() for subscriber in subscribers),
            (supervise(part, core.missing) for part in lasting),
            (group.run() for group in replaceable),
            _services(core, display, assistant),
            [
                _greet(
                    core, display, assistant.post, [*lasting, *chain(*replaceable)], greet_terminal
                )
            ],
        )
        with on_screen(display.face, begun, tray=core.settings.tray.enabled):
            ended = await run_until_quit(assistant, display.notices, beside, display.window.over)
    log.info("the assistant has ended")
    return End.ANEW if ended.anew else End.QUIT


def _services(core: Core, display: Display, assistant: Assistant) -> Iterator[Awaitable[None]]:
    """Yield the work that neither follows events nor can be missing."""
    services, notices = core.services, display.notices
    archive = services.recordings.archive
    yield notices.run()
    yield display.screen.run()
    yield watch_loop()
    yield follow_session(display.session)
    yield display.choices.run()
    yield service.tell_of_life()
    yield core.live.run()
    yield ControlSocket(
        assistant.post,
        display.board.status,
        core.live.read_again,
        served=lambda: core.apps.served,
    ).run()
    yield core.apps.listen(partial(_announce, assistant), display.board.show_timers)
    yield archive.keep_tidy()
    yield offer_recording(archive, notices, display.face)
    yield services.late.run(
        lambda profile: services.of_profile(profile).connect(),
        partial(offer_late, assistant, display, services),
        partial(pick_up, assistant, notices),
    )
    yield offer_update(notices)


async def _greet(
    core: Core,
    display: Display,
    post: Callable[[AnyCommand], None],
    parts: Iterable[Supervised],
    greet_terminal: Greet,
) -> None:
    """Greet the user everywhere, once each of `parts` is known to work, or not to."""
    quiet = await display.is_quiet()
    greeters = (
        lambda _: service.tell(service.READY),
        greet_terminal,
        lambda how: display.notices.greet(how, *first_start.buttons()),
        *(() if quiet else (core.services.sounds.greet,)),
    )
    await greet(core.settings.hotkey, [part.name for part in parts], core.missing, greeters)
    if first_start.is_first() and first_start.somebody_looks():
        post(first_start.SET_UP)


def _announce(assistant: Assistant, alert: Alert, told: Callable[[], None]) -> None:
    """Have the text of a timer or reminder spoken, then call `told`."""
    assistant.post(Announce(text=alert.text, rings=alert.rings), lambda _: told())
