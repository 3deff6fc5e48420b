"""Answers to questions about numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.arithmetic import (
    ROOTS,
    SPOKEN,
    Expression,
    Impossible,
    Token,
    apply,
    root,
)
from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.server.skills.reply import Asked, Memory


def calculate(asked: Asked) -> Answer:
    """For "Five plus six times two"."""
    return expression([*asked.match.in_order()])


def calculate_more(asked: Asked) -> Answer:
    """For "Times three": goes on with the last result."""
    return expression([_last(asked.memory), *asked.match.in_order()])


def typed(tokens: Sequence[Token], memory: Memory) -> Answer:
    """For "12*7"; what begins with a sign ("*3") goes on with the last result."""
    goes_on = tokens[0] in ("+", "*", "/", "^")
    return expression([_last(memory), *tokens] if goes_on else tokens)


def expression(tokens: Sequence[Token]) -> Answer:
    """The value of an expression, read back."""
    said = " ".join(
        SPOKEN.get(token, token) if isinstance(token, str) else shown(token)[0] for token in tokens
    )
    return _answer(said.replace("( ", "(").replace(" )", ")"), lambda: Expression(tokens).value())


def power(asked: Asked) -> Answer:
    """For "Seven squared"."""
    base, exponent = _number(asked), Fraction(asked.match.text("power"))
    name = "squared" if exponent == 2 else "cubed"  # noqa: PLR2004
    return _answer(f"{shown(base)[0]} {name}", lambda: apply("^", base, exponent))


def roots(asked: Asked) -> Answer:
    """For "The square root of eighty one"."""
    value, degree = _number(asked), int(asked.match.text("root"))
    return _answer(f"the {ROOTS[degree]} of {shown(value)[0]}", lambda: root(value, degree))


def percent(asked: Asked) -> Answer:
    """For "Fifteen percent of eighty"."""
    share, *rest = asked.match.values("number")
    whole = rest[0] if rest else _last(asked.memory)
    return _answer(f"{shown(share)[0]} percent of {shown(whole)[0]}", lambda: share * whole / 100)


def percent_change(asked: Asked) -> Answer:
    """For "Eighty plus ten percent"."""
    whole, share = asked.match.value("number"), asked.match.value("percent")
    sign = asked.match.text("sign")
    return _answer(
        f"{shown(whole)[0]} {SPOKEN[sign]} {shown(share)[0]} percent",
        lambda: apply(sign, whole, whole * share / 100),
    )


def multiple(asked: Asked) -> Answer:
    """For "Half of nine", "twice nine"."""
    value, factor = _number(asked), Fraction(asked.match.text("factor"))
    name = "twice" if factor > 1 else "half of"
    return _answer(f"{name} {shown(value)[0]}", lambda: value * factor)


def _number(asked: Asked) -> Fraction:
    """The number in the question, or that of the last answer ("the square root of that")."""
    values = asked.match.values("number")
    return values[0] if values else _last(asked.memory)


def _last(memory: Memory) -> Fraction:
    if memory.topic != "sum":
        raise NotUnderstood
    return Fraction(memory.details["result"])


def _answer(said: str, evaluate: Callable[[], Fraction]) -> Answer:
    try:
        result = evaluate()
    except Impossible as impossible:
        return Answer(str(impossible))
    text, exact = shown(result)
    more = "What is the square root of that?" if result > 1 else "What is that squared?"
    return Answer(
        f"{said[0].upper()}{said[1:]} is {'' if exact else 'about '}{text}.",
        ("Times two", more, "What is ten percent of that?"),
        "sum",
        {"result": str(result)},
    )
