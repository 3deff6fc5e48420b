"""Several apps answer, each its own questions."""

from __future__ import annotations

import asyncio
import copy

import msgspec
from fakes import until
from helpers.turns.staging import ANSWER, QUIET, server, staged

from voice_assistant import events
from voice_assistant.backend.capabilities import Capabilities
from voice_assistant.backend.conversation import Conversation
from voice_assistant.commands import Ask
from voice_assistant.errors import ConfigError


def answered_by(services, backend, profile):
    """The same services, with another app."""
    other = copy.copy(services)

    async def connect():
        return backend

    file = services.conversation._file.with_name(f"{profile}.json")
    other.connect, other.capabilities = connect, Capabilities()
    other.conversation, other.app_name = Conversation(file, profile), f"app {profile}"
    named = msgspec.structs.replace(services.settings.backend, profile=profile)
    other.settings = msgspec.structs.replace(services.settings, backend=named)
    return other


def asked(stage):
    return [
        (one.question, one.app, one.profile)
        for one in stage.events
        if isinstance(one, events.Asked)
    ]


async def test_a_single_question_may_go_to_another_app_and_the_next_goes_to_the_app_in_use():
    home, work = server(script=ANSWER), server(script=ANSWER)
    async with staged(backend=home, settings=QUIET) as stage:
        stage.parts.profiled = lambda name: answered_by(stage.parts, work, name)
        stage.post(Ask(text="one", profile="work"))
        await stage.turn_over()
        stage.post(Ask(text="two"))
        await until(lambda: stage.count("idle") == 2)
        assert asked(stage) == [("one", "app work", "work"), ("two", "", "")]
        assert [request.query for request in work.asked] == ["one"]
        assert [request.query for request in home.asked] == ["two"]


async def test_an_unknown_profile_is_told_and_nothing_is_asked():
    def unknown(name):
        raise ConfigError(f"There is no profile {name}")

    home = server(script=ANSWER)
    async with staged(backend=home) as stage:
        stage.parts.profiled = unknown
        stage.post(Ask(text="one", profile="wrok"))
        await stage.turn_over()
        assert [failed.title for failed in stage.failures()] == ["There is no profile wrok"]
        assert not home.asked


async def test_an_answer_goes_on_with_its_app_while_another_one_takes_over():
    rest = asyncio.Event()
    home, work = server(script=(*ANSWER[:2], rest, *ANSWER[2:])), server(script=ANSWER)
    async with staged(backend=home) as stage:
        before = stage.parts.conversation
        stage.post(Ask(text="one"))
        await until(lambda: stage.count("text") == 2)
        vars(stage.parts).update(vars(answered_by(stage.parts, work, "work")))
        rest.set()
        await stage.turn_over()
        assert before.id == "conversation"
        assert stage.parts.conversation.id == ""
        stage.post(Ask(text="two"))
        await until(lambda: stage.count("idle") == 2)
        assert [request.query for request in work.asked] == ["two"]
        assert not stage.failures()
