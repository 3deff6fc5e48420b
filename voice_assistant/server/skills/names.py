"""The names of timers that users make up."""

from __future__ import annotations

import re

LONGEST = 4
"""Words of a timer's name."""

SENTENCE = re.compile(
    r"""
    a|an|the|my|your|his|her|its|our|their|this|that|these|those|i|it|you|
    he|she|we|they|me|us|him|them|not|no|never|do|does|did|is|are|was|were|
    am|be|been|have|has|had|can|could|will|would|should|shall|may|might|must|
    need|want|like|give|let|make|set|start|create|add|put|begin|run|cancel|
    stop|delete|remove|reset|restart|change|update|pause|resume|end|turn|check|
    show|list|tell|say|ask|what|which|who|whose|when|where|why|how|there|here|
    if|for|to|at|from|until|till|by|about|than|then|more|less|second|seconds|
    minute|minutes|hour|hours|day|days|week|weeks|timer|timers|alarm|alarms|
    reminder|reminders|countdown|another|other|new|please|maybe|perhaps|any|some|
    all|both|none|every|everything|but|or|because|remind|wake|number|oclock|
    half|quarter|called|named|only|just|also|still|
    again|once|twice|thrice|each|times|daily|weekly|monthly|hourly|recurring|
    repeating|repeated
    """,
    re.VERBOSE,
)
"""Words that are part of a sentence, and of no timer's name: without them "{name} timer" would take
"do I have a" for a name."""

WHEN = re.compile(
    r"""
    today|tonight|tomorrow|yesterday|now|soon|later|earlier|early|late|ago|hence|
    past|after|before|since|morning|noon|midday|afternoon|evening|night|midnight|
    (?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?|months?|
    years?|longer|shorter|sooner|instead|plus|minus|ish|tops|maximum|max|minimum|
    approximately|roughly|exactly|around|total|silent|quiet|silently|quietly|loudly
    """,
    re.VERBOSE,
)
"""Words that, as the last ones, say when or how long: "for five minutes tomorrow" has no name."""


def is_name(words: list[str]) -> bool:
    """Return whether these plain words, in which numbers are digits, can be a name."""
    if not 0 < len(words) <= LONGEST or WHEN.fullmatch(words[-1]):
        return False
    return not any(word.isdigit() or SENTENCE.fullmatch(word) for word in words)
