"""What is no speech, in every kind, within sentences that must be heard whole."""
# ruff: noqa: RUF001 - dashes, bars and brackets are meant

from __future__ import annotations

import gc
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.text.sentences import Sentences
from voice_assistant.text.speakable import speakable
from voice_assistant.text.visible import VisibleText

BASE64 = "iVBORw0KGgoAAAANSUhEUgAA" * 200
LINES = "\n".join(BASE64[at : at + 76] for at in range(0, len(BASE64), 76))
SIGNED = "https://files.example.org/r.pdf?X-Key=" + "a1B2" * 90 + "&sign=x9YzQ="
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0TH"
PICTURE = (
    "https://img.example.org/A%20red%20house,%20at%20dusk.%20It%20is%20" + "big%20" * 60 + "?w=5"
)


def sentences_of(text, size=100_000):
    """The sentences of the visible text, cut as the stream cuts it."""
    parser, splitter, found = VisibleText(), Sentences(), []
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for change in [*map(parser.feed, pieces), parser.finish()]:
        if change.anew:
            splitter, found = Sentences(), []
        found += splitter.feed(change.text)
    return found + splitter.finish()


def heard(text, size=100_000):
    return [words for words in map(speakable, sentences_of(text, size)) if words]


@pytest.mark.parametrize("size", [7, 100_000])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Here: ![A red house]({PICTURE}) Do you like it?", ["Here: A red house Do you like it?"]),
        (f"The file is [the report]({SIGNED}). More?", ["The file is the report.", "More?"]),
        (f"It is at {SIGNED} now. More?", ["It is at files.example.org now.", "More?"]),
        (f'It is <a href="{SIGNED}">the report</a>. More?', ["It is the report.", "More?"]),
        (f"Chart: ![chart](data:image/png;base64,{BASE64}) It rises.", ["Chart: chart It rises."]),
        (f"Chart: ![chart](data:image/png;base64,{LINES}) It rises.", ["Chart: chart It rises."]),
        (f'Chart: <img src="data:image/png;base64,{BASE64}"> Up.', ["Chart: Up."]),
        (f"Data: {LINES}\nIt rises.", ["Data:", "It rises."]),
        (f"Token {BASE64}. Keep it.", ["Token.", "Keep it."]),
        ("Chart: <svg>" + '<path d="M1 2 L3 4"/>' * 40 + "</svg> It rises.", ["Chart: It rises."]),
        ("See [the page][1], ok.\n\n[1]: https://a.org/b 'Page'", ["See the page, ok."]),
        ("Write to a.b@example.com now. Yes.", ["Write to a.b@example.com now.", "Yes."]),
        ("It rains (https://a.org/wiki/Rain_(x)). Yes.", ["It rains (a.org).", "Yes."]),
        ("访问https://a.org/b查看详情。", ["访问a.org查看详情。"]),
        ("x" * 20_000 + " is long.", ["is long."]),
        (f"Token {JWT}. Keep it.", ["Token.", "Keep it."]),
    ],
)
def test_of_an_address_its_text_or_its_host_is_said_once(text, said, size):
    assert heard(text, size) == said


