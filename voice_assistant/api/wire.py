"""Decodes the JSON of real servers into typed values."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def decode(body: bytes | str, kind: type[T]) -> T:
    """Return the value in `body`; a missing field, or null, gives the model's default.

    Servers send null in nearly any field (`/site` of 1.14.0 in most of its texts), and one document
    writes numbers as strings. So a body that fails the strict reading is read again without nulls,
    and with numbers from strings.

    Raises:
        msgspec.DecodeError: `body` is not JSON; `msgspec.ValidationError` if it is another value.
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
    """Return `value` without the null fields of its objects."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
