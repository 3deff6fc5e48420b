"""The list of all settings, read from the declarations in `sections`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

import msgspec

from voice_assistant.settings.schema import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.settings.sections.declaration import Effect

SECRETS = frozenset({"api_key", "api_key_command"})
"""Names of settings that are never shown; a command may hold a password."""


class Setting(NamedTuple):
    """One setting.

    Attributes:
        section: the table of the settings file that holds the setting.
        name: the setting's key in that table.
        default: the value if the file does not have the setting.
        description: the setting's meaning, one or more sentences.
        allowed: the smallest and the largest value; None if the setting is not a number.
        choices: the allowed words; empty if any text or another type is allowed.
        effect: when a change takes effect.
    """

    section: str
    name: str
    default: Any
    description: str
    allowed: tuple[float, float] | None
    choices: tuple[str, ...]
    effect: Effect

    @property
    def secret(self) -> bool:
        """Whether the value is, or may hold, a key or a password: it is never shown."""
        return self.name in SECRETS

    @property
    def key(self) -> str:
        """Section and name, such as "speech.speed"."""
        return f"{self.section}.{self.name}"


def every_setting() -> Iterator[Setting]:
    """Yield all settings, in the order of the file."""
    for section in msgspec.structs.fields(Settings):
        if section.name == "profiles":  # its sections are the user's own
            continue
        for field in msgspec.structs.fields(section.type):
            metas: tuple[msgspec.Meta, ...] = field.type.__metadata__
            made = field.default_factory
            yield Setting(
                section.name,
                field.name,
                field.default if made is msgspec.NODEFAULT else made(),
                next(meta.description for meta in metas if meta.description),
                next(
                    (
                        (meta.ge, meta.le)
                        for meta in metas
                        if meta.ge is not None and meta.le is not None
                    ),
                    None,
                ),
                get_args(field.type.__origin__)
                if get_origin(field.type.__origin__) is Literal
                else (),
                next(meta.extra["effect"] for meta in metas if meta.extra),
            )


def setting(key: str) -> Setting | None:
    """Return the setting with this `key`, such as "speech.speed"; None without such a setting."""
    return next((one for one in every_setting() if one.key == key), None)
