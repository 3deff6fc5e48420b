"""Words go to speech-dispatcher by its protocol."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from fakes import until
from helpers.desktop.ssip_server import ssip_server

from voice_assistant.desktop import speech_dispatcher
from voice_assistant.desktop.speech_dispatcher import SpeechDispatcher
from voice_assistant.errors import SpeakerError


@contextlib.asynccontextmanager
async def connected(monkeypatch, tmp_path, **options):
    async with ssip_server(monkeypatch, tmp_path, **options) as server:
        dispatcher = SpeechDispatcher()
        try:
            yield server, dispatcher
        finally:
            await dispatcher.close()


async def test_words_are_said_and_waited_for(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path, said_s=None) as (server, dispatcher):
        assert speech_dispatcher.answers()
        first = await dispatcher.say("One sentence,\r\n.\r\nin three lines.")
        second = await dispatcher.say(".5 is a half.")
        waiting = asyncio.create_task(dispatcher.said(first))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        server.end()
        await waiting
        server.end()
        await dispatcher.said(second)
        assert server.said == ["One sentence, . in three lines.", "..5 is a half."]
        assert "SET SELF PRIORITY MESSAGE" in server.commands


async def test_what_was_over_before_somebody_waited_is_over(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path) as (server, dispatcher):
        number = await dispatcher.say("One.")
        await until(lambda: server.said)
        await asyncio.sleep(0.01)
        await dispatcher.said(number)


async def test_a_cancelled_message_is_over(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path, said_s=None) as (server, dispatcher):
        number = await dispatcher.say("A long sentence.")
        dispatcher.cancel()
        await dispatcher.said(number)
        assert server.said == []
        await dispatcher.say("Another one.")
        server.end()
        assert server.said == ["Another one."]


async def test_a_message_is_sent_whole_whoever_is_cancelled_meanwhile(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path, said_s=None) as (server, dispatcher):
        server.may_speak.clear()
        saying = asyncio.create_task(dispatcher.say("Cut off."))
        await until(lambda: server.begun)
        dispatcher.cancel()
        saying.cancel()
        await asyncio.wait([saying])
        server.may_speak.set()
        await dispatcher.say("The last one.")
        assert [words for _, words in server.queue] == ["The last one."]
        assert "CANCEL SELF" in server.commands


async def test_other_programs_are_cut_off_too(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path) as (server, dispatcher):
        await dispatcher.cancel_all()
        await dispatcher.close()
        await dispatcher.cancel_all()
        assert server.commands.count("CANCEL ALL") == 2


@pytest.mark.parametrize(
    ("speed", "rate"), [(0.5, "-63"), (2.0, "63"), (3.0, "100"), (9.0, "100"), (0.1, "-100")]
)
async def test_the_speed_is_the_readers_rate(monkeypatch, tmp_path, speed, rate):
    async with connected(monkeypatch, tmp_path) as (server, dispatcher):
        await dispatcher.say("One.", speed=speed)
        await dispatcher.say("Two.", speed=speed)
        assert server.commands.count(f"SET SELF RATE {rate}") == 1


async def test_words_of_another_language_name_it(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path) as (server, dispatcher):
        await dispatcher.say("今天天气很好。我们去公园散步吧。")
        assert "SET SELF LANGUAGE zh" in server.commands


async def test_a_server_that_refuses_goes_or_is_not_there_is_said(monkeypatch, tmp_path):
    async with connected(monkeypatch, tmp_path, said_s=None) as (server, dispatcher):
        number = await dispatcher.say("One.")
        server.refuses = "SET SELF RATE"
        with pytest.raises(SpeakerError):
            await dispatcher.say("Two.", speed=2.0)
        server.drop()
        with pytest.raises(SpeakerError):
            await dispatcher.said(number)
        await dispatcher.say("It was started again.")
    assert not speech_dispatcher.answers()
    with pytest.raises(SpeakerError):
        await SpeechDispatcher().say("Three.")


def test_the_address_is_found_as_other_programs_find_it():
    found = speech_dispatcher._address
    assert found({"XDG_RUNTIME_DIR": "/run/7"})[1] == "/run/7/speech-dispatcher/speechd.sock"
    assert found({"SPEECHD_ADDRESS": "unix_socket:/a"})[1] == "/a"
    assert found({"SPEECHD_ADDRESS": "inet_socket:host:99"})[1] == ("host", 99)
    assert found({"SPEECHD_ADDRESS": "inet_socket"})[1] == ("127.0.0.1", 6560)
