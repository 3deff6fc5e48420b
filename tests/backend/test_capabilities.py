from __future__ import annotations

import asyncio

import pytest
from fakes import FakeBackend

from voice_assistant.api.models import AppInfo, Parameters
from voice_assistant.api.models.app import Switch, TextToSpeech
from voice_assistant.backend.capabilities import (
    Capabilities,
    check_hearing,
    check_speech,
)
from voice_assistant.errors import NotConfigured, TimedOut, Unreachable, WrongApp

DEAF = Parameters()
ALL = Parameters(
    speech_to_text=Switch(enabled=True), text_to_speech=TextToSpeech(enabled=True, voice="x")
)


async def test_the_apps_abilities_are_asked_for_once_and_again_when_forgotten():
    async def ask():
        backend = FakeBackend(can=DEAF)
        capabilities = Capabilities()
        first = await capabilities.of(backend)
        backend.can = ALL
        second = await capabilities.of(backend)
        capabilities.forget()
        return first, second, await capabilities.of(backend)

    assert await ask() == (DEAF, DEAF, ALL)


async def test_a_server_of_another_version_is_asked_again():
    async def ask():
        backend = FakeBackend(can=DEAF)
        capabilities = Capabilities()
        await capabilities.of(backend)
        backend.can = ALL
        backend.server_version = "1.15.0"
        return await capabilities.of(backend), capabilities.server_version

    assert await ask() == (ALL, "1.15.0")


async def test_the_last_known_abilities_hold_while_the_server_does_not_answer():
    async def ask():
        backend = FakeBackend(can=Unreachable("gone"))
        capabilities = Capabilities()
        unknown = await capabilities.of(backend)
        backend.can = ALL
        await capabilities.of(backend)
        backend.can = Unreachable("gone")
        capabilities.forget()
        return unknown, await capabilities.of(backend), capabilities.known

    assert await ask() == (None, ALL, ALL)


async def test_the_app_introduces_itself():
    async def ask():
        capabilities = Capabilities()
        await capabilities.introduce(FakeBackend())
        return capabilities.info

    assert (await ask()).name == "an app"


@pytest.mark.parametrize(
    ("check", "lack"), [(check_hearing, "speech to text"), (check_speech, "text to speech")]
)
def test_an_ability_that_the_app_lacks_is_reported_with_a_hint(check, lack):
    with pytest.raises(NotConfigured) as caught:
        check(DEAF)
    assert lack in caught.value.title
    assert caught.value.hint
    check(ALL)
    check(None)  # a server that does not say is given a try


class Mode(FakeBackend):
    """A server that tells its app's mode, or fails to."""

    def __init__(self, mode) -> None:
        super().__init__(can=ALL)
        self.mode = mode

    async def info(self):
        if isinstance(self.mode, Exception):
            raise self.mode
        return AppInfo(mode=self.mode)


async def knowing(mode):
    capabilities = Capabilities()
    assert await capabilities.of(Mode(mode)) == ALL
    return capabilities


@pytest.mark.parametrize("mode", ["workflow", "completion"])
async def test_an_app_that_takes_no_questions_is_told_with_the_kind_that_does(mode):
    capabilities = await knowing(mode)
    with pytest.raises(WrongApp, match="cannot chat") as caught:
        capabilities.check_chat()
    assert "chatflow" in caught.value.hint


@pytest.mark.parametrize(
    "mode", ["chat", "agent-chat", "advanced-chat", "agent", "", "newer", Unreachable("gone")]
)
async def test_every_other_app_is_given_a_try(mode):
    Capabilities().check_chat()
    (await knowing(mode)).check_chat()


@pytest.mark.parametrize("mode", ["", Unreachable("gone"), "chat"])
async def test_an_app_that_does_not_tell_its_kind_is_known_once_it_has_refused_a_question(mode):
    capabilities = await knowing(mode)
    capabilities.refuse_chat()
    if mode == "chat":
        capabilities.check_chat()
        return
    with pytest.raises(WrongApp):
        capabilities.check_chat()


async def test_callers_at_the_same_time_share_one_request():
    asked = 0

    class Counting(FakeBackend):
        async def parameters(self):
            nonlocal asked
            asked += 1
            return await super().parameters()

    backend, capabilities = Counting(can=ALL), Capabilities()
    assert await asyncio.gather(*(capabilities.of(backend) for _ in range(3))) == [ALL] * 3
    assert asked == 1


async def test_a_server_that_does_not_answer_in_time_is_told_of_at_once():
    with pytest.raises(TimedOut):
        await Capabilities().of(FakeBackend(can=TimedOut("frozen")))
