from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
import time

import pytest
from fakes import until

from voice_assistant.errors import ConfigError
from voice_assistant.settings.key_command import OUTPUT_LIMIT, run_key_command


def sh(script):
    return f"sh -c {shlex.quote(script)}"


def runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat") as stat:  # noqa: PTH123
        return stat.read().rpartition(")")[2].split()[0] != "Z"


async def test_the_first_line_of_the_command_is_returned_whole():
    assert await run_key_command("printf 'app-x\\r\\nlogin: me\\n'") == "app-x\r\nlogin: me\n"


async def test_the_command_is_not_run_by_a_shell():
    assert await run_key_command("echo $HOME;true") == "$HOME;true\n"


async def test_notices_on_standard_error_are_no_part_of_the_key(capfd):
    assert await run_key_command(sh("echo gpg: a note >&2; echo app-x")) == "app-x\n"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("false", "status 1"),
        (sh("echo app-HUSH; exit 7"), "status 7"),
        (sh("echo app-HUSH; kill -9 $$"), "status -9"),
        ("no-such-program-anywhere app-HUSH", "FileNotFoundError"),
        ("/", "PermissionError"),
        ("echo 'app-HUSH", "ValueError"),
        ("''", "failed"),
        ("   ", "failed"),
    ],
)
async def test_a_command_that_fails_is_told_without_its_words(command, words):
    with pytest.raises(ConfigError, match=r"backend\.api_key_command failed") as caught:
        await run_key_command(command)
    assert words in caught.value.title
    assert "No shell" in caught.value.hint
    assert "HUSH" not in f"{caught.value.title} {caught.value.hint}"


@pytest.mark.parametrize(
    "script", ["yes app-x", "cat /dev/zero", f"head -c {OUTPUT_LIMIT + 1} /dev/zero"]
)
async def test_output_without_an_end_is_not_read_to_the_end(script):
    async with asyncio.timeout(20):
        with pytest.raises(ConfigError, match="printed more than 64 KB"):
            await run_key_command(sh(script))


async def test_as_much_as_is_allowed_is_read():
    printed = await run_key_command(sh(f"head -c {OUTPUT_LIMIT} /dev/zero | tr '\\0' x"))
    assert printed == "x" * OUTPUT_LIMIT


@pytest.mark.parametrize(
    "script",
    [
        "sleep 600",
        "sleep 600 & wait",
        "exec >&-; sleep 600",
        "echo app-x; sleep 600",
        "trap '' TERM INT HUP; sleep 600",
    ],
)
async def test_a_command_that_does_not_end_is_given_up_in_time(script):
    began = time.monotonic()
    with pytest.raises(ConfigError, match=r"did not end within 0\.1 s"):
        await run_key_command(sh(script), limit_s=0.1)
    assert time.monotonic() - began < 10


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("end", ["limit", "cancel"])
async def test_a_command_is_killed_with_all_that_it_started(tmp_path, end):
    noted = tmp_path / "processes"
    script = f"sleep 600 & echo $$ $! > {noted}; wait"
    running = asyncio.create_task(run_key_command(sh(script), 0.3 if end == "limit" else 600.0))
    await until(lambda: noted.exists() and len(noted.read_text().split()) == 2)
    processes = [int(process) for process in noted.read_text().split()]
    if end == "cancel":
        assert all(map(runs, processes))
        running.cancel()
    with pytest.raises((ConfigError, asyncio.CancelledError)):
        async with asyncio.timeout(10):
            await running
    await until(lambda: not any(map(runs, processes)))


async def test_what_the_command_leaves_running_is_not_waited_for(tmp_path):
    file = tmp_path / "process"
    left = sh(f"echo app-x; sleep 60 & echo $! > {file}")
    assert await run_key_command(left, 20.0) == "app-x\n"
    process = int(file.read_text())
    assert runs(process), "an agent stays"
    os.kill(process, signal.SIGKILL)
