# ruff: noqa: RUF001 - the punctuation of Chinese and of print is meant
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.sentences import Sentences


def split(text, size=1):
    sentences = Sentences()
    whole = []
    for at in range(0, len(text), size):
        whole += sentences.feed(text[at : at + size])
    return whole + sentences.finish()


CODE = '```python\nprint("Hi. There.")\n\n# a comment. And more.\n```'
TABLE = "| name | age |\n|---|---|\n| Anna | 3. May |\n| Bo. Jr. X | 4 |"


@pytest.mark.parametrize(
    "sentences",
    [
        ["One. ", "Two! ", "Three? ", "Four"],
        ["It is 3.5 degrees. ", "Really."],
        ["Dr. Smith met Mrs. Jones and J. R. Doe. ", "They talked."],
        ["Take fruit, e.g. apples, i.e. Malus domestica. ", "Good."],
        ["The U.S. President spoke at 5 p.m. ", "Then he left."],
        ["Well... maybe. ", "Wait... ", "What?! ", "No!!! ", "Yes…"],
        ['"Stop!" he said. ', '"Why?" ', "She left."],
        ["She asked (why?) and left. ", "He stayed."],
        ["See https://example.com/a.b?c=1.5&d=e!f for more. ", "Or www.example.org. ", "Bye."],
        ["Write to a.b@example.com. ", "Version 1.2.3 is out. ", "File.txt is gone."],
        ["No. 5 is alive. ", "See Fig. 3 and p. 12. ", "Did he? ", "No. ", "He did not."],
        ["你好，我是本地的测试助手。", "今天天气很好！", "真的吗？", "好"],
        ["“你好！”", "他走了。", "《书》很好。"],
        ["气温是3.5度。", "你好!", "再见.", "走吧?", "好。"],
        ["今天……不错。", "真的？！", "Yes. ", "好的。"],
        ["こんにちは。", "元気ですか？", "안녕하세요. ", "잘 지내요?"],
        ["A line\n", "another line\n\n\n", "and a last one"],
        ["# Title\n\n", "Text below. ", "More."],
        ["1. First item\n", "2. Second item. ", "With more.\n", "10. Tenth.\n", "Done."],
        ["- one\n", "- two. ", "Two again.\n", "  - nested 1.5\n", "* star"],
        ["Look:\n\n", CODE + "\n", "That was code. ", "Good."],
        ["~~~\na. B. c\n~~~\n", "After."],
        ["Look:\n", TABLE + "\n\n", "That was a table."],
        ["<think>\nHm. Let me see.\n\nYes.\n</think>\n\n", "Four. ", "Five."],
        ["So:\n", "$$ a = 1. B $$ ", "holds. ", r"\[ x. Y \]", " too. ", "Yes."],
        ["**Bold one. ", "Bold two.** ", "*Thin!* ", "Plain."],
        ["😀 Hi! ", "🎉 Party."],
        ["etc. and so on. ", "We came, etc. ", "Then we left."],
        ["एक वाक्य। ", "दूसरा। ", "तीसरा॥ ", "हाँ।"],
        ["كيف حالك؟ ", "أنا بخير. ", "یہ ٹھیک ہے۔ ", "نعم."],
        ["Am 3. Mai 2024 um 10 Uhr. ", "Am 24. Dezember. ", "Es sind 3. ", "Die drei."],
        ["Use `<details>` or `<think>` here. ", "Then `<!--` there. ", "Good."],
        [
            "It rained.[1] ",
            "It stopped.[2][3, 4] ",
            "It was dry.【5†source】 ",
            "See [6]. ",
            "Bye.[^7]",
        ],
        ["下雨了。[1]", "停了。【2】", "好。"],
        ["Obst, z. B. Äpfel, ist i. d. R. gut. ", "Ende."],
        ["Well, <think>hm. No.\n</think> it is. ", "Yes."],
        ["Look:\n", "<!-- one. Two. -->", " Here. ", "There."],
        ["So:\n", "\\begin{align}\na &= 1. B\\\\\n\\end{align}", "\nholds. ", "Yes."],
        ["## 1. Overview\n", "**1. Start small.** ", "Go on.\n", "### 2.1. Deep\n", "II. Methods"],
        [
            "a. Press it.\n",
            "b. Hold it.\n",
            "**2.** Let go. ",
            "Step 3. ",
            "Done. ",
            "It is 42. ",
            "Or 43.",
        ],
        [
            "Born on Apr. 18, c. 1800, ext. 12 (max. 5). ",
            "Doe et al. 2020; Roe et al. (2021). ",
            "Yes.",
        ],
        ["We meet at 10:30 a.m. EST (3:30 p.m. GMT). ", "At 5 p.m. ", "We go at 6 p.m. – or so."],
        [
            "He has 896 pp. (paperback). ",
            "Mt. Everest is 8 km. ",
            "(It is.) ",
            "6 ft. 2 in. is tall.",
        ],
        ["So 7! = 5040 and 1 lb. ≈ 0.45 kg. ", "Tea: 5 min. | Rest: 2 min. ", "Good."],
        ["Run `git add . && git commit -m 'A. B!'` now. ", "See ``a. `B! C` ``. ", "Good."],
        ['用`print("你好！")`输出。', "再用`a。b`。", "好"],
        ["« C'est beau ! » dit-il. ", "« Vrai\u202f?\u202f» ", "Oui. ", "« Non ! »"],
        ["„Wirklich?“ ", "Ja. ", "„Nein!“, sagte er. ", "»Halt!« ", "Er blieb. ", "Er rief: »Du!«"],
        [
            "Im 19. Jahrhundert. ",
            "Am 2. Tag die 3. Auflage. ",
            "I am 42. ",
            "You are 43. ",
            "Ca. 3 Mio. Menschen, Goethestr. 5.",
        ],
        ["It is 18°C. ", "Then 72 F. ", "Roe v. Wade is old. ", "**Q1. Why?** ", "**Q2. How?**"],
        ["1. quick adj. 快的\n", "2. jump vi. 跳\n", "3. time n. 时间"],
        ["停了。", "“你好！”", "他说。", "“走。”"],
        ["1. ```sh\n   ls. Ls\n   ```\n", "Then.\n", "> ```\n> a. B\n> ```\n", "So. ", "Good."],
        ["````md\n```js\na. B\n```\nC. D\n````\n", "Then. ", "Good."],
        ["It is given by \\[\nx = 1. Y\n\\] here. ", "Good."],
        [" Leading space. ", "Then."],
    ],
)
def test_a_text_is_split_where_a_reader_would_pause(sentences):
    found = split("".join(sentences))
    assert [sentence.strip() for sentence in found] == [one.strip() for one in sentences]


