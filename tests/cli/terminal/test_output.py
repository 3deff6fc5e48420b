"""What the command line prints, on terminals and into files of all kinds."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from voice_assistant import events
from voice_assistant.cli.terminal.output import (
    PrintableOutput,
    own_stderr,
    printable_output,
    show_json,
    warn,
)
from voice_assistant.cli.terminal.printing import SUGGESTIONS_MAX, Printer
from voice_assistant.errors import StorageError

HOSTILE = "wind\x1b]52;c;eA==\x07mill\x9b2J\u202e \x1b[8mand\0 more"
PLAIN = "windmill and more"
ENCODINGS = ["ascii", "latin-1", "gbk", "koi8-r", "shift-jis", "utf-8", "utf-16"]
TEXTS = [
    "naïve",
    "größer “so”",
    "日本語",
    "שלום",
    "👩\u200d🚀",
    "Привет",
    "b\udce9richt",
    "\ud83d",
]


@pytest.fixture
def printed(monkeypatch):
    """Standard output and error of an encoding, made printable; yields what is written."""

    @contextlib.contextmanager
    def open_(encoding="utf-8"):
        out, err = io.BytesIO(), io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding, newline="\n"))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding, newline="\n"))
        with printable_output():
            yield lambda: (_all(sys.stdout, out), _all(sys.stderr, err))

    def _all(stream, raw):
        stream.flush()
        return raw.getvalue().decode(stream.encoding)

    return open_


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", TEXTS)
def test_letters_that_an_encoding_lacks_are_replaced(printed, encoding, text):
    with printed(encoding) as both:
        sys.stdout.write(f"a {text} z\n")
        sys.stderr.write(f"a {text} z\n")
        for written in both():
            assert written.startswith("a ")
            assert written.endswith(" z\n")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [*TEXTS, HOSTILE, "tab\tand\nline", "\x7f\x85\u2028\u200f"])
def test_json_says_the_same_in_every_encoding(printed, encoding, text):
    with printed(encoding) as both:
        show_json({"text": text})
        written, _ = both()
    assert json.loads(written) == {"text": text}
    assert written.count("\n") == 1
    steering = {*map(chr, range(0x7F, 0xA0)), "\x1b", "\u202e", "\u200f", "\u2028"}
    assert steering.isdisjoint(written)
    if not encoding.startswith("utf"):
        assert written.isascii()


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_json_has_no_numbers_that_json_lacks(printed, number):
    with printed() as both:
        show_json({"level_dbfs": number})
        assert both()[0] == '{"level_dbfs":null}\n'


def test_json_keeps_the_letters_of_a_terminal_that_has_them(printed):
    with printed() as both:
        show_json("日本語")
        assert both()[0] == '"日本語"\n'


def say_it():
    warn(HOSTILE, HOSTILE)


def log_it():
    handler = logging.StreamHandler(sys.stderr)
    handler.handle(logging.makeLogRecord({"msg": HOSTILE}))


def raise_it():
    traceback.print_exception(ValueError(HOSTILE))


def mistype_it():
    with contextlib.suppress(SystemExit):
        argparse.ArgumentParser().error(HOSTILE)


@pytest.mark.parametrize("say", [say_it, log_it, raise_it, mistype_it])
def test_nothing_is_printed_in_another_way(printed, say):
    with printed() as both:
        say()
        _, said = both()
    assert PLAIN in said
    assert {"\x1b", "\x9b", "\0", "\x07", "\u202e"}.isdisjoint(said)


def test_a_terminal_is_still_known_for_one(printed):
    with printed("latin-1"):
        assert not sys.stdout.isatty()
        assert sys.stdout.encoding == "latin-1"


def reader_gone():
    ours, theirs = os.pipe()
    os.close(ours)
    return os.fdopen(theirs, "w")


def disk_full():
    return Path("/dev/full").open("w")


@pytest.mark.parametrize(
    ("stream", "error"), [(reader_gone, BrokenPipeError), (disk_full, StorageError)]
)
def test_output_that_cannot_be_written_is_told_once(stream, error):
    with stream() as below:
        output = PrintableOutput(below)
        output.write("words\n")
        with pytest.raises(error):
            output.flush()
        output.write("more\n")
        output.flush()


@pytest.mark.parametrize("stream", [reader_gone, disk_full])
def test_errors_that_cannot_be_written_are_lost(stream):
    with stream() as below:
        output = PrintableOutput(below, needed=False)
        output.write("words\n")
        output.flush()


def test_closed_streams_swallow_what_is_printed(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with printable_output():
        warn("a", "b")
        show_json({})
        with own_stderr():
            pass


# --- the printer ---


def pieces(text, size):
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 3, 7])
def test_an_answer_that_comes_in_pieces_is_shown_whole_and_plain(printed, size):
    with printed() as both:
        printer = Printer(as_json=False)
        for piece in pieces(HOSTILE, size):
            printer.handle(events.Text(delta=piece))
        printer.handle(
            events.Answered(text=HOSTILE, message_id="", conversation_id="", complete=True)
        )
        assert both()[0] == f"{PLAIN}\n"


def test_plain_prints_whole_lines_and_nothing_in_place(printed):
    with printed() as both:
        printer = Printer(as_json=False, plain=True)
        printer.handle(events.Text(delta="One"))
        printer.handle(events.Text(delta=" line.\nAnother"))
        assert both()[0] == "One line.\n"
        printer.handle(events.Working(step="Search", turn=1))
        printer.handle(events.Text(delta=" one."))
        printer.handle(events.Answered(text="", message_id="", conversation_id="", complete=True))
        told, beside = both()
    assert told.endswith("Another one.\n")
    assert "\r" not in beside
    assert "\x1b" not in beside


def test_suggestions_are_few_and_of_one_line_each(printed):
    with printed() as both:
        questions = tuple(f"{HOSTILE}\n{n}?" for n in range(3000))
        Printer(as_json=False).handle(events.Suggested(questions=questions))
        head, *lines = both()[1].splitlines()
    assert head == "You could ask:"
    assert lines == [f"  {n + 1}. {PLAIN} {n}?" for n in range(SUGGESTIONS_MAX)]


class Unread(io.StringIO):
    """Nobody reads it."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("as_json", [True, False])
async def test_a_turn_that_nobody_reads_any_more_is_stopped(monkeypatch, as_json):
    printer = Printer(as_json=as_json)
    stopped = False

    async def turn():
        nonlocal stopped
        try:
            printer.handle(events.Text(delta="words"))
            printer.handle(events.Text(delta="words"))
            await asyncio.Event().wait()
        finally:
            stopped = True

    monkeypatch.setattr(sys, "stdout", Unread())
    with pytest.raises(BrokenPipeError):
        await printer.follow(turn())
    assert stopped
    with pytest.raises(BrokenPipeError):
        printer.check()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "助手没有运行。\n"), ("ascii", "The assistant is not running.\n")],
)
def test_a_terminal_that_lacks_a_language_s_signs_shows_english(tmp_path, encoding, told):
    homes = dict.fromkeys(("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"), str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "voice_assistant", "status"],
        env={**os.environ, **homes, "LANGUAGE": "zh_CN", "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 9
    assert told in done.stderr.decode()


def test_the_end_of_the_stream_below_is_no_error():
    below = io.StringIO()
    output = PrintableOutput(below)
    output.write("hello")
    below.close()
    output.close()
