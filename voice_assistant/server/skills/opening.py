"""Programs of the menu and pages of the web: opened after the user said yes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.server.machine.programs import Program
from voice_assistant.server.skills.consent import asking
from voice_assistant.server.skills.reply import PROGRAMS, Answer, NotUnderstood

if TYPE_CHECKING:
    from voice_assistant.server.skills.reply import Asked

MOST_NAMED = 3
SITES = {
    **{
        name: f"{name}.com"
        for name in ("youtube", "google", "github", "reddit", "amazon", "netflix")
    },
    "wikipedia": "wikipedia.org",
    "gmail": "mail.google.com",
    "google maps": "maps.google.com",
}
"""Pages that are known by a name, where no program has it."""


async def open_program(asked: Asked) -> Answer:
    """For "Open Firefox"; asks first."""
    name = asked.match.text("program")
    found = await asyncio.to_thread(asked.means.programs.find, name)
    if not found and (page := SITES.get(name)):
        return asking(f"Open {page}?", f"really open the page {page}")
    if not found:
        raise NotUnderstood
    if len(found) > 1:
        names = [one.name for one in found[:MOST_NAMED]]
        text = f"Which one: {' or '.join(names)}?"
        suggestions = tuple(f"Open {name}" for name in names)
        return Answer(text, suggestions, "program", {PROGRAMS: "\n".join(names)})
    (program,) = found
    if not asked.match.text("sure"):
        return asking(f"Open {program.name}?", f"really open {name}")
    started = await asyncio.to_thread(asked.means.programs.start, program)
    return Answer(f"{program.name} opens." if started else f"{program.name} cannot be started.")


async def open_page(asked: Asked) -> Answer:
    """For "Open wikipedia.org"; asks first."""
    page = asked.match.text("page")
    if not asked.match.text("sure"):
        return asking(f"Open {page}?", f"really open the page {page}")
    address = page if "://" in page else f"https://{page}"
    opening = Program(page, ("xdg-open", address))
    started = await asyncio.to_thread(asked.means.programs.start, opening)
    return Answer(f"{page} opens." if started else "I find no program that opens pages.")