@pytest.mark.parametrize("text", ["", " ", "\n\n \t"])
def test_white_space_is_no_sentence(text):
    assert split(text) == []


def test_a_sentence_is_given_out_as_soon_as_the_next_one_begins():
    sentences = Sentences()
    assert sentences.feed("Hello there.") == []
    assert sentences.feed(" How") == ["Hello there."]
    assert sentences.feed(" are you?\n") == [" How are you?"]
    assert sentences.feed("你好。好") == ["\n你好。"]


@pytest.mark.parametrize("text", ["Wait a moment.", "I look. That takes long! ", 'He said "yes."'])
def test_in_a_pause_what_could_be_a_sentence_is_one(text):
    sentences = Sentences()
    before = sentences.feed(text)
    assert sentences.pause() == [text.rstrip()[len("".join(before)) :]]
    assert sentences.pause() == []
    assert sentences.feed(" Here it is. ") + sentences.finish()[:1] == [
        text[len(text.rstrip()) :] + " Here it is."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "This is",
        "Ask Dr.",
        "1. ",
        "```\na. b.",
        "| a. |\n| b.",
        "e.g. ",
        "It is 3.",
        "a <think>b.",
        "Run `git add.",
        "- ```\na.",
        "**1.",
    ],
)
def test_in_a_pause_what_must_go_on_is_left(text):
    sentences = Sentences()
    assert sentences.feed(text) == []
    assert sentences.pause() == []


def test_a_sentence_without_an_end_is_cut_where_a_reader_would_breathe():
    words = "one two three four, " * 40
    found = split(words)

    assert len(found) == 4
    assert "".join(found) == words
    assert all(sentence.rstrip().endswith(",") for sentence in found)
    assert {len(one) // 100 for one in split("no comma " * 100)} == {2, 1}
    assert max(map(len, split("x" * 1000))) == 240
    assert [len(one) for one in split("好" * 200)] == [80, 80, 40]
    assert split("好，" * 100)[0] == "好，" * 60
    assert split("好、" * 40 + "，" + "好、" * 40)[0] == "好、" * 40 + "，"
    assert split("one, " * 30 + "two; " + "three, " * 30)[0] == "one, " * 30 + "two;"


def test_a_long_sentence_is_given_out_before_it_ends():
    sentences = Sentences()

    assert sentences.feed("word, " * 41) == ["word, " * 39 + "word,"]


def test_an_unclosed_code_block_is_one_sentence_to_the_end():
    assert split("A.\n```\nb. C. d\n\nE.") == ["A.", "\n```\nb. C. d\n\nE."]


def test_a_table_at_the_end_is_whole():
    assert split(TABLE) == [TABLE]


SIGNS = 'a B . ! ? 3 。 好 " ” | ` ``` ~~~ $$ < <think> </think> Dr e.g 1 - … * \\[ \\] 😀 , Mai'
LONG = "unfortunately 好好好好好好好好好 <!-- --> <details> </details> \\begin{a} \\end{a}"
RARE = "“ » « ( EST p.m. 2. die = > ````"
ALPHABET = st.sampled_from([*SIGNS.split(), *RARE.split(), " ", "\n", "\u00a0", "\u202f"])
LONG_ALPHABET = st.sampled_from([*SIGNS.split(), *LONG.split(), *(" " * 9), *(["unless"] * 9)])
TEXTS = st.lists(ALPHABET, max_size=40) | st.lists(LONG_ALPHABET, max_size=150)


@given(TEXTS.map("".join), st.integers(1, 90))
def test_sentences_do_not_depend_on_how_the_text_is_cut_and_lose_nothing(text, size):
    whole = split(text, len(text) or 1)
    assert split(text, size) == whole
    assert split(text, 1) == whole
    assert "".join(whole) == text[: len("".join(whole))]
    assert not text[len("".join(whole)) :].strip()
    assert all(sentence.strip() for sentence in whole)
