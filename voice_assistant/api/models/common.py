"""The base classes and types of all models."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
"""Any JSON value, for fields whose content only the app's author knows."""

JsonObject: TypeAlias = dict[str, Json]
"""Any JSON object, for the same reason."""

Inputs: TypeAlias = JsonObject
"""Values of the app's own variables, by name. A file is an object in the form of `ChatFile`."""


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of request bodies: a field with its default value is not sent."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Base of responses: unknown fields are ignored."""


class UserBody(Body, frozen=True):
    """The body of a request that stops an answer or deletes a conversation."""

    user: str


class Result(Model, frozen=True):
    """The response to stop, feedback and (on older servers) deletions: always "success"."""

    result: str = "success"
