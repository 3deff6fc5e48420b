"""What a timer, an alarm or a reminder is."""

from __future__ import annotations

import msgspec


class Timer(msgspec.Struct, frozen=True):
    """Something that rings once, or again and again.

    Attributes:
        id: unlike any other; what rings again and again has another one each time.
        name: what the user calls it ("pasta", "call mom"); may be empty.
        due: when it rings, in seconds since the epoch.
        duration_s: how long it was set for.
        text: the sentence that is said when it rings.
        clock_time: the local time at which it rings, in ISO form, in whatever zone the machine is
            then; "" for what rings after a length of time.
        left_s: the seconds that a paused timer has left; None for one that runs.
        rule: the recurrence rule of what rings again and again, such as "FREQ=DAILY", for
            `recurrence`; "" for what rings once. Without a clock time it rings every `duration_s`.
    """

    id: str
    name: str
    due: float
    duration_s: float
    text: str
    clock_time: str = ""
    left_s: float | None = None
    rule: str = ""
