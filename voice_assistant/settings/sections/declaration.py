"""The words in which settings are declared.

A setting is declared once: type, default, range, meaning, and when a change takes effect. The range
errors, `config/default.toml` and the JSON schema are made from the declarations (`catalogue`,
`documentation`).
"""

from __future__ import annotations

import enum

import msgspec


class Effect(enum.Enum):
    """The time at which a changed setting takes effect in an assistant that is running."""

    AT_ONCE = "at once"
    AFTER_RESTART = "after a restart"


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings file."""


def at_once(description: str) -> msgspec.Meta:
    """Return the meaning of a setting whose change a running assistant follows."""
    return _meaning(description, Effect.AT_ONCE)


def needs_restart(description: str) -> msgspec.Meta:
    """Return the meaning of a setting whose change takes effect after a restart."""
    return _meaning(description, Effect.AFTER_RESTART)


def _meaning(description: str, effect: Effect) -> msgspec.Meta:
    return msgspec.Meta(
        description=description,
        extra={"effect": effect},
        extra_json_schema={"x-takes-effect": effect.value},
    )
