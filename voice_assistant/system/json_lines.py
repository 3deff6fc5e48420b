"""Messages as lines of JSON that can hold every file name.

A file name that is not UTF-8 has lone surrogates in it (PEP 383). msgspec neither writes nor reads
lone surrogates; the standard library escapes them.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def encoded(message: Any) -> bytes:
    """Return the message as JSON, without a newline."""
    try:
        return msgspec.json.encode(message)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(message), separators=(",", ":")).encode()


def decoded(line: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Return the message in `line`, of the decoder's type.

    Raises:
        msgspec.DecodeError: `line` holds no message of this type.
    """
    try:
        if b"\\ud" not in line.lower():
            return decoder.decode(line)
        message: T = msgspec.convert(json.loads(line), decoder.type)
    except RecursionError as error:
        raise msgspec.DecodeError("JSON is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise msgspec.DecodeError(f"JSON is malformed: {error}") from error
    return message
