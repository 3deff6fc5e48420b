"""The composition root: builds every part, starts them in order, ends them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import TYPE_CHECKING

from voice_assistant import backend, inputs, paths
from voice_assistant.assistant import Assistant
from voice_assistant.audio.earcons import start_tones
from voice_assistant.audio.echo import Echo
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.board import Board
from voice_assistant.capabilities import Capabilities, check_hearing, check_speech
from voice_assistant.commands import Announce, Ask, Quit, Retry
from voice_assistant.control import ControlSocket
from voice_assistant.conversation import Conversation
from voice_assistant.desktop.files import WavSpeaker
from voice_assistant.desktop.hotkey import hotkey, more_keys
from voice_assistant.desktop.microphone import Microphone
from voice_assistant.desktop.notifications import Notifications
from voice_assistant.desktop.speaker import Speaker
from voice_assistant.desktop.tray import Tray
from voice_assistant.engines.voice import find_voice
from voice_assistant.hearing.archive import Archive
from voice_assistant.hearing.recordings import Recordings
from voice_assistant.notices import Notices, again
from voice_assistant.parts import Parts
from voice_assistant.sounds import Sounds
from voice_assistant.speech.player import Player
from voice_assistant.supervision import Checks, Part, supervise
from voice_assistant.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from voice_assistant import ports
    from voice_assistant.backend import Link
    from voice_assistant.config import Settings
    from voice_assistant.errors import DeviceError, MicrophoneError
    from voice_assistant.parts import Tell

    Say = Callable[[str, str], None]
    """Takes what is missing, as title and hint."""

START_SOUND_OVER_S = 0.7
"""After the microphone was opened: the way to the loudspeaker may be a long one."""

log = logging.getLogger(__name__)


async def run_daemon(settings: Settings, say: Say) -> None:
    """Be the assistant until somebody wants it to quit. Hold `control.only_daemon` meanwhile.

    Args:
        settings: all of them.
        say: told what is missing, for the terminal.

    Raises:
        ConfigError: a setting cannot be used.
    """
    async with contextlib.AsyncExitStack() as resources:
        backend.warn(settings, say)
        link = await resources.enter_async_context(backend.link(settings))
        microphone = Microphone(
            settings.microphone.device,
            pre_roll_s=settings.microphone.pre_roll_s,
            trouble=lambda problem: _tell_trouble(problem, board, checks),
        )
        speaker = resources.enter_context(contextlib.closing(_speaker(settings)))
        checks = Checks()
        parts = _parts(settings, link, microphone, speaker, checks.suspect)
        archive = parts.recordings.archive
        archive.tidy()
        checks.add("recordings", lambda: asyncio.to_thread(archive.check))
        if not settings.microphone.pre_roll_s:
            checks.add(microphone.name, lambda: asyncio.to_thread(microphone.check))
        checks.add("speaker", lambda: asyncio.to_thread(speaker.check))
        checks.add("backend", lambda: _ask_abilities(parts, checks.look_again))
        if settings.speech_to_text.local == "never":
            checks.require("speech to text", lambda: check_hearing(parts.capabilities.known))
        if settings.speech.enabled and parts.voice is None:
            checks.require("text to speech", lambda: check_speech(parts.capabilities.known))
        checks.require("inputs", lambda: _check_inputs(parts))

        assistant = Assistant(parts)
        notifications = Notifications(assistant.post)
        notices = Notices(notifications)
        sounds = Sounds(parts)
        parts.player.on_change(lambda: speaker.set_volume(parts.player.volume))
        board = Board(
            link,
            parts.conversation,
            parts.capabilities,
            archive,
            parts.player,
            microphone=microphone,
        )
        board.on_missing(say)
        board.on_missing(notices.say)
        for subscriber in (board.tell, notices.tell, sounds.tell, checks.tell):
            assistant.subscribe(subscriber)

        supervised: list[Part] = [*checks.parts]
        if settings.microphone.pre_roll_s:
            supervised.append(microphone)
        if key := hotkey(settings.hotkey, assistant.post):
            supervised.append(key)
        supervised += more_keys(settings.hotkey, assistant.post)
        if settings.notifications.enabled:
            supervised.append(notifications)
        if settings.tray.enabled:
            tray = Tray(assistant.post)
            board.follow(tray.update)
            supervised.append(tray)

        await _run_beside(
            assistant,
            ControlSocket(assistant.post, board.report).run(),
            notices.run(),
            _offer(archive, notices, notifications),
            sounds.run(),
            link.listen(lambda text: assistant.post(Announce(text=text))),
            *(supervise(part, board) for part in supervised),
        )
    log.info("the assistant has ended")


async def ask_alone(settings: Settings, command: Ask | Retry, tell: Tell, say: Say) -> None:
    """One question and its answer, without a daemon. Cancelling it interrupts the answer."""
    backend.warn(settings, say)
    async with backend.link(settings) as link:
        microphone = Microphone(settings.microphone.device)
        with contextlib.closing(_speaker(settings)) as speaker:
            parts = _parts(
                settings, link, microphone, speaker, lambda error: say(error.title, error.hint)
            )
            turn = Turn(parts, tell)
            await (turn.ask(command) if isinstance(command, Ask) else turn.retry(command))


async def talk_alone(
    settings: Settings, microphone: ports.Microphone, speaker: ports.Speaker, data: Path, tell: Tell
) -> None:
    """One spoken turn with this microphone and this speaker; all data is kept below `data`."""
    async with backend.link(settings, data) as link:
        parts = _parts(settings, link, microphone, speaker, lambda _: None, data)
        await Turn(parts, tell).talk()


async def _run_beside(assistant: Assistant, *others: Awaitable[None]) -> None:
    """Run the assistant until it quits, and everything else as long."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, assistant.post, Quit())
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_finish(other)) for other in others]
        await assistant.run()
        for task in tasks:
            task.cancel()


