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
    product,
    root,
)
from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voice_assistant.server.skills.reply import Asked, Memory


def calculate(asked: Asked) -> Answer:
    """For "Five plus six times two"."""
    return expression([*asked.match.in_order()])


def calculate_more(asked: Asked) -> Answer:
    """For "Times three": goes on with the last result."""
    return expression([_last(asked.memory), *asked.match.in_order()], asked.memory)


def added(asked: Asked) -> Answer:
    """For "Add five and seven", "the product of two and three"."""
    sign, numbers = asked.match.text("sign"), asked.match.values("number")
    return expression(_joined(sign, numbers))


def taken_from(asked: Asked) -> Answer:
    """For "Subtract five from twelve"."""
    share, whole = asked.match.values("number")
    return expression([whole, "-", share])


def typed(tokens: Sequence[Token], memory: Memory) -> Answer:
    """For "12*7"; what begins with a sign ("*3") goes on with the last result."""
    if tokens[0] in ("+", "*", "/", "^"):
        return expression([_last(memory), *tokens], memory)
    return expression(tokens)


def expression(tokens: Sequence[Token], goes_on: Memory | None = None) -> Answer:
    """Return the value of an expression, with the expression read back.

    Args:
        tokens: numbers and signs.
        goes_on: the memory whose result is one of the numbers.
    """
    said = " ".join(
        SPOKEN.get(token, token) if isinstance(token, str) else shown(token)[0] for token in tokens
    )
    whole = Expression([*_by_precedence(tokens, first_known=goes_on is not None)])
    return _answer(
        said.replace("( ", "(").replace(" )", ")"),
        whole.value,
        lambda _: whole.exact and (goes_on is None or _is_exact(goes_on)),
    )


def _by_precedence(tokens: Sequence[Token], *, first_known: bool) -> Iterator[Token]:
    """Yield the tokens with "minus three to the power of two" as the power, and then its sign.

    Args:
        tokens: numbers and signs.
        first_known: the first number is the last result, and has its sign already.
    """
    for at, token in enumerate(tokens):
        raised = tokens[at + 1 : at + 2] == ["^"] and not (first_known and at == 0)
        if raised and isinstance(token, Fraction) and token < 0:
            yield from ("-", -token)
        else:
            yield token


def _joined(sign: str, numbers: Sequence[Fraction]) -> list[Token]:
    return [token for number in numbers for token in (sign, number)][1:]


def power(asked: Asked) -> Answer:
    """For "Seven squared"."""
    base, exponent = _number(asked), Fraction(asked.match.text("power"))
    name = "squared" if exponent == 2 else "cubed"  # noqa: PLR2004
    sign = -1 if base < 0 and asked.match.values("number") else 1  # that of the power, as in -5^2
    return _answer(
        f"{shown(base)[0]} {name}",
        lambda: sign * apply("^", sign * base, exponent),
        _known(asked),
    )


def roots(asked: Asked) -> Answer:
    """For "The square root of eighty one"."""
    value, degree = _number(asked), int(asked.match.text("root"))
    known = _known(asked)
    return _answer(
        f"the {ROOTS[degree]} of {shown(value)[0]}",
        lambda: root(value, degree),
        lambda result: known(result) and result**degree == value,
    )


def percent(asked: Asked) -> Answer:
    """For "Fifteen percent of eighty"."""
    share, *rest = asked.match.values("number")
    whole = rest[0] if rest else _last(asked.memory)
    known = (lambda _: True) if rest else _known(asked)
    said = f"{shown(share)[0]} percent of {shown(whole)[0]}"
    return _answer(said, lambda: share * whole / 100, known)


def percent_change(asked: Asked) -> Answer:
    """For "Eighty plus ten percent"; without a number it goes on with the last result."""
    whole, share = _number(asked), asked.match.value("percent")
    sign = asked.match.text("sign")
    return _answer(
        f"{shown(whole)[0]} {SPOKEN[sign]} {shown(share)[0]} percent",
        lambda: apply(sign, whole, whole * share / 100),
        _known(asked),
    )


