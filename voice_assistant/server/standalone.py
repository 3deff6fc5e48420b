"""The backend for other programs: in the foreground, with a token that they can read in a file."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError, StorageError
from voice_assistant.server.composition import composed
from voice_assistant.server.serving import listen, serving, url_of
from voice_assistant.system import private_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_assistant.server.composition import Options


def serve(options: Options, port: int, token_file: Path, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl+C or SIGTERM.

    Args:
        options: how the server is to be.
        port: 0 chooses a free one.
        token_file: holds the token; made for the owner alone where it is missing, and kept.
        announce: is given the URL as soon as it is served.

    Raises:
        ConfigError: the port is taken, or the data folder or token file cannot be used.
    """
    asyncio.run(_serve(options, port, token_of(token_file), announce))


def token_of(file: Path) -> str:
    """The token in `file`; a new one where there is no such file.

    Raises:
        ConfigError: the file cannot be read or written, is empty, or others can read it.
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
        token = file.read_text().strip()
        mode = file.stat().st_mode
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    if os.name == "posix" and mode & 0o077:
        raise ConfigError(f"{file} can be read by others", f"Say `chmod 600 {file}`.")
    if not token:
        raise ConfigError(f"{file} is empty", "Delete it; a new token will be made.")
    return token


async def _serve(options: Options, port: int, token: str, announce: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    told_to_end = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: loop.call_soon_threadsafe(told_to_end.set))
    with listen(port) as listener:
        async with composed(options) as parts, serving(parts, token, listener):
            announce(url_of(listener))
            await told_to_end.wait()
