"""Who speaks an answer: the assistant, or the screen reader."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fakes import FakeProblems
from helpers.desktop.ssip_server import ssip_server
from helpers.settings.varied import settings_with

from voice_assistant.runtime.read_aloud import read_aloud_for
from voice_assistant.speech.marks import ReadMarks
from voice_assistant.speech.player import Player


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
