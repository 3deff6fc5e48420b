r"""Turns formulas in TeX into text that can be read aloud: `a^2 \neq b_{1}` is "a² ≠ b1"."""
# ruff: noqa: RUF001 - the signs of mathematics are meant

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Voices have words for these signs, each in its own language.
_NAMES_AND_SIGNS = """
    times:× ast:× cdot:× div:÷ pm:± mp:∓ circ:° degree:° infty:∞ in:∈ angle:∠ prime:'
    lt:< gt:> le:≤ leq:≤ ge:≥ geq:≥ ne:≠ neq:≠ approx:≈ sim:≈ equiv:≡ propto:∝ cup:∪ cap:∩
    to:→ rightarrow:→ Rightarrow:→ implies:→ dots:... ldots:... cdots:...
    alpha:α beta:β gamma:γ delta:δ epsilon:ε varepsilon:ε zeta:ζ eta:η theta:θ kappa:κ lambda:λ
    mu:μ nu:ν xi:ξ pi:π rho:ρ sigma:σ tau:τ phi:φ varphi:φ chi:χ psi:ψ omega:ω
    Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Pi:Π Sigma:Σ Phi:Φ Psi:Ψ Omega:Ω
    sin:sin cos:cos tan:tan log:log ln:ln exp:exp min:min max:max gcd:gcd
    left: right: big: Big: displaystyle: therefore: because: blacksquare: square: checkmark:
"""
_SIGNS = dict(pair.split(":") for pair in _NAMES_AND_SIGNS.split())
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SPACE = re.compile(r"\\(?:[,;:! ]|q?quad(?![a-z]))|~|\s+")
_ESCAPED = re.compile(r"\\(?=[%$#])")
_WORDS = re.compile(
    r"\\(?:(?:text|math)(?:rm|bf|it|bb|cal)?|operatorname|boxed|overline|vec|ce) *\{([^{}\\]*)\}"
)
_TIGHT = r"(?:\{([\w.,°√]+)\})"
_STEPS = (
    (_WORDS, r"\1"),
    (re.compile(r"\^(?:\{2\}|2(?!\d))"), "²"),
    (re.compile(r"\^(?:\{3\}|3(?!\d))"), "³"),
    (re.compile(r"\^(?:\{°\}|°)"), "°"),
    (re.compile(r"\^\{(-?\w+)\}"), r"^\1"),
    (re.compile(r"_(?:\{(\d+)\}|(\d))"), r"\1\2"),
    (re.compile(r"_(?:\{(\w+)\}|(\w))"), r" \1\2"),
    (re.compile(rf"\\[dt]?frac *{_TIGHT} *{_TIGHT}"), r"\1/\2"),
    (re.compile(rf"\\sqrt *{_TIGHT}"), r"√\1"),
)
_READABLE = re.compile(r"(?:[^\\^_{}&]|\^(?=-?\w))*")

_FORMULA = re.compile(
    r"""(?P<code>`+[^`\n]*`+)
      | (?P<opens>\\[\[(]|\\begin\{\w{1,20}\*?\}) | (?<!\$)\$\$(?P<in_two>[^$]+)\$\$(?!\$)
      | (?<![A-Za-z0-9$\\])\$(?=\S)(?P<in_one>[^$\n`]+?)(?<=\S)\$(?![A-Za-z0-9$])""",
    re.VERBOSE,
)
_CLOSES = {"\\[": "\\]", "\\(": "\\)"}
_LONGEST = 2000
_TYPESET = re.compile(
    r"\\(?:text(?:bf|it|tt|sf|rm|sc)|emph|underline|title|chapter|(?:sub)*section|paragraph)\*?"
    r" ?\{([^{}]*)\}"
)
_LIST = re.compile(
    r"\\(?:(?:begin|end)\{(?:itemize|enumerate|description|quote|quotation|center|abstract)\}"
    r"|item\b) ?"
)


def readable(tex: str) -> str | None:
    """Return a formula without TeX's signs; None if the formula is too complex to follow by ear."""
    text = _ESCAPED.sub("", _SPACE.sub(" ", tex.replace("{,}", ",").replace("*", r" \times ")))
    text = _COMMAND.sub(_sign, text)
    before = ""
    while before != text:
        before = text
        for pattern, said in _STEPS:
            text = pattern.sub(said, text)
    text = " ".join(text.split())
    return text if _READABLE.fullmatch(text) else None


def _sign(found: re.Match[str]) -> str:
    sign = _SIGNS.get(found[1], found[0])
    return f"{sign} " if sign == found[1] else sign


def typeset_words(text: str) -> str:
    r"""Return the text without TeX's commands for words: `\\textbf{bold}` is "bold"."""
    return _LIST.sub(r"\n\n", _TYPESET.sub(r"\1", text))


def with_formulas_read(text: str, name: Callable[[], str] | None) -> str:
    """Return the text with simple formulas read, as in $x = 5$, and others named.

    Args:
        text: Markdown.
        name: returns the word for a formula that is too complex; None to leave formulas out.
    """
    read: list[str] = []
    at = 0
    ends: dict[str, int] = {}  # where a sign is next, or the text's end: each is sought once
    while found := _FORMULA.search(text, at):
        read.append(text[at : found.start()])
        at = found.end()
        inside = found["in_two"] or found["in_one"]
        if opens := found["opens"]:
            if ends.get(opens, 0) < at:
                closes = _CLOSES.get(opens) or opens.replace("begin", "end", 1)
                begin = text.find(closes, at)
                ends[opens] = begin + len(closes) if begin >= 0 else len(text) + 1
            end = ends[opens]
            if end > len(text) or (end - at > _LONGEST and opens in _CLOSES):
                read.append(opens)
                continue
            inside, at = text[at : end - 2] if opens in _CLOSES else None, end
        if found["code"]:
            read.append(found[0])
        elif name is not None:
            said = readable(inside) if inside else None
            read.append(f" {name()} " if said is None else said)
    return "".join([*read, text[at:]])
