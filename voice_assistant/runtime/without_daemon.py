"""Runs turns without a daemon: `ask` without a running assistant, and the demo."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from typing import TYPE_CHECKING

from voice_assistant.backend.apps import Apps
from voice_assistant.backend.link import warn_if_unprotected
from voice_assistant.commands import Ask
from voice_assistant.errors import ConfigError
from voice_assistant.history.record_file import history_file
from voice_assistant.ports import VOICE
from voice_assistant.runtime.composition import preferences_for, recorder_for, services_for
from voice_assistant.runtime.read_aloud import read_aloud_for
from voice_assistant.runtime.supervision.checks import check_voice
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.speaker import Speaker
from voice_assistant.subscribers.file_keeper import FileKeeper
from voice_assistant.subscribers.missing_parts import MissingParts
from voice_assistant.system import paths
from voice_assistant.turns.question import Question
from voice_assistant.turns.spoken_question import SpokenQuestion
from voice_assistant.turns.stored_question import StoredQuestion

if TYPE_CHECKING:
    from pathlib import Path

    from voice_assistant import events, ports
    from voice_assistant.commands import Retry
    from voice_assistant.settings.schema import Settings


async def ask_alone(
    settings: Settings, command: Ask | Retry, handle: events.Handler, warn: ports.Warn
) -> None:
    """Run one question and its answer. A cancellation interrupts the answer.

    Args:
        settings: all settings.
        command: the question.
        handle: called with every event of the turn.
        warn: called with the problem of each device that the turn continues without.

    Raises:
        ConfigError: a setting cannot be used.
    """
    warn_if_unprotected(settings, warn)
    settings = preferences_for(settings).settings()
    problems = MissingParts(warn)
    try:
        await check_voice(settings)
    except ConfigError as error:
        problems.report_problem(VOICE, error)
    async with Apps(settings, paths.data_dir(), problems) as apps:
        with recorder_for(settings, problems) as recorder:
            files = FileKeeper(history_file(), recorder, lambda: settings.backend.trust_pictures)

            def record(event: events.AnyEvent) -> None:
                recorder.handle(event)
                files.handle(event)
                handle(event)

            microphone = Microphone(settings.microphone, problems)
            with contextlib.closing(Speaker(settings.speaker)) as speaker:
                services = services_for(
                    settings, apps, microphone, speaker, problems, recorder=recorder
                )
                services = dataclasses.replace(services, waits_for_forms=False)
                keeping = asyncio.create_task(files.run())
                async with read_aloud_for(services, problems):
                    if isinstance(command, Ask):
                        await Question(services, record, command=command).run()
                    else:
                        name, new = command.recording, command.new
                        await StoredQuestion(services, record, name=name, new=new).run()
                await files.done()
                keeping.cancel()


async def talk_alone(  # noqa: PLR0917  (a daemon's devices, without the daemon)
    settings: Settings,
    microphone: ports.Microphone,
    speaker: ports.Speaker,
    data: Path,
    handle: events.Handler,
    warn: ports.Warn,
) -> None:
    """Run one spoken turn with this microphone and this speaker.

    Args:
        settings: all settings.
        microphone: records the question.
        speaker: plays the answer.
        data: the folder below which all data is kept.
        handle: called with every event of the turn.
        warn: called with the problem of each device that the turn continues without.
    """
    problems = MissingParts(warn)
    async with Apps(settings, data, problems) as apps:
        services = services_for(settings, apps, microphone, speaker, problems, data)
        await SpokenQuestion(services, handle).run()
