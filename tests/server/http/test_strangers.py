"""Connections of those who do not know the token."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket

from fakes import until
from helpers.server.running import ME, running

from voice_assistant.server.http.listening_socket import AT_ONCE
from voice_assistant.server.http.strangers import MOST_STRANGERS

HALF_A_REQUEST = b"GET /v1/info HTTP/1.1\r\nX-Never-Ending: "


async def test_half_requests_without_end_do_not_keep_the_owner_out(tmp_path):
    async with running(tmp_path) as server:
        served = await server.client.get("/parameters", params=ME)
        port = server.client.base_url.port
        strangers = []
        for _ in range(3 * MOST_STRANGERS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HALF_A_REQUEST)
            strangers.append((reader, writer))
        await until(
            lambda: (
                sum(reader.at_eof() for reader, _ in strangers) >= 2 * MOST_STRANGERS
                or any(reader.exception() for reader, _ in strangers)
            )
        )
        again = await server.client.get("/parameters", params=ME)
        assert (served.status_code, again.status_code) == (200, 200)
        assert [reader.at_eof() for reader, _ in strangers[-MOST_STRANGERS // 2 :]] == [False] * (
            MOST_STRANGERS // 2
        )
        for _, writer in strangers:
            writer.close()


async def test_a_stream_of_the_owner_outlasts_any_number_of_strangers(tmp_path):
    async with running(tmp_path) as server:
        async with server.asking("hello") as events:
            port = server.client.base_url.port
            strangers = [
                await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_STRANGERS + 10)
            ]
            kinds = [event["event"] async for event in events]
        assert kinds[-1] == "message_end"
        for _, writer in strangers:
            writer.close()


async def test_no_more_strangers_come_at_once_than_there_is_room_for(tmp_path):
    async with running(tmp_path) as server:
        await server.client.get("/parameters", params=ME)  # it serves
        port = server.client.base_url.port
        with contextlib.ExitStack() as open_sockets:
            strangers = [open_sockets.enter_context(socket.socket()) for _ in range(3 * AT_ONCE)]
            for stranger in strangers:
                stranger.setblocking(False)
                stranger.connect_ex(("127.0.0.1", port))
            # Nothing of the server runs meanwhile: these wait at its socket.
            _, waiting, _ = select.select([], strangers, [], 0)
            assert 0 < len(waiting) <= AT_ONCE + 1
            await server.client.get("/parameters", params=ME)  # and it takes them
