"""Who speaks an answer: the assistant, or the screen reader."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from fakes import FakeProblems, until
from helpers.desktop.ssip_server import ssip_server
from helpers.settings.varied import settings_with

from voice_assistant import events
from voice_assistant.desktop.speech_dispatcher import SpeechDispatcher
from voice_assistant.runtime.read_aloud import read_aloud_for, speaks_beside_reader
from voice_assistant.speech.marks import ReadMarks
from voice_assistant.speech.player import Player
from voice_assistant.subscribers.silenced_reader import SilencedReader


def services_with(spoken_by):
    settings = settings_with(f'speech.spoken_by="{spoken_by}"')
    return SimpleNamespace(player=Player(), settings=settings, read_aloud=None)


@pytest.mark.parametrize(
    ("spoken_by", "orca_runs", "reads"),
    [
        ("assistant", True, False),
        ("auto", False, False),
        ("auto", True, True),
        ("screen_reader", False, True),
    ],
)
async def test_the_setting_tells_who_speaks(spoken_by, orca_runs, reads, monkeypatch, tmp_path):
    services = services_with(spoken_by)
    async with (
        ssip_server(monkeypatch, tmp_path),
        read_aloud_for(services, FakeProblems(), lambda: orca_runs),
    ):
        assert isinstance(services.read_aloud(), ReadMarks) == reads


@pytest.mark.parametrize(("spoken_by", "told"), [("screen_reader", True), ("auto", False)])
async def test_where_the_reader_cannot_be_reached_the_assistant_speaks(
    spoken_by, told, monkeypatch, tmp_path
):
    services, problems = services_with(spoken_by), FakeProblems()
    async with read_aloud_for(services, problems, lambda: True):
        async with ssip_server(monkeypatch, tmp_path):
            assert services.read_aloud()
        assert services.read_aloud() is None
        assert any(problems.titles) == told
        services.settings = settings_with('speech.spoken_by="assistant"')
        assert services.read_aloud() is None
        assert problems.titles[-1] is None


@pytest.mark.parametrize(
    ("spoken_by", "orca_runs", "beside"),
    [("assistant", True, True), ("assistant", False, False), ("auto", True, False)],
)
async def test_the_reader_is_silenced_only_where_the_assistant_is_chosen_to_speak(
    spoken_by, orca_runs, beside, monkeypatch, tmp_path
):
    services = services_with(spoken_by)
    async with ssip_server(monkeypatch, tmp_path):
        assert speaks_beside_reader(services, lambda: orca_runs) == beside
    assert not speaks_beside_reader(services, lambda: orca_runs)


async def test_the_reader_is_silenced_through_speech_dispatcher(monkeypatch, tmp_path):
    async with ssip_server(monkeypatch, tmp_path) as server:
        reader = SilencedReader(lambda: True, SpeechDispatcher())
        running = asyncio.create_task(reader.run())
        reader.handle(events.Speaking(turn=1))
        await until(lambda: "CANCEL ALL" in server.commands)
        running.cancel()
        await asyncio.wait([running])
