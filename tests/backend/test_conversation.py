from __future__ import annotations

import contextlib
import json
import resource
import stat

import pytest
from fakes import FakeBackend, FakeProblems
from helpers.system.disk import file_instead, full_disk

from voice_assistant.api.client import Client
from voice_assistant.backend.conversation import Conversation
from voice_assistant.errors import StorageError, TimedOut, Unreachable


def test_a_conversation_goes_on_across_restarts_until_it_is_forgotten(tmp_path):
    file = tmp_path / "conversations.json"
    conversation = Conversation(file, "server A")
    assert conversation.id == ""
    conversation.set_current("one")
    assert Conversation(file, "server A").id == "one"
    conversation.forget()
    assert Conversation(file, "server A").id == ""


def test_each_server_has_its_own(tmp_path):
    file = tmp_path / "conversations.json"
    a, b = Conversation(file, "server A"), Conversation(file, "server B")
    a.set_current("one")
    b.set_current("two")
    assert (a.id, b.id) == ("one", "two")
    a.forget()
    assert (a.id, b.id) == ("", "two")


def test_a_server_is_the_same_however_its_address_is_spelt(tmp_path):
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps({"https://a.example/v1/ ": "one", "https://b.example/v1": "two"}))
    conversation = Conversation(file, "HTTPS://A.example:443/v1")
    assert conversation.id == "one"
    conversation.set_current("three")
    kept = json.loads(file.read_text())
    assert kept["https://b.example/v1"] == "two"
    assert kept["https://a.example/v1"]["id"] == "three"
    assert len(kept) == 2
    assert Conversation(file, "https://a.example/v1\r").id == "three"
    Conversation(file, "https://a.example/v1/").forget()
    assert json.loads(file.read_text()) == {"https://b.example/v1": "two"}


def of(file, address, app):
    conversation = Conversation(file, address)
    conversation.belongs_to(app)
    return conversation


def test_an_app_has_the_same_conversation_at_each_of_its_addresses(tmp_path):
    file = tmp_path / "conversations.json"
    of(file, "https://a.example/v1", "app A").set_current("one")
    assert of(file, "http://192.0.2.7/v1", "app A").id == "one"
    of(file, "http://192.0.2.7/v1", "app A").set_current("two")
    assert of(file, "https://a.example/v1", "app A").id == "two"
    of(file, "https://a.example/v1", "app A").forget()
    assert of(file, "https://a.example/v1", "app A").id == ""


def test_two_apps_at_one_address_have_their_own(tmp_path):
    file = tmp_path / "conversations.json"
    a, b = (of(file, "https://a.example/v1", app) for app in ("app A", "app B"))
    a.set_current("one")
    b.set_current("two")
    assert (a.id, b.id) == ("one", "two")
    b.forget()
    assert (a.id, b.id) == ("one", "")


def test_before_the_app_is_known_its_address_has_to_do(tmp_path):
    file = tmp_path / "conversations.json"
    Conversation(file, "https://a.example/v1").set_current("one")
    assert of(file, "https://a.example/v1/", "app A").id == "one"
    of(file, "https://a.example/v1/", "app A").set_current("one")
    of(file, "https://a.example/v1", "app B").set_current("two")
    assert of(file, "https://a.example/v1", "app A").id == "one"


async def test_the_client_names_the_app_and_the_user_and_not_the_address(tmp_path):
    names = []
    for url, key, user in (
        ("http://127.0.0.1:9/v1", "app-1", "u"),
        ("http://127.0.0.1:8/v1", "app-1", "u"),
        ("http://127.0.0.1:9/v1", "app-2", "u"),
        ("http://127.0.0.1:9/v1", "app-1", "v"),
    ):
        async with Client(url, key, user) as client:
            names.append(client.app)
    assert names[0] == names[1]
    assert len(set(names)) == 3
    assert "app-1" not in names[0]


def test_the_embedded_backend_has_a_new_key_at_each_start_and_goes_on(tmp_path):
    file = tmp_path / "conversations.json"
    of(file, "the embedded backend", "first key").set_current("one")
    assert of(file, "the embedded backend", "second key").id == "one"


def test_a_corrupt_file_begins_again(tmp_path):
    file = tmp_path / "conversations.json"
    for spoilt in (b"", b"{", b"[]", b"\xff"):
        file.write_bytes(spoilt)
        assert Conversation(file, "a").id == ""
    Conversation(file, "a").set_current("one")
    assert Conversation(file, "a").id == "one"


