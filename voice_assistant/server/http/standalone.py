"""Serves the backend for other programs: in the foreground, with the token in a file."""

from __future__ import annotations

import asyncio
import secrets
import sys
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError, StorageError
from voice_assistant.server.composition import composed
from voice_assistant.server.http.serving import listen, serving, url_of
from voice_assistant.system import plain_files, private_files, process_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_assistant.server.composition import Options


def serve(options: Options, port: int, token_file: Path, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl+C or SIGTERM.

    Args:
        options: the choices for the server.
        port: the port; 0 chooses a free port.
        token_file: holds the token; a missing file is made, readable by its owner only, and kept.
        announce: called with the URL as soon as the server serves it.

    Raises:
        ConfigError: another program uses the port, or the data folder or token file cannot be
            used.
    """
    asyncio.run(_serve(options, port, token_of(token_file), announce))


def token_of(file: Path) -> str:
    """Return the token in `file`; a missing file is made with a new token.

    Raises:
        ConfigError: the file cannot be read or written, is empty, or other users can read it.
    """
    try:
        return _read(file)
    except FileNotFoundError:
        token = secrets.token_urlsafe(32)
        try:
            private_files.replace(file, f"{token}\n".encode(), durable=True)
        except StorageError as error:
            raise ConfigError(error.title, error.hint) from error
        return token


def _read(file: Path) -> str:
    try:
        token = plain_files.read(file).decode().strip()
        mode = file.stat().st_mode
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file} cannot be read: {error}", "Delete it; a new token will be made."
        ) from error
    if sys.platform != "win32" and mode & 0o077:
        raise ConfigError(f"{file} can be read by others", f"Run `chmod 600 {file}`.")
    if not token:
        raise ConfigError(f"{file} is empty", "Delete it; a new token will be made.")
    return token


async def _serve(options: Options, port: int, token: str, announce: Callable[[str], None]) -> None:
    told_to_end = asyncio.Event()
    for number in process_signals.ENDING:
        process_signals.on_signal(number, told_to_end.set)
    with listen(port) as listener:
        async with composed(options) as parts, serving(parts, token, listener):
            announce(url_of(listener))
            await told_to_end.wait()
