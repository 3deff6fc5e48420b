"""Proxies that the environment names: used, ignored for this machine, or refused in words."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
from contextlib import asynccontextmanager

import httpx
import pytest
from helpers.replay import Reply, json, replay, response

from voice_assistant.api.client import Client
from voice_assistant.api.http.proxies import is_exempt, is_loopback, proxy_for
from voice_assistant.api.models import ChatRequest
from voice_assistant.errors import ConfigError, Unreachable

FAR = "http://dify.invalid/v1"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy_of_the_machine(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def named(url="https://dify.example/v1", **environ):
    proxy = proxy_for(httpx.URL(url), environ)
    return proxy and (proxy.url, proxy.source)


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, None),
        ({"https_proxy": ""}, None),
        ({"HTTPS_PROXY": "http://p:1"}, ("http://p:1", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:2"}, ("http://q:2", "https_proxy")),
        ({"http_proxy": "http://p:1"}, None),
        ({"all_proxy": "http://p:1", "https_proxy": ""}, ("http://p:1", "all_proxy")),
        ({"ALL_PROXY": "socks5://p:1"}, ("socks5://p:1", "ALL_PROXY")),
        ({"ALL_PROXY": "socks5h://p:1"}, ("socks5://p:1", "ALL_PROXY")),
        ({"all_proxy": "socks://p:1/"}, ("socks5://p:1/", "all_proxy")),
        ({"ALL_PROXY": "HTTP://p:1"}, ("http://p:1", "ALL_PROXY")),
        ({"ALL_PROXY": "p:1"}, ("http://p:1", "ALL_PROXY")),
        ({"ALL_PROXY": " http://p:1\n"}, ("http://p:1", "ALL_PROXY")),
        ({"ALL_PROXY": "direct://"}, None),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "dify.example"}, None),
        ({"ALL_PROXY": "gopher://p:1", "NO_PROXY": "*"}, None),
    ],
)
def test_the_environment_names_the_proxy_as_curl_reads_it(environ, found):
    assert named(**environ) == found


@pytest.mark.parametrize(
    "value",
    [
        *("gopher://p:1", "socks4://p:1", "http://proxy:PORT/", "http://", "http://:1"),
        *("http://me:pa#ss@p:1", "http://p:99999", "http://p:0", "://", "http://[::1"),
        *("http://xn--a:1", "http://\u2603:1"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_refused_by_the_name_of_its_variable(value):
    with pytest.raises(ConfigError, match="HTTPS_PROXY") as caught:
        named(HTTPS_PROXY=value)
    assert "pa#ss" not in caught.value.title + caught.value.hint


def test_a_proxys_password_is_in_no_name():
    proxy = proxy_for(httpx.URL("http://x/v1"), {"http_proxy": "http://me:secret@p:1"})
    assert proxy.name == "p:1 (set by http_proxy)"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        *[(host, True) for host in ("localhost", "LOCALHOST.", "a.localhost", "127.9.8.7")],
        *[(host, True) for host in ("::1", "::ffff:127.0.0.1", "0.0.0.0")],
        *[(host, False) for host in ("localhost.example", "128.0.0.1", "fe80::1", "dify", "::2")],
    ],
)
def test_this_machine_is_known_by_its_addresses(host, here):
    assert is_loopback(host) == here


@pytest.mark.parametrize(
    ("url", "no_proxy", "exempt"),
    [
        ("http://192.0.2.2/v1", "192.0.2.0/24", True),
        ("http://192.0.3.2/v1", "192.0.2.0/24", False),
        ("http://192.0.2.2/v1", "192.0.2.2", True),
        ("http://192.0.2.2/v1", "192.0.2.9/24", True),
        ("http://[fe80::7]/v1", "fe80::/10", True),
        ("http://[fe80::7]/v1", "[fe80::7]", True),
        ("http://[fe80::7]/v1", "[fe80::]/10", True),
        ("http://[fe80::7]:8080/v1", "[fe80::7]:8080", True),
        ("http://[fe80::7]:8081/v1", "[fe80::7]:8080", False),
        ("http://dify.example/v1", "other, example", True),
        ("http://dify.example/v1", ".example", True),
        ("http://dify.example/v1", "*.example", True),
        ("http://dify.example/v1", "DIFY.EXAMPLE.", True),
        ("http://dify.example/v1", "ify.example", False),
        ("http://dify.example/v1", "dify.example:80", True),
        ("http://dify.example/v1", "dify.example:81", False),
        ("https://dify.example/v1", "dify.example:443", True),
        ("http://dify.example/v1", "*", True),
        ("http://dify.example/v1", "a b\tdify.example", True),
        ("http://dify.example/v1", "", False),
        ("http://dify.example/v1", ",,[::1,]:80,/8,:::,x://y,[],1/2/3,.", False),
        ("http://192.0.2.2/v1", ",,[::1,]:80,/8,:::,x://y,[],1/2/3,.", False),
    ],
)
def test_exceptions_are_read_as_curl_reads_them_and_odd_ones_are_ignored(url, no_proxy, exempt):
    assert is_exempt(httpx.URL(url), no_proxy) == exempt


@pytest.mark.parametrize(
    "environ",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:9"},
        {"all_proxy": "socks://127.0.0.1:9/"},
        {"HTTP_PROXY": "gopher://127.0.0.1:9"},
        {"http_proxy": "http://proxy:PORT/"},
        {"NO_PROXY": "localhost,[::1],fe80::/10"},
        {"SSL_CERT_FILE": "/nowhere/bundle.pem"},
    ],
)
async def test_a_server_on_this_machine_is_asked_directly(environ, monkeypatch):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with (
        replay(json(200, {"name": "app"})) as server,
        Client(server.url, "app-KEY", "u1") as client,
    ):
        assert (await client.info()).name == "app"


@asynccontextmanager
async def socks(target):
    """A SOCKS5 proxy whose every connection leads to `target`; gives its address."""

    async def serve(reader, writer):
        _, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3
        (length,) = await reader.readexactly(1)
        asked.append((await reader.readexactly(length)).decode())
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01" + socket.inet_aton("127.0.0.1") + struct.pack(">H", 1))
        ahead, behind = await asyncio.open_connection("127.0.0.1", httpx.URL(target).port)
        behind.write(await reader.readuntil(b"\r\n\r\n"))
        writer.write(await ahead.read(65536))
        behind.close()
        writer.close()

    asked = []
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
async def test_a_socks_proxy_is_used_and_looks_the_name_up(scheme, monkeypatch):
    async with replay(json(200, {"name": "app"})) as server, socks(server.url) as (at, asked):
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://{at}")
        async with Client(FAR, "app-KEY", "u1") as client:
            assert (await client.info()).name == "app"
    assert asked == ["dify.invalid"]


async def blamed(proxy, url, monkeypatch):
    """What people are told where the server is behind this proxy."""
    monkeypatch.setenv("ALL_PROXY", proxy)
    async with asyncio.timeout(10), Client(url, "app-KEY", "u1") as client:
        with pytest.raises(Unreachable) as caught:
            await client.info()
        with pytest.raises(Unreachable, match="proxy"):
            async with client.chat(ChatRequest("hi")):
                pass
    return caught.value.title


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("url", [FAR, "https://dify.invalid/v1"])
async def test_a_proxy_that_is_not_there_is_named(scheme, url, monkeypatch):
    title = await blamed(f"{scheme}://127.0.0.1:9", url, monkeypatch)
    assert title == "No connection to the proxy 127.0.0.1:9 (set by ALL_PROXY)"


@pytest.mark.parametrize("url", [FAR, "https://dify.invalid/v1"])
async def test_a_proxy_that_wants_a_password_is_named(url, monkeypatch):
    async with replay(response(407, b"<html>", "text/html")) as proxy:
        title = await blamed(proxy.url.removesuffix("/v1"), url, monkeypatch)
    assert "wants a user name" in title
    assert "ALL_PROXY" in title


# httpcore leaves the connection to a failed SOCKS proxy to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("banner", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x05", b""])
async def test_a_proxy_that_is_something_else_is_named(scheme, banner, monkeypatch):
    async def serve(_, writer):
        writer.write(banner)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        at = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        title = await blamed(f"{scheme}://{at}", FAR, monkeypatch)
        gc.collect()
    assert at in title
    assert "ALL_PROXY" in title


async def test_a_proxy_that_cannot_reach_the_server_is_named(monkeypatch):
    async with replay(Reply(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")) as proxy:
        at = proxy.url.removesuffix("/v1")
        title = await blamed(at, "https://dify.invalid/v1", monkeypatch)
    assert "does not connect to dify.invalid" in title
