from __future__ import annotations

import pytest

from voice_assistant.text.plain import LONGEST, plain


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Just words.", "Just words."),
        ("**Risotto** is *easy*, ~~not~~ `hard`.", "Risotto is easy, not hard."),
        ("# Rice\n\nStir it.", "Rice\n\nStir it."),
        ("- stock\n- *rice*\n  - white\n", "• stock\n• rice\n  • white"),
        ("3. stir\n4. wait", "3. stir\n4. wait"),
        ("See [the recipe](https://example.org/a?b=c).", "See the recipe."),
        ("![a bowl](bowl.png)", "a bowl"),
        ("One  \ntwo\nthree", "One\ntwo\nthree"),
        ("```python\nprint(1 ** 2)\n```", "print(1 ** 2)"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "a | b\n1 | 2"),
        ("> said\n> so", "said\nso"),
        ("a < b & c <b>d</b>", "a < b & c <b>d</b>"),
        ("2 * 3 * 4 = 24, snake_case_name", "2 * 3 * 4 = 24, snake_case_name"),
        ("One\n\n---\n\nTwo", "One\n\n———\n\nTwo"),
        ("", ""),
        ("这是**粗体**。", "这是粗体。"),
    ],
)
def test_markup_becomes_words_and_lines(markdown, shown):
    assert plain(markdown) == shown


def test_the_plain_text_of_a_beginning_is_the_beginning_of_the_plain_text():
    whole = "It is **very high** and `old`.\n\nSome of it is ~~new~~."
    for end in range(len(whole)):
        assert plain(whole).startswith(plain(whole[:end])), whole[:end]


def test_the_address_of_a_link_is_not_shown_while_it_is_written():
    whole = "See [the recipe](https://example.org/a?b=c_d)."
    for end in range(whole.index("]") + 2, len(whole)):
        assert plain(whole[:end]) == "See the recipe"
    assert plain("It is in [1] and [2]") == "It is in [1] and [2]"
    assert plain("all of [0, 1)") == "all of [0, 1)"


def test_a_very_long_text_is_shown_as_it_is_written():
    text = "**a** " * LONGEST
    assert plain(text) == text
