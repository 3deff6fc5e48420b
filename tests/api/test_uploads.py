"""Files on their way to the server: whole, or while they are made, and refused halfway."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING

import httpx
import pytest
from helpers.replay import Reply, json, replay, trace

from voice_assistant.api.client import Client
from voice_assistant.api.models import Transcript, Upload
from voice_assistant.errors import InputError, TooLarge, Unauthorized, Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HEARD = json(200, {"text": "hello"})
BREAK = Reply(b"", early=True)
FINE = trace("1.14.0", "get-parameters")
MANY_BYTES = 20_000_000


def parts(request):
    """(name, file name, Content-Type, content) of each part of a form."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.body)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in form.iter_parts()
    ]


async def live(*pieces: bytes, wait: asyncio.Event | None = None) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if wait is not None:
        await wait.wait()


async def listen(routes, upload, **client_args):
    """The words, the error, and what arrived."""

    async def go():
        async with (
            replay(routes) as server,
            Client(server.url, "app-KEY", "ü1", **client_args) as client,
        ):
            try:
                return await client.audio_to_text(upload), server.requests
            except (TooLarge, Unauthorized, Unreachable) as error:
                return error, server.requests

    return await go()


async def test_bytes_are_sent_whole_after_the_user():
    words, (request,) = await listen(HEARD, Upload(b"RIFF\x00\r\n--", "speech.wav", "audio/wav"))
    assert words == Transcript(text="hello")
    assert int(request.headers["content-length"]) == len(request.body)
    (user, file) = parts(request)
    assert user[0] == "user"
    assert user[3] == "ü1".encode()
    assert file == ("file", "speech.wav", "audio/wav", b"RIFF\x00\r\n--")


async def test_a_file_is_sent_whole(tmp_path):
    file = tmp_path / "speech.mp3"
    file.write_bytes(b"ID3")
    _, (request,) = await listen(HEARD, Upload(file, "speech.mp3", "audio/mp3"))
    assert parts(request)[1] == ("file", "speech.mp3", "audio/mp3", b"ID3")


async def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    async def go():
        async with Client("http://127.0.0.1:9/v1", "app-KEY", "u1") as client:
            await client.upload_file(Upload(tmp_path / "none.wav", "none.wav", "audio/wav"))

    with pytest.raises(InputError, match=r"none\.wav cannot be read"):
        await go()


async def test_a_server_may_tell_that_it_may_have_misheard():
    unsure = json(200, {"text": "hello", "sure": False})
    words, _ = await listen(unsure, Upload(b"RIFF", "a.wav", "audio/wav"))
    assert words == Transcript(text="hello", sure=False)


async def test_a_recording_is_sent_while_it_is_made():
    words, (request,) = await listen(HEARD, Upload(live(b"RI", b"", b"FF"), "a.wav", "audio/wav"))
    assert words == Transcript(text="hello")
    assert request.headers["transfer-encoding"] == "chunked"
    assert parts(request)[1] == ("file", "a.wav", "audio/wav", b"RIFF")


@pytest.mark.parametrize("name", ['a"b.wav', "日本 語.wav", "a\r\nX: y.wav"])
async def test_no_file_name_breaks_the_form(name):
    _, (request,) = await listen(HEARD, Upload(b"RIFF", name, "audio/wav"))
    assert len(parts(request)) == 2
    assert parts(request)[1][3] == b"RIFF"


async def test_the_connection_is_made_before_the_recording_ends():
    """So that only the rest has to be sent when the key is released."""
    async with replay(HEARD) as server, Client(server.url, "app-KEY", "u1") as client:
        released = asyncio.Event()
        upload = Upload(live(b"RIFF", wait=released), "a.wav", "audio/wav")
        task = asyncio.create_task(client.audio_to_text(upload))
        async with asyncio.timeout(5):
            while not server.requests:
                await asyncio.sleep(0.01)
        assert not task.done()
        released.set()
        assert (await task).text == "hello"


@pytest.mark.parametrize("version", ["0.15.3", "1.14.0"])
@pytest.mark.parametrize("size", [1_000, MANY_BYTES])
async def test_a_bad_key_that_is_refused_before_all_is_sent_is_told_as_a_bad_key(version, size):
    routes = {
        "POST /audio-to-text": replace(trace(version, "err-stt-31MB-badkey"), early=True),
        "GET /parameters": trace(version, "err-auth-bad-key"),
    }
    error, _ = await listen(routes, Upload(bytes(size), "a.wav", "audio/wav"))
    assert isinstance(error, Unauthorized)


@pytest.mark.parametrize("size", [1_000, MANY_BYTES])
async def test_a_recording_that_is_too_large_is_told_as_too_large(size):
    routes = {
        "POST /audio-to-text": replace(trace("1.14.0", "err-file-png-11MB"), early=True),
        "GET /parameters": FINE,
    }
    error, _ = await listen(routes, Upload(bytes(size), "a.wav", "audio/wav"))
    assert isinstance(error, TooLarge)


