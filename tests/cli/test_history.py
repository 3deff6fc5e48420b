"""`history`: lists, searches, shows, exports, deletes, and asks again."""

from __future__ import annotations

import csv
import io
import json
import time

import pytest
from history.test_store import said

from voice_assistant.cli import history, latencies, outcome
from voice_assistant.cli.parsing.parser import parse
from voice_assistant.errors import InputError
from voice_assistant.events import Citation
from voice_assistant.history.record_file import history_file
from voice_assistant.history.recorded_turn import Failure, Stages
from voice_assistant.history.store import Store


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "60")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


def write(*turns):
    with Store(history_file()) as store:
        return [store.write(turn) for turn in turns]


def typed(*words):
    return outcome.of(["history", *words])


def test_without_a_record_that_is_said(capsys):
    assert typed() == 0
    assert capsys.readouterr().out == "The record is empty.\n"
    assert typed("--search", "tea") == 0
    assert capsys.readouterr().out == "Nothing was found.\n"


def test_the_list_has_the_latest_first_each_cut_to_the_terminal(capsys):
    write(said("one"), said("two " * 50, "an answer\nof two lines " + "x" * 100))
    typed()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == ["2", "1"]
    assert lines[0].endswith("two…")
    assert lines[1].startswith("      an answer of two lines xxx")
    assert max(map(len, lines)) == 60


def test_a_question_without_an_answer_says_how_to_ask_it_again(capsys):
    failure = Failure(title="No connection", hint="Look.", code="unreachable")
    write(said("why", "", "failed", failure=failure), said("how", "half an", "broken_off"))
    typed()
    out = capsys.readouterr().out
    assert "(failed: No connection; ask again: `" in out
    assert "history again 1`)" in out
    assert "half an" in out
    assert "history again 2" in out


def test_words_and_times_are_searched_for(capsys):
    now_s = time.time()
    write(said("old tea", began_s=now_s - 7300), said("tea", began_s=now_s), said("rum"))
    typed("--search", "tea", "--since", "2h", "--json")
    assert [turn["question"] for turn in json.loads(capsys.readouterr().out)] == ["tea"]


@pytest.mark.parametrize("time_", ["soon", "3x", "", "99999-01-01", "1e9d", "2026-13-01"])
def test_a_time_that_is_none_is_refused(time_, capsys):
    assert typed("--since", time_) == 2
    assert "is no time" in capsys.readouterr().err


@pytest.mark.parametrize("time_", ["2026-01-31", "2026-01-31T14:00", "30m", "2h", "3d", "1w"])
def test_times_are_dates_or_so_long_ago(time_):
    assert 0 < parse(["history", "--since", time_]).arguments["since"] < time.time()


def test_a_turn_is_shown_with_all_that_is_known(capsys):
    write(said(suggestions=("More?", "Less?"), taken="More?", files=("/a.png",), message_id="m"))
    typed("show", "1")
    out = capsys.readouterr().out
    assert "You: What is tea?\n\nA drink.\n" in out
    assert "  More?  (asked)\n  Less?\n" in out
    assert "files: /a.png" in out
    assert "message: m" in out


def test_a_turn_that_does_not_exist_is_an_error_with_its_number(capsys):
    assert typed("show", "7") == InputError.exit_code
    assert "There is no turn 7" in capsys.readouterr().err


def test_terminal_escapes_are_not_printed(capsys):
    write(said("q\x1b]0;title\x07", "a\x1b[2J\u202eb\u0000"))
    for words in ([], ["show", "1"], ["export"], ["export", "--format", "csv"]):
        typed(*words)
        out = capsys.readouterr().out
        assert not {"\x1b", "\u202e", "\0", "title"} & set(out), words
        assert "title" not in out


