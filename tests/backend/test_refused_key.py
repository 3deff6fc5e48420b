"""A key that was refused is read again; no other failure costs the connection."""

from __future__ import annotations

from voice_assistant import errors, events
from voice_assistant.backend.refused_key import RefusedKey


def forgotten_after(event: events.AnyEvent) -> int:
    forgotten: list[None] = []
    RefusedKey(lambda: forgotten.append(None)).handle(event)
    return len(forgotten)


def test_the_key_is_forgotten_where_it_was_refused_or_is_of_a_wrong_app_and_nowhere_else():
    codes = {
        kind.code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.AssistantError)
    }
    assert len(codes) > 10
    for code in codes | {"bug"}:
        failed = events.Failed(title="It failed", hint="", code=code)
        assert forgotten_after(failed) == (code in {"unauthorized", "wrong_app"}), code
    assert forgotten_after(events.Idle()) == 0
