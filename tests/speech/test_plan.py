from __future__ import annotations

import re
import time

import numpy as np
import pytest
from helpers.speech.exchanges import EXCHANGES, audio, audio_text_of, text_of

from voice_assistant.audio.codec.decoder import Decoded, SpeechDecoder
from voice_assistant.speech.audibility import has_words
from voice_assistant.speech.coverage import StreamFiles
from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.speech.prosody import UNHEARD
from voice_assistant.text.sentences import Sentences

ANSWER = "One is the first. Two is the second. Three is the third. Four is the last."


def named(plan):
    """What the plan asks for now."""
    words = []
    while (sentence := plan.next_sentence()) is not None:
        words.append(sentence)
    return words


def sound(seconds, file=0):
    """Two sentences of one length, each with a rest behind it."""
    pcm = np.full(round(seconds * 1000), 5000, np.int16)
    for half in np.array_split(pcm, 2):
        half[-300:] = 0
    return Decoded(pcm, 1000, file)


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


def whole_answer():
    """A plan after an answer whose audio came as a whole file, and what it has asked for."""
    plan = SpeechPlan(auto_play=True)
    for delta in ("One is the first. Two is the second.", " Three is the third."):
        plan.text(delta)
    plan.audio(sound(2.6))
    plan.ended(last_whole=True)
    return plan, named(plan)


def test_a_voice_that_is_known_is_asked_for_less_again():
    before, _ = whole_answer()
    asked = []
    for prosody in (UNHEARD, before.prosody):
        plan = SpeechPlan(auto_play=True, prosody=prosody)
        plan.text("Four is the fourth. Five is the fifth.")
        cut = sound(2.6)
        plan.audio(cut._replace(pcm=cut.pcm[:1700]))
        plan.ended(last_whole=False)
        asked.append(named(plan))
    assert asked == [["Four is the fourth.", "Five is the fifth."], ["Five is the fifth."]]


def test_a_file_that_was_cut_off_or_is_no_plain_text_tells_nothing_of_the_voice():
    for text, last_whole in (
        ("One is the first. Two is the second.", False),
        ("One is the first. Two is the second.", None),
        ("[One](https://example.net/a/link/that-nobody-reads-out/) is. `two` is 2.", True),
    ):
        plan = SpeechPlan(auto_play=True)
        plan.text(text)
        plan.audio(sound(2.6))
        plan.ended(last_whole=last_whole)
        assert plan.prosody == UNHEARD


def speech_of(*seconds):
    speech = StreamFiles()
    for file, length_s in enumerate(seconds):
        speech.add(sound(length_s, file))
    return speech


def test_a_sentence_that_was_asked_for_tells_of_the_voice():
    plan, asked = whole_answer()
    assert asked == ["Three is the third."]
    before = plan.prosody
    plan.learn_timing("Three is the third.", speech_of(0.7, 0.7))
    assert plan.prosody == before  # who knows which words are in which
    plan.learn_timing("三是第三句话。", speech_of(1.8))
    assert plan.prosody == before  # nor how this answer is read
    plan.learn_timing("Three is the third.", speech_of(1.8))
    assert plan.prosody.pace.mean > before.pace.mean


def words_of(text):
    return " ".join(re.findall(r"\w+", text))


def follow(steps, *, auto_play, cut=None):
    """Play the steps into a plan, up to the `cut`th piece of audio; what it asks for."""
    plan, decoder = SpeechPlan(auto_play=auto_play), SpeechDecoder()
    asked = []
    pieces = 0
    for step in steps:
        match step[0]:
            case "text":
                plan.text(step[1])
            case "audio":
                pieces += 1
                if cut is None or pieces <= cut:
                    for decoded in decoder.feed(audio(step)):
                        plan.audio(decoded)
            case "audio_ended" if cut is None:
                for decoded in decoder.close():
                    plan.audio(decoded)
                plan.audio_ended(last_whole=True)
        asked += named(plan)
    if plan.listens:
        for decoded in decoder.close():
            plan.audio(decoded)
    plan.ended()
    return asked + named(plan)


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_word_of_a_real_answer_is_spoken_and_at_most_one_sentence_twice(name):
    steps = EXCHANGES[name]
    spoken = words_of(audio_text_of(steps))
    asked = [words_of(one) for one in follow(steps, auto_play="noautoplay" not in name)]
    splitter = Sentences()
    sentences = splitter.feed(text_of(steps)) + splitter.finish()
    heard = [words_of(one) in spoken for one in sentences]
    owed = [words_of(one) for one in sentences if words_of(one) not in spoken]
    assert asked[len(asked) - len(owed) :] == owed
    assert len(asked) <= len(owed) + 1
    assert heard == sorted(heard, reverse=True)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("0.15.3/chat-stream-full", []),
        ("0.15.3/chat-stream-continue", []),
        ("0.15.3/chat-keepalive", []),
        ("0.15.3/chat-stream-moderation-input", []),
        ("1.14.0/chat-stream-full", ["The temperature is 3.5 degrees today."]),
        ("1.14.0/chat-keepalive", ["OK."]),
        (
            "1.14.0/end-race",
            [
                "Paris is the capital of France!",
                "Is there anything else you would like to know?",
                "The temperature is 3.5 degrees today.",
            ],
        ),
        (
            "1.14.0/chat-stream-ttsfail",
            [
                "TTSBOOM third sentence.",
                "Fourth sentence.",
                "Fifth sentence.",
                "Sixth sentence.",
            ],
        ),
    ],
)
def test_just_what_a_real_stream_left_out_is_asked_for(name, asked):
    assert follow(EXCHANGES[name], auto_play=True) == asked


@pytest.mark.parametrize("cut", range(22))
def test_a_real_answer_cut_off_anywhere_is_made_whole(cut):
    """The second batch begins with the tenth piece and ends with the eighteenth."""
    asked = follow(EXCHANGES["0.15.3/chat-stream-full"], auto_play=True, cut=cut)
    sentences = [
        "Hello, this is the local test assistant.",
        "I heard your question and I will answer it in a few sentences.",
        "Paris is the capital of France!",
        "Is there anything else you would like to know?",
        "The temperature is 3.5 degrees today.",
    ]
    assert asked == sentences[len(sentences) - len(asked) :]
    # Where each sentence ends in the audio: pieces by the pauses in the files.
    ends = [4, 9, 12, 15, 20]
    heard = sum(cut >= end for end in ends)
    assert heard - 1 <= len(sentences) - len(asked) <= heard
