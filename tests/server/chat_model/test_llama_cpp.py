"""A real server of chat models: llama.cpp's, asked by the real client."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from helpers.server.llama_cpp import LENGTH_TOKENS, WINDOW_TOKENS
from helpers.server.talk import turn

from server.skills.conftest import Talk
from voice_assistant.errors import BackendError
from voice_assistant.server.chat_model.access import Access
from voice_assistant.server.chat_model.connection import Connection
from voice_assistant.server.chat_model.discovery import abilities, look
from voice_assistant.server.chat_model.model import ChatModel

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not all(map(find_spec, ("gguf", "xllamacpp"))), reason="needs gguf and xllamacpp"
    ),
]

PROGRAM = Path(__file__).parents[2] / "helpers" / "server" / "llama_cpp.py"
TODAY = dt.date(2026, 11, 30)
STARTED_S = 60


@pytest.fixture
async def server(tmp_path):
    """The process and the address of a server."""
    with (tmp_path / "log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROGRAM), str(tmp_path / "tiny.gguf")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        try:
            async with asyncio.timeout(STARTED_S):
                line = await process.stdout.readline()
            assert line, (tmp_path / "log").read_text()
            yield process, f"{line.decode().strip()}/v1"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@contextlib.asynccontextmanager
async def model_at(url):
    async with ChatModel(Access(url), Talk().skills) as model:
        yield model


async def answer(model, question="who wrote war and peace", before=()):
    text = ""
    async for change in model.answer(question, before, TODAY):
        text = change.text if change.anew else text + change.text
    return text


async def test_it_is_found_on_its_port_and_tells_what_its_model_can_do(server):
    found = []
    async with asyncio.timeout(STARTED_S):
        while not found:  # each look takes a second at most
            found = await look({"llama.cpp": urlsplit(server[1]).port})
    (name,) = found[0].models
    assert Path(name).name == "tiny.gguf"
    async with Connection(Access(server[1], name)) as connection:
        assert await abilities(connection, Access(server[1], name)) == (WINDOW_TOKENS, False)


async def test_it_answers_questions_one_after_the_other(server):
    async with model_at(server[1]) as model:
        before = []
        for question in ("who wrote war and peace", "when was that", "and why"):
            said = await answer(model, question, before)
            assert 0 < len(said.replace(".", " .").split()) <= LENGTH_TOKENS
            before.append(turn(question, said))
        asked = await model.follow_ups("who wrote war and peace", said, before, TODAY)
        assert len(asked) <= 3


async def test_a_talk_that_is_longer_than_the_model_reads_is_cut(server):
    before = [turn("tell me of the sun " * 20, "it is hot " * 40) for _ in range(30)]
    async with model_at(server[1]) as model:
        assert await answer(model, before=before)


async def test_an_answer_that_is_stopped_lets_the_next_question_in(server):
    async with model_at(server[1]) as model:
        async with contextlib.aclosing(model.answer("hello", (), TODAY)) as coming:
            await anext(coming)
        async with asyncio.timeout(STARTED_S):
            assert await answer(model)


async def test_a_server_that_dies_is_told(server):
    process, url = server
    async with model_at(url) as model:
        assert await answer(model)
        process.kill()
        await process.wait()
        with pytest.raises(BackendError):
            await answer(model)
