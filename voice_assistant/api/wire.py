"""JSON as servers really send it, into typed values."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def decode(body: bytes | str, kind: type[T]) -> T:
    """The value in `body`; what it does not say, or says with null, is the model's default.

    Servers send null for nearly anything (`/site` of 1.14.0 for most of its texts), and one
    document writes numbers as strings. So what fails the strict reading is read again with nulls
    dropped and numbers taken from strings.

    Raises:
        msgspec.DecodeError: no JSON; `msgspec.ValidationError` where it is another thing.
    """
    try:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.ValidationError:
            value = without_nulls(msgspec.json.decode(body))
            return msgspec.convert(value, kind, strict=False)
    except RecursionError as error:
        raise msgspec.DecodeError("nested too deep") from error


def without_nulls(value: Any) -> Any:
    """`value` less everything in its objects that is null."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
