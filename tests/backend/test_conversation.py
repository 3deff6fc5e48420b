from __future__ import annotations

import json
import stat

import pytest
from fakes import FakeBackend

from voice_assistant.backend.conversation import Conversation
from voice_assistant.errors import TimedOut, Unreachable


def test_it_goes_on_across_restarts_until_it_is_forgotten(tmp_path):
    file = tmp_path / "conversations.json"
    conversation = Conversation(file, "server A")
    assert conversation.id == ""
    conversation.go_on("one")
    assert Conversation(file, "server A").id == "one"
    conversation.forget()
    assert Conversation(file, "server A").id == ""


def test_each_server_has_its_own(tmp_path):
    file = tmp_path / "conversations.json"
    a, b = Conversation(file, "server A"), Conversation(file, "server B")
    a.go_on("one")
    b.go_on("two")
    assert (a.id, b.id) == ("one", "two")
    a.forget()
    assert (a.id, b.id) == ("", "two")


def test_a_server_is_the_same_however_its_address_is_spelt(tmp_path):
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps({"https://a.example/v1/ ": "one", "https://b.example/v1": "two"}))
    conversation = Conversation(file, "HTTPS://A.example:443/v1")
    assert conversation.id == "one"
    conversation.go_on("three")
    kept = {"https://b.example/v1": "two", "https://a.example/v1": "three"}
    assert json.loads(file.read_text()) == kept
    assert Conversation(file, "https://a.example/v1\r").id == "three"
    Conversation(file, "https://a.example/v1/").forget()
    assert json.loads(file.read_text()) == {"https://b.example/v1": "two"}


def test_a_spoilt_file_begins_anew(tmp_path):
    file = tmp_path / "conversations.json"
    for spoilt in (b"", b"{", b"[]", b"\xff"):
        file.write_bytes(spoilt)
        assert Conversation(file, "a").id == ""
    Conversation(file, "a").go_on("one")
    assert Conversation(file, "a").id == "one"


def test_the_file_is_its_owners_alone(tmp_path):
    file = tmp_path / "conversations.json"
    Conversation(file, "a").go_on("one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def confirmed(conversation, backend):
    return await conversation.confirmed(backend)


@pytest.fixture
def kept(tmp_path):
    """A conversation that went on in another process."""
    Conversation(tmp_path / "conversations.json", "a").go_on("one")
    return Conversation(tmp_path / "conversations.json", "a")


async def test_the_server_is_asked_once_whether_it_still_has_the_conversation(kept):
    backend = FakeBackend()
    assert await confirmed(kept, backend) == "one"
    assert await confirmed(kept, backend) == "one"
    assert backend.confirmed == ["one"]


async def test_a_conversation_that_the_server_no_longer_has_is_forgotten(kept, tmp_path):
    assert await confirmed(kept, FakeBackend(gone=["one"])) == ""
    assert Conversation(tmp_path / "conversations.json", "a").id == ""


async def test_a_conversation_that_has_just_gone_on_needs_no_asking(kept):
    backend = FakeBackend(gone=["two"])
    kept.go_on("two")
    assert await confirmed(kept, backend) == "two"
    assert backend.confirmed == []


async def test_a_doubted_conversation_is_asked_for_again(kept):
    kept.go_on("one")
    kept.doubt()
    assert await confirmed(kept, FakeBackend(gone=["one"])) == ""


async def test_without_a_conversation_there_is_nothing_to_ask(tmp_path):
    backend = FakeBackend()
    assert await confirmed(Conversation(tmp_path / "none.json", "a"), backend) == ""
    assert backend.confirmed == []


async def test_a_server_that_does_not_say_is_trusted(kept):
    class Lost(FakeBackend):
        async def has_conversation(self, conversation_id):
            raise Unreachable("gone")

    assert await confirmed(kept, Lost()) == "one"


async def test_a_server_that_does_not_answer_in_time_is_told_of_at_once(kept):
    class Frozen(FakeBackend):
        async def has_conversation(self, conversation_id):
            raise TimedOut("frozen")

    with pytest.raises(TimedOut):
        await confirmed(kept, Frozen())
    assert kept.id == "one"
