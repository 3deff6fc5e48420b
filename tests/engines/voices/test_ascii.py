"""Signs and letters, for voices that know only plain letters."""

from __future__ import annotations

import pytest

from voice_assistant.engines.voices.ascii import ascii_of


def test_plain_letters_keep_what_can_be_kept():
    assert ascii_of("Caf\u00e9 \u201cd\u2019or\u201d \u2014 oui") == "Cafe d'or  -  oui"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\u22123 °C", "minus 3 degrees C"),
        ("3½ or ¼", "3 and 1/2 or 1/4"),
        ("2 \u00d7 3 ÷ 4", "2 times 3 divided by 4"),
        ("€1,500.50, £5.", "1,500.50 euros , 5 pounds ."),
        ("10 €", "10 euros"),
        ("5 m²", "5 m squared"),
        ("Søren, Straße", "Soren, Strasse"),
        ("a \u2260 b", "a not equal to b"),
        ("x < 5, y \u2265 3, z <= 2", "x less than 5, y at least 3, z at most 2"),
        ("a -> b \u2192 c", "a to b to c"),
        ("10⁶ = 10^6", "10 to the power of 6 = 10 to the power of 6"),
        ("10⁻²³", "10 to the power of minus 23"),
        ("π r²", "pi r squared"),
        ("5 \u00b5s, 5 \u03bcs", "5 micro s, 5 micro s"),
    ],
)
def test_signs_are_read_also_by_a_voice_that_knows_only_letters(text, read):
    assert " ".join(ascii_of(text).split()) == read
