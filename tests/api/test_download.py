"""Downloads from a real server on this machine, which breaks off, goes on, and lies."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re

import pytest

from voice_assistant.api.download import Published, download
from voice_assistant.errors import BackendError, ConfigError, InputError, Rejected, Unreachable

DATA = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


class Site:
    """Serves `data`; cuts connections after `cut_after` bytes, `cuts` times."""

    def __init__(self, data=DATA, *, cuts=0, cut_after=100_000, ranges=True, status=200, to=None):
        self.data = data
        self.cuts = cuts
        self.cut_after = cut_after
        self.ranges = ranges
        self.status = status
        self.to = to
        self.asked = []

    @contextlib.asynccontextmanager
    async def open(self):
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/file"

    async def _answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked = re.search(r"^range: bytes=(\d+)-", head, re.MULTILINE | re.IGNORECASE)
        self.asked.append(int(asked[1]) if asked else 0)
        begin = int(asked[1]) if asked and self.ranges else 0
        status = self.status
        fields = [f"Content-Length: {len(self.data) - begin}"]
        if begin:
            status = 206
            fields.append(f"Content-Range: bytes {begin}-{len(self.data) - 1}/{len(self.data)}")
        if self.to:
            fields.append(f"Location: {self.to}")
        writer.write(f"HTTP/1.1 {status} X\r\n{chr(10).join(fields)}\r\n\r\n".encode())
        body = self.data[begin:]
        if self.cuts:
            self.cuts -= 1
            body = body[: self.cut_after]
        writer.write(body)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()


def published(url, data=DATA):
    return Published(url, len(data), hashlib.sha256(data).hexdigest())


async def test_a_file_is_downloaded_and_its_progress_told(tmp_path):
    told = []
    async with Site().open() as url:
        await download(published(url), tmp_path / "x.part", told.append)
    assert (tmp_path / "x.part").read_bytes() == DATA
    assert told == sorted(told)
    assert told[-1] == len(DATA)


async def test_a_download_that_breaks_off_goes_on_where_it_ended(tmp_path):
    site = Site(cuts=2)
    async with site.open() as url:
        await download(published(url), tmp_path / "x.part")
    assert (tmp_path / "x.part").read_bytes() == DATA
    assert site.asked == [0, 100_000, 200_000]


async def test_the_bytes_of_an_earlier_try_are_not_fetched_again(tmp_path):
    (tmp_path / "x.part").write_bytes(DATA[:5000])
    site = Site()
    async with site.open() as url:
        await download(published(url), tmp_path / "x.part")
        await download(published(url), tmp_path / "x.part")
    assert (tmp_path / "x.part").read_bytes() == DATA
    assert site.asked == [5000]


async def test_a_download_from_a_server_that_cannot_continue_begins_again(tmp_path):
    (tmp_path / "x.part").write_bytes(DATA[:5000])
    async with Site(ranges=False).open() as url:
        await download(published(url), tmp_path / "x.part")
    assert (tmp_path / "x.part").read_bytes() == DATA


async def test_a_server_that_always_breaks_off_at_once_is_given_up_and_the_rest_kept(tmp_path):
    site = Site(cuts=99, cut_after=10_000)
    async with site.open() as url:
        with pytest.raises(BackendError):
            await download(published(url), tmp_path / "x.part")
    assert len(site.asked) == 4
    assert (tmp_path / "x.part").read_bytes() == DATA[:40_000]


@pytest.mark.parametrize("wrong", [DATA[::-1], DATA + b"more" * 100])
async def test_another_file_than_the_published_one_is_deleted(tmp_path, wrong):
    async with Site(wrong).open() as url:
        with pytest.raises(InputError, match="not the file that was published"):
            await download(Published(url, len(DATA), SHA256), tmp_path / "x.part")
    assert not (tmp_path / "x.part").exists()


async def test_a_file_that_ends_early_is_told_as_broken_off(tmp_path):
    async with Site(DATA[:1000]).open() as url:
        with pytest.raises(BackendError, match="broke off"):
            await download(Published(url, len(DATA), SHA256), tmp_path / "x.part")


@pytest.mark.parametrize("status", [404, 403, 500])
async def test_a_refusal_is_told(tmp_path, status):
    async with Site(b"<html>", status=status).open() as url:
        with pytest.raises(Rejected, match=f"status {status}"):
            await download(published(url), tmp_path / "x.part")


async def test_a_way_on_is_followed_to_safe_places_only(tmp_path):
    async with Site().open() as there, Site(b"", status=302, to=there).open() as url:
        await download(published(url), tmp_path / "x.part")
    for unsafe in ("http://example.org/file", "file:///etc/passwd"):
        async with Site(b"", status=302, to=unsafe).open() as url:
            with pytest.raises(ConfigError, match="Nothing is downloaded from"):
                await download(published(url), tmp_path / "y.part")


async def test_a_way_that_leads_nowhere_is_left(tmp_path):
    site = Site(b"", status=302, to="/file")
    async with site.open() as url:
        with pytest.raises(Rejected, match="redirects again and again"):
            await download(published(url), tmp_path / "x.part")


@pytest.mark.parametrize("url", ["http://example.org/x", "ftp://example.org/x", "x", "https://"])
async def test_unsafe_addresses_are_refused(tmp_path, url):
    with pytest.raises(ConfigError):
        await download(published(url), tmp_path / "x.part")


async def test_no_server_is_told(tmp_path):
    async with Site().open() as url:
        pass
    with pytest.raises(Unreachable):
        await download(published(url), tmp_path / "x.part")
