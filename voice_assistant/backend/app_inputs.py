"""Checks the input values that an app demands, before the first question of a conversation.

Servers check the values too, and 1.14.0 refuses by silence: one ping, then nothing for 300 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from voice_assistant.errors import ConfigError
from voice_assistant.text.choice import either
from voice_assistant.translation import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voice_assistant.api.models import ChatFile, InputField, Inputs, Json

TEXT = frozenset({"text-input", "paragraph", "select"})
FILES = frozenset({"file", "file-list"})
"""Kinds whose values are files, which come with the question."""


def checked(form: Iterable[InputField], given: Inputs) -> Inputs:
    """Return the values to send for `form`: the given ones, and defaults for required ones.

    Raises:
        ConfigError: a required value is missing, or the app does not take a given value.
    """
    complete = dict(given)
    missing: list[InputField] = []
    files: list[InputField] = []
    for field in form:
        if field.required and _is_empty(complete.get(field.variable)):
            if _is_empty(field.default):
                (files if field.kind in FILES else missing).append(field)
                continue
            complete[field.variable] = field.default
        if not _is_empty(complete.get(field.variable)):
            _check(field, complete[field.variable])
    if missing:
        names = ", ".join(map(_called, missing))
        lines = ", ".join(f"{field.variable} = {_example(field)}" for field in missing)
        raise ConfigError(
            _("The app asks for what is not set: {names}", names=names),
            _(
                "Open the window, and fill it in there. In the settings file, it stands under "
                "[backend.inputs]: {lines}.",
                lines=lines,
            ),
        )
    if files:
        raise ConfigError(
            _("The app asks for a file: {names}", names=", ".join(map(_called, files))),
            _(
                "Give it with the question that begins the conversation: "
                "`voice-assistant ask --file FILE ...`."
            ),
        )
    return complete


def wants_files(form: Iterable[InputField], given: Inputs) -> bool:
    """Return whether files of the first question go into inputs of the app."""
    return any(field.kind in FILES and _is_empty(given.get(field.variable)) for field in form)


def with_files(
    form: Iterable[InputField], given: Inputs, files: Sequence[ChatFile]
) -> tuple[Inputs, tuple[ChatFile, ...]]:
    """Put files of the first question into the inputs that the app has for files.

    Required inputs are filled first. An input for one file takes one, one for a list all the rest.

    Returns:
        The inputs, and the files that are left for the question itself.
    """
    complete, left = dict(given), list(files)
    for field in sorted(form, key=lambda one: not one.required):
        if not left or field.kind not in FILES or not _is_empty(complete.get(field.variable)):
            continue
        taken = left[: 1 if field.kind == "file" else field.max_length or None]
        del left[: len(taken)]
        values = [msgspec.to_builtins(file) for file in taken]
        complete[field.variable] = values[0] if field.kind == "file" else values
    return complete, tuple(left)


def _check(field: InputField, value: Json) -> None:
    name = _called(field)
    if field.kind in TEXT and not isinstance(value, str):
        raise ConfigError(
            _("{name} is no text", name=name), _('Write it in quotes: "{value}".', value=value)
        )
    if field.kind == "number" and not _is_number(value):
        raise ConfigError(
            _("{name} is {value!r}, and the app wants a number", name=name, value=value),
            _("Write 3 or 3.5."),
        )
    if field.options and value not in field.options:
        raise ConfigError(
            _("{name} is {value!r}", name=name, value=value),
            _("It is one of: {names}.", names=", ".join(field.options)),
        )
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        raise ConfigError(
            ngettext(
                "{name} is {n} character long",
                "{name} is {n} characters long",
                len(value),
                name=name,
            ),
            _("The app takes at most {max_length}.", max_length=field.max_length),
        )


def _is_empty(value: Json) -> bool:
    return value is None or value in ("", [], {})


def _is_number(value: Json) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def _called(field: InputField) -> str:
    """Return the field's variable, and its label if the label says more."""
    if field.label.casefold() in ("", field.variable.casefold()):
        return field.variable
    return f"{field.variable} ({field.label})"


def _example(field: InputField) -> str:
    if field.options:
        return either(f'"{option}"' for option in field.options)
    return "3" if field.kind == "number" else '"..."'
