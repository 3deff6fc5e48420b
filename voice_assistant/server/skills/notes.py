"""Notes, the shopping list and the to-do list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.server.skills.consent import asking
from voice_assistant.server.skills.reply import FRESH, MORE, Answer
from voice_assistant.text.letters import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.server.skills.reply import Asked
    from voice_assistant.server.store.lists import Entry

NOTES = "notes"
SHOPPING = "shopping list"
TO_DO = "to-do list"
MOST_READ = 10
"""Entries that are read aloud; who wants more asks for less."""

READ = "Read my notes"
ALL = ("all", "everything", "all of it", "all items", "all entries")
PLURAL = re.compile(r"^[a-z]+[^su]s$", re.IGNORECASE)
"""One word that is a plural as it looks."""

BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)


def add(asked: Asked) -> Answer:
    """For "Add milk and eggs to the shopping list"; other lists keep an entry as it was said."""
    name, words = asked.match.text("list"), asked.match.text("item")
    items = [item for item in BETWEEN.split(words) if item] if name == SHOPPING else [words]
    if asked.match.text("instead"):
        take_back(asked)
    for item in items:
        asked.means.lists.add(name, item)
    said = joined(items)
    return Answer(
        f"{capitalised(said)} {_verb(items)} on the {name}.",
        (f"What is on my {name}?", f"Remove {items[-1]} from the {name}"),
        "list",
        {"list": name, "items": "\n".join(items), FRESH: "listed", MORE: f"add {{}} to the {name}"},
    )


def take_back(asked: Asked) -> Answer:
    """Remove what the last question has put on a list."""
    name, items = asked.memory.details["list"], asked.memory.details["items"].split("\n")
    for item in items:
        if entry := _meant(asked.means.lists.entries(name), item):
            asked.means.lists.remove(entry.id)
    return Answer(f"{capitalised(joined(items))} {_verb(items)} off the {name} again.")


def read(asked: Asked) -> Answer:
    """For "What is on my shopping list", "read my notes"."""
    name = asked.match.text("list") or NOTES
    entries = asked.means.lists.entries(name)
    if not entries:
        return Answer(_empty(name), (f"Add milk to the {SHOPPING}",))
    count = "one entry" if len(entries) == 1 else f"{len(entries)} entries"
    what = f"The {name} has {count}" if name != NOTES else _count_of_notes(len(entries))
    more = f", and {len(entries) - MOST_READ} more" if len(entries) > MOST_READ else ""
    texts = [entry.text for entry in entries[:MOST_READ]]
    if name == NOTES:
        said = ". ".join(f"{number}: {text}" for number, text in enumerate(texts, 1))
        return Answer(f"{what}. {said}{more}.", ("Delete the last note",))
    return Answer(f"{what}: {', '.join(texts)}{more}.", (f"Clear the {name}",))


def remove(asked: Asked) -> Answer:
    """For "Remove milk from the shopping list"."""
    words = asked.match.text("item")
    if words.casefold() in ALL:
        return clear(asked)
    name = asked.match.text("list") or _list_with(asked, words)
    meant = _meant(asked.means.lists.entries(name), words)
    if meant is None:
        return Answer(f"There is no {words} on the {name}.", (f"What is on my {name}?",))
    asked.means.lists.remove(meant.id)
    return Answer(
        f"{capitalised(meant.text)} {_verb([meant.text])} off the {name}.",
        (f"What is on my {name}?",),
    )


def has(asked: Asked) -> Answer:
    """For "Is milk on the shopping list"."""
    name, words = asked.match.text("list"), asked.match.text("item")
    found = _meant(asked.means.lists.entries(name), words)
    if found:
        return Answer(
            f"Yes, {found.text} {_verb([found.text])} on the {name}.",
            (f"Remove {found.text} from the {name}",),
        )
    return Answer(
        f"No, {words} {_verb([words])} not on the {name}.", (f"Add {words} to the {name}",)
    )


def clear(asked: Asked) -> Answer:
    """For "Clear the shopping list", "delete all notes"; asks first."""
    name = asked.match.text("list") or NOTES
    entries = asked.means.lists.entries(name)
    if not entries:
        return Answer(_empty(name))
    if not asked.match.text("sure"):
        kind = ("note", "notes") if name == NOTES else ("entry", "entries")
        count = f"the only {kind[0]}" if len(entries) == 1 else f"all {len(entries)} {kind[1]}"
        of = "" if name == NOTES else f" of the {name}"
        return asking(f"Delete {count}{of}?", f"really clear the {name}")
    asked.means.lists.clear(name)
    return Answer("All notes are deleted." if name == NOTES else f"The {name} is empty now.")


def note(asked: Asked) -> Answer:
    """For "Take a note: the key is under the mat"."""
    text = asked.match.text("item")
    asked.means.lists.add(NOTES, text)
    return Answer(f"Noted: {text}{'' if text[-1] in '.!?' else '.'}", (READ,))


def what(_: Asked) -> Answer:
    """For "Take a note": says how."""
    return Answer("Say it with the note, such as: take a note, the key is under the mat.", (READ,))


def remove_note(asked: Asked) -> Answer:
    """For "Delete the last note"; asks first."""
    notes = asked.means.lists.entries(NOTES)
    if not notes:
        return Answer(_empty(NOTES))
    if not asked.match.text("sure"):
        return asking(f"Delete the note: {notes[-1].text}?", "really delete the last note")
    asked.means.lists.remove(notes[-1].id)
    return Answer("The last note is deleted.", (READ,))


def _list_with(asked: Asked, words: str) -> str:
    """Return the list that has an entry with these words; the shopping list if none has."""
    found = (name for name in (SHOPPING, TO_DO) if _meant(asked.means.lists.entries(name), words))
    return next(found, SHOPPING)


def _meant(entries: Sequence[Entry], words: str) -> Entry | None:
    """Return the entry with these words, else the only one that contains them."""
    said = words.casefold()
    same = [entry for entry in entries if entry.text.casefold() == said]
    part = [entry for entry in entries if said in entry.text.casefold().split()]
    return same[0] if same else part[0] if len(part) == 1 else None


def _empty(name: str) -> str:
    return "There are no notes." if name == NOTES else f"The {name} is empty."


def _count_of_notes(count: int) -> str:
    return "There is one note" if count == 1 else f"There are {count} notes"


def _verb(items: Sequence[str]) -> str:
    return "are" if len(items) > 1 or PLURAL.search(items[0]) else "is"


def joined(items: Sequence[str]) -> str:
    """Return "milk, bread and butter"."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))
