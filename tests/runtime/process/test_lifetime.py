"""The end of the daemon: whoever ends it for good ends it, also while it starts anew."""

from __future__ import annotations

import asyncio

import pytest
from fakes import FakeProblems, FakeSpeaker
from helpers.turns.staging import ANSWER, QUIET, server, usual_services

from voice_assistant.commands import Quit
from voice_assistant.runtime.process.lifetime import run_until_quit
from voice_assistant.turns.assistant import Assistant


@pytest.mark.parametrize("when", ["before", "together", "while all else ends", "never"])
async def test_a_quit_for_good_wins_over_a_restart(tmp_path, when):
    services = usual_services(
        tmp_path,
        backend=server(script=ANSWER),
        speaker=FakeSpeaker(),
        settings=QUIET,
        problems=FakeProblems(),
        echo=None,
    )
    assistant = Assistant(services)

    async def beside() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            if when == "while all else ends":
                assistant.post(Quit())

    if when == "before":
        assistant.post(Quit())
    assistant.post(Quit(anew=True))
    if when == "together":
        assistant.post(Quit())
    async with asyncio.timeout(20):
        ended = await run_until_quit(assistant, None, [beside()])
    assert ended.anew is (when == "never")
