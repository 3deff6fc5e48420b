"""Marks of wikis, of Pandoc and of documentation are not read aloud; no other word is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.foreign_markup import without_foreign_markup
from voice_assistant.text.sentences import Sentences
from voice_assistant.text.speakable import speakable
from voice_assistant.text.visible import VisibleText


def heard(text, cut=1000):
    visible, sentences, said = VisibleText(), Sentences(), []
    for at in range(0, len(text), cut):
        said += sentences.feed(visible.feed(text[at : at + cut]).text)
    said += sentences.feed(visible.finish().text) + sentences.finish()
    return " ".join(words for one in said if (words := speakable(one)))


SILENT = [
    ('Rain.<ref name="a">Smith 2020, p. 5</ref> Done.', "Rain. Done."),
    ("Rain.<cite>1, 2</cite> x<sup>2</sup> <cite>Faust</cite>.", "Rain. x^2 Faust."),
    ("Rain.{{cite web|url=https://x.org|title=X}} Done.", "Rain. Done."),
    ("Dear {{name}}, {% if a %}hi{% endif %}.", "Dear name, hi."),
    ("Rain.[[1]] See [[Rain]] and [[Rain#Snow|snow]].", "Rain. See Rain and snow."),
    ("Rain [@smith2020, p. 5; @doe]. Done.", "Rain. Done."),
    ("Rain [Smith 2020; Doe 2021]. So [Smith et al. 2020] says.", "Rain. So says."),
    ("Rain.⁽¹⁾ Snow.† And ‡ hail.§ Done.", "Rain. Snow. And hail. Done."),
    ("Rain.[a] Snow.{1} Hail.(1)(2) Done.[2:0†file.pdf]", "Rain. Snow. Hail. Done."),
    ("Rain.[Quelle: 3] Snow [来源 1, 2].", "Rain. Snow."),
    ("Rain^[as they say] falls.", "Rain (as they say) falls."),
    (":::warning\nHot.\n:::", "warning: Hot."),
    ("::: {.note}\nHot.\n:::", "Hot."),
    ("> [!NOTE]\n> Hot.", "NOTE: Hot."),
    ('!!! note "Mind"\n    Hot.', "Mind: Hot."),
    ("Cat\n: An animal.", "Cat An animal."),
    ("*[HTML]: Hyper Text\nHTML is old.", "HTML is old."),
    ("## Rain {#rain .wet}\nIt falls.", "Rain It falls."),
    ('<img src="https://x.org/a.png" alt="A cat"> Done.', "A cat Done."),
    ('<?xml version="1.0"?><a>Hi</a> <![CDATA[there]]>.', "Hi there."),
    ("Call tel:+49170123456 now.", "Call +49170123456 now."),
    ("Water is \\ce{H2O}, \\boxed{42} is it.", "Water is H2O, 42 is it."),
    (":smile: Hi :+1: there :flag-us:.", "Hi there."),
    ("Hi :-) there ;) and <3 you ^_^ ¯\\_(ツ)_/¯.", "Hi there and you."),
    ("Id 550e8400-e29b-41d4-a716-446655440000 is new.", "Id is new."),
    ("★★★☆☆ and ★★ and ★.", "3/5 and 2 and."),
    ("① one, Ⅳ is four, ＡＢ１２.", "1 one, IV is four, AB12."),  # noqa: RUF001
    ("Hi\u200bthere, in\u00adfor\u00admal.", "Hithere, informal."),
    ("➜ Go.", "Go."),
    ("<bos>Hi.<eos>", "Hi."),
    ("[/INST] Hi.", "Hi."),
    ("<search_quality_reflection>a</search_quality_reflection>Hi.", "Hi."),
]


@pytest.mark.parametrize("cut", [1, 7, 1000])
@pytest.mark.parametrize(("text", "said"), SILENT)
def test_marks_are_silent_however_the_text_is_cut(text, said, cut):
    assert heard(text, cut) == said


@pytest.mark.parametrize(
    "text",
    [
        "x = [1, 2, 3]; y = a[1:3] + f(1)(2).",
        '{"a": 1, "b": [2, 3], "c": [[1, 2], []]}',
        "At 10:30:45 it was 3:2:1, in C::B::A and std::cout.",
        "He said: (1) go, (2) stay. Chapter (3).",
        "It [sic] runs on [Windows 2000] and [a] Mac.",
        "Use a {b} and {1} here. 5 < 3 and <3 apples.",
        "Mail @bob: see §5 and §§ 6. 2 ? 3 : 4.",
        "Is a:b:c a path? C:/d e:f",
        "Press [Enter], [Ctrl+C].",
        "[Smith](https://x.org) wrote it in 2020.",
        "Is it? (yes) Or: no.",
        "`{{name}}` and `[[1]]` and `:smile:` are code.",
        "¿Qué? ¡Sí! §",
        "A -- b --- c; d: e = f | g.",
    ],
)
def test_other_signs_keep_their_words(text):
    words = "".join(one for one in text if one.isalnum())
    for ours, left in (("httpsxorg", ""), ("3apples", "apples")):
        words = words.replace(ours, left)
    assert "".join(one for one in heard(text) if one.isalnum()) == words


HOSTILE = ("[[", "{{", "[@", "{%", ":a", "<ref>", "[a 2020; ", "^[", "⁽¹", "★☆", ":::", "(╯", "‡ ")


@pytest.mark.parametrize("sign", HOSTILE)
def test_none_of_the_marks_takes_long(sign):
    text = sign * (20_000 // len(sign))
    begin = time.process_time()
    without_foreign_markup(text)
    assert time.process_time() - begin < 1.0


@given(st.lists(st.sampled_from([*"abc .,:;\n[](){}<>|@^!?`=-+*_#~0129", *HOSTILE]), max_size=60))
def test_any_mixture_is_taken(signs):
    text = "".join(signs)
    assert isinstance(without_foreign_markup(text), str)
    assert heard(text, 1) == heard(text, 1000)
