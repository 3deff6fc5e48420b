"""`files`: uploads files for questions."""

from __future__ import annotations

from pathlib import Path

from voice_assistant.backend.attachments import check_files, upload_of
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown
from voice_assistant.errors import BackendError


async def upload(at: Connected, names: list[str]) -> Shown:
    """Upload files to the server."""
    files = [Path(name) for name in names]
    try:
        limits = (await at.client.parameters()).system_parameters
    except BackendError:
        limits = None  # the server itself refuses a file that is too large
    await check_files(files, limits)
    found = [await at.client.upload_file(upload_of(file)) for file in files]
    rows = [(one.id, one.mime_type, f"{one.size:,} bytes", one.name) for one in found]
    return Shown(found, words.table(rows, empty=""))
