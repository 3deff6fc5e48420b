"""The daemon: builds every part from top to bottom, starts them, and ends them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import logging
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from voice_assistant.backend.link import link_for, warn_if_unprotected
from voice_assistant.backend.refused_key import RefusedKey
from voice_assistant.commands import (
    Announce,
    Quit,
    Rate,
    Window,
)
from voice_assistant.desktop import applications, autostart
from voice_assistant.desktop.face import IN_FRONT, Face, face
from voice_assistant.desktop.hotkey import hotkey, how_to_talk, more_keys
from voice_assistant.errors import StorageError
from voice_assistant.history.store import history_file
from voice_assistant.runtime.checks import Checks, add_checks
from voice_assistant.runtime.composition import (
    preferences_for,
    recorder_for,
    services_for,
    use_settings,
)
from voice_assistant.runtime.control import ControlSocket
from voice_assistant.runtime.greeting import greet, offer_update
from voice_assistant.runtime.live_settings import LiveSettings, Replaceable
from voice_assistant.runtime.loop_watch import watch_loop
from voice_assistant.runtime.offers import offer_late, offer_recording
from voice_assistant.runtime.opening import Opening
from voice_assistant.runtime.sound_watch import SoundWatch
from voice_assistant.runtime.supervision import supervise
from voice_assistant.runtime.switches import (
    hand_on_choices,
    hand_on_switches,
    hand_on_what_is_shown,
)
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.speaker import Speaker
from voice_assistant.subscribers.alarm_notification import AlarmNotification
from voice_assistant.subscribers.level_meter import LevelMeter
from voice_assistant.subscribers.missing_parts import MissingParts
from voice_assistant.subscribers.notices import Notices
from voice_assistant.subscribers.notification import Choice, TurnNotification
from voice_assistant.subscribers.ratings import Ratings
from voice_assistant.subscribers.recent_conversations import RecentConversations
from voice_assistant.subscribers.recent_events import RecentEvents
from voice_assistant.subscribers.status_board import StatusBoard
from voice_assistant.subscribers.waiting_sound import WaitingSound
from voice_assistant.system import paths, service
from voice_assistant.turns.assistant import Assistant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from voice_assistant.api.alerts import Alert
    from voice_assistant.desktop.autostart import Autostart
    from voice_assistant.desktop.tray.pystray import Tray
    from voice_assistant.events import Subscriber
    from voice_assistant.hearing.archive import Archive
    from voice_assistant.history.recorder import Recorder
    from voice_assistant.ports import Problems, Warn
    from voice_assistant.runtime.greeting import Greet
    from voice_assistant.runtime.supervision import Supervised
    from voice_assistant.settings.preferences import Preferences
    from voice_assistant.settings.schema import Settings
    from voice_assistant.speech.player import Player
    from voice_assistant.turns.services import TurnServices

log = logging.getLogger(__name__)

LOGIN = "start at login"


class End(enum.Enum):
    """Why the assistant has ended."""

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
    """Run the assistant until a command ends it. Call `run` while holding `control.only_daemon`.

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
    missing = MissingParts(warn)
    live = LiveSettings(settings, paths.config_file(), missing)
    preferences = preferences_for(settings)
    settings = preferences.settings()
    checks = Checks(missing)
    async with contextlib.AsyncExitStack() as resources:
        warn_if_unprotected(settings, warn)
        link = await resources.enter_async_context(link_for(settings))
        microphone = Microphone(settings.microphone, checks)
        speaker = resources.enter_context(contextlib.closing(Speaker(settings.speaker)))
        recorder = resources.enter_context(recorder_for(settings, link, missing))
        services = services_for(settings, link, microphone, speaker, checks, recorder=recorder)
        add_checks(checks, services, microphone, speaker)
        player, archive = services.player, services.recordings.archive
        _follow_player(player, speaker, preferences)
        ratings = Ratings(history_file(), lambda: link.name, link.connect, recorder.written)
        older = RecentConversations(history_file(), link.name, recorder.written)
        board = StatusBoard(
            missing,
            link,
            services.conversation,
            services.capabilities,
            archive,
            player=player,
            microphone=microphone,
            login=login,
            recorder=recorder,
            ratings=ratings,
            recent=older,
            settings=settings,
            attention=services.attention,
            restart_for=lambda: live.waiting,
        )
        _follow_recorder(recorder, archive, settings)
        assistant = Assistant(services)
        assistant.hand_on(Rate, ratings.rate)
        hand_on_choices(assistant, settings, recorder)
        hand_on_switches(assistant, microphone, services.attention)
        sound_watch = SoundWatch(partial(assistant.post, Quit(anew=True)))
        switch_login = partial(_start_at_login, login, missing, board)
        shown = face(
            assistant.post,
            partial(asyncio.get_running_loop().call_soon_threadsafe, switch_login),
            in_front=begun is not None,
        )
        board.follow(shown.tray.update)
        notices = Notices(shown.notifications, missing)
        hand_on_what_is_shown(assistant, board, notices, how_to_talk(settings.hotkey))
        ratings.warn_by(partial(notices.offer, "rating"))

        recent = RecentEvents()
        opening = Opening(assistant, board, recent, live, player)
        assistant.hand_on(Window, opening.open)
        subscribers: list[Subscriber] = [
            recorder,
            ratings,
            older,
            board,
            recent,
            LevelMeter(lambda: microphone.level_dbfs, shown.tray.show_level),
            TurnNotification(shown.notifications, words=settings.notifications.words),
            AlarmNotification(notices),
            services.sounds,
            *_barge_in(settings, microphone, speaker, assistant),
            WaitingSound(services.sounds.wait, settings.sounds.waiting_s),
            RefusedKey(link),
            checks,  # after `RefusedKey`: the checks then ask the backend without the refused key
        ]
        for subscriber in subscribers:
            assistant.subscribe(subscriber)
        replaceable = _replaceable(settings, assistant, microphone, shown, missing)

        _follow_settings(live, services, preferences, microphone, speaker)
        for group in replaceable:
            live.follow(group.follow)
        live.follow(lambda *_: checks.check_all())
        tray = (shown.tray,) if settings.tray.enabled else ()
        parts = (sound_watch, *checks.parts, *tray, opening)
        names = [part.name for part in (*parts, *chain.from_iterable(replaceable))]
        with _on_screen(settings, shown, begun):
            ended = await _run_beside(
                assistant,
                notices,
                notices.run(),
                *(subscriber.run() for subscriber in subscribers),
                watch_loop(),
                service.tell_of_life(),
                live.run(),
                ControlSocket(assistant.post, board.status, live.read_again).run(),
                *(group.run() for group in replaceable),
                archive.keep_tidy(),
                services.late.run(
                    services.connect, partial(offer_late, assistant, notices, services)
                ),
                offer_recording(archive, notices, shown),
                greet(
                    settings.hotkey,
                    names,
                    missing,
                    (_tell_service, greet_terminal, notices.greet, services.sounds.greet),
                ),
                offer_update(notices),
                link.listen(partial(_announce, assistant), board.show_timers),
                *(supervise(part, missing) for part in parts),
            )
            if not ended.anew:
                opening.forget()
    log.info("the assistant has ended")
    return End.ANEW if ended.anew else End.QUIT


