"""The status as people read it."""

from __future__ import annotations

import pytest

from voice_assistant.cli.status import _lines
from voice_assistant.status import Status

ID = "53c74507-91f9-4e6d-81e4-9bacb9d472b1"


@pytest.mark.parametrize(
    ("conversation", "recent", "told"),
    [
        ("", (), "conversation: a new one"),
        (ID, ((ID, "What is\n the time?"),), "conversation: What is the time?"),
        (ID, (("another", "Why?"),), f"conversation: {ID}"),
    ],
)
def test_a_conversation_is_told_by_its_first_question(
    monkeypatch, tmp_path, conversation, recent, told
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    status = Status(conversation_id=conversation, recent_conversations=recent)
    assert told in list(_lines(status))


def test_a_setting_has_the_name_that_is_typed(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    status = Status(missing=("hotkey.stop is taken. Change hotkey.stop.",))
    assert "missing: hotkey.stop is taken. Change hotkey.stop." in list(_lines(status))
