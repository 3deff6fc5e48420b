from __future__ import annotations

import stat

from voice_assistant.conversation import Conversation


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