def test_the_file_is_its_owners_alone(tmp_path):
    file = tmp_path / "conversations.json"
    Conversation(file, "a").set_current("one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def confirmed(conversation, backend):
    return await conversation.confirmed(backend)


@pytest.fixture
def kept(tmp_path):
    """A conversation that went on in another process."""
    Conversation(tmp_path / "conversations.json", "a").set_current("one")
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
    kept.set_current("two")
    assert await confirmed(kept, backend) == "two"
    assert backend.confirmed == []


async def test_a_doubted_conversation_is_asked_for_again(kept):
    kept.set_current("one")
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


@pytest.fixture
def told():
    """What is reported of the disk."""
    return FakeProblems()


def refused(disk, file):
    """Keep ids on a disk that takes nothing, and look at what the assistant makes of it."""
    if disk == "gone":
        file_instead(file.parent)
        return contextlib.nullcontext()
    return full_disk()


@pytest.mark.parametrize("disk", ["full", "gone"])
def test_a_disk_that_takes_nothing_is_told_once_and_memory_serves(tmp_path, told, disk):
    file = tmp_path / "data" / "conversations.json"
    conversation = Conversation(file, "a", told)
    with refused(disk, file):
        conversation.set_current("one")
        conversation.set_current("one")
        assert conversation.id == "one"
        conversation.forget()
        assert conversation.id == ""
        conversation.set_current("two")
        with pytest.raises(StorageError, match="cannot be written"):
            conversation.check()
    assert len(told) == 1
    file.parent.unlink() if disk == "gone" else None
    conversation.check()
    assert Conversation(file, "a").id == "two"


def test_conversations_of_other_servers_survive_a_full_disk(tmp_path, told):
    file = tmp_path / "conversations.json"
    Conversation(file, "b").set_current("other")
    conversation = Conversation(file, "a", told)
    with full_disk():
        conversation.set_current("one")
    Conversation(file, "b").set_current("newer")
    conversation.check()
    assert [Conversation(file, owner).id for owner in "ab"] == ["one", "newer"]


@pytest.mark.parametrize(
    "spoilt",
    [
        b"{",
        b"[]",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"\xff\xfe{\0}\0",
        b'{"a":1}',
        b'{"a":"\xe9"}',
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_and_told_once(tmp_path, told, spoilt):
    file = tmp_path / "conversations.json"
    file.write_bytes(spoilt)
    conversation = Conversation(file, "a", told)
    assert [conversation.id, conversation.id] == ["", ""]
    conversation.set_current("one")
    assert conversation.id == "one"
    assert file.with_name("conversations.json.unreadable").read_bytes() == spoilt
    ((_, problem),) = told
    assert problem.hint == "It is kept as conversations.json.unreadable; a new one begins."
    with pytest.raises(StorageError, match="cannot be read"):
        conversation.check()
    conversation.check()


def test_a_folder_in_place_of_the_file_is_set_aside(tmp_path, told):
    file = tmp_path / "conversations.json"
    file.mkdir()
    conversation = Conversation(file, "a", told)
    conversation.set_current("one")
    assert Conversation(file, "a").id == "one"
    assert len(told) == 1


def test_a_file_that_cannot_be_read_for_now_is_left_as_it_is(tmp_path, told):
    file = tmp_path / "conversations.json"
    Conversation(file, "b").set_current("other")
    conversation = Conversation(file, "a", told)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        assert conversation.id == ""
        conversation.set_current("one")
        assert conversation.id == "one"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    conversation.check()
    assert [Conversation(file, owner).id for owner in "ab"] == ["one", "other"]
    ((_, problem),) = told
    assert problem.title.endswith("Too many open files")


async def test_a_server_without_the_conversation_ends_it_though_the_disk_is_full(kept):
    with full_disk():
        assert await confirmed(kept, FakeBackend(gone=["one"])) == ""
        assert kept.id == ""


async def test_a_server_that_does_not_answer_in_time_is_told_of_at_once(kept):
    class Frozen(FakeBackend):
        async def has_conversation(self, conversation_id):
            raise TimedOut("frozen")

    with pytest.raises(TimedOut):
        await confirmed(kept, Frozen())
    assert kept.id == "one"


async def test_after_an_idle_time_the_next_question_begins_a_new_conversation(tmp_path):
    file = tmp_path / "conversations.json"
    now_s = [1000.0]
    conversation = Conversation(file, "server", idle_s=60, now_s=lambda: now_s[0])
    conversation.set_current("one")
    now_s[0] += 59
    assert conversation.id == "one"
    conversation.set_current("one")  # another answer in it
    now_s[0] += 59
    assert conversation.id == "one"
    again = Conversation(file, "server", idle_s=60, now_s=lambda: now_s[0])
    assert again.id == "one", "and after a restart"
    now_s[0] += 2
    assert again.id == conversation.id == ""
    assert await again.confirmed(FakeBackend()) == ""
    again.set_current("one")
    assert again.id == "one", "continued on command"


def test_without_an_idle_time_a_conversation_goes_on_for_ever(tmp_path):
    file = tmp_path / "conversations.json"
    Conversation(file, "server", now_s=lambda: 0.0).set_current("one")
    assert Conversation(file, "server", now_s=lambda: 1e9).id == "one"


def test_a_clock_that_was_set_back_ends_no_conversation(tmp_path):
    file = tmp_path / "conversations.json"
    Conversation(file, "server", now_s=lambda: 1e9).set_current("one")
    assert Conversation(file, "server", idle_s=60, now_s=lambda: 0.0).id == "one"


def test_the_file_of_an_older_version_is_read(tmp_path):
    file = tmp_path / "conversations.json"
    file.write_text('{"server": "one"}')
    conversation = Conversation(file, "server", idle_s=60)
    assert conversation.id == "one"
    conversation.set_current("one")
    assert Conversation(file, "server", idle_s=60).id == "one"
