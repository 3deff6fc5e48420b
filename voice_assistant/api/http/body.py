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

# "none" is set by servers of event streams, against proxies that would compress them.
_PLAIN = ("", "identity", "none", "utf-8")
_BY_ZLIB = ("gzip", "x-gzip", "deflate")
_EITHER_HEADER, _NO_HEADER = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
_GZIP = b"\x1f"
_HEADER_BYTES = 2


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
    unpacker = _Unpacker(coding) if coding in _BY_ZLIB else None
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
    def __init__(self, coding: str) -> None:
        self._zlib = zlib.decompressobj(_EITHER_HEADER)
        self._begin = b"" if coding == "deflate" else None  # until the kind of header is known

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """Take the next packed bytes, and yield the unpacked bytes in pieces.

        A server may pack each event by itself: its response is a row of complete gzip files. And
        what some servers call "deflate" has no header.
        """
        if self._begin is not None:
            self._begin += packed
            if len(self._begin) < _HEADER_BYTES:
                return
            packed, self._begin = self._begin, None
            if not _has_header(packed):
                self._zlib = zlib.decompressobj(_NO_HEADER)
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


def _has_header(packed: bytes) -> bool:
    """Return whether data that is called "deflate" begins as zlib (RFC 1950) or gzip does."""
    kind, flags, *_ = packed
    return packed.startswith(_GZIP) or (
        kind & 0x0F == zlib.DEFLATED and (kind << 8 | flags) % 31 == 0
    )
