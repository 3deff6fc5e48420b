"""What of an answer is read aloud, in whichever pieces it comes."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.spoken_part import FINAL, PROOF, STEPS, SpokenPart, spoken_part

MATTER = (
    '---\ntitle: "The Nile"\n# a comment\ntags:\n  - river\n- africa\n\ndate: 2026-11-30\n---\n'
)
TOML = '+++\ntitle = "The Nile"\n[params]\nlong = [\n  1,\n]\n+++\n'
STEP = (
    "Thought: I should look it up. It is a river.\n"
    "Action: search\n"
    'Action Input: {"query": "longest river"}\n'
    "Observation: The Nile, 6,650 km\n"
    "Thought: I now know the final answer.\n"
)


def said(text, *cuts):
    """What is read aloud of a text that is cut at these places."""
    part = SpokenPart()
    places = [0, *sorted(cuts), len(text)]
    pieces = [text[begin:end] for begin, end in itertools.pairwise(places)]
    return f"{''.join(map(part.feed, pieces))}{part.finish()}"


LEFT_OUT = {
    f"{MATTER}The Nile.\n": "The Nile.\n",
    f"\n{MATTER}\nThe Nile.\n---\nIt is long.": "\nThe Nile.\n---\nIt is long.",
    f"{TOML}The Nile.": "The Nile.",
    "---\na: b\n...\nThe Nile.": "The Nile.",
    f"{STEP}Final Answer: The Nile.": "The Nile.",
    f"{STEP}Final Answer: The **Nile**.\n\nAction: look it up.": (
        "The **Nile**.\n\nAction: look it up."
    ),
    f"Question: Which is it?\n{STEP}Final Answer:\n\nThe Nile.": "\n\nThe Nile.",
    f"{STEP}{STEP}Final answer: The Nile.": "The Nile.",
    "**Thought:** Easy.\n\n**Final Answer:** **The** Nile.": "**The** Nile.",
    "### Thought 1: Easy.\n### Final Answer: The Nile.": "The Nile.",
    "Action: search\nAction Input: river\nObservation: Nile\nFinal Answer: The Nile.": "The Nile.",
    "思考：查一下。\n行动：搜索\n观察：尼罗河\n最终答案：尼罗河。": "尼罗河。",  # noqa: RUF001
    f"{STEP[:-1]} It is the Nile.": "I now know the final answer. It is the Nile.",
    'Thought: Easy.\nAction:\n```json\n{"action": "Final Answer", "action_input": "Nile"}\n```\n': (
        "Nile"
    ),
    f"{STEP}Observation:": "I now know the final answer.\nObservation:",
}

WHOLE = [
    "The Nile.",
    "",
    " \n ",
    "Action: press the button.\nThen wait.",
    "Action: press the button.",
    "Thought: I will fail.\nAction: write it down.\n",
    "Thoughts on the Nile: it is long.",
    'Thought: x\nAction: {"action": "search", "action_input": "Nile"}',
    'Thought: x\nAction: {"action": ["Final Answer"], "action_input": "Nile"}',
    'Thought: x\nAction: {"action": "Final Answer", "action_input": ["Nile"]}',
    'Thought: x\nAction: {"action"}',
    "Thought leaders disagree. Final Answer: none.",
    "Question: What is 2 + 2?\nAnswer: 4\n",
    "Observation: it rains.\nFinal Answer: stay.",
    "Final Answer: 42.",
    "The steps:\nThought: one.\nAction Input: two.\nFinal Answer: three.",
    "---\nThe Nile.\n---\nIt is long.",
    "---\nNote: it is long.\n---\nThe Nile.",
    "---\n\ntitle: x\n---\nThe Nile.",
    "---\n- milk\n---\nThe Nile.",
    "---\ntitle: x\nThe Nile.\n---\nIt is long.",
    "---\ntitle: x\nlong: true",
    "---\ntitle: x\n---",
    "---\ntitle: x\n---\n",
    "---- \na: b\n---\n",
    "- milk\n- eggs",
    "+1",
    "The Nile.\n---\ntitle: x\n---\nIt is long.",
    "T",
    "Thought",
    "Thought:",
    "**",
]


@pytest.mark.parametrize("text", LEFT_OUT)
def test_front_matter_and_steps_are_left_out_wherever_the_text_is_cut(text):
    assert spoken_part(text) == LEFT_OUT[text]
    assert said(text, *range(1, len(text))) == LEFT_OUT[text]
    assert {said(text, at) for at in range(1, len(text))} == {LEFT_OUT[text]}


@pytest.mark.parametrize("text", WHOLE)
def test_a_text_of_people_is_read_whole_wherever_it_is_cut(text):
    assert spoken_part(text) == text
    assert said(text, *range(1, len(text))) == text
    assert {said(text, at) for at in range(1, len(text))} <= {text}


TOKENS = [*FINAL, *PROOF, *STEPS, ":", ": x", "\n", "\n\n", "---", "+++", "a: b", "a = b"]
TOKENS += ["*", "**", " ", "1", "words", "- ", "#", "..."]


@given(st.lists(st.sampled_from(TOKENS)).map("".join), st.lists(st.integers(0, 200)))
def test_any_text_is_said_the_same_for_every_way_to_cut_it(text, cuts):
    whole = spoken_part(text)
    assert said(text, *(at for at in cuts if at <= len(text))) == whole
    assert whole in text
    assert bool(whole.strip()) == bool(text.strip())


def test_ordinary_words_are_not_held_back():
    part = SpokenPart()
    assert part.feed("The") == "The"
    assert part.feed(" Nile") == " Nile"
    assert not part.leaves_out
    assert not part.waits_at_begin


def test_what_is_left_out_is_known_before_it_could_be_heard():
    part = SpokenPart()
    part.feed("Tho")
    assert part.waits_at_begin
    part.feed("ught: hm")
    assert part.leaves_out
    part.feed("\nFinal Answer: The")
    assert part.feed(" Nile") == " Nile"
    assert part.leaves_out


@pytest.mark.parametrize(
    ("begin", "more"), [("Thought: ", "hm "), ("---\na: b\n", "c: d\n"), (STEP, "word ")]
)
def test_a_long_text_in_small_pieces_costs_little(begin, more):
    part = SpokenPart()
    began_s = time.thread_time()
    part.feed(begin)
    for _ in range(50_000):
        part.feed(more)
    part.finish()
    assert time.thread_time() - began_s < 2.0
