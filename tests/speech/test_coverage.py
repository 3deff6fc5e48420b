from __future__ import annotations

import random
import re
import time
from itertools import pairwise

import numpy as np
import pytest

from voice_assistant.audio.codec.decoder import Decoded
from voice_assistant.audio.pauses import Pauses
from voice_assistant.speech.coverage import Batches, StreamFiles, covered
from voice_assistant.speech.prosody import expected_s

RATE_HZ = 1000


def batches_of(deltas):
    batches = Batches()
    for delta in deltas:
        batches.feed(delta)
    batches.finish()
    borders = [0, *batches.borders]
    return [batches.text[begin:end] for begin, end in pairwise(borders)]


def test_the_server_speaks_two_sentences_then_three_up_to_seven():
    sentences = [f" Sentence {n}!" for n in range(40)]
    counts = [batch.count("!") for batch in batches_of(sentences)]
    assert counts == [2, 3, 4, 5, 6, 7, 7, 6]


def test_the_rest_is_spoken_at_the_end_even_if_it_is_no_sentence():
    assert batches_of(["One. Two.", " And", " more"]) == ["One. Two.", " And more"]
    assert batches_of(["One. Two.", " \n"]) == ["One. Two."]
    assert batches_of([]) == []


def test_a_batch_holds_all_sentences_that_one_piece_of_text_completes():
    assert batches_of(["A. B. C. D", ". E."]) == ["A. B. C.", " D. E."]


def test_the_server_splits_at_any_full_stop_and_knows_no_full_width_marks():
    assert batches_of(list("It is 3.5. Yes.")) == ["It is 3.5.", " Yes."]
    assert batches_of(list("好！好？好。好。")) == ["好！好？好。好。"]  # noqa: RUF001
    assert batches_of(list("Well... no")) == ["Well..", ". no"]


def sound(seconds, *, end_in_silence=True):
    pcm = np.full(round(seconds * RATE_HZ), 5000, np.int16)
    if end_in_silence:
        pcm[-50:] = 0
    return pcm


def files_of(*lengths, end_in_silence=True):
    files = StreamFiles()
    for number, seconds in enumerate(lengths):
        for block in np.array_split(sound(seconds, end_in_silence=end_in_silence), 3):
            files.add(Decoded(block, RATE_HZ, number))
    return files


def ten_sentences():
    batches = Batches()
    for number in range(10):
        batches.feed(f" This is the sentence with the name {'ABCDEFGHIJ'[number]}.")
    batches.finish()
    return batches


def reached(batches, files, *, last_whole=None):
    """How many sentences each file brings the reader to."""
    sentences = [found.end() for found in re.finditer(r"\.", batches.text)]
    ends = covered(batches, sentences, files, last_whole=last_whole).ends
    return [batches.text[:end].count(".") for end in ends]


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
def test_whole_files_go_with_the_batches_one_by_one(pace):
    batches = ten_sentences()
    one = expected_s("This is the sentence with the name A.") * pace
    assert reached(batches, files_of(2 * one, 3 * one), last_whole=True) == [2, 5]
    speech = cut_off(spoken(batches, pace=pace, rest_s=0.35), 4, 99)
    assert reached(batches, speech) == [2, 5, 9, 10]


def spoken(batches, *, pace=1.0, rest_s=0.35, comma_s=0.0):
    """The batches as a voice says them that rests between sentences, and at each comma."""
    borders = [0, *batches.borders]
    for begin, end in pairwise(borders):
        parts = []
        for part in re.findall(r"[^.,]+[.,]?", batches.text[begin:end]):
            said_s = pace * (expected_s(part) - 0.4)
            rest = np.zeros(round((comma_s if part[-1] == "," else rest_s) * RATE_HZ), np.int16)
            parts += [sound(said_s, end_in_silence=False), rest]
        yield np.concatenate(parts)


def cut_off(speech, files, last_s):
    """So many files, the last of which breaks off."""
    cut = StreamFiles()
    for number, pcm in enumerate(list(speech)[:files]):
        part = pcm if number < files - 1 else pcm[: round(last_s * RATE_HZ)]
        cut.add(Decoded(part, RATE_HZ, number))
    return cut


ONE_S = expected_s(" This is the sentence with the name A.") - 0.4
"""Without the rest behind it."""


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("last_whole", [False, None])
def test_of_a_file_that_was_cut_off_whole_sentences_count(pace, last_whole):
    batches = ten_sentences()
    sentence_s = ONE_S * pace + 0.35
    for said, count in ((0.8, 2), (1.2, 3), (1.8, 3), (2.2, 4)):
        cut = cut_off(spoken(batches, pace=pace), 2, said * sentence_s)
        assert reached(batches, cut, last_whole=last_whole) == [2, count]


def test_a_file_that_ends_in_silence_where_its_text_ends_may_be_whole():
    batches = ten_sentences()
    for whole, count in ((None, 5), (False, 4)):
        cut = cut_off(spoken(batches), 2, 3 * (ONE_S + 0.35))
        assert reached(batches, cut, last_whole=whole) == [2, count]
    sounding = cut_off(spoken(batches, rest_s=0.0), 2, 3 * ONE_S)
    assert reached(batches, sounding)[-1] <= 4


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
def test_a_rest_within_a_sentence_is_not_taken_for_its_end(pace):
    batches = Batches()
    for _ in range(5):
        batches.feed(" There are, as everybody knows here, three, or four, of them.")
    batches.finish()
    speech = list(spoken(batches, pace=pace, comma_s=0.3))
    sentence_s = len(speech[0]) / RATE_HZ / 2
    for said in np.arange(0.05, 2.9, 0.1):
        count = reached(batches, cut_off(speech, 2, said * sentence_s), last_whole=False)[-1]
        assert 2 + int(said) - 1 <= count <= 2 + int(said)


