"""What other tests believe of the fakes."""

from __future__ import annotations

from fakes import read, utter


def test_the_fake_recogniser_reads_an_utterance():
    assert read(utter("Grüße, 世界 😀")) == "Grüße, 世界 😀"
