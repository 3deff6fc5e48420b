from __future__ import annotations

import asyncio

import pytest
from fakes.chat_server import ChatServer

from voice_assistant.cli import settings
from voice_assistant.errors import Unreachable


async def test_the_chat_models_of_this_machine_are_listed(capsys):
    async with ChatServer() as server:
        server.models = ["llama3.2", "evil\x1b]52;c;x\x07"]
        assert await asyncio.to_thread(settings.list_chat_models, {"Ollama": server.port}) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"Ollama at http://127.0.0.1:{server.port}/v1: llama3.2, evil")
    assert "\x1b" not in printed


def test_no_chat_model_is_an_error_that_says_where_was_looked():
    with pytest.raises(Unreachable) as raised:
        settings.list_chat_models({"Ollama": 9})
    assert "Ollama on port 9" in raised.value.hint
