"""This machine: its battery, memory, disk, volume and brightness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.server.machine.machine import Unavailable
from voice_assistant.server.skills.reply import Answer

if TYPE_CHECKING:
    from fractions import Fraction

    from voice_assistant.server.machine.machine import Space
    from voice_assistant.server.skills.reply import Asked

STEP_PERCENT = 10
LEVELS = range(101)
TOO_FAR = "It goes from 0 to 100 percent. Nothing is changed."
GIGABYTE = 10**9
CHARGING = {"Charging": " and charging", "Full": " and full", "Not charging": ", on mains"}


def battery(asked: Asked) -> Answer:
    """For "How full is the battery"."""
    try:
        state = asked.means.machine.battery()
    except Unavailable:
        return Answer("I find no battery in this machine.")
    return Answer(f"The battery is at {state.percent} percent{CHARGING.get(state.status, '')}.")


def disk(asked: Asked) -> Answer:
    """For "How much disk space is left"."""
    try:
        space = asked.means.machine.disk()
    except Unavailable:
        return Answer("The disk cannot be asked.")
    return Answer(f"{_free(space)} are free on the disk.", ("How much memory is free?",))


def memory(asked: Asked) -> Answer:
    """For "How much memory is free"."""
    try:
        space = asked.means.machine.memory()
    except Unavailable:
        return Answer("This system does not tell its memory.")
    return Answer(f"{_free(space)} of memory are free.", ("How much disk space is left?",))


async def volume(asked: Asked) -> Answer:
    """For "What is the volume", "set the volume to 40 percent", "turn the volume up"."""
    machine = asked.means.machine
    try:
        percent = _wanted(asked, await machine.volume())
        if percent is None:
            return Answer(f"The volume is at {await machine.volume()} percent.", VOLUMES)
        if percent not in LEVELS:
            return Answer(TOO_FAR)
        await machine.set_volume(percent)
    except Unavailable:
        return Answer("I cannot change the volume of this machine.")
    return Answer(f"The volume is at {percent} percent.", VOLUMES)


async def mute(asked: Asked) -> Answer:
    """For "Mute the sound", "unmute the sound"."""
    muted = asked.match.text("switch") == "off"
    try:
        await asked.means.machine.mute(muted=muted)
    except Unavailable:
        return Answer("I cannot change the volume of this machine.")
    text = "The sound is off." if muted else "The sound is on."
    return Answer(text, ("Unmute the sound",) if muted else ())


async def brightness(asked: Asked) -> Answer:
    """For "Set the brightness to 50 percent", "make the screen darker"."""
    machine = asked.means.machine
    try:
        now = machine.brightness()
        percent = _wanted(asked, now)
        if percent is not None:
            if percent not in LEVELS:
                return Answer(TOO_FAR)
            await machine.set_brightness(percent)
    except Unavailable:
        return Answer("I cannot change the brightness of this screen.")
    shown = now if percent is None else percent
    return Answer(f"The brightness is at {shown} percent.", ("Make the screen darker",))


VOLUMES = ("Turn the volume down", "Turn the volume up")


def _wanted(asked: Asked, now: int) -> int | None:
    """Return the level that is wished for, in percent; None if the question only asks for it."""
    way = asked.match.text("way")
    levels = asked.match.values("percent")
    if level := asked.match.text("level"):
        return int(level)
    if absolute := asked.match.values("to"):
        levels, way = absolute, ""
    percent: Fraction | int
    if levels and not way:
        percent = levels[0]
    elif way:
        step = levels[0] if levels else STEP_PERCENT
        percent = min(max(now + step if way == "up" else now - step, 0), 100)
    else:
        return None
    return round(percent)


def _free(space: Space) -> str:
    free, total = (f"{size / GIGABYTE:.0f}" for size in space)
    if space.free < 10 * GIGABYTE:
        free = f"{space.free / GIGABYTE:.1f}"
    return f"{free} of {total} gigabytes"
