"""What somebody is to be reminded of, and what in it shows that the wish was not understood."""

from __future__ import annotations

import re

from voice_assistant.text.number_words import SMALL

TWO_TIMES = (
    "There is more than one time in that, and nothing is set. Ask for one reminder after the other."
)
LENGTH = re.compile(
    r"\bin (?:an?|half|\d[\d.,]*|\w+) (?:\w+ )?(?:second|minute|hour|day)s?\b", re.IGNORECASE
)
"""A length of time that stands in what to be reminded of, and may have been meant for another."""

ANOTHER_WISH = re.compile(r"\b(?:and|then)\s+(?:remind|wake)\s+(?:me|us)\b", re.IGNORECASE)
"""Stands in what to be reminded of, and begins a wish of its own."""

REGULARLY = re.compile(
    r"\b(?:(?:every|each)(?:\s+(?:other|single|first|third|last|\d+(?:st|nd|rd|th)?|second|day|week"
    r"|month|year|hour|minute|morning|afternoon|evening|night|weekday|workday|weekend|fortnight|half"
    r"|few|now|so often|time"
    rf"|{'|'.join(SMALL[1:])}|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b.*)?"
    r"|(?:everyday|daily|weekly|monthly|hourly|yearly|annually|nightly|fortnightly|biweekly|bimonthly"
    r"|weekdays|weekends|most days|regularly)"
    r"(?:[\s,]+(?:at|for|from|in|on|until|till|starting|beginning|except|but|and|between"
    r"|before|after|when|this|next)\b.*)?"
    r"|on (?:weekday|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b.*"
    r"|(?:once|twice|\w+ times) (?:an?|per|every|each) (?:day|week|month|year|hour)\b.*)\W*$",
    re.IGNORECASE | re.DOTALL,
)
"""At the end of what to be reminded of: the reminder is wanted again and again."""


def reminder(task: str) -> str:
    """Return the sentence that is said when a reminder is due."""
    return f"You wanted to be reminded: {task}."
