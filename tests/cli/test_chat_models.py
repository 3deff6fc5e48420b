from __future__ import annotations

import asyncio
import threading

import pytest
from fakes.chat_server import ChatServer

from voice_assistant.cli import settings
from voice_assistant.errors import Unreachable


def test_the_chat_models_of_this_machine_are_listed(capsys):
    ready, done = threading.Event(), threading.Event()
    ports = {}

    async def serve():
        async with ChatServer() as server:
            server.models = ["llama3.2", "evil\x1b]52;c;x\x07"]
            ports["Ollama"] = server.port
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        assert settings.list_chat_models(ports) == 0
    finally:
        done.set()
        thread.join()
    printed = capsys.readouterr().out
    assert printed.startswith(f"Ollama at http://127.0.0.1:{ports['Ollama']}/v1: llama3.2, evil")
    assert "\x1b" not in printed


def test_no_chat_model_is_an_error_that_says_where_was_looked():
    with pytest.raises(Unreachable) as raised:
        settings.list_chat_models({"Ollama": 9})
    assert "Ollama on port 9" in raised.value.hint