def _follow_settings(
    live: LiveSettings,
    services: TurnServices,
    preferences: Preferences,
    microphone: Microphone,
    speaker: Speaker,
) -> None:
    """Use changed settings at once."""

    def use(before: Settings, now: Settings) -> None:
        logging.getLogger().setLevel(now.log.level.upper())
        preferences.use(now)
        microphone.use(now.microphone)
        speaker.use(now.speaker)
        use_settings(services, before, now)

    live.follow(use)


def _tell_service(_: str) -> None:
    service.tell(service.READY)


def _follow_player(player: Player, speaker: Speaker, preferences: Preferences) -> None:
    """Use and keep each volume and speed that the listener chooses."""
    player.on_change(lambda: speaker.set_volume(player.volume))
    player.on_change(lambda: preferences.keep(volume=player.volume, speed=player.speed))


def _announce(assistant: Assistant, alert: Alert, told: Callable[[], None]) -> None:
    """Have the text of a timer or reminder spoken, then call `told`."""
    assistant.post(Announce(text=alert.text, rings=alert.rings), lambda _: told())


def _replaceable(
    settings: Settings,
    assistant: Assistant,
    microphone: Microphone,
    shown: Face,
    problems: Problems,
) -> list[Replaceable]:
    """Return the parts that may be missing and come back, and that follow changed settings."""

    def keys(now: Settings) -> list[Supervised]:
        key = hotkey(now.hotkey, assistant.post)
        return [*((key,) if key else ()), *more_keys(now.hotkey, assistant.post)]

    def open_microphone(now: Settings) -> list[Supervised]:
        return [microphone] if now.microphone.pre_roll_s else []

    def notifications(now: Settings) -> list[Supervised]:
        own = shown.notifications is not shown.tray
        return [shown.notifications] if now.notifications.enabled and own else []

    return [
        Replaceable(keys, lambda now: now.hotkey, settings, problems),
        Replaceable(open_microphone, lambda now: now.microphone.device, settings, problems),
        Replaceable(notifications, lambda now: now.notifications, settings, problems),
    ]


