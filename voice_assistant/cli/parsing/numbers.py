"""Numbers and times as they are typed: each function returns the value, or says what to type."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import time

from voice_assistant.translation import _

_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def count(text: str) -> int:
    """Return a whole number above 0."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(_("{text!r} is no number above 0", text=text))
    return int(text)


def share(text: str) -> float:
    """Return a number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise argparse.ArgumentTypeError(_("{text!r} is no number from 0 to 1", text=text))
    return number


def percent(text: str) -> int:
    """Return a whole number. 0.5 (half, in the settings) would mean half a percent: refuse it."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("{text!r} is no whole number from 0 to 100; 50 is half of the full volume", text=text)
        ) from None


def since(text: str) -> float:
    """Return a time in seconds since 1970; `text` is a date, a date and time, or "3d"."""
    if match := re.fullmatch(r"(\d{1,6})([mhdw])", text):
        return time.time() - int(match[1]) * _SECONDS[match[2]]
    try:
        return dt.datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError(
            _(
                "{text!r} is no time: write 2026-01-31, 2026-01-31T14:00, or 30m, 2h, 3d, 1w ago",
                text=text,
            )
        ) from None