CITED = "\ue200cite\ue202turn0search0\ue202turn1news3\ue201"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"It rains. {CITED} Stay [1, 2]. Wet [3–5][7]. Sure [cite: 4].",
            "It rains. Stay. Wet. Sure.",
        ),
        ("It rains (Source: [1], [2]). Stay [^3, ^4]. Done.", "It rains. Stay. Done."),
        ("[cite_start]It rains[cite: 4, 7]. Done.", "It rains. Done."),
        ("It rains.¹ And found² it, 5 m² of 10⁶.", "It rains. And found it, 5 m² of 10⁶."),
        ("It rains^1^, sin² x.[^a] So citeturn0search0 it is.", "It rains, sin² x. So it is."),
        ("It rains<sup>[1]</sup> here<sup>2</sup>. Ok.", "It rains here. Ok."),
        ("It rains 【4:0†source】. Ok :contentReference[oaicite:0]{index=0}.", "It rains. Ok."),
        ("It [a] rains, a[0]. He said [sic].", "It [a] rains, a[0]. He said [sic]."),
        ("Take x[1] and i[2]. Vitamin C[3] helps[4].", "Take x[1] and i[2]. Vitamin C helps."),
        ("It rains ^[1]. And snows ^2.", "It rains. And snows."),
        ("It rains^1^ on 5 m^2^ and 10^-3^.", "It rains on 5 m^2 and 10^-3."),
    ],
)
def test_marks_of_sources_are_silent(text, said):
    assert " ".join(heard(text)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Result\n======\n\nIt is ==very important==.", ["Result", "It is very important."]),
        ("It is ^^so^^ and ++new++. C++ and a == b.", ["It is so and new.", "C++ and a == b."]),
        ("Result\n~~~~~~\n\nDone.", ["Result", "Done."]),
        ("Result\n~~~\n\nDone. More.", ["Result", "Done.", "More."]),
        ("+---+---+\n|  a  |  b  |\n+---+---+\nEnd", ["a, b", "End"]),
        ("┌───┬───┐\n│ a │ b │\n└───┴───┘", ["a, b"]),
        ("src\n├── one\n└── two", ["src", "one", "two"]),
        ("A\n-----\nB\n_____\nC\n*****\nD", ["A", "B", "C", "D"]),
        ("Look:\n~~~\na = 1\n~~~\nDone.", ["Look:", "code block", "Done."]),
        ("A:\n~~~~\na\n~~~\nb. C.\n~~~~\nDone.", ["A:", "code block", "Done."]),
        ("A:\n````\na\n```\nb. C.\n````\nDone.", ["A:", "code block", "Done."]),
        ("A:\n~~~~~ py\na\n~~~~\nb\n~~~~~~\nDone.", ["A:", "code block", "Done."]),
        ("A:\n```\na\n~~~\nb. C.\n`````\nDone.", ["A:", "code block", "Done."]),
        ("It was ||the butler||.", ["It was the butler."]),
        ("So ||one. And two|| three.", ["So one.", "And two three."]),
        ("a || b and c||d", ["a || b and c||d"]),
        (">!The butler!< did it.", ["The butler did it."]),
        ("[spoiler]The butler[/spoiler] did it.", ["The butler did it."]),
        ("It is <name>Bob</name>, press <Enter>.", ["It is Bob, press Enter."]),
        ("Put it into `<name>x</name>`.", ["Put it into name x name."]),
        ("<speak>The <break time='1s'/>Nile. It flows.</speak>", ["The Nile.", "It flows."]),
        ("<a-b><c-d x='1'>Bob</c-d> <e-f/>ran</a-b>.", ["Bob ran."]),
        ("<ruby>漢<rt>かん</rt></ruby>字。", ["漢字。"]),
        ("<math><mi>x</mi></math> grows.", ["x grows."]),
        ("Use `<e-f/>` and <Esc>.", ["Use e-f and Esc."]),
        ("Drink H~2~O, not CO~2~, ~~no~~ a~b.", ["Drink H2O, not CO2, no a~b."]),
        ("It is \\textbf{very} \\emph{old}.", ["It is very old."]),
        ("\\begin{itemize}\\item One \\item Two\\end{itemize} Three.", ["One\nTwo", "Three."]),
        ("𝐁𝐨𝐥𝐝 𝑎𝑛𝑑 𝒮𝒸𝓇𝒾𝓅𝓉, 𝟏𝟐 𝛑.", ["Bold and Script, 12 π."]),
        ("𝐁𝐨𝐥𝐝 𝑤𝑜𝑟𝑑𝑠.", ["Bold words."]),
    ],
)
def test_no_name_of_a_sign_is_said_and_no_line_swallows_the_rest(text, said):
    assert heard(text, 3) == heard(text) == said


EQUATION = r"\begin{align}a &= 1 \\ b &= 2\end{align}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"Let {EQUATION} be true and {EQUATION} too. Yes.",
            "Let formula be true and formula too.",
        ),
        (f"{EQUATION} Or so. {EQUATION} Yes.", "formula Or so. formula"),
        (r"\begin{align}\begin{matrix}a\end{matrix}\end{align} Yes.", "formula"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_no_word_between_two_formulas_is_lost(text, said, size):
    assert " ".join(heard(text, size)) == f"{said} Yes."


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("| a |\n|---|\n| 1 | 2 |\n| 3 |", "a: 1, 2. a: 3."),
        ("| a | b |\n|:--|--:|\n| `x | y` | 2 |", "a: x, b: y, 2."),
        ("| a | b |\n| 1 | 2 |", "a, b. 1, 2."),
        ("| a |\n|---|\n| x \\| y |", "a: x, y."),
    ],
)
@pytest.mark.parametrize("size", [3, 100_000])
def test_no_cell_of_a_table_is_lost(table, said, size):
    assert " ".join(" ".join(heard(f"{table}\n\nEnd.", size)).split()) == f"{said} End."


