"""The table of intents: the skill that answers each, and those that change something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.skills import (
    alarms,
    asking_back,
    cancelling,
    chance,
    consent,
    dates,
    machine,
    model_choice,
    moving,
    music,
    notes,
    numerals,
    opening,
    pausing,
    spelling,
    stopwatch,
    sums,
    talk,
    telling,
    timing,
    tips,
    units,
    zones,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.server.skills.reply import Answer, Asked

ANSWERS: dict[str, Callable[[Asked], Answer | Awaitable[Answer]]] = {
    "time": dates.time,
    "time_there": zones.time_there,
    "time_there_too": zones.time_there_too,
    "time_difference": zones.time_difference,
    "time_ahead": dates.time_ahead,
    "date": dates.date,
    "is_weekday": dates.is_weekday,
    "date_ahead": dates.date_ahead,
    "weekday_of": dates.weekday_of,
    "days_until": dates.days_until,
    "days_between": dates.days_between,
    "days_left": dates.days_left,
    "age": dates.age,
    "month_length": dates.month_length,
    "leap_year": dates.leap_year,
    "time_until": alarms.time_until,
    "period": dates.period,
    "calculate": sums.calculate,
    "calculate_more": sums.calculate_more,
    "power": sums.power,
    "roots": sums.roots,
    "added": sums.added,
    "taken_from": sums.taken_from,
    "fraction": sums.fraction,
    "percent": sums.percent,
    "percentage": sums.percentage,
    "tip": tips.tip,
    "factorial": sums.factorial,
    "to_roman": numerals.to_roman,
    "from_roman": numerals.from_roman,
    "to_base": numerals.to_base,
    "from_binary": numerals.from_binary,
    "count": numerals.count,
    "percent_change": sums.percent_change,
    "average": sums.average,
    "remainder": sums.remainder,
    "multiple": sums.multiple,
    "convert": units.convert,
    "convert_mixed": units.convert_mixed,
    "convert_degrees": units.convert_degrees,
    "convert_more": units.convert_more,
    "timer_start": timing.start,
    "timer_put": timing.put,
    "timer_two": timing.two,
    "timer_unclear": timing.unclear,
    "timer_nothing": timing.nothing,
    "timer_change": timing.change,
    "timer_unwanted": cancelling.unwanted,
    "timer_pause": pausing.pause,
    "timer_resume": pausing.resume,
    "timer_how_long": asking_back.how_long,
    "alarm_when": asking_back.at_what_time,
    "remind_when": asking_back.remind_when,
    "timer_left": telling.left,
    "timer_list": telling.listing,
    "timer_cancel": cancelling.cancel,
    "remind": timing.remind,
    "alarm": alarms.alarm,
    "alarm_change": moving.change,
    "alarm_shift": moving.shift,
    "alarm_skip": moving.skip,
    "alarm_unwanted": moving.skip,
    "enough": cancelling.enough,
    "repeat": talk.repeat,
    "spell": spelling.spell,
    "letters": spelling.letters,
    "help": talk.help_,
    "list_add": notes.add,
    "list_read": notes.read,
    "list_remove": notes.remove,
    "list_has": notes.has,
    "list_clear": notes.clear,
    "note_add": notes.note,
    "note_what": notes.what,
    "note_read": notes.read,
    "note_remove": notes.remove_note,
    "stopwatch_start": stopwatch.start,
    "stopwatch_read": stopwatch.read,
    "stopwatch_stop": stopwatch.stop,
    "stopwatch_reset": stopwatch.reset,
    "battery": machine.battery,
    "disk": machine.disk,
    "memory": machine.memory,
    "volume": machine.volume,
    "mute": machine.mute,
    "brightness": machine.brightness,
    "music_steer": music.steer,
    "music_playing": music.playing,
    "open_program": opening.open_program,
    "open_page": opening.open_page,
    "yes": consent.yes,
    "no": consent.no,
    "hello": talk.hello,
    "courtesy": talk.courtesy,
    "model_use": model_choice.use,
    "model_leave": model_choice.leave,
    "model_which": model_choice.which,
    "model_how": model_choice.how,
    "coin": chance.coin,
    "dice": chance.dice,
    "chance": chance.chance,
    "pick": chance.pick,
    "joke": chance.joke,
}
"""The function that answers each intent of the templates."""


CHANGES = frozenset(
    (
        *("timer_start", "timer_put", "timer_two", "timer_change", "timer_cancel"),
        *("timer_pause", "timer_resume"),
        *("remind", "alarm", "alarm_change", "alarm_shift", "alarm_skip"),
    )
)
"""The intents that a sentence with "not" never carries out."""

KEEPS = CHANGES | frozenset(
    (
        *("timer_unwanted", "alarm_unwanted"),
        *("list_add", "list_remove", "note_add", "stopwatch_stop", "stopwatch_reset"),
        *("model_use", "model_leave"),
    )
)
"""The intents that words which may have been misheard carry out only after a "yes".

The others do no harm, or ask by themselves.
"""
