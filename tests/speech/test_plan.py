from __future__ import annotations

import time

import pytest
from helpers.speech.planned import named, sound

from voice_assistant.speech.audibility import has_words
from voice_assistant.speech.coverage import StreamFiles
from voice_assistant.speech.plan import SpeechPlan

ANSWER = "One is the first. Two is the second. Three is the third. Four is the last."


def test_without_auto_play_a_sentence_is_asked_for_as_soon_as_it_is_whole():
    plan = SpeechPlan(auto_play=False)
    plan.text("One is the first.")
    assert named(plan) == []
    plan.text(" Two is")
    assert named(plan) == ["One is the first."]
    plan.text(" the second. ")
    assert named(plan) == []
    plan.ended()
    assert named(plan) == ["Two is the second."]
    assert plan.complete


TABLE = "| City | Country |\n| --- | --- |\n" + "| Paris | France |\n" * 40


ROW = "City: Paris, Country: France."


def test_a_table_is_asked_for_row_by_row():
    plan = SpeechPlan(auto_play=False)
    plan.text(f"{TABLE}\nThat is all.")
    assert plan.next_sentence() == ROW
    plan.ended()
    assert not plan.complete
    assert named(plan) == [ROW] * 39 + ["That is all."]
    assert plan.complete


def test_a_table_of_which_rows_were_named_is_void_where_the_stream_speaks_or_it_is_replaced():
    plan = SpeechPlan(auto_play=None)
    plan.text(f"{ANSWER}\n\n{TABLE}\nThat is all.")
    assert [plan.next_sentence() for _ in range(6)][3:] == ["Four is the last.", ROW, ROW]
    plan.audio(sound(2.6))
    assert plan.next_sentence() is None
    plan.ended()
    assert named(plan)[-42:] == ["Four is the last.", *[ROW] * 40, "That is all."]
    plan = SpeechPlan(auto_play=False)
    plan.text(TABLE + "\nThat")
    assert plan.next_sentence() == ROW
    plan.replaced("No.")
    plan.ended()
    assert named(plan) == ["No."]


def cpu_s(work):
    """The least that it takes: whatever else goes on makes it only more."""
    times_s = []
    for _ in range(20):
        began_s = time.thread_time()
        work()
        times_s.append(time.thread_time() - began_s)
    return min(times_s)


@pytest.mark.parametrize(
    "step",
    [
        lambda plan: plan.next_sentence(),
        lambda plan: plan.learn_timing("So it is.", StreamFiles()),
        lambda plan: plan.beginning,
    ],
    ids=["naming", "learning", "language"],
)
def test_a_sentence_costs_no_more_the_longer_the_answer_is(step):
    short, long = (SpeechPlan(auto_play=False) for _ in range(2))
    short.text("So it is said, and so it is done. " * 400)
    long.text("So it is said, and so it is done. " * 3000)
    assert cpu_s(lambda: step(long)) < 4 * cpu_s(lambda: step(short))


def test_where_the_server_does_not_say_it_is_asked_as_well():
    plan = SpeechPlan(auto_play=None)
    plan.text(ANSWER)
    assert len(named(plan)) == 3


def test_with_auto_play_nothing_is_asked_for_before_the_stream_ends():
    plan = SpeechPlan(auto_play=True)
    plan.text(ANSWER)
    assert named(plan) == []
    assert not plan.complete
    plan.ended()
    assert len(named(plan)) == 4
    assert plan.complete


def test_an_answer_without_words_is_complete_at_once():
    for text in ("", "  ", "---", "😀"):
        plan = SpeechPlan(auto_play=False)
        plan.text(text)
        plan.ended()
        assert named(plan) == []
        assert plan.complete


SILENT = [
    "<think>I look.\n\nIt is so. Yes!</think>",
    "<details><summary>More</summary>It is so. Yes!</details>",
    "<details open> <summary> Thinking... </summary>I look. Yes!</details>",
    "<!-- A note. And more. -->",
    "```sh\nls -l. Then\n```\n",
    "| a. | b. |\n|---|---|\n| . | ! |\n\n",
    "[1]: https://example.org/a.b\n",
    "![](https://example.org/a.png)",
    "***\n...\n---\n",
]


