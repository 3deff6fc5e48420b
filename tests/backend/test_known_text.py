from __future__ import annotations

import pytest

from voice_assistant.api.stream.events import MessageEnd, WorkflowFinished, WorkflowRun
from voice_assistant.backend.known_text import SURE_CHARACTERS, rest, sent_again, text_of_run

TEXT = "The capital of France is Paris."


@pytest.mark.parametrize("at", range(len(TEXT) + 1))
def test_what_follows_the_known_text_is_missing_wherever_it_ends(at):
    assert rest(TEXT[:at], TEXT) == TEXT[at:]


@pytest.mark.parametrize(
    ("known", "whole", "missing"),
    [
        (" \nThe capital", TEXT, " of France is Paris."),
        (f"{TEXT}\n", TEXT, ""),
        (f"\n{TEXT} ", TEXT, ""),
        ("The city", TEXT, None),
        (TEXT, "I may not say that.", None),
    ],
)
def test_blanks_at_the_ends_make_no_difference_and_other_words_do(known, whole, missing):
    assert rest(known, whole) == missing


@pytest.mark.parametrize("at", range(len(TEXT) + 1))
def test_a_text_that_is_sent_again_goes_on_once_it_is_long_enough_to_be_known_again(at):
    assert sent_again(TEXT[:at], TEXT) == (TEXT[at:] if at >= SURE_CHARACTERS else "")


@pytest.mark.parametrize("came", ["", "The capital", " is Paris.", "Another text, also long."])
def test_a_text_that_is_not_sent_from_its_beginning_is_held_back(came):
    assert sent_again("The capital of France", came) == ""


@pytest.mark.parametrize(
    ("outputs", "text"), [({"answer": TEXT}, TEXT), ({}, ""), ({"answer": 7}, "")]
)
def test_a_finished_run_reports_its_answer(outputs, text):
    assert text_of_run([MessageEnd(), WorkflowFinished(data=WorkflowRun(outputs=outputs))]) == text


def test_without_the_end_of_a_run_there_is_no_answer():
    assert text_of_run([MessageEnd()]) == ""
