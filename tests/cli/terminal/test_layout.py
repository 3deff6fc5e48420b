from __future__ import annotations

import pytest

from voice_assistant.cli.terminal.layout import AsItComes, WholeLines, Wrapped, cut, wrapped

TEXT = "The tower is 330 metres high.\n\n  - It is old.\n  - 这是一座很高的塔，也很老。 Yes."  # noqa: RUF001


def fed(layout, pieces) -> str:
    return "".join(map(layout.feed, pieces)) + layout.end()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_lines_are_broken_between_words_however_the_text_is_cut(size):
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    lines = fed(Wrapped(16), pieces).split("\n")
    assert lines[:3] == ["The tower is 330", "metres high.", ""]
    assert lines[3] == "  - It is old."
    assert lines[4:] == ["  - 这是一座很高", "的塔，也很老。", "Yes."], "a sign is two columns wide"  # noqa: RUF001


def test_words_of_a_text_stay_the_same():
    assert "".join(fed(Wrapped(16), [TEXT]).split()) == "".join(TEXT.split())
    assert fed(AsItComes(), [TEXT]) == TEXT


def test_a_complete_word_is_not_held_back():
    layout = Wrapped(80)
    assert [layout.feed(piece) for piece in ("It", " i", "s ", "high")] == ["", "It", " is", ""]
    assert layout.end() == " high"


@pytest.mark.parametrize("width", range(2, 20))
def test_no_line_begins_or_ends_with_the_wrong_punctuation(width):
    text = "他说：“你好！”（然后走了），留下《书》。Don’t ask"  # noqa: RUF001
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert [line for line in lines if line[0] in "，。！：”）》" or line[-1] in "“（《"] == []  # noqa: RUF001
    assert sum("Don’t" in line for line in lines) == 1, "an English word stays whole"  # noqa: RUF001


@pytest.mark.parametrize(
    ("width", "shown"),
    [(8, "abc 你好"), (7, "abc 你…"), (6, "abc …"), (5, "abc …"), (3, "ab…"), (1, "…")],
)
def test_a_text_is_cut_by_columns(width, shown):
    assert cut("abc 你好", width) == shown


def test_a_screen_reader_gets_whole_lines():
    layout = WholeLines()
    assert [layout.feed(piece) for piece in ("One", " line.\nTw", "o.")] == ["", "One line.\n", ""]
    assert layout.end() == "Two."
