"""How a command reaches the daemon: by a Unix socket, or as on Windows by a port and two words."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from pathlib import Path

import pytest

from voice_assistant.system.control_channel import Bound, connected

both = pytest.mark.parametrize("as_file", [True, False], ids=["socket", "port"])
PATIENCE_S = 5.0


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "control.sock")


@contextlib.asynccontextmanager
async def serving(bound):
    """A daemon that answers each command with the same line in capitals."""

    async def serve(reader, writer):
        with contextlib.closing(writer):
            if await bound.admits(reader, writer):
                writer.write((await reader.readline()).upper())
                await writer.drain()

    async with await asyncio.start_server(serve, sock=bound.socket):
        yield


def asked(file, *, as_file):
    with contextlib.closing(connected(file, PATIENCE_S, as_file=as_file)) as connection:
        connection.sendall(b"status\n")
        return connection.recv(100)


@both
async def test_a_command_is_answered(file, as_file):
    async with serving(Bound(file, as_file=as_file)):
        for _ in range(3):
            assert await asyncio.to_thread(asked, file, as_file=as_file) == b"STATUS\n"


@both
def test_only_the_user_can_open_the_file(file, as_file):
    before = os.umask(0)
    try:
        Bound(file, as_file=as_file).socket.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600


@both
def test_without_a_daemon_nobody_answers(file, as_file):
    with pytest.raises(OSError, match="No such file"):
        connected(file, PATIENCE_S, as_file=as_file)
    Bound(file, as_file=as_file).socket.close()  # it was killed, and its file is still there
    with pytest.raises(OSError, match="refused"):
        connected(file, PATIENCE_S, as_file=as_file)


@both
def test_a_file_that_is_there_is_not_taken(file, as_file):
    Bound(file, as_file=as_file).socket.close()
    with pytest.raises(OSError, match=r"in use|exists"):
        Bound(file, as_file=as_file)


async def test_who_does_not_know_the_word_is_sent_away(file):
    async with serving(bound := Bound(file, as_file=False)):
        port = bound.socket.getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            writer.write(b"guess\nstatus\n")
            assert await reader.read() == b""


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"x" * 100])
async def test_another_program_that_has_the_port_by_now_receives_no_command(file, answer):
    bound = Bound(file, as_file=False)
    port = bound.socket.getsockname()[1]
    bound.socket.close()
    received = b""

    async def meet(reader, writer):
        nonlocal received
        received = await reader.readline()
        writer.write(answer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            received += await reader.read()

    async with await asyncio.start_server(meet, "127.0.0.1", port):
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(asked, file, as_file=False)
    assert received
    assert b"status" not in received


@pytest.mark.parametrize("content", [b"", b"12", b"12 a", b"x a b", b"\xff" * 500, b"1 2 3 4"])
def test_a_file_that_is_no_daemons_is_no_daemon(file, content):
    Path(file).write_bytes(content)
    with pytest.raises(ConnectionRefusedError):
        connected(file, PATIENCE_S, as_file=False)
