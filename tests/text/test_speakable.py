# ruff: noqa: RUF001 - the punctuation of Chinese is meant
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.speakable import speakable


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("Plain words, as they are.", "Plain words, as they are."),
        ("今天天气很好！", "今天天气很好！"),
        ("**Bold** and *thin* and ***both*** and ~~gone~~", "Bold and thin and both and gone"),
        ("**Begun here.", "Begun here."),
        ("ended here.** Good", "ended here. Good"),
        ("_Begun here.", "Begun here."),
        ("2 * 3 is 6, snake_case stays, 5 < 6 > 4", "2 × 3 is 6, snake_case stays, 5 < 6 > 4"),
        ("2*3*4 is 24", "2 × 3 × 4 is 24"),
        ("# Heading", "Heading"),
        ("### Heading ###", "Heading"),
        ("- an item", "an item"),
        ("    - a nested item", "a nested item"),
        ("3. a numbered item", "3. a numbered item"),
        ("1. **Paris**: a city", "1. Paris: a city"),
        ("- [ ] to do", "to do"),
        ("- [x] done", "done"),
        ("> quoted\n> words", "quoted words"),
        ("Call `print()` now", "Call print() now"),
        ("```python\nprint()\n```", "code block"),
        ("```\nnever closed", "code block"),
        ("See [the page](https://example.com/a?b=c).", "See the page."),
        ("See https://www.example.com/a/b?c=d#e.", "See example.com."),
        ("At <https://example.com/x>, or http://localhost:8080/a", "At example.com, or localhost"),
        ("看https://example.com/路径。好", "看example.com。好"),
        ("![a red house](house.png)", "a red house"),
        ("Good 😀👍🏽!", "Good !"),
        ("🇫🇷 Paris", "Paris"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("Tea &amp; cake, 5 &lt; 6", "Tea & cake, 5 < 6"),
        ("one<br>two <b>three</b>", "one two three"),
        ("H<sub>2</sub>O, 10<sup>6</sup>, 1<sup>st</sup>", "H2O, 10^6, 1st"),
        ('<font color="red">Red</font> <img src="a.png"/> fox', "Red fox"),
        ("Press <Enter>, put in <your name>", "Press Enter, put in your name"),
        ("Of a<b and c>d, vector<int>", "Of a<b and c>d, vector int"),
        ("Put into `<script>` or `<details>`. So.", "Put into script or details. So."),
        ('The `<div class="a">` is one.', "The div is one."),
        ('<div align="center">\n\n# Hi\n\n</div>', "Hi"),
        ("<p>Tea &amp; cake</p>", "Tea & cake"),
        ("Settings → Privacy ⇒ Off", "Settings, Privacy, Off"),
        ("→ an item", "an item"),
        ("\\* a remark", "a remark"),
        ("“设置” → “网络”", "“设置”, “网络”"),
        ("**Settings** > Privacy & Safety > Wi-Fi", "Settings, Privacy & Safety, Wi-Fi"),
        ("设置 > 通用 > “关于”", "设置, 通用, “关于”"),
        ("If A > B, cost > 5 and cost > gain", "If A > B, cost > 5 and cost > gain"),
        ("Name | Age", "Name, Age"),
        ("~5 minutes in ~/.config", "~5 minutes in ~/.config"),
        ("<div>inside</div>", "inside"),
        ("As found[1][^2].", "As found."),
        ("As found [1](https://a.b) [[2]](https://a.b)【4:0†source】.", "As found."),
        ("As found [doc1][doc12]. So [chunk: 3].", "As found. So."),
        ("As found [citation:1][citation:2]. So [[citation:3]].", "As found. So."),
        ("The [plan](<my plan.pdf>) and [it](<b c> 'title').", "The plan and it."),
        ("See [doc1](https://a.b), the `[doc1]` mark", "See doc1, the doc1 mark"),
        ("谢谢【1】【2】。", "谢谢。"),
        ("Red\x1b[0m and\x1b]52;c;aGk=\x07 b\x00ig.", "Red and big."),
        ("one\rtwo\x0cthree", "one two three"),
        ("【1】谢谢，请按【1】键", "【1】谢谢，请按【1】键"),
        ("In [2024](https://a.b), of `x[2]` and a[0]", "In 2024, of x 2 and a[0]"),
        ("one  \ntwo", "one two"),
        ("text\n---", "text"),
        ("<think>\nHm. So.\n</think>\n\nFour.", "Four."),
        ("<details open><summary>Thinking</summary>no</details>Yes", "Yes"),
        (r"$$ \sum_{i=1}^n i $$ holds", "formula holds"),
        (r"\[ \frac{-b \pm \sqrt{b^2 - 4ac}}{2a} \]", "formula"),
        ("So:\n\\[\nx = \\boxed{4}\n\\]\n$$ E = mc^2 $$", "So: x = 4 E = mc²"),
        ("It costs $5, or $6.", "It costs $5, or $6."),
        ("From $5-$10, US$3 or 4$.", "From $5-$10, US$3 or 4$."),
        ("Be $x^{n+1}$, $n$ and $x = 5$.", "Be formula, n and x = 5."),
        (r"Be \(\frac{a}{b}\) and \(a + b\).", "Be a/b and a + b."),
        ("满足$a^2+b^2=c^2$，$c$为斜边。", "满足a²+b²=c²，c为斜边。"),
        ("Bistro ($$), Sushi ($$$), $$–$$$", "Bistro ($$), Sushi ($$$), $$–$$$"),
        ("Put `${a}-${b}` or `$x^2$`.", "Put ${a}-${b} or $x^2$."),
        ("2**3 is 8, x**2 too, **2** and 共**3**个", "2^3 is 8, x^2 too, 2 and 共3个"),
        ("`2 ** 3` is 8, **Step** 3", "2^3 is 8, Step 3"),
        ("\\begin{align*}\na &= b \\\\\n\\end{align*}", "formula"),
        ("Run `echo $HOME $PATH` now", "Run echo $HOME $PATH now"),
        ("one <!-- not this --> two", "one two"),
        ("• an item", "an item"),
        ("[^1]: A footnote.", "A footnote."),
        ("Named[^note].", "Named."),
        ("Keycap 1️⃣, family 👨‍👩‍👧, flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and heart ❤️‍🔥.", "Keycap 1, family, flag and heart."),
        (
            "| Name | Age |\n|---|--:|\n| Anna | 3 |\n| **Bo** | |",
            "Name: Anna, Age: 3.\nName: Bo.",
        ),
        ("| Name | Age |\n|---|---|", "Name, Age."),
        ("| Name | Age |\n|---|---|\n| | |\n| — | 😀 |\n| Bo | |", "Name: Bo."),
        (
            "| Port | Has it |\n|---|---|\n| A | ✅ |\n| B | ❌ |\n| C | — |\n| D | ✔️ Yes! |",
            "Port: A, Has it: yes.\nPort: B, Has it: no.\nPort: C.\nPort: D, Has it: Yes!",
        ),
        ("First.\n\nSecond.", "First.\nSecond."),
    ],
)
def test_markdown_is_read_as_a_person_would(markdown, said):
    assert speakable(markdown) == said


