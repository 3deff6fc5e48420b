"""Makes the HTTP clients of the program: by the environment's proxy and certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from voice_assistant import __version__
from voice_assistant.api.http.certificates import tls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_assistant.api.http.proxies import Proxy

CONNECT_S = 10.0
"""Seconds within which a connection is there, unless a caller says otherwise."""


def http_client(
    url: httpx.URL,
    proxy: Proxy | None,
    silence_s: float,
    *,
    connect_s: float = CONNECT_S,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> httpx.AsyncClient:
    """Return a client for one server.

    Args:
        url: an address of the server.
        proxy: the proxy on the way, see `proxies.proxy_for`.
        silence_s: seconds without a byte after which a request has failed.
        connect_s: seconds until a connection is there.
        headers: headers of every request.
        options: more options of `httpx.AsyncClient`.

    Raises:
        ConfigError: the environment's certificates cannot be used.
    """
    return httpx.AsyncClient(
        headers={
            "User-Agent": f"voice-assistant/{__version__}",
            "Accept-Encoding": "identity",  # compression holds events back
            **(headers or {}),
        },
        verify=tls() if url.scheme == "https" else False,  # certificates take 17 ms to be read
        timeout=httpx.Timeout(silence_s, connect=connect_s),
        proxy=proxy.url if proxy else None,
        trust_env=False,  # `proxies` and `certificates` read it
        **options,
    )
