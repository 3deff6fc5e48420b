"""The apps that can answer: each is opened once, and the one in use can change."""

from __future__ import annotations

import msgspec
import pytest
from fakes import FakeProblems
from helpers.replay import json, replay

from voice_assistant.backend.apps import Apps
from voice_assistant.settings.schema import Settings
from voice_assistant.settings.sections.backend import BackendSettings, ProfileSettings

WORK = ProfileSettings(url="https://work.example/v1", user="me", profile="work")


@pytest.fixture
async def apps(tmp_path):
    async with Apps(Settings(), tmp_path, FakeProblems()) as apps:
        yield apps


async def test_an_app_is_the_same_until_more_than_inputs_and_voice_changes(apps):
    work = apps.of(WORK)
    assert apps.of(msgspec.structs.replace(WORK, inputs={"city": "Paris"}, voice="alloy")) is work
    assert apps.of(msgspec.structs.replace(WORK, silence_s=5.0)) is not work


async def test_each_app_goes_on_with_its_own_conversation(apps):
    home = apps.in_use
    home.conversation.set_current("at home")
    apps.use(WORK)
    assert apps.in_use.conversation.id == ""
    apps.in_use.conversation.set_current("at work")
    apps.use(BackendSettings())
    assert apps.in_use is home
    assert [app.conversation.id for app in (home, apps.of(WORK))] == ["at home", "at work"]
    assert [link.name for link in apps.links] == [
        "the embedded backend",
        "https://work.example/v1 (work)",
    ]


async def test_profiles_of_the_embedded_backend_share_its_process(apps):
    another = apps.of(BackendSettings(profile="another"))
    assert another.link._server is apps.in_use.link._server
    assert another.link.name != apps.in_use.link.name


async def test_a_refused_key_is_read_again_whoever_was_asked(apps, monkeypatch):
    monkeypatch.setenv("VOICE_ASSISTANT_API_KEY", "app-old")
    came = []

    def noted(request):
        came.append(request.headers["authorization"])
        return json(200, {})

    async with replay({"GET /parameters": noted}) as server:
        work = apps.of(BackendSettings(kind="dify", url=server.url, user="me"))
        await (await work.link.connect()).parameters()
        monkeypatch.setenv("VOICE_ASSISTANT_API_KEY", "app-new")
        apps.forget_keys()
        await (await work.link.connect()).parameters()
    assert came == ["Bearer app-old", "Bearer app-new"]