@contextlib.contextmanager
def _on_screen(
    settings: Settings, shown: Face, begun: Callable[[Tray | None], None] | None
) -> Iterator[None]:
    """Let the main thread show the tray if the platform needs it there, and end the tray."""
    if begun:
        begun(shown.in_front if settings.tray.enabled else None)
    try:
        yield
    finally:
        if shown.in_front:
            shown.in_front.stop()


async def _run_beside(assistant: Assistant, notices: Notices, *others: Awaitable[None]) -> Quit:
    """Run the assistant until it quits, and run `others` beside it; return the `Quit`."""
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, assistant.post, Quit())
        if os.isatty(0):
            loop.add_signal_handler(signal.SIGHUP, _say_that_it_goes_on, notices)
        else:
            loop.add_signal_handler(signal.SIGHUP, assistant.post, Quit())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_finish(other)) for other in others]
        ended = await assistant.run()
        for task in tasks:
            task.cancel()
    return ended


def _say_that_it_goes_on(notices: Notices) -> None:
    """Go on without the terminal, which was closed: whatever is written there fails."""
    with Path(os.devnull).open("r+b") as nowhere:
        for descriptor in (0, 1):  # errors are lost without a word already
            os.dup2(nowhere.fileno(), descriptor)
    log.info("the terminal was closed; the assistant goes on")
    notices.offer(
        "terminal",
        "The terminal is closed, and the assistant goes on",
        "End it in its menu, or with `voice-assistant quit`.",
        Choice("Quit", Quit()),
    )


async def _finish(work: Awaitable[None]) -> None:
    await work


def _follow_recorder(recorder: Recorder, archive: Archive, settings: Settings) -> None:
    """Off the record, no answered recording is kept; `history.enabled` says nothing of those."""

    def follow() -> None:
        archive.off_the_record = recorder.off and settings.history.enabled

    recorder.on_change(follow)
    follow()


def _barge_in(
    settings: Settings, microphone: Microphone, speaker: Speaker, assistant: Assistant
) -> list[Subscriber]:
    """Return the follower that lets the user speak into answers, if that is wished.

    Raises:
        ConfigError: a package for that is not installed.
    """
    if settings.hands_free.barge_in == "off":
        return []  # and load nothing
    from voice_assistant.audio.played_sound import PlayedSound  # noqa: PLC0415
    from voice_assistant.audio.talk_over import talk_over  # noqa: PLC0415
    from voice_assistant.hearing.barge_in import BargeIn  # noqa: PLC0415

    played = PlayedSound()
    speaker.tell(played)
    finder = talk_over(loudspeaker=settings.hands_free.barge_in == "loudspeaker")
    skip_s = settings.microphone.pre_roll_s
    return [BargeIn(microphone, played, finder, assistant.talk_over, skip_s)]


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
    board.look_at_login()