async def test_a_bad_key_is_told_while_the_recording_is_made():
    routes = {
        "POST /audio-to-text": replace(trace("1.14.0", "err-auth-bad-key"), early=True),
        "GET /parameters": trace("1.14.0", "err-auth-bad-key"),
    }

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1000)
            await asyncio.sleep(0.001)

    async with replay(routes) as server, Client(server.url, "app-KEY", "u1") as client:
        async with asyncio.timeout(10):
            with pytest.raises(Unauthorized):
                await client.audio_to_text(Upload(endless(), "a.wav", "audio/wav"))


async def test_an_upload_that_broke_is_sent_once_more():
    routes = {"POST /audio-to-text": [BREAK, HEARD], "GET /parameters": FINE}
    words, requests = await listen(routes, Upload(b"RIFF", "a.wav", "audio/wav"))
    assert words == Transcript(text="hello")
    assert [request.path for request in requests].count("/audio-to-text") == 2
    assert parts(requests[-1])[1][3] == b"RIFF"


async def test_a_recording_that_broke_off_while_it_was_made_is_sent_whole():
    routes = {"POST /audio-to-text": [BREAK, HEARD], "GET /parameters": FINE}
    words, requests = await listen(routes, Upload(live(b"RI", b"FF"), "a.wav", "audio/wav"))
    assert words == Transcript(text="hello")
    assert "content-length" in requests[-1].headers
    assert parts(requests[-1])[1][3] == b"RIFF"


async def test_a_recording_that_is_still_made_when_the_upload_breaks_is_sent_whole_at_its_end():
    routes = {"POST /audio-to-text": [BREAK, HEARD], "GET /parameters": FINE}
    async with (
        asyncio.timeout(20),
        replay(routes) as server,
        Client(server.url, "app-KEY", "u1") as client,
    ):

        async def spoken() -> AsyncIterator[bytes]:
            while len(server.requests) < 2:  # until the client has asked what went wrong
                yield b"a"
                await asyncio.sleep(0.01)
            yield b"the end"

        assert (await client.audio_to_text(Upload(spoken(), "a.wav", "audio/wav"))).text == "hello"
    assert parts(server.requests[-1])[1][3].endswith(b"athe end")


async def test_a_server_that_wants_a_length_gets_the_recording_whole():
    routes = {"POST /audio-to-text": [json(411, {}), HEARD]}
    words, requests = await listen(routes, Upload(live(b"RI", b"FF"), "a.wav", "audio/wav"))
    assert words == Transcript(text="hello")
    assert [("content-length" in request.headers) for request in requests] == [False, True]


async def test_an_upload_that_breaks_twice_is_given_up():
    routes = {"POST /audio-to-text": BREAK, "GET /parameters": FINE}
    error, requests = await listen(routes, Upload(b"RIFF", "a.wav", "audio/wav"))
    assert isinstance(error, Unreachable)
    assert [request.path for request in requests].count("/audio-to-text") == 2


async def test_an_upload_to_nobody_is_not_sent_again():
    async def go():
        async with Client("http://127.0.0.1:9/v1", "app-KEY", "u1") as client:
            await client.audio_to_text(Upload(b"RIFF", "a.wav", "audio/wav"))

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        await go()


async def test_a_cancelled_upload_frees_its_connection_at_once():
    async with replay(HEARD) as server, Client(server.url, "app-KEY", "u1") as client:
        upload = Upload(live(b"RIFF", wait=asyncio.Event()), "a.wav", "audio/wav")
        task = asyncio.create_task(client.audio_to_text(upload))
        async with asyncio.timeout(5):
            while not server.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            await server.requests[0].gone.wait()
        with pytest.raises(asyncio.CancelledError):
            await task


class Way:
    """The way to a server: whoever was on it when the machine fell asleep is not heard again."""

    def __init__(self, port):
        self.slept_s = 0.0
        self.connections = 0
        self._port = port

    def sleep(self):
        self.slept_s += 60.0

    async def pass_on(self, reader, writer):
        self.connections += 1
        slept_s = self.slept_s
        ahead_reader, ahead_writer = await asyncio.open_connection("127.0.0.1", self._port)

        async def pump(source, sink):
            while data := await source.read(65536):
                if self.slept_s == slept_s:
                    sink.write(data)
            sink.close()

        await asyncio.gather(pump(reader, ahead_writer), pump(ahead_reader, writer))


async def test_after_a_sleep_nothing_is_sent_to_where_nobody_is_any_more():
    async with replay({"POST /audio-to-text": HEARD, "GET /parameters": FINE}) as server:
        way = Way(httpx.URL(server.url).port)
        async with (
            asyncio.timeout(20),
            await asyncio.start_server(way.pass_on, "127.0.0.1", 0) as listening,
        ):
            port = listening.sockets[0].getsockname()[1]
            url = f"http://127.0.0.1:{port}/v1"
            async with Client(url, "app-KEY", "u1", asleep_s=lambda: way.slept_s) as client:
                await client.parameters()
                await client.parameters()
                assert way.connections == 1
                way.sleep()
                upload = Upload(b"RIFF", "a.wav", "audio/wav")
                assert (await client.audio_to_text(upload)).text == "hello"
                await client.parameters()
                assert way.connections == 2