def test_a_file_known_to_be_cut_off_never_counts_as_whole_however_slow_the_voice():
    batches = ten_sentences()
    assert reached(batches, cut_off(spoken(batches, pace=2.0), 1, 99), last_whole=False) == [1]


def test_files_go_with_the_batches_however_badly_their_lengths_are_guessed():
    batches = ten_sentences()
    one = expected_s("This is the sentence with the name A.")
    assert reached(batches, files_of(2 * one, 1.7 * one, 4 * one, one), last_whole=True) == [
        *(2, 5, 9, 10)
    ]


def test_a_batch_that_comes_in_several_files_is_followed():
    batches = ten_sentences()
    one = expected_s("This is the sentence with the name A.")
    lengths = [2 * one, one, one, one, 4 * one]
    assert reached(batches, files_of(*lengths), last_whole=True) == [2, 3, 4, 5, 9]


def test_a_single_file_may_hold_all_batches():
    batches = ten_sentences()
    one = expected_s("This is the sentence with the name A.")
    assert reached(batches, files_of(10 * one), last_whole=True) == [10]
    assert 3 <= reached(batches, files_of(9.5 * one, end_in_silence=False))[0] <= 9


def test_only_a_file_that_is_one_batch_tells_of_the_voice():
    batches = ten_sentences()
    one = expected_s("This is the sentence with the name A.")
    sentences = [found.end() for found in re.finditer(r"\.", batches.text)]
    for lengths, known in (
        ([2 * one], True),
        ([10 * one], False),  # files without a mark between them
        ([one * 0.3, one], False),
        ([30.0 * one], False),
    ):
        found = covered(batches, sentences, files_of(*lengths), last_whole=True)
        assert found.prosody.known == known
    assert not covered(batches, sentences, files_of(2 * one), last_whole=None).prosody.known
    assert covered(batches, sentences, files_of(2 * one, one), last_whole=False).prosody.known


def test_of_a_long_text_that_came_in_one_piece_no_sentence_is_lost():
    batches = Batches()
    batches.feed(" This is the sentence with the name A." * 400)
    batches.finish()
    speech = cut_off(spoken(batches), 1, 100 * (ONE_S + 0.35))
    assert 20 <= reached(batches, speech, last_whole=False)[0] <= 100


def cpu_s_of(count):
    """How long it takes to find out about so many sentences."""
    text = "So it is said, and so it is done. " * count
    batches, files = Batches(), StreamFiles()
    for delta in re.findall(".{1,5}", text):
        batches.feed(delta)
    for begin, end in pairwise([0, *batches.borders]):
        files.pauses.append(Pauses())
        files.pauses[-1].end_s = expected_s(text[begin:end])
    sentences = [found.end() for found in re.finditer(r"\. ", text)]
    times_s = []
    for _ in range(3):
        began_s = time.thread_time()
        assert covered(batches, sentences, files, last_whole=True).ends == batches.borders
        times_s.append(time.thread_time() - began_s)
    return min(times_s)


def test_an_answer_of_hours_costs_no_more_by_the_sentence():
    assert cpu_s_of(4000) < 2.5 * 20 * cpu_s_of(200)


def test_audio_without_text_reaches_nothing():
    assert covered(Batches(), [], files_of(3.0), last_whole=True).ends == [0]


def voice(batch, pace, rng):
    """Speech of a batch, a little irregular, and where its sentences end (seconds)."""
    blocks, ends, samples = [], [], 0
    for part in re.findall(r"[^.]+\.?", batch):
        said = round(pace * rng.gauss(1, 0.1) * 0.065 * len(part) * RATE_HZ)
        rest = round(pace * rng.gauss(1, 0.1) * 0.35 * RATE_HZ)
        blocks += [sound(said / RATE_HZ, end_in_silence=False), np.zeros(rest, np.int16)]
        ends.append((samples + said) / RATE_HZ)
        samples += said + rest
    return np.concatenate(blocks), ends


@pytest.mark.parametrize("pace", [0.7, 1.0, 1.3])
@pytest.mark.parametrize("last_whole", [False, None])
def test_wherever_audio_is_cut_no_sentence_is_lost_and_hardly_two_heard_twice(pace, last_whole):
    rng = random.Random(1)  # noqa: S311 - the same answers each time
    lost = twice = 0
    for _ in range(150):
        batches = Batches()
        for _ in range(rng.randint(1, 14)):
            words = " ".join(rng.choices(["a", "from", "Paris", "beautiful"], k=rng.randint(2, 15)))
            batches.feed(f" {words}.")
        batches.finish()
        starts = [0, *batches.borders]
        speech = [voice(batches.text[a:b], pace, rng) for a, b in pairwise(starts)]
        left = rng.randint(1, sum(len(pcm) for pcm, _ in speech))
        files, heard = StreamFiles(), 0
        for number, (pcm, ends) in enumerate(speech):
            part = pcm[:left]
            left -= len(part)
            if len(part):
                files.add(Decoded(part, RATE_HZ, number))
            heard += sum(len(part) / RATE_HZ >= end for end in ends)
        count = reached(batches, files, last_whole=last_whole)[-1]
        lost += count > heard
        twice += count < heard - 1
    assert lost == 0
    assert twice <= 2
