from __future__ import annotations

import asyncio

import pytest
from fakes.chat_server import ChatServer

from voice_assistant.server.chat_model.discovery import Found, look


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
async def test_another_program_on_the_port_is_none(page):
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
