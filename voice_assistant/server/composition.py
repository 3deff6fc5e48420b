"""Builds the parts of a real server."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.server.chat_model.choice import ModelChoice
from voice_assistant.server.chat_model.chosen import ChosenModel
from voice_assistant.server.follow_ups import FollowUps
from voice_assistant.server.parts import Parts
from voice_assistant.server.skills import Means, Skills, grammar
from voice_assistant.server.store import store
from voice_assistant.server.store.annotations import Annotations
from voice_assistant.server.store.files import Files
from voice_assistant.server.store.history import History
from voice_assistant.server.store.lists import Lists
from voice_assistant.server.store.stopwatch import Stopwatch
from voice_assistant.server.store.timers import Timers
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.system import steady_clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from voice_assistant.server.chat_model.access import Access


class Options(NamedTuple):
    """The choices for a server.

    Attributes:
        data: the folder of the server's conversations, timers and files.
        embedded: the settings of the server's voice.
        chat_model: the access to the chat model of the settings.
        hears: the first recording is expected soon: the recogniser is loaded at once.
    """

    data: Path
    embedded: EmbeddedSettings = EmbeddedSettings()
    chat_model: Access | None = None
    hears: bool = True


@contextlib.asynccontextmanager
async def composed(options: Options) -> AsyncIterator[Parts]:
    """Build all parts of a server; the recogniser's threads end with the context.

    Raises:
        ConfigError: the data folder cannot be used.
    """
    async with contextlib.AsyncExitStack() as stack:
        db = stack.enter_context(contextlib.closing(store.connect(options.data)))
        timers = Timers(db, elapsed=steady_clock.elapsed_s, boot=steady_clock.boot())
        choice = ModelChoice(db, options.chat_model)
        chat_model = await stack.enter_async_context(ChosenModel(choice))
        stopwatch = Stopwatch(db, steady_clock.elapsed_s, steady_clock.boot())
        skills = Skills(Means(timers, choice, Lists(db), stopwatch))
        history = History(db)
        follow_ups = FollowUps(history)
        stack.push_async_callback(follow_ups.close)
        recognizer = await stack.enter_async_context(Recognizer(grammar.commands))
        voice = find_voice(options.embedded)
        voices = [voice] if voice else []
        warm = [skills.warm(), *(one.warm() for one in voices)]
        if options.hears:
            warm.append(recognizer.warm())
        warming = asyncio.gather(*warm)  # beside the first requests
        yield Parts(
            history=history,
            annotations=Annotations(db),
            files=Files(db, options.data / "files"),
            timers=timers,
            skills=skills,
            chat_model=chat_model,
            follow_ups=follow_ups,
            recognizer=recognizer,
            voice=voice,
        )
        await warming