def _tell_trouble(problem: MicrophoneError | None, board: Board, checks: Checks) -> None:
    """A recording goes on in spite of its microphone."""
    if problem is None:
        board.found(Microphone.name)
    else:
        board.missing(Microphone.name, problem)
        checks.suspect(problem)


async def _finish(work: Awaitable[None]) -> None:
    await work


async def _ask_abilities(parts: Parts, found: Callable[[], None]) -> None:
    client = await parts.connect()
    await parts.capabilities.read(client)
    await parts.capabilities.introduce(client)
    found()


def _check_inputs(parts: Parts) -> None:
    if abilities := parts.capabilities.known:
        inputs.checked(abilities.user_input_form, parts.settings.backend.inputs)


def _parts(  # noqa: PLR0917  (its callers hand over what they have just built, in this order)
    settings: Settings,
    link: Link,
    microphone: ports.Microphone,
    speaker: ports.Speaker,
    missing: Callable[[DeviceError], None],
    data: Path | None = None,
) -> Parts:
    data = data or paths.data_dir()
    return Parts(
        connect=link.connect,
        capabilities=Capabilities(),
        microphone=microphone,
        speaker=speaker,
        player=Player(volume=settings.speaker.volume, speed=settings.speech.speed),
        voice=(
            find_voice(settings.embedded.engine, settings.embedded.voice)
            if settings.speech.local_voice
            else None
        ),
        recordings=Recordings(
            Archive(data / "recordings", settings.recordings.keep_days),
            link.upload_format,
            missing,
            _echo_maker(settings),
        ),
        conversation=Conversation(data / "conversations.json", link.name),
        settings=settings,
        saved=WavSpeaker,
        missing=missing,
    )


def _echo_maker(settings: Settings) -> Callable[[], Echo] | None:
    """What takes the start sound, which loudspeakers play into the microphone, out again."""
    if not settings.sounds.enabled:
        return None
    within_s = settings.microphone.pre_roll_s + START_SOUND_OVER_S
    return lambda: Echo(start_tones(), SPEECH_RATE_HZ, within_s)


def _speaker(settings: Settings) -> Speaker:
    return Speaker(settings.speaker.device, settings.speaker.volume)


async def _offer(archive: Archive, notices: Notices, notifications: Notifications) -> None:
    """Offer the newest recording that waits for an answer, as soon as anything can be shown."""
    await notifications.working.wait()
    if kept := archive.newest():
        notices.say(
            f"A recording from {kept.began:%H:%M} has not been answered",
            f"It was made on {kept.began:%x} and is {kept.seconds:.0f} seconds long.",
            again(kept.name),
        )
