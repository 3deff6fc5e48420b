# ruff: noqa: RUF001 - the bars and brackets of models are meant
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.hidden import THINKING, TOOLS
from voice_assistant.text.visible import VisibleText, visible

THOUGHT = "\nA river is asked for. I look twice.\n"


def shown(text, size, *, withheld=False):
    """What somebody sees who follows the changes."""
    parser = VisibleText(withheld=withheld)
    seen = ""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for change in [*map(parser.feed, pieces), parser.finish()]:
        seen = change.text if change.anew else seen + change.text
    assert seen == parser.text
    return seen


@pytest.mark.parametrize("name", [*THINKING, *TOOLS, "THINK", "Thinking", "Tool_Call"])
@pytest.mark.parametrize("attributes", ["", ' id="7"', " open"])
def test_text_in_a_tag_of_thinking_or_of_a_tool_is_not_visible(name, attributes):
    text = f"<{name}{attributes}>{THOUGHT}</{name}>\n\nThe Nile."
    assert shown(text, len(text)) == shown(text, 3) == "The Nile."


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"[THINK]{THOUGHT}[/THINK]\n\nThe Nile.", "The Nile."),
        (f"◁think▷{THOUGHT}◁/think▷The Nile.", "The Nile."),
        (f"<think>{THOUGHT}</thinking>The Nile.", "The Nile."),
        (
            (
                "<|channel|>analysis<|message|>I look.<|end|><|start|>assistant<|channel|>final"
                "<|message|>The Nile.<|return|>"
            ),
            "The Nile.",
        ),
        ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>So.<|END_RESPONSE|>", "So."),
        ("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>x<｜tool▁calls▁end｜>So.", "So."),
        ('[TOOL_CALLS][{"name": "map", "arguments": {}}]\nSo.', "So."),
        ('[TOOL_CALLS]map{"river": 1}\nSo.', "So."),
        ('<function=map>{"river": 1}</function>So.', "So."),
        ("<|im_start|>assistant\nSo.<|im_end|>", "So."),
        ("So.<end_of_turn>", "So."),
        ("<think/>So.", "So."),
        (
            (
                f'<details style="color:gray;" open> <summary> Thinking... </summary>{THOUGHT}'
                "</details>\nSo."
            ),
            "So.",
        ),
        ("One. <tool_call>{}</tool_call> Two.", "One.  Two."),
        (f"<think>{THOUGHT}</think>\n<answer>\nThe Nile.</answer>", "The Nile."),
        ("<Final_Answer>User manuals.</Final_Answer>", "User manuals."),
        (f"<analysis>{THOUGHT}</analysis>\nThe Nile.", "The Nile."),
        (f"\n<Rationale step='1'>{THOUGHT}</Rationale><answer>The Nile.</answer>", "The Nile."),
        (f"<thinking>{THOUGHT}</thinking><response>The Nile.</response>", "The Nile."),
        ("<analysis>The Nile is long.</analysis>", "The Nile is long."),
        ("<analysis>The Nile is", "The Nile is"),
        (f"<analysis>{THOUGHT}</analysis><think>{THOUGHT}</think>", ""),
        ("<output>The Nile.</output>", "The Nile."),
        (f"<think>{THOUGHT}", ""),
        (f"So.\n<reasoning>{THOUGHT}", "So.\n"),
        (f"Hm. I look.{THOUGHT}</think>\n\nThe Nile.", "The Nile."),
        ("Hm. I look.</think>The Nile.", "The Nile."),
        ("Hm. I look. [/THINK] The Nile.", "The Nile."),
        ("Hm.\n<|end_of_thought|>\nThe Nile.", "The Nile."),
        ("<think>Is it `</think>`?</think>\nThe Nile.", "The Nile."),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_the_answer_alone_is_visible_however_the_stream_cuts_it(text, answer, size):
    assert shown(text, size) == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "  Leading space.",
        "I think so, and the reasoning is sound.",
        "Put it into `<think>`, then `</think>`.",
        "The <think> tag begins it, and the </think> tag ends it.",
        'It is called "<think>".',
        "Here it is: <analysis>The Nile is long.</analysis>",
        "Write <response> first.",
        "The <answer> tag holds it: `<answer>`, <answers>, a <ans",
        "```xml\n<think>\n</think>\n```\nDone.",
        "~~~\n<tool_call>\n~~~\nDone.",
        "<details><summary>Sources</summary>a</details>Done.",
        "a < b, x[1] and [think about] it, a|b, <b>bold</b>",
        "a ` b < c",
        "<thin",
        "[TOOL",
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_text_that_only_resembles_thinking_stays(text, size):
    assert shown(text, size) == text


def test_thinking_is_left_out():
    parser = VisibleText()
    parser.feed("<think>Hm.</think>So.")
    parser.finish()
    assert parser.text == "So."
    assert parser.hides
    assert not parser.unannounced


def test_of_a_model_that_thinks_aloud_nothing_is_visible_before_its_thinking_ends():
    parser = VisibleText(withheld=True)
    assert parser.feed("Hm. I look.\n").text == ""
    assert parser.feed("</think>\nThe Nile.").text == "The Nile."
    assert parser.unannounced
    assert shown("The Nile. It is long.", 4, withheld=True) == "The Nile. It is long."


def test_an_answer_that_begins_by_speaking_of_the_user_waits_for_the_end_of_thinking():
    parser = VisibleText()
    seen = [parser.feed(piece).text for piece in ("Okay, ", "the user ", "asks me. ", "Short. ")]
    assert "".join(seen) == "Okay, the user "
    assert parser.feed("</think> The Nile.").anew
    assert parser.text == "The Nile."


@pytest.mark.parametrize("end", ["</think>", "</thinking>", "[/THINK]"])
def test_a_bare_end_of_thinking_counts_as_soon_as_it_is_there(end):
    parser = VisibleText()
    parser.feed("Okay, hello. Short.\n")
    assert parser.feed(end).anew


MARKS = [
    *("<think>", "</think>", "`", "``", "```", "~~~", "\n", " ", "a", "word ", "<|im_end|>", "<"),
    *("<|channel|>analysis<|message|>", "<|end|>", "[THINK]", "[/THINK]", "<details>", "[", "|"),
    *("<summary>Thinking</summary>", "</details>", "<tool_call>", "</tool_call>", ">", "- ", '"'),
    *("<analysis>", "</analysis>", "<response>", "</response>"),
    *("the ", "<th", "ink>", "[TOOL_CALLS]", "}]", "<|start|>", "assistant", "the user says "),
]


@given(st.lists(st.sampled_from(MARKS), max_size=14).map("".join), st.integers(1, 40))
def test_the_visible_text_does_not_depend_on_how_the_text_is_cut(text, size):
    assert shown(text, size) == visible(text) or not text.strip()
    assert shown(text, size) == shown(text, 1)
