"""Conversations and their variables: endpoints 7 to 10, and 26."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from voice_assistant.api.models.common import Body, Inputs, Json, Model

SortBy: TypeAlias = Literal["created_at", "-created_at", "updated_at", "-updated_at"]
"""The order of conversations; "-" is the newest first."""


class Conversation(Model, frozen=True):
    """A conversation. `status` is "normal"; `introduction` is the app's opening statement."""

    id: str
    name: str = ""
    inputs: Inputs = msgspec.field(default_factory=dict)
    status: str = ""
    introduction: str = ""
    created_at: int = 0
    updated_at: int = 0


class ConversationPage(Model, frozen=True):
    """A page of conversations; the next page begins after the `id` of the last one."""

    limit: int = 20
    has_more: bool = False
    data: tuple[Conversation, ...] = ()


class RenameBody(Body, frozen=True, kw_only=True):
    """A new name, or the wish for a generated one. Without both: 400 (1.14.0) or 500 (0.15.3)."""

    user: str
    name: str = ""
    auto_generate: bool = False


class Variable(Model, frozen=True):
    """A conversation's variable.

    Attributes:
        value_type: "string", "number", "object" ...
        value: 1.14.0 sends all values as text ("3").
        created_at: seconds on real servers; the document's example has milliseconds.
        updated_at: as `created_at`.
    """

    id: str
    name: str = ""
    value_type: str = ""
    value: Json = None
    description: str = ""
    created_at: int = 0
    updated_at: int = 0


class VariableBody(Body, frozen=True, kw_only=True):
    """A new value of a variable; its kind must be that of the variable."""

    user: str
    value: Json


class VariablePage(Model, frozen=True):
    """A page of variables; the next page begins after the `id` of the last one."""

    limit: int = 20
    has_more: bool = False
    data: tuple[Variable, ...] = ()