def percentage(asked: Asked) -> Answer:
    """For "What percent of eighty is twelve"."""
    share, whole = asked.match.value("share"), asked.match.value("whole")
    try:
        result = apply("/", share * 100, whole)
    except Impossible as impossible:
        return Answer(str(impossible))
    text, exact = shown(result)
    said = f"{shown(share)[0]} is {'' if exact else 'about '}{text} percent of {shown(whole)[0]}"
    suggestions = ("What is 15 percent of 80?",)
    return Answer(f"{capitalised(said)}.", suggestions, "sum", {"result": str(result)})


def average(asked: Asked) -> Answer:
    """For "The average of 3, 5 and 10"."""
    values = asked.match.values("number")
    said = ", ".join(shown(value)[0] for value in values[:-1])
    said = f"the average of {said} and {shown(values[-1])[0]}"
    return _answer(said, lambda: sum(values, Fraction(0)) / len(values), lambda _: True)


def remainder(asked: Asked) -> Answer:
    """For "The remainder of 17 divided by 5", "17 modulo 5"."""
    whole, part = asked.match.values("number")
    if part <= 0 or whole < 0 or whole.denominator * part.denominator != 1:
        raise NotUnderstood
    said = f"the remainder of {shown(whole)[0]} divided by {shown(part)[0]}"
    return _answer(said, lambda: whole % part, lambda _: True)


def factorial(asked: Asked) -> Answer:
    """For "Ten factorial"."""
    value = _number(asked)
    if value < 0 or value.denominator != 1:
        raise NotUnderstood
    return _answer(f"{shown(value)[0]} factorial", lambda: product(value), _known(asked))


def multiple(asked: Asked) -> Answer:
    """For "Half of nine", "twice nine"."""
    value, factor = _number(asked), Fraction(asked.match.text("factor"))
    name = "twice" if factor > 1 else "half of"
    return _answer(f"{name} {shown(value)[0]}", lambda: value * factor, _known(asked))


def fraction(asked: Asked) -> Answer:
    """For "A third of ninety", "2/3 of 90"."""
    above, below, *rest = asked.match.values("number")
    whole = rest[0] if rest else _last(asked.memory)
    known = (lambda _: True) if rest else _known(asked)
    said = f"{shown(above)[0]}/{shown(below)[0]} of {shown(whole)[0]}"
    return _answer(said, lambda: apply("*", whole, apply("/", above, below)), known)


def _number(asked: Asked) -> Fraction:
    """Return the number in the question, or that of the last answer ("the square root of that")."""
    values = asked.match.values("number")
    return values[0] if values else _last(asked.memory)


def _known(asked: Asked) -> Callable[[Fraction], bool]:
    """Return a function that tells whether the number in use is exact."""
    return lambda _: bool(asked.match.values("number")) or _is_exact(asked.memory)


def _last(memory: Memory) -> Fraction:
    if memory.topic != "sum":
        raise NotUnderstood
    return Fraction(memory.details["result"])


def _is_exact(memory: Memory) -> bool:
    return "rounded" not in memory.details


def _answer(
    said: str, evaluate: Callable[[], Fraction], is_exact: Callable[[Fraction], bool]
) -> Answer:
    """Return an answer with the value, or with the reason why there is none.

    Args:
        said: what was asked for.
        evaluate: gives the value.
        is_exact: whether no part of the value had to be rounded.
    """
    try:
        result = evaluate()
    except Impossible as impossible:
        return Answer(str(impossible))
    text, exact = shown(result)
    known = is_exact(result)
    more = "What is the square root of that?" if result > 1 else "What is that squared?"
    return Answer(
        f"{capitalised(said)} is {'' if exact and known else 'about '}{text}.",
        ("Times two", more, "What is ten percent of that?"),
        "sum",
        {"result": str(result), **({} if known else {"rounded": "yes"})},
    )
