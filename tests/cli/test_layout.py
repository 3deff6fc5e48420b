from __future__ import annotations

import pytest

from voice_assistant.cli.layout import AsItComes, WholeLines, Wrapped

TEXT = "The tower is 330 metres high.\n\n  - It is old.\n  - 这是一座很高的塔，也很老。 Yes."  # noqa: RUF001


def fed(layout, pieces) -> str:
    return "".join(map(layout.feed, pieces)) + layout.end()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_lines_are_broken_between_words_however_the_text_is_cut(size):
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    lines = fed(Wrapped(16), pieces).split("\n")
    assert lines[:3] == ["The tower is 330", "metres high.", ""]
    assert lines[3:5] == ["  - It is old.", "  -"]
    assert lines[5] == "这是一座很高的塔，也很老。", "no word is cut"  # noqa: RUF001
    assert lines[6] == "Yes."


def test_words_of_a_text_stay_the_same():
    assert fed(Wrapped(16), [TEXT]).split() == TEXT.split()
    assert fed(AsItComes(), [TEXT]) == TEXT


def test_a_complete_word_is_not_held_back():
    layout = Wrapped(80)
    assert [layout.feed(piece) for piece in ("It", " i", "s ", "high")] == ["", "It", " is", ""]
    assert layout.end() == " high"


def test_a_screen_reader_gets_whole_lines():
    layout = WholeLines()
    assert [layout.feed(piece) for piece in ("One", " line.\nTw", "o.")] == ["", "One line.\n", ""]
    assert layout.end() == "Two."
