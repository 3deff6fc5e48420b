"""Units and their conversion, from a table of exact factors."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import TYPE_CHECKING

from voice_assistant.server.skills.numbers import shown
from voice_assistant.server.skills.reply import Answer, NotUnderstood
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked


MIN_SHOWN = 10
"""At least two digits of a small result are shown."""


@dataclasses.dataclass(frozen=True)
class Unit:
    """A unit of measurement.

    Attributes:
        kind: what it measures.
        name: of one of it.
        plural: of several.
        factor: how many of its kind's base unit it is.
        offset: added before the factor applies (temperatures).
        spoken: every name that may be said, in lower case.
        written: names that are only typed.
        system: "US" for what is another measure elsewhere; answers say so.
    """

    kind: str
    name: str
    plural: str
    factor: Fraction
    offset: Fraction
    spoken: tuple[str, ...]
    written: tuple[str, ...]
    system: str

    def said(self, value: Fraction) -> str:
        """Return a quantity as "1 foot", "3.28 feet", "2 US gallons"."""
        name = self.name if abs(value) == 1 else self.plural
        return " ".join(filter(None, (shown(value)[0], self.system, name)))


def _unit(
    kind: str,
    name: str,
    factor: str,
    *,
    plural: str = "",
    spoken: str = "",
    written: str = "",
    offset: str = "0",
    system: str = "",
    typed: bool = False,
) -> Unit:
    plural = plural or f"{name}s"
    names = dict.fromkeys([name.lower(), plural.lower(), *filter(None, spoken.split(", "))])
    short = tuple(written.split())
    return Unit(
        kind,
        name,
        plural,
        Fraction(factor),
        Fraction(offset),
        () if typed else tuple(names),
        (*names, *short) if typed else short,
        system,
    )


UNITS = (
    _unit("length", "millimeter", "0.001", written="mm millimetre millimetres"),
    _unit("length", "centimeter", "0.01", written="cm centimetre centimetres"),
    _unit("length", "meter", "1", written="m metre metres"),
    _unit("length", "kilometer", "1000", written="km kms kilometre kilometres"),
    _unit("length", "inch", "0.0254", plural="inches", written="in"),
    _unit("length", "foot", "0.3048", plural="feet", written="ft"),
    _unit("length", "yard", "0.9144", written="yd yds"),
    _unit("length", "mile", "1609.344", written="mi"),
    _unit("length", "nautical mile", "1852", written="nmi"),
    _unit("weight", "milligram", "0.001", written="mg"),
    _unit("weight", "gram", "1", written="g gramme grammes"),
    _unit("weight", "kilogram", "1000", spoken="kilo, kilos", written="kg kgs"),
    _unit("weight", "metric ton", "1000000", written="t tonne tonnes"),
    _unit("weight", "ounce", "28.349523125", written="oz"),
    _unit("weight", "pound", "453.59237", written="lb lbs"),
    _unit("weight", "stone", "6350.29318", plural="stone"),
    _unit("weight", "ton", "907184.74", system="US"),
    _unit("volume", "milliliter", "0.001", written="ml millilitre millilitres"),
    _unit("volume", "liter", "1", written="l litre litres"),
    _unit("volume", "teaspoon", "0.00492892159375", written="tsp", system="US"),
    _unit("volume", "tablespoon", "0.01478676478125", written="tbsp", system="US"),
    _unit("volume", "fluid ounce", "0.0295735295625", system="US"),
    _unit("volume", "cup", "0.2365882365", system="US"),
    _unit("volume", "pint", "0.473176473", written="pt", system="US"),
    _unit("volume", "quart", "0.946352946", written="qt", system="US"),
    _unit("volume", "gallon", "3.785411784", written="gal gals", system="US"),
    _unit("volume", "imperial fluid ounce", "0.0284130625", typed=True),
    _unit("volume", "imperial cup", "0.284130625", typed=True),
    _unit("volume", "imperial pint", "0.56826125", typed=True),
    _unit("volume", "imperial quart", "1.1365225", typed=True),
    _unit("volume", "imperial gallon", "4.54609", typed=True),
    _unit("weight", "imperial ton", "1016046.9088", typed=True),
    _unit("speed", "meter per second", "1", plural="meters per second", written="m/s"),
    _unit(
        "speed",
        "kilometer per hour",
        "5/18",
        plural="kilometers per hour",
        spoken="kilometers an hour",
        written="km/h kmh kph",
    ),
    _unit(
        "speed",
        "mile per hour",
        "0.44704",
        plural="miles per hour",
        spoken="miles an hour",
        written="mph",
    ),
    _unit("speed", "knot", "463/900", written="kt kts"),
    _unit("speed", "foot per second", "0.3048", plural="feet per second", written="ft/s fps"),
    _unit("time", "second", "1", written="s"),
    _unit("time", "minute", "60"),
    _unit("time", "hour", "3600", written="h"),
    _unit("time", "day", "86400"),
    _unit("time", "week", "604800"),
    _unit("time", "year", "31536000"),
    _unit(
        "temperature",
        "degree Celsius",
        "1",
        plural="degrees Celsius",
        spoken="celsius, centigrade, degrees centigrade",
        written="c",
    ),
    _unit(
        "temperature",
        "degree Fahrenheit",
        "5/9",
        offset="-32",
        plural="degrees Fahrenheit",
        spoken="fahrenheit",
        written="f",
    ),
    _unit("temperature", "kelvin", "1", offset="-273.15", plural="kelvin", written="k"),
)
BY_NAME = {unit.name: unit for unit in UNITS}
NAMES = frozenset(name.split()[0] for unit in UNITS for name in (*unit.spoken, *unit.written))
"""First words of units: "a" before one of them is a number."""

RELATED = {
    "length": ("mile", "kilometer", "meter", "foot", "inch"),
    "weight": ("pound", "kilogram", "ounce", "gram"),
    "volume": ("liter", "pint", "gallon", "cup"),
    "speed": ("mile per hour", "kilometer per hour", "meter per second"),
    "time": ("hour", "minute", "second"),
    "temperature": ("degree Celsius", "degree Fahrenheit"),
}
"""What a conversion of each kind may be continued with."""

KINDS = {
    "unit": UNITS,
    **{kind: [unit for unit in UNITS if unit.kind == kind] for kind in RELATED},
}
"""All units, and those of each kind: the lists of the templates."""


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
