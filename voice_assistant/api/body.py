"""The bytes of a response, never more of them than a limit, however they were packed."""

from __future__ import annotations

import zlib
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

PIECE_BYTES = 2**16
"""The most that is unpacked at once: 300 KB of gzip may hold 300 MB."""

_PLAIN = ("", "identity")
_BY_ZLIB = ("gzip", "x-gzip", "deflate")
_EITHER_HEADER = 32 + zlib.MAX_WBITS


async def pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yields the body of a response that is being received, unpacked, in pieces of bounded size.

    Compression is never asked for; servers and proxies that compress all the same use gzip.

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
    """Returns the first `limit_bytes` of a body, and whether there was more.

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
        """The next bytes in, what they unpack to out, piece by piece."""
        piece = b"-"
        while (packed or len(piece) == PIECE_BYTES) and not self._zlib.eof:
            piece = self._zlib.decompress(packed, PIECE_BYTES)
            packed = self._zlib.unconsumed_tail
            if piece:
                yield piece
