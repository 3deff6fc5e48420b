"""The WAV container, as far as a stream of it needs."""

from __future__ import annotations

import struct

UNKNOWN_SIZE = 0xFFFFFFFF
"""What stands for a length that is not known yet."""

_SAMPLE_BYTES = 2
_HEADER_BYTES = 44


def header(rate_hz: int, data_bytes: int | None = None) -> bytes:
    """The 44 bytes in front of mono 16-bit samples.

    Args:
        rate_hz: samples a second.
        data_bytes: the length of the samples, None where it is not known yet.
    """
    if data_bytes is None:
        riff_bytes, data_bytes = UNKNOWN_SIZE, UNKNOWN_SIZE
    else:
        riff_bytes = _HEADER_BYTES - 8 + data_bytes
    fmt = struct.pack(
        "<HHIIHH", 1, 1, rate_hz, rate_hz * _SAMPLE_BYTES, _SAMPLE_BYTES, _SAMPLE_BYTES * 8
    )
    return struct.pack(
        "<4sI4s4sI16s4sI", b"RIFF", riff_bytes, b"WAVE", b"fmt ", len(fmt), fmt, b"data", data_bytes
    )
