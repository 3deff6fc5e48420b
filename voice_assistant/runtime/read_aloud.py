"""Decides for each answer who speaks it: the assistant, or the screen reader."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voice_assistant.desktop import screen_reader, speech_dispatcher
from voice_assistant.desktop.speech_dispatcher import SpeechDispatcher
from voice_assistant.speech.marks import ReadMarks
from voice_assistant.subscribers.silenced_reader import SilencedReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from voice_assistant.ports import Problems
    from voice_assistant.turns.services import TurnServices

PART = "screen reader"


@contextlib.asynccontextmanager
async def read_aloud_for(
    services: TurnServices,
    problems: Problems,
    reader_runs: Callable[[], bool] = screen_reader.runs,
) -> AsyncIterator[None]:
    """Let the screen reader say the answers within the context, where the settings want that.

    Args:
        services: the services of turns.
        problems: gets the error of a screen reader that is wanted and cannot be reached; the
            assistant then speaks itself, for somebody may not see the screen.
        reader_runs: returns whether a screen reader speaks on this desktop.
    """
    dispatcher = SpeechDispatcher()
    player = services.player
    speaker = ReadMarks(dispatcher, lambda: player.sentence, lambda: player.speed)

    def read_aloud() -> ReadMarks | None:
        by = services.settings.speech.spoken_by
        wanted = by == "screen_reader" or (by == "auto" and reader_runs())
        there = wanted and speech_dispatcher.answers()
        if by == "screen_reader" and not there:
            problems.report_problem(PART, speech_dispatcher.not_there())
        else:
            problems.clear_problem(PART)
        return speaker if there else None

    services.read_aloud = read_aloud
    try:
        yield
    finally:
        await dispatcher.close()


def silenced_reader(services: TurnServices) -> SilencedReader:
    """Return what keeps the screen reader silent while the assistant speaks beside it."""
    return SilencedReader(lambda: speaks_beside_reader(services), SpeechDispatcher())


def speaks_beside_reader(
    services: TurnServices, reader_runs: Callable[[], bool] = screen_reader.runs
) -> bool:
    """Return whether the assistant itself was chosen to speak where a screen reader does.

    Args:
        services: the services of turns.
        reader_runs: returns whether a screen reader speaks on this desktop.
    """
    chosen = services.settings.speech.spoken_by == "assistant"
    return chosen and reader_runs() and speech_dispatcher.answers()
