"""No bare `dict` crosses the border of the API: whatever goes in or comes out has a type."""

from __future__ import annotations

import collections.abc
import contextlib
import inspect
import types
import typing
from typing import Any

import msgspec
import pytest

from voice_assistant.api import models
from voice_assistant.api.annotations import Annotations
from voice_assistant.api.client import Client
from voice_assistant.api.conversations import Conversations
from voice_assistant.api.models import Json, JsonObject
from voice_assistant.api.runs import Runs
from voice_assistant.api.stream.chat_stream import ChatStream
from voice_assistant.api.stream.events import AnyStreamEvent

NAMES = {
    **vars(collections.abc),
    **vars(models),
    "AnyStreamEvent": AnyStreamEvent,
    "Transport": object,
    "TracebackType": types.TracebackType,
    "AbstractAsyncContextManager": contextlib.AbstractAsyncContextManager,
}
BORDER = (Client, Conversations, Annotations, Runs, ChatStream)


def public(owner: type) -> dict[str, Any]:
    """Methods and properties, with what `asynccontextmanager` wraps."""
    found = {}
    for name, thing in vars(owner).items():
        function = thing.fget if isinstance(thing, property) else inspect.unwrap(thing)
        if (not name.startswith("_") or name == "__anext__") and callable(function):
            found[f"{owner.__name__}.{name}"] = function
    return found


ALL = {name: function for owner in BORDER for name, function in public(owner).items()}


def untyped(kind: Any, seen: frozenset[Any] = frozenset()) -> list[str]:
    """What in a type is a dict of anything, or anything at all."""
    if kind in (Json, JsonObject):
        return []  # values of the app's own variables: only its author knows them
    if kind in (Any, dict, list, tuple, object):
        return [str(kind)]
    found = []
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        hints = typing.get_type_hints(kind, None, {**NAMES, **vars(inspect.getmodule(kind))})
        for field in msgspec.structs.fields(kind):
            found += [
                f"{kind.__name__}.{field.name}: {lack}"
                for lack in untyped(hints[field.name], seen | {kind})
            ]
    if typing.get_origin(kind) is typing.Literal:
        return found
    for argument in typing.get_args(kind):
        if argument is not Ellipsis:
            found += untyped(argument, seen)
    return found


def hints_of(function: Any) -> dict[str, Any]:
    return typing.get_type_hints(function, {**NAMES, **function.__globals__})


def test_the_border_is_as_wide_as_it_should_be():
    assert len(ALL) > 35
    assert {"Client.chat", "Client.text_to_audio", "Conversations.iter", "ChatStream.text"} <= set(
        ALL
    )


@pytest.mark.parametrize("name", ALL)
def test_no_bare_dict_crosses_the_border(name):
    hints = hints_of(ALL[name])
    assert "return" in hints, "say what it answers"
    assert [lack for kind in hints.values() for lack in untyped(kind)] == []


def test_the_test_knows_a_bare_dict():
    class Loose(msgspec.Struct):
        anything: dict[str, Any]

    assert untyped(dict)
    assert untyped(collections.abc.Mapping[str, Any])
    assert untyped(tuple[dict[str, dict], ...])
    assert untyped(collections.abc.AsyncIterator[Loose]) == ["Loose.anything: typing.Any"]
    assert not untyped(dict[str, int])
    assert not untyped(models.Parameters)