@pytest.mark.parametrize("size", [50, 100_000])
def test_a_very_long_table_is_said_in_parts_and_whole(size):
    table = "| a | b |\n|---|---|\n" + "".join(f"| n{n} | m{n} |\n" for n in range(1000))
    parts = heard(table + "\nEnd.", size)
    assert max(map(len, parts)) < 8_000
    assert re.findall(r"\w+", " ".join(parts[1:])) == [
        word for n in range(len(parts[0].splitlines()), 1000) for word in (f"n{n}", f"m{n}")
    ] + ["End"]


@pytest.mark.parametrize(
    "text",
    [
        "Поэму написал А. С. Пушкин. Да.",
        "Ο Γ. Παπανδρέου μίλησε. Ναι.",
        "Das sagte Ö. Kaya. Gut.",
        "Ś. Nowak mówi. Tak.",
        "Ա. Պետրոսյան ասաց. Այո.",
        "J. K. Rowling wrote it. Yes.",
    ],
)
def test_an_initial_of_any_alphabet_ends_no_sentence(text):
    assert len(sentences_of(text)) == 2


SILENT = [
    *("<think>zq. zq\nzq</think>", '<tool_call>{"zq": 1}</tool_call>', "<|im_end|>", "[7]"),
    *(
        "【4†zq】",
        CITED,
        "[cite: 4]",
        f"{BASE64[:120]}",
        "<!-- zq. -->",
        "<svg><path d='zq'/></svg>",
    ),
    "<|channel|>analysis<|message|>zq.<|end|>",
]
SPOKEN = ["river", "Berg", "дом", "five", "Über", "lemon"]


@given(
    st.lists(st.sampled_from([*SILENT, *SPOKEN * 3]), min_size=1, max_size=30),
    st.sampled_from([" ", ". ", ", ", "\n"]),
    st.integers(1, 60),
)
def test_in_any_mixture_no_mark_is_said_no_word_is_lost_and_the_cut_does_not_matter(
    parts, between, size
):
    text = between.join(parts)
    assert sentences_of(text, size) == sentences_of(text)
    words = re.findall(r"\w+", " ".join(heard(text)))
    assert words == [part for part in parts if part in SPOKEN]


HOSTILE = [
    *("[", "\\[", "\\", "7", " ", "😀", "x", "<", "&", "$", "`", "~", "word ", "中", "](", "a. "),
    *('<a b="', "<think", "http://", "$$", "\\begin{a}", "data:a/b;", "<!--", "| a "),
    *("|\n", "|a|\n|-|\n", "<a>", "</a>", "<a/>", "<rt>", "~1", "^1", "\\emph{", "eyJa.", "𝐁"),
]


def cpu_s(work):
    """The least of three times: whatever else goes on makes it only more.

    Without the garbage collector, which takes the longer the more tests have run before.
    """
    times = []
    gc.disable()
    try:
        for _ in range(3):
            began = time.thread_time()
            work()
            times.append(time.thread_time() - began)
    finally:
        gc.enable()
    return min(times)


def speak(text):
    plan = SpeechPlan(auto_play=False)
    plan.text(text)
    plan.ended()
    while plan.next_sentence() is not None:
        pass


@pytest.mark.parametrize("sign", HOSTILE)
@pytest.mark.parametrize(
    "read", [speak, speakable, VisibleText().feed], ids=["plan", "words", "seen"]
)
def test_twice_the_text_takes_no_more_than_three_times_the_time(sign, read):
    short, long = (sign * (length // len(sign)) for length in (4_000, 8_000))
    read(short)
    assert cpu_s(lambda: read(long)) <= 3 * cpu_s(lambda: read(short)) + 0.01


def test_no_words_are_nothing_to_wait_for():
    plan = SpeechPlan(auto_play=False)
    plan.text("<think>Hm. So.\n</think>\n\nFour. ")
    plan.ended()
    assert plan.next_sentence() == "Four."
    assert plan.complete
