"""The time in other places."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from voice_assistant.server.skills.dates import clock
from voice_assistant.server.skills.lengths import duration
from voice_assistant.server.skills.named_days import WEEKDAYS
from voice_assistant.server.skills.reply import Answer, NotUnderstood

if TYPE_CHECKING:
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
    there = _now_in(place, asked.now)
    return Answer(
        f"It is {clock(there)} in {shown_place(place)}{_day(there, asked.now)}.",
        ("What time is it?", "And in London?" if place != "london" else "And in Tokyo?"),
        "place",
    )


def time_difference(asked: Asked) -> Answer:
    """For "What is the time difference between London and Tokyo", "how far ahead is Tokyo"."""
    place, other = asked.match.text("place"), asked.match.text("place2")
    there = _now_in(place, asked.now)
    here = _now_in(other, asked.now) if other else asked.now
    ahead = (there.utcoffset() or dt.timedelta()) - (here.utcoffset() or dt.timedelta())
    than = shown_place(other) if other else "you"
    way = "ahead of" if ahead > dt.timedelta() else "behind"
    text = f"{shown_place(place)} is {duration(abs(ahead).total_seconds())} {way} {than}."
    if not ahead:
        text = f"{shown_place(place)} and {than} have the same time."
    return Answer(text, (f"What time is it in {shown_place(place)}?",))


def _now_in(place: str, now: dt.datetime) -> dt.datetime:
    """Return the local time there.

    Raises:
        NotUnderstood: the place is not known, or this machine knows no time zones.
    """
    zone = _zone_of(place)
    if zone is None:
        raise NotUnderstood
    try:
        return now.astimezone(zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:
        raise NotUnderstood from error


def _zone_of(place: str) -> str | None:
    """Return the zone of a place, such as "paris texas": the last name tells which one is meant."""
    words = place.split()
    if "and" in words:
        return None
    ends = (places().get(" ".join(words[at:])) for at in range(len(words)))
    return next(filter(None, ends), None)


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
