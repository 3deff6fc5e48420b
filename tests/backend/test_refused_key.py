"""A key that was refused is read again; no other failure costs the connection."""

from __future__ import annotations

from typing import Any

from voice_assistant import errors, events
from voice_assistant.backend.refused_key import RefusedKey


class Link:
    forgotten = 0

    def forget(self) -> None:
        self.forgotten += 1


def forgotten_after(event: events.AnyEvent) -> int:
    link: Any = Link()
    RefusedKey(link).handle(event)
    return link.forgotten


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
