"""Reads the body of a response, unpacked, up to a limit of bytes."""

from __future__ import annotations

import zlib
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

PIECE_BYTES = 2**16
"""The most bytes that are unpacked at once: 300 KB of gzip may hold 300 MB."""

_PLAIN = ("", "identity")
_BY_ZLIB = ("gzip", "x-gzip", "deflate")
_EITHER_HEADER = 32 + zlib.MAX_WBITS
_GZIP = b"\x1f"


async def pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield the body of a response while it arrives, unpacked, in pieces of bounded size.

    The client never asks for compression; servers and proxies that still compress use gzip.

    Raises:
        httpx.RequestError: the connection broke, or the body cannot be unpacked.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    if coding not in (*_PLAIN, *_BY_ZLIB):
        raise httpx.DecodingError("a coding that was not asked for", request=response.request)
    packed = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
    unpacker = _Unpacker() if coding in _BY_ZLIB else None
    async with aclosing(packed):
        async for chunk in packed:
            if unpacker is None:
                yield chunk
                continue
            try:
                for piece in unpacker.feed(chunk):
                    yield piece
            except zlib.error as error:
                raise httpx.DecodingError("no gzip", request=response.request) from error


async def read(response: httpx.Response, limit_bytes: int) -> tuple[bytes, bool]:
    """Return the first `limit_bytes` of a body, and whether the body is longer.

    Raises:
        httpx.RequestError: see `pieces`.
    """
    body = bytearray()
    async with aclosing(pieces(response)) as coming:
        async for piece in coming:
            body += piece
            if len(body) > limit_bytes:
                return bytes(body[:limit_bytes]), True
    return bytes(body), False


class _Unpacker:
    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(_EITHER_HEADER)

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """Take the next packed bytes, and yield the unpacked bytes in pieces.

        A server may pack each event by itself: its response is a row of complete gzip files.
        """
        piece = b"-"
        while packed or len(piece) == PIECE_BYTES:
            if self._zlib.eof:
                if not packed.startswith(_GZIP):
                    return
                self._zlib = zlib.decompressobj(_EITHER_HEADER)
            piece = self._zlib.decompress(packed, PIECE_BYTES)
            packed = self._zlib.unconsumed_tail or self._zlib.unused_data
            if piece:
                yield piece
