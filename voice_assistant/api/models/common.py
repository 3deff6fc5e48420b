"""What all models share."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None
"""Any JSON value: where only the app's author knows what stands there."""

JsonObject: TypeAlias = dict[str, Json]
"""Any JSON object, for the same reason."""

Inputs: TypeAlias = JsonObject
"""Values of the app's own variables, by name. A file is an object as `ChatFile` writes it."""


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of what is sent: a field left at its default is not sent."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is received: unknown fields are ignored."""


class UserBody(Body, frozen=True):
    """The whole body of stop and of deleting a conversation."""

    user: str


class Result(Model, frozen=True):
    """What stop, feedback and (older servers) deleting answer: always "success"."""

    result: str = "success"
