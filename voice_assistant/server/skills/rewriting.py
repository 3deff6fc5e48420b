"""Symbols, contractions and short forms, rewritten to the words that the templates have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.text import number_words

if TYPE_CHECKING:
    from collections.abc import Iterable

INCHES = rf"[\d.]+|{'|'.join(number_words.SMALL[1:12])}"
TIMER = r"(?=(?:\w+ )?(?:timer|alarm)\b)"
ANOTHER = r"(?=(?:\w+ )?(?:timer|alarm) (?:for|of|called|named|\d)|one\b)"
"""Behind "a second", which else is a length of time."""

REPLACEMENTS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[\u2018\u2019`\u2032]", "'"),
        (r",?\s*\b(?:u+m+|u+h+|e+r+m+|h+m+)\b,?", " "),
        (
            r"\b(for|in|to) (?:like|about|around|roughly|exactly|just) (?=\d|an? |half |\w+ \w)",
            r"\1 ",
        ),
        (r"\bover there\b", " "),
        (r"\b(today|tomorrow|yesterday)s\b", r"\1's"),
        (
            r"\b(?:get me up|(?:i|we) (?:need|have|want|must|got) to (?:get|be|wake) up)\b",
            "wake me up",
        ),
        (r"[\u201c\u201d\u2033]", '"'),
        (r"(\d)\s*'\s*(\d+(?:\.\d+)?)\s*(?:\"|'')?(?!\w)", r"\1 feet \2 inches "),
        (r"(?<=\d)\s*(?:\"|'')(?!\w)", " inches "),
        (r"(?<=\d)\s*'(?!\w)", " feet "),
        (r"\b(what|who|how|when|where|that|it|there)'s\b", r"\1 is"),
        (r"\b(what|how)s\b", r"\1 is"),
        (r"\b(what|how)'re\b", r"\1 are"),
        (r"\bi'm\b", "i am"),
        (r"\byou're\b", "you are"),
        (r"\bi'd\b", "i would"),
        (r"\blet'?s\b", "let us"),
        (r"\bcan'?t\b|\bcannot\b", "can not"),
        (r"\bwon'?t\b", "will not"),
        (r"\b(do|does|did|is|are|was|would|could|should|must|need|have|has)n'?t\b", r"\1 not"),
        (r"(?<=\d)\s*(?:\*|\u00d7|x(?=\s*[\d.-]))\s*", " times "),
        (r"(?<=\d)\s*(?:/|\u00f7)\s*(?=[\d.-])", " divided by "),
        (r"(?<=[\d%])\s*[-\u2212\u2013]\s*(?=[\d.])", " minus "),
        (r"(?<![\w)])[-\u2212](?=[\d.])", " minus "),
        (r"\bless (?!than\b)", "minus "),
        (r"\s*\+\s*", " plus "),
        (r"\*\*|\^", " to the power of "),
        (r"%", " percent "),
        (r"\bat (\d{1,2})\.([0-5]\d)\b", r"at \1:\2"),
        (r"\bd(\d+)\b", r"d \1"),
        (r"\b([ap])\.m\b\.?", r"\1m"),
        (r"\bthis (?=(?:morning|afternoon|evening)\b)", "today "),
        (r"\btonight\b", "today night"),
        (r"\b(one|three|1|3) fourth", r"\1 quarter"),
        (r"\bto the (\d+)(?:st|nd|rd|th)(?: power)?\b", r"to the power of \1"),
        (r"\b(remind .*)\b(?:this|on the|at the|over the) weekend\b", r"\1on saturday"),
        (r"\bst\.? (?=patrick)", "saint "),
        (r"\b(add|give me|give it) another (?=(?:second|minute|hour)\b)", r"\1 a "),
        (r"\b(\w+) more (seconds|minutes|hours)\b", r"\1 \2 more"),
        (r"\ba couple of (?=seconds|minutes|hours|days|weeks)", "2 "),
        (r"\b(miles|kilometers) an hour\b", r"\1 per hour"),
        (r"\b(mi|km) an hour\b", r"\1/h"),
        (r"\bmi/h\b", "mph"),
        (r"\beveryday\b", "every day"),
        (r"\bnightly\b", "every night"),
        (r"\b(?:fortnightly|(?:every|each) fortnight)\b", "every 2 weeks"),
        (r"\b(every|each) (?:half an hour|half hour)\b", r"\1 30 minutes"),
        (r"\b(every|each) (?:an )?hour and a half\b", r"\1 90 minutes"),
        (r"\bper cent\b", "percent"),
        (r"\u221a", " square root of "),
        (r"\u00b2", " squared "),
        (r"\u00b3", " cubed "),
        (r"(?:\u00b0|\bdegrees?\b)\s*(?=[cfk]\b)", " "),
        (r"\u00b0", " degrees "),
        (r"\bu\.?s\.? (?=gallon|pint|quart|cup|fluid|ton)", ""),
        (r"\b(?:uk|british|english) (?=gallon|pint|quart|cup|fluid)", "imperial "),
        (r"(\d)(?!(?:st|nd|rd|th)\b)([a-z])", r"\1 \2"),
        (r"[^\w\s./':]|(?<!\d)\.(?!\d)|\.(?!\d)|(?<!\w)/|/(?!\w)|(?<!\d):|:(?!\d)", " "),
        (r"\b(?:min|mins)\b", "minutes"),
        (r"\b(?:sec|secs)\b", "seconds"),
        (r"\b(?:hr|hrs)\b", "hours"),
        (r"\b(?:an? |one )?quarter of an? (?=hour|mile)", "0.25 "),
        (r"\bthree quarters? of an? (?=hour|mile)", "0.75 "),
        (r"\b(?:an?|one) (third|quarter|fifth|tenth) of (?!an?\b)", r"1 divided by \1 of "),
        (
            r"\b(two|three|four|2|3|4) (third|quarter|fifth|tenth)s of (?!an?\b)",
            r"\1 divided by \2 of ",
        ),
        (r"(?<=divided by )third of", "3 of"),
        (r"(?<=divided by )quarter of", "4 of"),
        (r"(?<=divided by )fifth of", "5 of"),
        (r"(?<=divided by )tenth of", "10 of"),
        (
            rf"\b(feet|foot|ft)(?: and)? ({INCHES}) (?=(?:in|to|into) (?!in\b|to\b))",
            r"\1 \2 inches ",
        ),
        (rf"\b(?:an?|the|another) (?:third|2nd|3rd|new|different) {TIMER}", "another "),
        (rf"\b(?:an?|the|another) second {ANOTHER}", "another "),
    )
]
IN_TIMERS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\d) ?h ?(?=\d)|(?<=\d) h\b", " hours "),
        (r"(?<=\d) ?m ?(?=\d)|(?<=\d) m\b", " minutes "),
        (r"(?<=\d) s\b", " seconds "),
        (r"\b(\d+):(\d\d):(\d\d)\b", r"\1 hours \2 minutes \3 seconds"),
        (r"\b(\d+):(\d\d)\b", r"\1 minutes \2 seconds"),
        (r"\b(?:0|00) (?:hours|minutes|seconds) (?=\d)", ""),
        (r" 00 (?:minutes|seconds)\b", ""),
    )
]
"""What is short for a length of time; elsewhere "5 m" are meters, and 1:30 is a time of day."""

ABOUT_TIMERS = re.compile(
    r"\b(?:timers?|countdown|count down|remind me in)\b"
    r"|(?:no|actually|(?:make|set|change|add) (?:it|that)?(?: to)?) [\d.]+"
)


def rewritten(text: str) -> str:
    """Return the text, which is in lower case, as words."""
    text = _replaced(text, REPLACEMENTS)
    return _replaced(text, IN_TIMERS) if ABOUT_TIMERS.search(text) else text


def _replaced(text: str, replacements: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, replacement in replacements:
        text = pattern.sub(replacement, text)
    return text