def test_csv_holds_no_formula_that_a_spreadsheet_carries_out(capsys):
    write(said("=HYPERLINK()", '-1+1, "so"\nand more'), said("@x", "\x05+1"))
    typed("export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["question"] for row in rows] == ["'=HYPERLINK()", "'@x"]
    assert [row["answer"] for row in rows] == ['\'-1+1, "so"\nand more', "'+1"]


def test_an_export_has_all_turns_the_oldest_first(capsys):
    write(*(said(f"question {number}") for number in range(30)))
    typed("export", "--format", "json")
    assert [turn["number"] for turn in json.loads(capsys.readouterr().out)] == list(range(1, 31))
    typed("export")
    out = capsys.readouterr().out
    assert out.count("\n> question") == 30
    assert out.index("question 3\n") < out.index("question 29\n")


def test_either_all_given_turns_are_deleted_or_no_turn(capsys):
    write(said("one"), said("two"), said("three"))
    assert typed("delete", "1", "9") == InputError.exit_code
    assert typed("delete", "1", "2") == 0
    assert "Deleted: 2." in capsys.readouterr().out
    assert typed("delete") == 2
    assert typed("delete", "--all") == 0
    with Store(history_file()) as store:
        assert store.turns() == []


@pytest.mark.parametrize("action", ["again", "show", "files", "copy"])
def test_without_a_question_there_is_no_last_one(capsys, action):
    assert typed(action) == InputError.exit_code
    assert "no question yet" in capsys.readouterr().err


def test_without_a_number_the_last_question_is_meant(capsys):
    write(said("one"), said("two"), said("", "Your timer is done.", origin="announcement"))
    assert typed("show") == 0
    assert "You: two" in capsys.readouterr().out


def test_an_announcement_cannot_be_asked_again():
    write(said("", "Your timer is done.", origin="announcement"))
    with pytest.raises(InputError, match="no question"):
        history.again(1, as_json=False)


def test_a_question_about_a_file_that_is_gone_is_not_asked_about_nothing(capsys, tmp_path):
    write(said(files=(str(tmp_path / "screen.png"),)))
    assert typed("again", "1") == InputError.exit_code
    assert "screen.png, which is gone" in capsys.readouterr().err


def test_the_kept_files_of_a_turn_are_listed_and_copied_over_no_other(capsys, tmp_path):
    write(said("draw a cat", answer_files=("https://x.example/cat.png",)), said("no files"))
    with Store(history_file()) as store:
        copy = store.kept_files.new("cat.png")
        copy.write_bytes(b"cat")
        store.kept_files.keep(1, "https://x.example/cat.png", copy.name)
        store.kept_files.keep(1, "/x/screen.png", "00-gone.png")
    assert typed("files", "1") == 0
    assert capsys.readouterr().out == f"{copy}\n"
    for name in ("cat.png", "cat-2.png"):
        typed("files", "1", "--save", str(tmp_path / "mine"), "--json")
        (shown,) = json.loads(capsys.readouterr().out)
        assert shown == {
            "file": "https://x.example/cat.png",
            "copy": str(tmp_path / "mine" / name),
        }
        assert (tmp_path / "mine" / name).read_bytes() == b"cat"
    typed("files", "2")
    assert capsys.readouterr().out == "No files of this turn are kept.\n"


def test_without_the_assistant_nothing_is_off_the_record(capsys):
    assert typed("off") == 9
    assert "not running" in capsys.readouterr().err


def measured(*stages_of_turns):
    return [said(stages=Stages(**stages)) for stages in stages_of_turns]


VOICE = {"listening": 20, "recorded": 2000, "words": 2100, "text": 2500, "answered": 4000}


def test_the_stages_of_turns_are_shown_with_medians_percentiles_and_bars(capsys):
    write(*measured(VOICE | {"audio": 2600}, VOICE | {"audio": 3000}, {"words": 0, "text": 900}))
    typed("--latency")
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["3", "-", "-", "900", "ms", "-", "-", "-"]
    (sound,) = (line for line in lines if line.startswith("release to sound"))
    assert sound.split()[3:7] == ["800", "ms", "1000", "ms"]
    assert set(sound.split()[7]) == {"#", "-"}
    assert max(map(len, lines[5:])) <= 60


def test_latency_is_told_to_programs(capsys):
    write(*measured(VOICE))
    typed("--latency", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["turns"] == [
        {
            "number": 1,
            "steps_ms": {
                "press to microphone": 20,
                "release to words": 100,
                "words to first text": 400,
                "words to last text": 1900,
            },
        }
    ]
    assert told["steps"][1] == {
        "name": "release to words",
        "turns": 1,
        "median_ms": 100,
        "p95_ms": 100,
    }


def test_without_turns_nothing_was_measured(capsys):
    assert typed("--latency") == 0
    assert capsys.readouterr().out == "Nothing was measured yet.\n"


def test_the_status_tells_in_short_how_quick_the_last_turns_were():
    assert latencies.in_short([]) == ""
    spoken = latencies.in_short(measured(VOICE | {"audio": 3000}))
    assert spoken.startswith("release to sound 1000 ms, 95 % within 1000 ms (the last 1 turns;")
    assert latencies.in_short(measured({"words": 0, "text": 9})).startswith("words to first text 9")


def test_the_sources_and_files_of_an_answer_are_shown(capsys):
    sources = (
        Citation(document="tea.pdf", collection="Drinks", content="Tea is"),
        Citation(document="tea.pdf", collection="Drinks", content="a drink."),
        Citation(document="", collection="Plants"),
    )
    write(said(sources=sources, answer_files=("https://x/a.png",)))
    typed("show", "1")
    out = capsys.readouterr().out
    assert "Sources:\n  tea.pdf (Drinks)\n  Plants\n" in out
    assert "Files of the answer:\n  https://x/a.png" in out
    typed("show", "1", "--json")
    assert json.loads(capsys.readouterr().out)["sources"][1]["content"] == "a drink."


def test_a_record_that_was_set_aside_is_not_said_to_have_been_none(capsys):
    history_file().parent.mkdir(parents=True)
    history_file().write_bytes(b"no database" * 100)
    assert typed() == 0
    told = capsys.readouterr()
    assert "kept as history.sqlite3.unreadable" in told.err
    assert told.out == "The record is empty.\n"
