"""What may be shown of hostile text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.printable import HELD_MAX, PrintableStream, printable, printable_line

STEERING = {
    "a title": "\x1b]2;gone\x07",
    "a title, ended by ST": "\x1b]0;gone\x1b\\",
    "the clipboard": "\x1b]52;c;Z29uZQ==\x07",
    "the clipboard by C1": "\x9d52;c;Z29uZQ==\x9c",
    "a link": "\x1b]8;;https://gone.example/\x1b\\",
    "a colour": "\x1b[1;31m",
    "hiding": "\x1b[8m",
    "a colour by C1": "\x9b31m",
    "clearing": "\x1b[2J",
    "a private mode": "\x1b[?1049h",
    "a cursor style": "\x1b[4 q",
    "a reset": "\x1bc",
    "a character set": "\x1b(0",
    "a device control string": "\x1bP$qm\x1b\\",
    "an application command": "\x1b_Ggone\x1b\\",
    "a privacy message": "\x1b^gone\x1b\\",
    "a bell": "\x07",
    "NUL": "\0",
    "backspaces": "\b\b\b",
    "a carriage return": "\r",
    "form feed and vertical tab": "\f\v",
    "shift out": "\x0e",
    "DEL": "\x7f",
    "next line": "\x85",
    "C1 alone": "\x9b\x9d\x90",
    "right-to-left override": "\u202e",
    "isolates": "\u2066\u2067\u2068\u2069",
    "marks of direction": "\u200e\u200f\u061c",
    "half a character": "\ud83d",
}
HARMLESS = {
    "nothing": "",
    "lines and tabs": "one\ttwo\nthree\n",
    "letters of the world": "naïve façade, größer, 日本語, עברית, العربية, हिन्दी",
    "joined emoji": "👩\u200d🚀 and 🇪🇺 and ❤\ufe0f",
    "joining of letters": "नमस्\u200dते",
    "brackets that are no sequence": "[31m ]0;title [2J",
    "a soft hyphen and a no-break space": "so\xadft\xa0space",
}


@pytest.mark.parametrize("case", STEERING)
def test_whole_terminal_escapes_are_removed(case):
    assert printable(f"before{STEERING[case]}\nafter") == "before\nafter"


@pytest.mark.parametrize("case", STEERING)
def test_between_letters_nothing_of_it_stays_that_acts(case):
    shown = printable(f"before {STEERING[case]} after")
    assert shown == "before  after"


@pytest.mark.parametrize("case", HARMLESS)
def test_printable_text_stays(case):
    assert printable(HARMLESS[case]) == HARMLESS[case]


def test_a_command_without_an_end_ends_with_its_line():
    assert printable("safe\x1b]0;title\nnext") == "safe\nnext"


def test_a_sequence_that_another_cuts_off_takes_nothing_more():
    assert printable("a\x1b]0;b\x1b[31mc") == "ac"


def test_letters_in_a_wrong_encoding_keep_their_neighbours():
    mistaken = "“quoted”, \u203amore\u2039".encode("cp1252").decode("latin-1")
    assert printable(mistaken) == "quoted, more"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("done\x1b", "done"), ("a\x1b.\nb", "a.\nb"), ("\x1b\x1b[1mb", "b"), ("\x1b日", "日")],
)
def test_an_escape_alone_goes_alone(text, shown):
    assert printable(text) == shown


def test_a_foreign_byte_of_a_file_name_is_seen():
    name = b"st\xfcck.wav".decode(errors="surrogateescape")
    assert printable(name) == "st\ufffdck.wav"


def in_pieces(pieces):
    stream = PrintableStream()
    return "".join([*map(stream.feed, pieces), stream.end()])


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("case", STEERING)
def test_a_sequence_that_comes_in_pieces_goes_too(case, size):
    text = f"before {STEERING[case]} after"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert in_pieces(pieces) == "before  after"


PIECES = st.lists(
    st.text(st.sampled_from("ab]0;[31m\\ \n\t\x07\x1b\x9b\x9c\x9d\u202eP(c日"), max_size=9)
)


@given(PIECES)
def test_printable_text_does_not_depend_on_how_the_text_is_cut(pieces):
    assert in_pieces(pieces) == printable("".join(pieces))


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_that_acts_is_left_of_any_text(text):
    shown = printable(text)
    assert printable(shown) == shown
    shown.encode()
    controls = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0))} - {"\t", "\n"}
    assert controls.isdisjoint(shown)


def test_text_is_shown_as_it_comes():
    stream = PrintableStream()
    assert stream.feed("so \x1b[3") == "so "
    assert stream.feed("1mfar") == "far"


def test_a_sequence_without_an_end_holds_nothing_up_for_ever():
    stream = PrintableStream()
    stream.feed("\x1b]0;")
    shown = "".join(stream.feed("x" * 100) for _ in range(HELD_MAX // 50))
    assert shown.strip("x") == ""
    assert len(shown) > 100


@pytest.mark.parametrize(
    "hostile", ["\x1b]0;", "\x9d0;", "\x9b0", "\x1b[0", "\x1b ", "\x1b", "\x9d"]
)
def test_hostile_text_costs_no_more_than_its_length(hostile):
    began = time.process_time()
    printable(hostile * 50_000)
    printable(hostile + "0;" * 100_000)
    assert time.process_time() - began < 2


def test_a_line_has_no_sign_that_is_a_key_of_its_own():
    assert printable_line(" a\tb\r\n\x1b[31mc\x08\u2028d\x00 ") == "a b c d"
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0645"
    assert printable_line(f"{persian} 你好 Äpfel") == f"{persian} 你好 Äpfel"
