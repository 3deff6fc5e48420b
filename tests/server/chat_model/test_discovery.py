from __future__ import annotations

import asyncio

import pytest
from fakes.chat_server import ChatServer

from voice_assistant.server.chat_model.discovery import Found, look, owners


async def test_servers_that_list_models_are_found():
    async with ChatServer() as one, ChatServer() as other, ChatServer() as empty:
        one.models = ["text-embedding-small", "llama3.2", "qwen3"]
        empty.models = ["nomic-embed-text"]
        ports = {"Ollama": one.port, "LM Studio": empty.port, "vLLM": other.port}
        assert await look(ports) == [
            Found("Ollama", one.url, ("llama3.2", "qwen3")),
            Found("vLLM", other.url, ("tiny",)),
        ]


@pytest.mark.parametrize("page", ["a web page", [], {"data": None}, {"models": []}])
async def test_another_program_on_the_port_is_no_chat_model(page):
    async with ChatServer() as server:
        server.pages["/v1/models"] = page
        assert await look({"llama.cpp": server.port}) == []


async def test_nothing_is_found_where_nothing_listens():
    async with ChatServer() as server:
        pass
    assert await look({"Ollama": server.port}) == []


async def test_a_program_that_does_not_answer_costs_a_second():
    left = asyncio.Event()

    async def silent(reader, writer):
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        began = asyncio.get_running_loop().time()
        assert await look({"vLLM": server.sockets[0].getsockname()[1]}) == []
        assert asyncio.get_running_loop().time() - began < 5
        await left.wait()


TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 20000 1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 20001 1
   2: 0100007F:2CAA 0100007F:C000 01 00000000:00000000 00:00000000 00000000  1002        0 20002 1
"""


def test_the_server_that_listens_on_a_port_is_identified():
    assert owners(TABLE, 11434) == {998}
    assert owners(TABLE, 8080) == {1001}
    assert owners(TABLE, 1234) == set()
    assert owners("", 8080) == set()
