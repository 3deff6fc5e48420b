"""The record's file: what is written, found, deleted, and what a broken file costs."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys

import pytest

from voice_assistant.errors import InputError, StorageError
from voice_assistant.history.recorded_turn import Failure, RecordedTurn, Stages
from voice_assistant.history.store import Store

OPENS_AND_CLOSES = """
import sys
from pathlib import Path
from voice_assistant.history.store import Store
Store(Path(sys.argv[1])).close()
"""


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "history.sqlite3") as opened:
        yield opened


def said(question="What is tea?", answer="A drink.", state="complete", began_s=1.0, **more):
    return RecordedTurn(
        **{"origin": "text", "state": state, "began_s": began_s}
        | {"question": question, "answer": answer}
        | more
    )


def found(store, words, **more):
    return [turn.question for turn in store.turns(search=words, **more)]


def test_a_turn_is_there_again_with_all_that_is_known_of_it(store):
    turn = said(
        failure=Failure(title="No connection", hint="Look.", code="unreachable"),
        recording="2026-01-01",
        files=("/a/b.png",),
        suggestions=("More?", "Less?"),
        taken="More?",
        conversation_id="c",
        message_id="m",
        stages=Stages(words=3, end=9),
    )
    number = store.write(turn)
    again = store.turn(number)
    assert again == RecordedTurn(**{**asdict(turn), "number": number})
    assert store.last() == again


def asdict(turn):
    return {name: getattr(turn, name) for name in turn.__struct_fields__}


def test_only_the_owner_can_read_it(tmp_path):
    with Store(tmp_path / "data" / "history.sqlite3") as opened:
        opened.write(said())
        files = list((tmp_path / "data").iterdir())
        assert len(files) == 3
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_turns_come_with_the_latest_first_and_in_pages(store):
    for number in range(1, 6):
        store.write(said(f"question {number}", began_s=number))
    assert [turn.number for turn in store.turns(limit=2)] == [5, 4]
    assert [turn.number for turn in store.turns(limit=2, before=4)] == [3, 2]
    assert [turn.number for turn in store.turns(since_s=4)] == [5, 4]
    assert [turn.number for turn in store.turns(search="question", limit=2, before=4)] == [3, 2]
    assert len(store.turns(limit=None)) == 5


def test_turns_of_one_conversation(store):
    store.write(said("one", conversation_id="a"))
    store.write(said("two", conversation_id="b"))
    assert found(store, "", conversation_id="b") == ["two"]


def test_turns_of_one_profile(store):
    store.write(said("one", profile=""))
    store.write(said("two", profile="Work"))
    assert found(store, "", profile="work") == ["two"]
    assert found(store, "", profile="") == ["one"]
    assert found(store, "one", profile="work") == []


def test_the_last_conversations_are_known_by_their_first_question(store):
    for question, conversation_id, app in (
        ("one", "a", "app"),
        ("two", "b", "app"),
        ("three", "a", "app"),
        ("four", "c", "another"),
        ("five", "", "app"),
    ):
        store.write(said(question, conversation_id=conversation_id, app=app))
    found = store.last_conversations("app", 5)
    assert [one[:2] for one in found] == [("a", "one"), ("b", "two")]
    assert found[1][2] == store.turn(2).began_s
    assert store.last_conversations("app", 1) == found[:1]
    assert store.last_conversations("nobody", 5) == []


@pytest.mark.parametrize(
    ("words", "questions"),
    [
        ("weather", ["How is the WEATHER in Zürich?"]),
        ("zurich", ["How is the WEATHER in Zürich?"]),
        ("zurich how", ["How is the WEATHER in Zürich?"]),
        ("zurich rain", []),
        ("天", ["今天天气怎么样"]),
        ("天气", ["今天天气怎么样"]),
        ("么样", ["今天天气怎么样"]),
        ("今天天气", ["今天天气怎么样"]),
        ("天天 样", ["今天天气怎么样"]),
        ("气天", []),
        ("rain", ["今天天气怎么样", "ok?"]),
        ("погода", ["Какая Погода?"]),
        ("ok", ["ok?"]),
        ("?", ["ok?", "Какая Погода?", "How is the WEATHER in Zürich?"]),
        ('"', []),
        ("100%", []),
        ("\uff32\uff21\uff29\uff2e", ["今天天气怎么样", "ok?"]),
        ("x" * 5000, []),
        ("   ", ["ok?", "Какая Погода?", "今天天气怎么样", "How is the WEATHER in Zürich?"]),
    ],
)
def test_words_are_found_in_every_script(store, words, questions):
    store.write(said("How is the WEATHER in Zürich?", "Fine."))
    store.write(said("今天天气怎么样", "rain, 下雨"))
    store.write(said("Какая Погода?", "Хорошая."))
    store.write(said("ok?", "brain"))
    assert sorted(found(store, words)) == sorted(questions)


def test_a_turn_that_is_not_over_is_found_and_one_that_changed_only_by_its_new_words(store):
    number = store.write(said("tea", "gro", state="open"))
    assert found(store, "gro") == ["tea"]
    store.write(said("tea", "growing", state="complete", number=number))
    store.write(said("tea", "mown", state="complete", number=number))
    assert found(store, "growing") == []
    assert found(store, "mown") == ["tea"]


def test_a_frequent_short_word_is_found(store):
    for number in range(600):
        store.write(said(f"a{chr(0x4E00 + number)}{chr(0x5E00 + number)}"))
    assert len(found(store, "a", limit=None)) == 600


def test_deleted_turns_are_gone_from_list_search_and_file(store, tmp_path):
    secret, other = store.write(said("my secret word")), store.write(said("tea"))
    assert store.delete([secret, secret, 99]) == 1
    assert found(store, "secret") == []
    assert [turn.number for turn in store.turns()] == [other]
    with pytest.raises(InputError, match=f"no turn {secret}"):
        store.turn(secret)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"secret" not in content
    assert b"sec" not in content
    assert store.write(said("new")) > other, "numbers are not given twice"


def test_all_turns_and_old_turns_can_be_deleted(store):
    for number in range(1, 4):
        store.write(said(f"question {number}", began_s=number))
    assert store.delete_before(3.0) == 2
    assert found(store, "question") == ["question 3"]
    assert store.delete_all() == 1
    assert store.turns() == []
    store.write(said("question 4"))
    assert found(store, "question") == ["question 4"]


def test_a_turn_that_was_deleted_meanwhile_stays_deleted(store):
    number = store.write(said(state="open"))
    store.delete([number])
    store.write(said(number=number))
    assert store.turns() == []
    assert store.turns(search="tea") == []


def test_turns_whose_program_ended_are_broken_off_and_found(store):
    number = store.write(said("tea", "half an ans", state="open"))
    store.break_off()
    assert store.turn(number).state == "broken_off"
    assert found(store, "half") == ["tea"]
    store.write(said("tea", "half an answer", number=number))
    assert store.turn(number).state == "complete"
    assert found(store, "answer") == ["tea"]


def test_text_that_no_database_takes_is_kept_as_far_as_it_can_be(store):
    number = store.write(said("a\0b \ud800", "\x1b[2J\u202e end", files=("\udcff.txt",)))
    turn = store.turn(number)
    assert turn.question == "a\ufffdb ?"
    assert turn.answer == "\x1b[2J\u202e end"
    assert found(store, "end") == [turn.question]


def test_two_processes_write_and_read_one_file(tmp_path):
    file = tmp_path / "history.sqlite3"
    with Store(file) as one, Store(file) as two:
        numbers = [store.write(said()) for store in (one, two, one)]
        assert [turn.number for turn in two.turns()] == sorted(numbers, reverse=True)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_file_is_set_aside_and_told_and_a_new_one_begins(tmp_path, content):
    file = tmp_path / "history.sqlite3"
    for number in range(1, 3):
        file.write_bytes(content)
        told = []
        with Store(file, told.append) as opened:
            opened.write(said())
            assert len(opened.turns()) == 1
        assert len(told) == 1, told
        assert len(list(tmp_path.glob("*.unreadable*"))) == number, "the first one is still there"


def test_a_newer_file_is_set_aside_and_told_and_a_new_one_begins(tmp_path):
    file = tmp_path / "history.sqlite3"
    with Store(file) as opened:
        opened.write(said("from the future"))
        opened._db.execute("PRAGMA user_version = 99")
    told = []
    with Store(file, told.append) as opened:
        assert opened.turns() == []
    assert "newer" in told[0].title
    aside = tmp_path / "history.sqlite3.unreadable"
    with contextlib.closing(sqlite3.connect(aside)) as db:
        assert db.execute("SELECT question FROM turns").fetchall() == [("from the future",)]


def test_a_file_that_cannot_be_opened_is_an_error_for_people(tmp_path):
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(StorageError, match="Not a directory"):
        Store(tmp_path / "data" / "history.sqlite3")


def test_a_second_store_of_this_process_costs_the_first_no_lock(tmp_path):
    file = tmp_path / "history.sqlite3"
    with Store(file) as first:
        first.write(said("one"))
        Store(file).close()
        subprocess.run([sys.executable, "-c", OPENS_AND_CLOSES, file], check=True)
        assert file.with_name("history.sqlite3-wal").exists(), "the first one still uses the log"
        first.write(said("two"))
    with Store(file) as again:
        assert found(again, "") == ["two", "one"]


def test_a_file_that_others_could_read_becomes_private(tmp_path):
    file = tmp_path / "history.sqlite3"
    Store(file).close()
    file.chmod(0o644)
    Store(file).close()
    assert file.stat().st_mode & 0o777 == 0o600
