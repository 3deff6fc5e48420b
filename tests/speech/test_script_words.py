"""The words of the sentence at a place of the script, for captions."""

from __future__ import annotations

import numpy as np

from voice_assistant.speech.script import Script

RATE_HZ = 8000
SECOND = np.full(RATE_HZ, 3000, np.int16)


def test_a_place_has_the_words_of_its_sentence_also_after_a_pause_in_it():
    script = Script()
    assert script.words_at(0.0) == ""
    script.name_sentence("One.")
    script.add(SECOND, RATE_HZ)
    script.add(SECOND, RATE_HZ)
    script.begin_sentence()
    script.add(SECOND, RATE_HZ)  # what sounds like another sentence, and is none
    script.begin_sentence()
    script.name_sentence("Three.")
    script.add(SECOND, RATE_HZ)
    assert [script.words_at(at_s) for at_s in (0.0, 1.9, 2.0, 2.9, 3.0, 3.9)] == [
        *("One.", "One."),
        *("One.", "One."),
        *("Three.", "Three."),
    ]


def test_a_sentence_that_is_cut_off_has_no_words():
    script = Script()
    script.name_sentence("One.")
    script.add(SECOND, RATE_HZ)
    script.name_sentence("Two.")
    script.add(SECOND, RATE_HZ)
    script.cut(1.0)
    script.add(SECOND, RATE_HZ)
    assert script.words_at(1.5) == "One."
    script.clear()
    assert script.words_at(0.0) == ""
