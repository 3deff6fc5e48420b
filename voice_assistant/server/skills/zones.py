"""The time in other places."""

from __future__ import annotations

import zoneinfo
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from voice_assistant.server.skills.dates import WEEKDAYS, clock
from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
    import datetime as dt

    from voice_assistant.server.skills.reply import Asked

CAPITALS = ("utc", "gmt", "uk")
SMALL_LETTERS = ("the", "de")

UNSPOKEN = ("utc", "gmt", "kyiv")


def spoken_places() -> tuple[str, ...]:
    """Return the names in `places.yaml` that are words to a recogniser."""
    return tuple(name for names in _table().values() for name in names if name not in UNSPOKEN)


@cache
def _table() -> dict[str, list[str]]:
    text = resources.files(__package__).joinpath("places.yaml").read_text("utf-8")
    table: dict[str, list[str]] = yaml.safe_load(text)
    return table


@cache
def places() -> dict[str, str]:
    """Return the zone of each place by its name, those of `places.yaml` first."""
    known = {name: zone for zone, names in _table().items() for name in names}
    cities = {
        zone.rpartition("/")[2].replace("_", " ").lower(): zone
        for zone in sorted(zoneinfo.available_timezones())
        if "/" in zone and not zone.startswith("Etc/")
    }
    return cities | known


def time_there(asked: Asked) -> Answer:
    """For "What time is it in Tokyo"."""
    place = asked.match.text("place")
    zone = places().get(place)
    if zone is None:
        raise NotUnderstood
    try:
        there = asked.now.astimezone(zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:  # no time zones on this machine
        raise NotUnderstood from error
    return Answer(
        f"It is {clock(there)} in {shown_place(place)}{_day(there, asked.now)}.",
        ("What time is it?", "And in London?" if place != "london" else "And in Tokyo?"),
        "place",
    )


def time_there_too(asked: Asked) -> Answer:
    """For "And in London?", behind the time in another place."""
    if asked.memory.topic != "place":
        raise NotUnderstood
    return time_there(asked)


def shown_place(place: str) -> str:
    """Return a place's name as it is written."""
    return " ".join(
        word.upper() if word in CAPITALS else word if word in SMALL_LETTERS else word.title()
        for word in place.split()
    )


def _day(there: dt.datetime, here: dt.datetime) -> str:
    """Return ", on Saturday" where it is another day."""
    return "" if there.date() == here.date() else f", on {WEEKDAYS[there.weekday()].title()}"
