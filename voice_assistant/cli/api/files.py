"""`files`."""

from __future__ import annotations

from pathlib import Path

from voice_assistant.backend.attachments import upload_of
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown


async def upload(at: Connected, names: list[str]) -> Shown:
    """Give the server some."""
    found = [await at.client.upload_file(upload_of(Path(name))) for name in names]
    rows = [(one.id, one.mime_type, f"{one.size:,} bytes", one.name) for one in found]
    return Shown(found, words.table(rows, empty=""))
