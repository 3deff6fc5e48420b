"""Every recorded exchange, through the whole HTTP stack, means what it should."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.api.calls import CALLS
from helpers.api.exchanges import TABLE
from helpers.api.expected import SILENT, Chat, Fails
from helpers.replay import RECORDED, VERSIONS, names, replay, trace
from helpers.turns.fake_time import tell

from voice_assistant.api.client import Client
from voice_assistant.errors import BackendError

ALL = [(version, name) for version in RECORDED for name in names(version)]
CUT = [(version, name) for version, name in ALL if name != "chat-busy-queue-40s"]
"""Without the one of which the end was not recorded: its server is asked to stop, for 3 s."""
SIZES = {(version, name): len(trace(version, name).raw) for version, name in ALL}


async def ask(version: str, name: str, *, silence_s: float = 10.0, **sent: Any) -> None:
    """Ask what the trace was asked, and compare the answer with what is expected of it."""
    call, expected = TABLE[name]
    asked = CALLS[call]
    if isinstance(expected, dict):
        expected = expected[version]
    if expected is SILENT:
        silence_s = 0.1
    async with (
        replay(trace(version, name, **sent)) as server,
        Client(server.url, "app-TEST-KEY", "u1", silence_s=silence_s) as client,
    ):
        if isinstance(expected, Fails):
            with pytest.raises(BackendError) as caught:
                await asked(client)
            assert type(caught.value) is expected.kind, caught.value.title
            if expected.code:
                assert caught.value.server_code == expected.code
            assert caught.value.title
            assert "app-TEST-KEY" not in f"{caught.value!r}{caught.value.hint}"
        else:
            value = await asked(client)
            assert value == expected if isinstance(expected, Chat) else expected(value), value
        assert client.server_version == version


def test_every_trace_has_a_meaning():
    assert {name for _, name in ALL} == set(TABLE)


@pytest.mark.parametrize(("version", "name"), ALL)
def test_a_recorded_exchange_means_the_same_to_the_client(version, name):
    tell(ask(version, name))


@pytest.mark.parametrize(("version", "name"), [one for one in CUT if SIZES[one] > 1024])
def test_a_recorded_exchange_means_the_same_in_pieces_of_1024_bytes(version, name):
    tell(ask(version, name, cut=1024))


@pytest.mark.parametrize(("version", "name"), CUT)
def test_a_recorded_exchange_means_the_same_in_pieces_of_a_few_bytes(version, name):
    """Larger pieces of the long ones: they are long by audio, of which one cut is like another."""
    tell(ask(version, name, cut=7 if SIZES[version, name] < 50_000 else 97))


@pytest.mark.parametrize(("version", "name"), [one for one in CUT if SIZES[one] < 1_000])
def test_a_recorded_exchange_means_the_same_byte_by_byte(version, name):
    """The larger ones are cut so where they are parsed: a socket would only cost time."""
    tell(ask(version, name, cut=1))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["chat-stream-full", "chat-stream-continue"])
def test_a_recorded_exchange_means_the_same_at_its_own_pace_but_faster(version, name):
    tell(ask(version, name, pace=0.1))


@pytest.mark.parametrize("version", VERSIONS)
def test_pings_keep_an_answer_alive_while_the_model_thinks(version):
    """25 s of thinking with a ping every 10 s, about seventeen times as fast."""
    tell(ask(version, "chat-stream-stall-ping", pace=0.06, silence_s=1.4))
