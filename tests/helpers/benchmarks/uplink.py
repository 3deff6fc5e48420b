"""A slow way to a server on this machine: a proxy with the rate and the delay of a real uplink."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PACKET_BYTES = 1400
WINDOW_BYTES = 64 * 1024
"""What may be on its way, as a sender's buffers hold it; more waits at the sender."""


@dataclass(frozen=True)
class Uplink:
    """The rate and the delay of an uplink.

    Attributes:
        up_bits_s: to the server.
        down_bits_s: from it.
        round_trip_s: there and back, which a new connection takes once before anything is sent.
    """

    up_bits_s: float = 1e6
    down_bits_s: float = 10e6
    round_trip_s: float = 0.08


@contextlib.asynccontextmanager
async def through(url: str, uplink: Uplink) -> AsyncIterator[str]:
    """Yield the address that reaches the server at `url` by way of `uplink`."""
    address = urlsplit(url)
    tasks: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await asyncio.sleep(uplink.round_trip_s)
            to, back = await asyncio.open_connection(address.hostname, address.port)
            for end in (writer, back):
                end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            async with asyncio.TaskGroup() as group:
                group.create_task(_carry(reader, back, uplink.up_bits_s, uplink.round_trip_s / 2))
                group.create_task(_carry(to, writer, uplink.down_bits_s, uplink.round_trip_s / 2))
        except* ConnectionError:
            pass
        finally:
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(carry, "127.0.0.1", 0, limit=WINDOW_BYTES)
    port = server.sockets[0].getsockname()[1]
    try:
        yield urlunsplit(address._replace(netloc=f"127.0.0.1:{port}"))
    finally:
        server.close()
        if tasks:  # the last packets of connections that are closed
            await asyncio.wait(tasks, timeout=5)
        await server.wait_closed()


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bits_s: float, delay_s: float
) -> None:
    """Every packet takes its time on the line, and arrives `delay_s` after it was sent."""
    loop = asyncio.get_running_loop()
    packets: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WINDOW_BYTES // PACKET_BYTES)

    async def deliver() -> None:
        while True:
            at, packet = await packets.get()
            await asyncio.sleep(at - loop.time())
            if not packet:
                break
            writer.write(packet)
        if writer.can_write_eof():
            writer.write_eof()

    delivering = asyncio.create_task(deliver())
    free_at = 0.0
    try:
        while packet := await reader.read(PACKET_BYTES):
            free_at = max(free_at, loop.time()) + (len(packet) + 60) * 8 / bits_s
            await packets.put((free_at + delay_s, packet))
        await packets.put((max(free_at, loop.time()) + delay_s, b""))
        await delivering
    finally:
        delivering.cancel()
        writer.close()
