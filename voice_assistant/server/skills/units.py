"""Units converted into others."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.server.skills.unit_table import BY_NAME, RELATED
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.skills.unit_table import Unit


MIN_SHOWN = 10
"""At least two digits of a small result are shown."""

ABSOLUTE_ZERO = Fraction("-273.15")
"""In degrees Celsius."""

FLUID = {"ounce": BY_NAME["fluid ounce"]}
"""What may be meant by a weight that is to be a volume."""


def convert(asked: Asked) -> Answer:
    """For "Convert five feet eleven inches to centimeters"."""
    units = [BY_NAME[name] for name in asked.match.texts("from")]
    target = BY_NAME[asked.match.text("to")]
    return _converted(list(zip(asked.match.values("amount"), units, strict=True)), target)


def convert_mixed(asked: Asked) -> Answer:
    """For "180 centimeters in feet and inches": the larger unit whole, the smaller one the rest."""
    match = asked.match
    amount, source = match.values("amount")[0], BY_NAME[match.text("from")]
    large, small = BY_NAME[match.text("to")], BY_NAME[match.text("to2")]
    if not source.kind == large.kind == small.kind or large.factor <= small.factor:
        raise NotUnderstood
    if source.kind == "temperature" or amount < 0:
        raise NotUnderstood
    whole, rest = divmod(amount * source.factor / small.factor, large.factor / small.factor)
    left = _rounded(rest)
    if left >= large.factor / small.factor:  # 11.999 inches are a foot
        whole, left = whole + 1, Fraction(0)
    verb = "is" if amount == 1 else "are"
    about = "" if left == rest else "about "
    said = f"{source.said(amount)} {verb} {about}{large.said(Fraction(whole))} {small.said(left)}"
    return _told(said, amount, source, large)


def convert_degrees(asked: Asked) -> Answer:
    """For "What is seventy degrees in Celsius": the other temperature is meant."""
    target = BY_NAME[asked.match.text("to")]
    source = "degree Fahrenheit" if target.name == "degree Celsius" else "degree Celsius"
    return _converted([(asked.match.value("amount"), BY_NAME[source])], target)


def convert_more(asked: Asked) -> Answer:
    """For "And in feet?", "what about ten": the last conversion, with another unit or amount."""
    details = asked.memory.details
    if asked.memory.topic != "convert":
        raise NotUnderstood
    source = BY_NAME[asked.match.text("from") or details["from"]]
    target = BY_NAME[asked.match.text("to") or details["to"]]
    amounts = asked.match.values("amount") or (Fraction(details["amount"]),)
    return _converted([(amounts[0], source)], target)


def _converted(quantities: list[tuple[Fraction, Unit]], target: Unit) -> Answer:
    """Return an answer with the sum of the quantities in another unit."""
    kinds = {unit.kind for _, unit in quantities}
    source = quantities[0][1]
    if kinds != {target.kind}:
        text = f"{source.plural} measure {source.kind} and {target.plural} {target.kind}, so "
        other = FLUID.get(source.name, source)
        said, meant = shown(quantities[0][0])[0], other.kind == target.kind
        fluid = (f"{said} {other.plural} in {target.plural}",) if meant else ()
        return Answer(f"{capitalised(text)}there is nothing to convert.", fluid)
    if len(quantities) > 1 and (target.kind == "temperature" or quantities[0][0] < 0):
        raise NotUnderstood
    base = sum((value + unit.offset) * unit.factor for value, unit in quantities)
    if target.kind == "temperature" and base < ABSOLUTE_ZERO:
        return Answer("Nothing is colder than minus 273.15 degrees Celsius.")
    result, amount = (base / unit.factor - unit.offset for unit in (target, source))
    rounded = _rounded(result)
    said = " ".join(unit.said(value) for value, unit in quantities)
    verb = "is" if amount == 1 or target.kind == "temperature" else "are"
    about = "" if rounded == result else "about "
    return _told(f"{said} {verb} {about}{target.said(rounded)}", amount, source, target)


def _told(said: str, amount: Fraction, source: Unit, target: Unit) -> Answer:
    """Return the answer with these words, and with what a further question needs of it."""
    return Answer(
        f"{capitalised(said)}.",
        _more(amount, source, target),
        "convert",
        {"amount": str(amount), "from": source.name, "to": target.name},
    )


def _rounded(value: Fraction) -> Fraction:
    """Return the value with two decimals; small numbers with two digits."""
    places = 2
    while value and abs(value) * 10**places < MIN_SHOWN:
        places += 1
    return round(value, places)


def _more(amount: Fraction, source: Unit, target: Unit) -> tuple[str, ...]:
    """Return the questions that may follow."""
    another = shown(_rounded(amount * 2))[0] if amount > 0 else "10"
    related = [name for name in RELATED[target.kind] if name not in (source.name, target.name)]
    if not related:
        return (f"What about {another}?",)
    small, large = sorted((source, target), key=lambda unit: unit.factor)
    article = "an" if large.name[0] in "aeio" or large.name == "hour" else "a"
    how_many = f"How many {small.plural} are in {article} {large.name}?"
    return (
        f"And in {BY_NAME[related[0]].plural}?",
        f"What about {another}?",
        *([how_many] if source.kind != "temperature" and small != large else []),
    )
