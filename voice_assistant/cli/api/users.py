"""`end-users`: shows what the server knows of a user."""

from __future__ import annotations

from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown


async def show(at: Connected, user: str) -> Shown:
    """Show a user of the app."""
    found = await at.client.end_user(user)
    told = {
        "id": found.id,
        "name": found.name,
        "called": found.session_id,
        "type": found.type,
        "anonymous": "yes" if found.is_anonymous else "no",
        "created": _when(found.created_at),
        "updated": _when(found.updated_at),
    }
    return Shown(found, words.facts(told))


def _when(time: str | int) -> str:
    return words.when(time) if isinstance(time, int) else time[:16].replace("T", " ")
