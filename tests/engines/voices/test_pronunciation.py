"""The package's own reading of its dictionaries, and ours."""

from __future__ import annotations

import pytest

from voice_assistant.engines.voices.hibari import hibari_voices

if not hibari_voices():
    pytest.skip("needs the package hibari-tts", allow_module_level=True)

from hibari.g2p import G2P

from voice_assistant.engines.voices.pronunciation import Pronunciation

TEXTS = (
    "It is a quarter past seven in the evening, and twelve times seven is eighty-four.",
    "I read that you will read it; they live where live music is played.",
    "Dr. Smith paid $9.99 for 1,250 grams on the 3rd of March 2024.",
    "Zyxomma and flibbertigibbets aren't NASA's, he'd said. THE END!",
    "The naïve café's résumé: colour, schedule, tomato & water.",
)


@pytest.mark.parametrize("british", [False, True])
def test_every_text_is_pronounced_as_by_the_package_itself(british):
    ours, theirs = Pronunciation(british=british), G2P(british=british)
    assert [ours(text) for text in TEXTS] == [theirs(text) for text in TEXTS]
