# ruff: noqa: RUF001 - the signs of mathematics are meant
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.text.formulas import readable


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("x = 5", "x = 5"),
        (r"\therefore x\quad= 5", "x = 5"),
        (r"\blacksquare", ""),
        (r"a \neq 0", "a ≠ 0"),
        (r"\Delta = b^2 - 4ac", "Δ = b² - 4ac"),
        (r"3 \times 10^8", "3 × 10^8"),
        (r"3\times10^{-31}", "3×10^-31"),
        ("2^{10} > r^3", "2^10 > r³"),
        ("a*b", "a × b"),
        (r"F = 10 \cdot 2 = 20\,\text{N}", "F = 10 × 2 = 20 N"),
        (r"\boxed{\mathbf{x} = 4}", "x = 4"),
        (r"\theta = 45^\circ \approx 0{,}79", "θ = 45° ≈ 0,79"),
        (r"\sin\theta = \frac{\sqrt{2}}{2}", "sin θ = √2/2"),
        (r"\left(\frac{a}{b}\right)^{2}", "(a/b)²"),
        (r"x_1, x_{12} \in \mathbb{R}", "x1, x12 ∈ R"),
        ("v_{max} = a_n", "v max = a n"),
        (r"O(n \log n)", "O(n log n)"),
        (r"\$5 + 50\%", "$5 + 50%"),
        (r"速度 = \frac{路程}{时间}", "速度 = 路程/时间"),
        ("x =\n  5", "x = 5"),
    ],
)
def test_a_simple_formula_is_read(tex, said):
    assert readable(tex) == said


@pytest.mark.parametrize(
    "tex",
    [
        r"\int_0^x e^{-t^2}\,dt",
        r"\sum_{i=1}^{n} i",
        r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        "x^{n+1}",
        r"a &= b \\",
        r"\begin{pmatrix} 1 & 2 \end{pmatrix}",
        r"\{1, 2\}",
        r"\unheard{a}",
    ],
)
def test_a_formula_too_complex_for_the_ear_is_not_read(tex):
    assert readable(tex) is None


@given(st.lists(st.sampled_from([*"\\^_{}2a*~,& ", r"\frac", r"\sqrt", r"\text"])))
def test_a_read_formula_has_no_signs_of_tex(pieces):
    said = readable("".join(pieces))
    assert said is None or not set(said) & set("\\_{}&")