@pytest.mark.parametrize(
    "markdown",
    ["", " ", "---", "***", "😀", "...", "”", "<think>a</think>", "#", "<!-- a", "1️⃣"[1:]],
)
def test_markdown_without_words_is_not_spoken(markdown):
    assert speakable(markdown) == ""


@pytest.mark.parametrize(
    "markdown",
    [
        "Put into `<script>` or `x[2]`, a<b and c>d, [1](https://a.b) of <your name>.",
        "| a |\n|---|\n| 3 |",
        "**Note**: 2 * 3, `__init__`, [a](https://a.b/c), 10<sup>6</sup>, → on",
    ],
)
def test_spoken_words_can_be_parsed_as_markdown_again(markdown):
    """The embedded backend does."""
    assert speakable(speakable(markdown)) == speakable(markdown)


@pytest.mark.parametrize(
    ("markdown", "within", "said"),
    [
        ("```\nprint()\n```", "这样写：\n```\nprint()\n```", "代码块"),
        ("公式是 $x^{n+1}$。", "", "公式是 公式 。"),
        ("$$x^{n+1}$$", "Пишется `so_and_so`, то есть\n$$x^{n+1}$$", "формула"),
        ("| 端口 |\n|---|\n| ✅ |\n| ❌ |", "", "端口: 是.\n端口: 否."),
        ("```\n字\n```", "Print the letter 字:\n```\n字字字\n```", "code block"),
        ("```\nprint()\n```", "", "code block"),
    ],
)
def test_code_and_formulas_are_named_in_the_language_of_the_answer(markdown, within, said):
    assert speakable(markdown, within) == said


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    assert isinstance(speakable(text), str)


@given(st.lists(st.sampled_from(["one", "two", "drei", "vier"]), min_size=1, max_size=8))
def test_plain_words_are_never_lost(words):
    assert speakable(" ".join(words)) == " ".join(words)