@pytest.mark.parametrize("silent", SILENT)
def test_where_only_a_part_of_what_is_silent_is_covered_only_words_are_asked_for(silent):
    text = f"One is the first. \n\n{silent}\n\n Two is the second."
    for border in range(len(text) + 1):
        for covered_s in (0.0, border * 0.06):
            plan = SpeechPlan(auto_play=True)
            plan.text(text[:border])
            if covered_s:
                plan.audio(sound(covered_s))
                plan.ignore_audio() if border % 2 else plan.audio_ended(last_whole=True)
            plan.text(text[border:])
            plan.ended()
            asked = named(plan)
            assert plan.complete
            assert all(map(has_words, asked))
            if not covered_s:
                assert (asked[0], asked[-1]) == ("One is the first.", "Two is the second.")


def test_sentences_that_the_stream_has_spoken_are_not_requested():
    plan = SpeechPlan(auto_play=True)
    plan.text("One is the first. Two is the second.")
    plan.text(" Three is the third. Four is the last.")
    assert plan.listens
    plan.audio(sound(2.6))
    plan.ended()
    assert named(plan) == ["Three is the third.", "Four is the last."]


def test_after_the_servers_own_end_of_the_audio_the_rest_is_asked_for_at_once():
    plan = SpeechPlan(auto_play=True)
    plan.text("One is the first. Two is the second.")
    plan.text(" Three is the third. Four")
    plan.audio(sound(2.6))
    plan.audio_ended(last_whole=True)
    assert named(plan) == ["Three is the third."]
    assert not plan.listens
    plan.text(" is the last.")
    plan.ended()
    assert named(plan) == ["Four is the last."]


def test_a_sentence_of_which_the_server_spoke_a_part_is_asked_for_whole():
    plan = SpeechPlan(auto_play=True)
    for delta in ("One is the first.", " Two is 3.", "5 degrees."):
        plan.text(delta)
    plan.audio(sound(2.6))
    plan.ended(last_whole=True)
    assert named(plan) == ["Two is 3.5 degrees."]


def test_a_closing_quote_is_not_asked_for():
    plan = SpeechPlan(auto_play=True)
    for delta in ("One is the first. ", '"Two is the second.', '" '):
        plan.text(delta)
    plan.audio(sound(2.6))
    plan.ended()
    assert named(plan) == []


def test_unexpected_audio_takes_over_while_nothing_was_heard():
    plan = SpeechPlan(auto_play=None)
    plan.text("One is the first. Two is the second.")
    plan.text(" Three is the third. ")
    assert len(named(plan)) == 2
    assert plan.listens
    plan.audio(sound(2.6))
    assert named(plan) == []
    plan.ended()
    assert named(plan) == ["Three is the third."]


def test_audio_that_comes_after_other_speech_began_is_dropped():
    plan = SpeechPlan(auto_play=False)
    plan.text(ANSWER)
    assert len(named(plan)) == 3
    plan.ignore_audio()
    assert not plan.listens
    plan.ended()
    assert named(plan) == ["Four is the last."]


@pytest.mark.parametrize("auto_play", [True, False, None])
def test_a_replacement_is_asked_for_and_audio_dropped(auto_play):
    plan = SpeechPlan(auto_play=auto_play)
    plan.text(ANSWER)
    if auto_play:
        plan.audio(sound(2.6))
    plan.replaced("I may not say that. Sorry. ")
    assert not plan.listens
    assert named(plan) == ["I may not say that."]
    plan.text("Really.")
    plan.audio_ended(last_whole=True)
    plan.ended()
    assert named(plan) == ["Sorry.", "Really."]
    assert plan.complete


def test_a_file_cut_off_within_its_first_sentence_is_broken():
    plan = SpeechPlan(auto_play=True)
    plan.text("One is the first. Two is the second.")
    plan.text(" Three is the third. Four is the last.")
    plan.audio(sound(2.6))
    plan.audio(sound(0.4, file=1))
    plan.ended(last_whole=False)
    assert plan.broken
    assert named(plan) == ["Three is the third.", "Four is the last."]


def test_ending_twice_is_ending_once():
    plan = SpeechPlan(auto_play=True)
    plan.text("One.")
    plan.ended()
    plan.ended()
    assert named(plan) == ["One."]
