"""Decodes the JSON of real servers into typed values."""

from __future__ import annotations

import binascii
import codecs
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


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


def decode_body(body: bytes, kind: type[T]) -> T:
    """Return the value in a whole body, see `decode`.

    A byte order mark is skipped, and of a letter that is cut in two only that letter is lost.

    Raises:
        msgspec.DecodeError: see `decode`.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        return decode(body, kind)
    except msgspec.DecodeError as error:
        mended = None if isinstance(error, msgspec.ValidationError) else _mended(body)
        if mended is None:
            raise
    return decode(mended, kind)


def _mended(body: bytes) -> bytes | None:
    """Return JSON with whole letters alone; None if it is no JSON."""
    try:
        return msgspec.json.encode(with_whole_letters(json.loads(body.decode())))
    except (ValueError, RecursionError):
        return None


def with_whole_letters(value: Any) -> Any:
    r"""Return `value` with half letters ("\ud83d") joined, or replaced if one half is missing."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {with_whole_letters(key): with_whole_letters(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_whole_letters(item) for item in value]
    return value


def without_nulls(value: Any) -> Any:
    """Return `value` without the null fields of its objects."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def readable_part(value: Mapping[str, Any], kind: type[S]) -> S:
    """Return the model with the fields of `value` that can be read; the others have their defaults.

    One odd field ("1,000" tokens, a time that is no integer) must not cost the rest of an object.
    A number where text is expected becomes text; base64 may come in lines, or as an address.

    Args:
        value: the object.
        kind: the model; each field of it has a default.
    """
    read: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        item = value.get(field.encode_name)
        if item is None:
            continue
        try:
            read[field.name] = msgspec.convert(item, field.type, strict=False)
        except (msgspec.ValidationError, OverflowError):
            if _is_model(field.type) and isinstance(item, dict):
                read[field.name] = readable_part(item, field.type)
            elif field.type is str and type(item) in (int, float):
                read[field.name] = str(item)
            elif field.type is bytes and isinstance(item, str):
                with suppress(ValueError):
                    read[field.name] = _from_base64(item)
    return kind(**read)


def _from_base64(text: str) -> bytes:
    """Return the bytes of base64 in lines, or within a `data:` address; ValueError for no base64.

    The alphabet may be that of addresses, and the padding may be missing.
    """
    whole = "".join(text.rpartition(",")[2].split()).translate(_USUAL)
    if not whole.endswith("="):
        whole += "=" * (-len(whole) % 4)
    if len(whole) % 4:
        raise binascii.Error("padding in the wrong place")
    return binascii.a2b_base64(whole, strict_mode=True)


_USUAL = str.maketrans("-_", "+/")


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
