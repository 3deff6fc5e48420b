"""`files`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.backend.attachments import upload_of
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown

if TYPE_CHECKING:
    import argparse


async def upload(at: Connected, options: argparse.Namespace) -> Shown:
    """Give the server some."""
    found = [await at.client.upload_file(upload_of(Path(name))) for name in options.file]
    rows = [(one.id, one.mime_type, f"{one.size:,} bytes", one.name) for one in found]
    return Shown(found, words.table(rows, empty=""))
