"""A list that a killed process leaves to the next one."""

from __future__ import annotations

import msgspec

from voice_assistant.system.kept_list import KeptList


class One(msgspec.Struct, frozen=True):
    name: str


def test_another_process_finds_what_was_kept_and_no_file_for_nothing(tmp_path):
    file = tmp_path / "state" / "list.json"
    kept = KeptList(file, One)
    assert kept.read() == []
    kept.write([One("a"), One("b")])
    assert file.stat().st_mode & 0o777 == 0o600
    assert KeptList(file, One).read() == [One("a"), One("b")]
    KeptList(file, One).write([One("b")])
    assert kept.read() == [One("b")]
    kept.write([])
    assert not file.exists()


def test_a_file_that_is_no_list_is_an_empty_one(tmp_path):
    file = tmp_path / "list.json"
    for content in (b"", b"{", b'[{"other": 1}]', b"\xff", b'[{"x": ' + b"[" * 100_000):
        file.write_bytes(content)
        assert KeptList(file, One).read() == []


def test_where_the_disk_refuses_it_holds_in_this_process(tmp_path):
    (tmp_path / "in-the-way").write_text("")
    kept = KeptList(tmp_path / "in-the-way" / "list.json", One)
    kept.write([One("a")])
    assert kept.read() == [One("a")]
    kept.write([])
    assert kept.read() == []
