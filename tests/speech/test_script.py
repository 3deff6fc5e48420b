"""What there is to say, while it grows and is read."""

from __future__ import annotations

import asyncio

import numpy as np

from voice_assistant.speech.script import Script

RATE_HZ = 1000


def sound(seconds):
    return np.full(round(seconds * RATE_HZ), 5000, np.int16)


def script_of(*lengths_s):
    script = Script()
    for length_s in lengths_s:
        script.begin_sentence()
        script.add(sound(length_s), RATE_HZ)
    return script


def test_a_sentence_is_complete_with_the_next_one_or_the_end():
    script = script_of(1.0)
    assert not script.last_sentence_complete
    script.end()
    assert script.last_sentence_complete
    assert script.complete


def test_sound_that_was_read_is_not_cut_off():
    script = script_of(1.0, 1.0)
    script.read(0.25)
    script.cut(0.0)
    assert (script.reached_s, script.end_s, script.has_more) == (0.25, 0.25, False)


def test_a_sentence_that_is_forgotten_begins_again_at_its_beginning():
    script = script_of(1.0)
    script.read(0.5)
    script.clear()
    assert (script.reached_s, script.end_s, script.between_sentences) == (0.0, 0.0, True)


async def test_all_is_handed_over_once_it_is_read_to_its_end_and_until_more_comes():
    script = script_of(1.0, 1.0)
    waiting = asyncio.create_task(script.handed_over())
    for _ in range(2):
        await asyncio.sleep(0)
        assert not waiting.done()
        script.read(1.0)
    async with asyncio.timeout(5):
        await waiting
    script.add(sound(1.0), RATE_HZ)
    assert script.has_more


def test_how_far_it_is_read_is_seen_in_a_log():
    script = script_of(1.0, 2.0)
    script.read(0.5)
    assert repr(script) == "<Script: 0.5 of 3.0 s, growing>"
    script.end()
    assert repr(script) == "<Script: 0.5 of 3.0 s, complete>"
