"""The HTML of answers can do no harm."""

from __future__ import annotations

import re
import time

import pytest

from voice_assistant.companion.markdown import rendered

ALLOWED = re.compile(
    r"</?(m[a-z]+|p|strong|em|s|code|pre|ul|ol|li|h[1-6]|blockquote|hr|br|table|thead|tbody|tr|t[hd]|a)\b"
)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](  data:text/html,x)",
        "[a](file:///etc/passwd)",
        "[a](/command)",
        "<javascript:alert(1)>",
        '[a](https://x.example/"onmouseover="alert(1))',
        '![a](https://x.example/p.png "t\\" onload=\\"x")',
        '![" onload="x](https://x.example/p.png)',
        "[a][r]\n\n[r]: javascript:alert(1)",
        '```"><script>\nx\n```',
        "| a |\n|---|\n| <b onclick=x> |",
        "a\u202eb\x00c\x1b]0;x\x07",
        r"$\text{<script>alert(1)</script>}$",
        r"\(\href{javascript:alert(1)}{x}\)",
        r'$\color{red" onclick="x}{y}$',
        r"$\class{x}{<b>}$",
    ],
)
def test_nothing_but_text_and_safe_links_comes_out(text):
    html = rendered(text)
    for tag in re.findall(r"<[^>]*>", html):
        assert ALLOWED.match(tag), tag
        for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag):
            known = {"href", "target", "rel", "title", "class", "style", "display"}
            assert name in {*known, "data-address"}, tag
            if name == "href":
                assert value.startswith(("https://", "http://", "mailto:"))
    assert not re.search("[\u202e\x00\x1b]", html)


def test_a_link_opens_a_page_of_its_own_that_knows_nothing_of_ours():
    html = rendered("[map](https://example.org/?a=1&b=2)")
    assert html == (
        '<p><a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "map</a></p>\n"
    )


def test_the_columns_of_a_table_are_aligned_without_styles():
    html = rendered("| a | b | c |\n|--:|:-:|---|\n| 1 | 2 | 3 |")
    assert '<td class="to-right">1</td>' in html
    assert '<th class="to-center">b</th>' in html
    assert "style" not in html


def test_a_picture_is_a_link_until_it_is_clicked():
    assert "<img" not in rendered("![a cat](https://example.org/cat.png)")
    assert "Picture: a cat</a>" in rendered("![a cat](https://example.org/cat.png)")


@pytest.mark.parametrize("written", ["$x^2$", r"\(x^2\)", r"\[x^2\]", "$$x^2$$"])
def test_a_formula_is_drawn(written):
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in rendered(f"so {written} it is")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"$\frac{$", r"<p><code>\frac{</code></p>"),
        ("from $5 to $10", "<p>from $5 to $10</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
        (r"a \[ b", "<p>a [ b</p>"),
    ],
)
def test_text_that_is_no_formula_is_shown_unchanged(written, shown):
    assert rendered(written).strip() == shown


@pytest.mark.parametrize("text", ["$x^2$ " * 3000, r"\(" * 5_000, "$a" * 5_000])
def test_many_formulas_or_halves_of_them_take_no_time(text):
    began_s = time.process_time()
    rendered(text)
    assert time.process_time() - began_s < 3


def test_a_very_long_text_is_shown_as_it_is_in_no_time():
    began_s = time.process_time()
    html = rendered("**word** " * 25_000)
    assert time.process_time() - began_s < 1
    assert html.startswith("<pre>**word** **word**")
