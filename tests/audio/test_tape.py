"""The tape: what was put on it comes back, from any place."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.audio import tape as module
from voice_assistant.audio.pauses import Pauses
from voice_assistant.audio.tape import Tape


def ramp(start, stop):
    return np.arange(start, stop, dtype=np.int16)


def read_all(tape, at_s=0.0, most_s=0.02):
    parts = []
    while at_s < tape.end_s - 1e-9:
        pcm, rate_hz, at_s = tape.read(at_s, most_s)
        parts.append((rate_hz, pcm))
    return parts


def samples(parts):
    return np.concatenate([pcm for _, pcm in parts]).tolist() if parts else []


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from([8000, 22_050, 44_100]), st.booleans()),
        max_size=30,
    ),
    st.floats(0.0001, 0.05),
)
def test_everything_comes_back_in_order_at_its_rate(additions, most_s):
    tape, expected = Tape(), []
    for number, (count, rate_hz, begins) in enumerate(additions):
        if begins:
            tape.begin_sentence()
        pcm = np.full(count, number, np.int16)
        tape.add(pcm, rate_hz)
        expected += [(rate_hz, number)] * count
    found = [(rate, int(sample)) for rate, pcm in read_all(tape, most_s=most_s) for sample in pcm]
    assert found == expected


def test_a_sentence_begins_where_it_was_said_to():
    tape = Tape()
    tape.add(ramp(0, 1000), 1000)
    tape.add(ramp(1000, 1500), 1000)
    tape.begin_sentence()
    tape.begin_sentence()
    assert tape.last_sentence_complete
    tape.add(ramp(1500, 1600), 2000)
    assert tape.sentences == [0.0, 1.5]
    assert not tape.last_sentence_complete
    assert tape.end_s == pytest.approx(1.55)
    assert samples(read_all(tape, 1.5)) == list(range(1500, 1600))
    assert samples(read_all(tape, 0.75)) == list(range(750, 1600))


def test_a_piece_keeps_within_its_sentence():
    tape = Tape()
    tape.add(ramp(0, 100), 1000)
    tape.begin_sentence()
    tape.add(ramp(100, 200), 1000)
    pcm, _, next_s = tape.read(0.05, 1.0)
    assert pcm.tolist() == list(range(50, 100))
    assert next_s == 0.1


def test_sound_that_is_cut_is_gone_and_new_sound_takes_its_place():
    tape = Tape()
    tape.add(ramp(0, 100), 1000)
    tape.begin_sentence()
    tape.add(ramp(100, 200), 1000)
    tape.cut(0.15)
    assert tape.end_s == pytest.approx(0.15)
    tape.add(ramp(500, 510), 1000)
    assert samples(read_all(tape)) == [*range(150), *range(500, 510)]
    assert tape.sentences == pytest.approx([0.0, 0.1, 0.15])
    tape.cut(0.0)
    assert (tape.end_s, tape.sentences, read_all(tape)) == (0.0, [], [])


def test_a_long_answer_lies_on_disk_and_goes_with_the_tape():
    tape = Tape()
    minute = np.zeros(24_000 * 60, np.int16)
    for number in range(1, 11):
        tape.add(minute + number, 24_000)
    assert 10 * minute.nbytes > module.IN_MEMORY_BYTES
    assert [int(tape.read(60.0 * n + 1, 0.1)[0][0]) for n in range(10)] == list(range(1, 11))
    file = tape._spool._file
    assert not isinstance(file, BytesIO)
    del tape
    assert file.closed


def speech(*seconds, rate_hz=16_000):
    """Noise and rests by turns."""
    noise = np.random.default_rng(1)
    return np.concatenate(
        [
            (noise.standard_normal(int(rate_hz * s)) * (4000 if i % 2 == 0 else 10)).astype(
                np.int16
            )
            for i, s in enumerate(seconds)
        ]
    )


@pytest.mark.parametrize("block", [160, 384, 1000, 100_000])
def test_a_long_rest_ends_a_sentence_and_a_short_one_does_not(block):
    pauses = Pauses()
    pcm = speech(1.0, 0.34, 0.5, 0.14, 0.5, 0.3, 1.0)
    begins, at = [], 0
    for start in range(0, len(pcm), block):
        for first, part in pauses.split(pcm[start : start + block], 16_000):
            if first:
                begins.append(at / 16_000)
            at += len(part)
    assert at == len(pcm)
    assert begins == pytest.approx([1.34, 2.78], abs=0.03)


def test_silence_at_the_beginning_is_no_sentence():
    pcm = np.concatenate([np.zeros(8000, np.int16), speech(1.0)])
    assert [first for first, _ in Pauses().split(pcm, 16_000)] == [False]
