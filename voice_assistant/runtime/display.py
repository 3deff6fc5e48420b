"""The displays of the daemon: tray, notifications, window, and the status that all of them show."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.commands import Pause, Release
from voice_assistant.desktop.face import do_not_disturb, face
from voice_assistant.desktop.hotkey import how_to_talk
from voice_assistant.desktop.session import Session
from voice_assistant.errors import StorageError
from voice_assistant.runtime.choices import Choices
from voice_assistant.runtime.opening import Opening
from voice_assistant.runtime.screen_questions import ScreenQuestions
from voice_assistant.subscribers.captions import Captions
from voice_assistant.subscribers.notices import Notices
from voice_assistant.subscribers.recent_events import RecentEvents
from voice_assistant.subscribers.status_board import StatusBoard, StatusSources
from voice_assistant.subscribers.tap_hint import TapHint
from voice_assistant.subscribers.watched_disk import WatchedDisk
from voice_assistant.system import paths
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from voice_assistant.desktop.autostart import Autostart
    from voice_assistant.desktop.face import Face
    from voice_assistant.desktop.tray.pystray import Tray
    from voice_assistant.ports import Problems
    from voice_assistant.runtime.core import Core
    from voice_assistant.turns.assistant import Assistant

LOGIN = "start at login"


class Display(NamedTuple):
    """The displays, and the parts behind them.

    Attributes:
        board: derives the status.
        face: tray and notifications.
        notices: notifications of what does not work, and of offers.
        is_quiet: returns whether nothing that nobody asked for is to be heard.
        recent: the events of the last turns, for the window.
        window: opens the window.
        screen: asks about what is on the screen.
        tap_hint: explains the talk key.
        session: tells whether the screen is locked, and of the machine's sleep.
        choices: finds the devices and voices that the menu offers.
        captions: derives the caption of the moment.
    """

    board: StatusBoard
    face: Face
    notices: Notices
    is_quiet: Callable[[], Awaitable[bool]]
    recent: RecentEvents
    window: Opening
    screen: ScreenQuestions
    tap_hint: TapHint
    session: Session
    choices: Choices
    captions: Captions


def display_for(core: Core, assistant: Assistant, login: Autostart, *, in_front: bool) -> Display:
    """Return what shows the core's state, and posts commands to the assistant.

    Args:
        core: what turns work with.
        assistant: gets the commands.
        login: starts the assistant at login.
        in_front: whether the main thread shows the tray.
    """
    board = _board_for(core, login)
    choices = Choices(board.show_choices, lambda: core.live.now)
    switch_login = partial(_start_at_login, login, core.missing, board)
    shown = face(
        assistant.post,
        partial(asyncio.get_running_loop().call_soon_threadsafe, switch_login),
        in_front=in_front,
        on_open=choices.look,
    )
    board.follow(shown.tray.update)
    core.live.follow(lambda _, now: board.use(now))
    core.live.follow(lambda *_: choices.look())  # who answers has voices of its own
    notices = Notices(shown.notifications, core.missing, do_not_disturb)

    async def is_quiet() -> bool:
        return core.live.now.notifications.do_not_disturb and await do_not_disturb()

    core.ratings.warn_by(partial(notices.offer, "rating"))
    core.files.warn_by(partial(notices.offer, "files"))
    recent = RecentEvents()
    window = Opening(core, assistant, board, recent)
    hint = TapHint(
        lambda: notices.offer("tap", _("How to talk"), how_to_talk(core.live.now.hotkey)),
        paths.state_dir() / "tap-hints",
    )
    session = _session_for(core, assistant)
    captions = Captions(
        lambda: core.services.player.sentence,
        lambda: core.microphone.level_dbfs,
        lambda: core.live.now.captions.stay_s,
    )
    screen = ScreenQuestions(assistant.post, notices)
    return Display(
        board, shown, notices, is_quiet, recent, window, screen, hint, session, choices, captions
    )


def _board_for(core: Core, login: Autostart) -> StatusBoard:
    services = core.services
    sources = StatusSources(
        missing=core.missing,
        app=lambda: core.apps.in_use,
        player=services.player,
        microphone=core.microphone,
        attention=services.attention,
        recorder=core.recorder,
        ratings=core.ratings,
        recent=core.older,
        unfinished=lambda: services.late.has_left,
        restart_for=lambda: core.live.waiting,
    )
    archive = services.recordings.archive
    disk = WatchedDisk(archive, login, lambda: core.apps.in_use.conversation.id)
    return StatusBoard(sources, disk, core.settings)


def _session_for(core: Core, assistant: Assistant) -> Session:
    """Return the session; before a sleep nothing goes on, and after it everything is checked."""

    def rest() -> None:
        assistant.post(Release())  # what was said is asked; a key's own release may be lost
        assistant.post(Pause())

    session = Session()
    session.on_sleep(rest)
    session.on_wake(core.checks.check_all)
    return session


def _start_at_login(
    login: Autostart,
    problems: Problems,
    board: StatusBoard,
    on: bool,  # noqa: FBT001  (the tray's menu passes no names)
) -> None:
    try:
        login.switch(on=on)
        problems.clear_problem(LOGIN)
    except StorageError as error:
        problems.report_problem(LOGIN, error)
    board.look()


@contextlib.contextmanager
def on_screen(
    shown: Face, begun: Callable[[Tray | None], None] | None, *, tray: bool
) -> Iterator[None]:
    """Let the main thread show the tray if the platform needs it there, and end the tray.

    Args:
        shown: tray and notifications.
        begun: called with the tray that the main thread has to run, if it waits for one.
        tray: whether there is to be a tray.
    """
    if begun:
        begun(shown.in_front if tray else None)
    try:
        yield
    finally:
        if shown.in_front:
            shown.in_front.stop()
