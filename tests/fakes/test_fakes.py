"""What other tests believe of the fakes."""

from __future__ import annotations

from fakes import read, utter


def test_what_is_uttered_can_be_read():
    assert read(utter("Grüße, 世界 😀")) == "Grüße, 世界 😀"
