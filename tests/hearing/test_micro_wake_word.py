"""The frugal wake word, with its real networks."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.audio.signals import blocks
from helpers.engines.speaking import needs_real_engines, spoken

from voice_assistant.errors import ConfigError
from voice_assistant.hearing.micro_wake_word import LATE_S, micro_wake_word

SILENCE = np.zeros(16_000, np.int16)


async def woken_at_s(sound) -> list[float]:
    spotter, size = await micro_wake_word("alexa"), 800
    found = []
    for n, block in enumerate(blocks(sound, size), start=1):
        if (behind := await spotter.feed(block)) is not None:
            found.append(n * size / 16_000)
            assert len(behind) == round(LATE_S * 16_000)
    return found


@needs_real_engines
@pytest.mark.parametrize(("words", "wakes"), [("Alexa, what time is it?", True), ("Good", False)])
async def test_its_phrase_wakes_it_and_other_words_do_not(words, wakes):
    pytest.importorskip("pymicro_wakeword")
    sound = np.concatenate([SILENCE, await spoken(words), SILENCE])
    found = await woken_at_s(sound)
    assert bool(found) is wakes
    assert all(1.0 < at_s < 2.2 for at_s in found)


async def test_a_phrase_without_a_network_is_told():
    with pytest.raises(ConfigError, match="computer"):
        await micro_wake_word("computer")
