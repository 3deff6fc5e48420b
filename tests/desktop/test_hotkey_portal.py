"""The talk key through the portal, played by a small one on a real bus."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from bench import Desktop
from helpers.desktop.portal import PATH, portal
from helpers.desktop.supervised import aside, running, until

from voice_assistant.commands import Press, Release
from voice_assistant.desktop import applications
from voice_assistant.desktop import bus as bus_room
from voice_assistant.desktop.entry import APP_ID, FILE
from voice_assistant.desktop.hotkey import hotkey
from voice_assistant.desktop.hotkey import portal as portal_hotkey
from voice_assistant.errors import HotkeyError
from voice_assistant.settings.sections.desktop import HotkeySettings

if TYPE_CHECKING:
    from collections.abc import Iterator

WAYLAND = {"WAYLAND_DISPLAY": "wayland-0"}


@pytest.fixture(scope="module")
def bus() -> Iterator[Desktop]:
    with Desktop(display=False, sound=False) as desktop, desktop.active():
        yield desktop


def talk_key(posted):
    return hotkey(HotkeySettings(mode="hold"), posted.append, WAYLAND)


@pytest.mark.usefixtures("bus")
async def test_the_desktop_passes_the_key_on():
    posted = []
    async with portal() as service, running(talk_key(posted)):
        [(name, properties)] = service.bound
        assert name == "talk"
        assert properties["preferred_trigger"].value == "CTRL+ALT+space"
        assert properties["description"].value
        service.key("Activated", session=f"{PATH}/session/9_9/other")
        service.key("Activated", name="other")
        service.key("Activated")
        service.key("Activated")
        service.key("Deactivated")
        await until(lambda: len(posted) == 2, "press and release")
    assert posted == [Press(), Release()]


@pytest.mark.usefixtures("bus")
async def test_a_release_that_no_press_was_told_of_is_none():
    posted = []
    async with portal() as service, running(talk_key(posted)):
        for member in ("Deactivated", "Activated", "Deactivated"):
            service.key(member)
        await until(lambda: len(posted) == 2, "press and release")
    assert posted == [Press(), Release()]


@pytest.mark.usefixtures("bus")
async def test_a_desktop_that_tells_of_both_for_each_repetition_is_talked_to_all_the_same():
    posted = []
    async with portal() as service, running(talk_key(posted)):
        service.key("Activated")
        for _ in range(10):
            service.key("Deactivated")
            service.key("Activated")
        service.key("Deactivated")
        await until(lambda: len(posted) == 22, "all of them")
    assert posted == [Press(), Release()] * 11  # a press so soon takes the release back


@pytest.mark.usefixtures("bus")
async def test_a_desktop_that_never_tells_of_the_release_tells_it_by_the_next_press(monkeypatch):
    monkeypatch.setattr(portal_hotkey, "LOST_RELEASE_S", 0.1)
    posted = []
    async with portal() as service, running(talk_key(posted)):
        service.key("Activated")
        await until(lambda: len(posted) == 1, "the press")
        at_s = asyncio.get_running_loop().time()
        await until(lambda: asyncio.get_running_loop().time() > at_s + 0.2, "some time")
        service.key("Activated")
        await until(lambda: len(posted) == 2, "the release")
        service.key("Activated")
        service.key("Deactivated")
        await until(lambda: len(posted) == 4, "press and release")
    assert posted == [Press(), Release(), Press(), Release()]


@pytest.mark.usefixtures("bus")
async def test_a_portal_that_does_not_answer_is_told_so(monkeypatch):
    monkeypatch.setattr(bus_room, "REPLY_S", 0.3)
    async with portal(answers=False):
        with pytest.raises(HotkeyError, match="portal does not answer") as told:
            await talk_key([]).run(lambda: None)
    assert "voice-assistant press" in told.value.hint


@pytest.mark.usefixtures("bus")
async def test_a_closed_session_is_said_and_the_key_let_go():
    posted = []
    async with portal() as service, running(talk_key(posted)) as part:
        service.key("Activated")
        service.close(f"{PATH}/session/9_9/other")
        service.close()
        with pytest.raises(HotkeyError, match="took the talk key back"):
            await part
    assert posted == [Press(), Release()]


@pytest.mark.usefixtures("bus")
async def test_a_portal_that_ends_is_said():
    async with portal() as service, running(talk_key([])) as part:
        service.bus.disconnect()
        with pytest.raises(HotkeyError, match="portal ended"):
            await part


@pytest.mark.usefixtures("bus")
async def test_a_refusal_is_said():
    async with portal(allows=False):
        with pytest.raises(HotkeyError, match="not allowed") as said:
            async with running(talk_key([])):
                pass
    assert "voice-assistant press" in said.value.hint


@pytest.mark.usefixtures("bus")
async def test_a_portal_that_knows_no_entry_of_ours_is_told_of_and_satisfied_by_one():
    async with portal(data_home=os.environ["XDG_DATA_HOME"]) as service:
        with pytest.raises(HotkeyError, match="An app id is required") as said:
            async with running(talk_key([])):
                pass
        assert FILE in said.value.hint
        assert "voice-assistant menu add" in said.value.hint
        applications.keep()
        async with running(talk_key([])):
            assert service.registry.names == [APP_ID]


@pytest.mark.usefixtures("bus")
async def test_without_a_portal_the_commands_are_named():
    with pytest.raises(HotkeyError, match="no portal") as said:
        async with running(talk_key([])):
            pass
    assert "voice-assistant toggle" in said.value.hint


async def test_a_lost_bus_is_said(make_desktop):
    async def scenario():
        async with portal(), running(talk_key([])) as part:
            await aside(desktop.bus.kill)
            with pytest.raises(HotkeyError, match="bus was lost"):
                await part

    desktop = make_desktop(display=False, sound=False)
    with desktop.active():
        await scenario()
