"""Words that come in, in whatever encoding."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import sys

import pytest

from voice_assistant import translation
from voice_assistant.cli.terminal import standard_input
from voice_assistant.errors import InputError

QUESTION = "wie groß ist der Brocken?"


@pytest.mark.parametrize(
    ("data", "local", "text"),
    [
        (QUESTION.encode(), "ascii", QUESTION),
        (codecs.BOM_UTF8 + QUESTION.encode(), "ascii", QUESTION),
        (codecs.BOM_UTF16_LE + QUESTION.encode("utf-16-le"), "utf-8", QUESTION),
        (codecs.BOM_UTF16_BE + QUESTION.encode("utf-16-be"), "utf-8", QUESTION),
        (QUESTION.encode("latin-1"), "iso8859-1", QUESTION),
        (QUESTION.encode("latin-1"), "utf-8", "wie gro\ufffd ist der Brocken?"),
        ("几点了?".encode("gbk"), "gbk", "几点了?"),
        (b"what\0 now", "utf-8", "what now"),
        (b"", "utf-8", ""),
    ],
)
def test_the_encoding_is_found(data, local, text):
    assert standard_input.decoded(data, local) == text


def test_an_argument_of_another_encoding_is_read_like_the_rest():
    assert standard_input.word(os.fsdecode("é?".encode("latin-1"))) == "\ufffd?"
    assert standard_input.word("é?") == "é?"


def give(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "ascii"))


def test_all_of_it_is_read(monkeypatch):
    give(monkeypatch, f"{QUESTION}\nand why?\n".encode())
    assert standard_input.is_piped()
    assert standard_input.read() == f"{QUESTION}\nand why?\n"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (hashlib.shake_128(b"noise").digest(500), "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)), "not text"),
        (b"why " * 30_000, "longer than 100,000"),
        ("几".encode() * 200_000, "longer than 100,000"),
    ],
)
def test_input_that_is_no_question_is_refused(monkeypatch, data, problem):
    give(monkeypatch, data)
    with pytest.raises(InputError, match=problem):
        standard_input.read()


def test_the_first_line_of_a_secret_is_read(monkeypatch):
    give(monkeypatch, codecs.BOM_UTF8 + b"app-key\r\nlogin: me\n")
    assert standard_input.read_line() == "app-key\r\n"


def test_closed_input_holds_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert not standard_input.is_piped()
    assert standard_input.read_line() == ""


@pytest.fixture
def chinese():
    translation.choose("zh_CN")
    yield
    translation.choose(translation.AUTO)


@pytest.mark.parametrize(
    ("answer", "yes"), [("是", True), ("否", False), ("Y", True), ("no", False), ("", None)]
)
def test_yes_and_no_are_understood_in_both_languages(chinese, answer, yes):
    for usual in (True, False):
        expected = usual if yes is None else yes
        assert standard_input.is_yes(answer, usual=usual) == expected


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("", ""),
        ("/a/b.txt", "/a/b.txt"),
        ("b.txt", "{here}/b.txt"),
        ("~/b.txt", "{home}/b.txt"),
        ("~nobody-of-this-name/b.txt", "{here}/~nobody-of-this-name/b.txt"),
        ("file:///a/b%20c%C3%BC.txt", "/a/b cü.txt"),
        ("file://localhost/a/b", "/a/b"),
        ("file://elsewhere/a", "{here}/file:/elsewhere/a"),
        ("a:b.txt", "{here}/a:b.txt"),
        ("http://[a", "{here}/http:/[a"),
        ("file:a", "{here}/file:a"),
    ],
)
def test_a_file_is_named_from_everywhere(given, meant, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    meant = meant.format(here=tmp_path, home=tmp_path / "home")
    assert standard_input.absolute(given) == meant
