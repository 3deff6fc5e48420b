"""The table of units, by exact factors."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from voice_assistant.server.skills.numbers import shown


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


def _area(name: str, short: str, factor: str, *, plural: str = "", spelt: str = "") -> Unit:
    plural = plural or f"{name}s"
    names = [
        f"sq {short}",
        f"square {short}",
        *([f"square {spelt}", f"square {spelt}s"] if spelt else []),
    ]
    unit = _unit("area", f"square {name}", factor, plural=f"square {plural}", typed=True)
    return dataclasses.replace(unit, written=(*unit.written, *names))


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
    _area("millimeter", "mm", "0.000001"),
    _area("centimeter", "cm", "0.0001"),
    _area("meter", "m", "1", spelt="metre"),
    _area("kilometer", "km", "1000000", spelt="kilometre"),
    _area("inch", "in", "0.00064516", plural="inches"),
    _area("foot", "ft", "0.09290304", plural="feet"),
    _area("yard", "yd", "0.83612736"),
    _area("mile", "mi", "2589988.110336"),
    _unit("area", "acre", "4046.8564224", typed=True),
    _unit("area", "hectare", "10000", written="ha", typed=True),
    _unit("data", "byte", "1", typed=True),
    _unit("data", "kilobyte", "1000", written="kb", typed=True),
    _unit("data", "megabyte", "1000000", written="mb", typed=True),
    _unit("data", "gigabyte", "1000000000", written="gb", typed=True),
    _unit("data", "terabyte", "1000000000000", written="tb", typed=True),
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
    "area": ("square meter", "square foot", "acre"),
    "data": ("gigabyte", "megabyte", "kilobyte"),
    "time": ("hour", "minute", "second"),
    "temperature": ("degree Celsius", "degree Fahrenheit"),
}
"""What a conversion of each kind may be continued with."""

KINDS = {
    "unit": UNITS,
    **{kind: [unit for unit in UNITS if unit.kind == kind] for kind in RELATED},
}
"""All units, and those of each kind: the lists of the templates."""
