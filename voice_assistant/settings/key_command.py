"""Runs the command that prints an API key, with limits, and leaves none of its processes running.

Errors repeat neither the command's words nor its output, because both may hold the key.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
from typing import TYPE_CHECKING

from voice_assistant.errors import ConfigError
from voice_assistant.settings.key_text import decode
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

COMMAND_S = 30.0
"""How long the command may take: a password manager may ask the user to unlock it."""

OUTPUT_LIMIT = 1 << 16
"""The most bytes that the command may print."""

LOOK_S = 0.2
"""How long a command that has ended may take to hand over what it has printed."""

END_S = 1.0
"""How long to wait for the end of a killed command."""


async def run_key_command(
    command: str, limit_s: float = COMMAND_S, name: str = "backend.api_key_command"
) -> str:
    """Return the output of `command`; a cancellation kills the command.

    Args:
        command: the command line; it is split into words like a shell does, but no shell runs it.
        limit_s: seconds that the command may take.
        name: the setting with the command, for messages.

    Raises:
        ConfigError: the command cannot be run, fails, takes too long or prints too much.
    """
    try:
        async with asyncio.timeout(limit_s), _running(command) as process:
            output = await _read(process, name)
            status = process.returncode
            if status is None:
                status = await process.wait()
    except TimeoutError as error:
        raise _failed(name, _("did not end within {limit_s:g} s", limit_s=limit_s)) from error
    except (OSError, ValueError, IndexError) as error:
        raise _failed(name, _("failed ({error})", error=type(error).__name__)) from error
    if status:
        raise _failed(name, _("failed (it ended with status {status})", status=status))
    return decode(output)


@contextlib.asynccontextmanager
async def _running(command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    program, *arguments = shlex.split(command)
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # so that all its processes can be killed
        )
    )
    try:
        # A start that is cancelled halfway would leave the command's own processes running.
        yield await asyncio.shield(starting)
    except BaseException:
        await _end(await starting)
        raise
    # An agent that was left behind holds the pipe open.
    starting.result()._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001


async def _read(process: asyncio.subprocess.Process, name: str) -> bytes:
    assert process.stdout  # noqa: S101  (it is a pipe)
    output, piece = b"", b"-"
    while piece:
        try:
            async with asyncio.timeout(LOOK_S):
                piece = await process.stdout.read(OUTPUT_LIMIT)
        except TimeoutError:
            if process.returncode is not None:
                break  # what it has left in the background, such as an agent, keeps the pipe open
            continue
        output += piece
        if len(output) > OUTPUT_LIMIT:
            raise _failed(name, _("printed more than {size} KB", size=OUTPUT_LIMIT // 1024))
    return output


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the command with all processes that it started, and wait until its output is closed."""
    assert process.stdout  # noqa: S101  (it is a pipe)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(END_S):
            while await process.stdout.read(OUTPUT_LIMIT):
                pass
            await process.wait()


def _failed(name: str, how: str) -> ConfigError:
    return ConfigError(
        f"{name} {how}",
        _(
            "Run it in a terminal: it must print the key on its first line and end "
            "with status 0. No shell runs it here: ~, $HOME and | mean nothing."
        ),
    )
