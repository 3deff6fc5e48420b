"""`forms`: shows and fills in the forms with which a workflow asks a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown
from voice_assistant.errors import InputError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import Form, FormAction


async def show(at: Connected, form: str) -> Shown:
    """Show a form: what is asked, its fields and its buttons."""
    found = await at.client.forms.get(form)
    told = {
        **{one.output_variable_name: _field(one.type, one.options) for one in found.inputs},
        "buttons": ", ".join(f"{one.id} ({one.title})" for one in found.buttons),
        "until": words.when(found.expiration_time),
    }
    return Shown(found, f"{found.form_content}\n\n{words.facts(told)}".strip())


async def fill_in(at: Connected, form: str, button: str, values: list[str]) -> Shown:
    """Fill in a form, and press one of its buttons."""
    found = await at.client.forms.get(form)
    given = dict(map(_named, values))
    names = [field.output_variable_name for field in found.inputs]
    if unknown := ", ".join(sorted(given.keys() - names)):
        raise InputError(
            _("The form has no field {unknown}", unknown=unknown),
            _("It has: {names}.", names=", ".join(names)),
        )
    filled = {name: given.get(name, _default(found, name)) for name in names}
    await at.client.forms.fill_in(form, _button(found, button).id, filled)
    return Shown(Done("success"), _("Sent: the run goes on."))


def _named(value: str) -> tuple[str, str]:
    name, sign, text = value.partition("=")
    if not sign:
        raise InputError(_("{value!r} has no name", value=value), _("Write NAME=VALUE."))
    return name, text


def _default(form: Form, name: str) -> str:
    """Return the first value of a field."""
    given = form.resolved_default_values.get(name)
    field = next(one for one in form.inputs if one.output_variable_name == name)
    return words.value(given) if given else (field.default.value if field.default else "")


def _button(form: Form, named: str) -> FormAction:
    for button in form.buttons:
        if named.casefold() in (button.id.casefold(), button.title.casefold()):
            return button
    has = ", ".join(button.title or button.id for button in form.buttons)
    raise InputError(
        _("The form has no button {named!r}", named=named), _("It has: {has}.", has=has)
    )


def _field(kind: str, options: tuple[str, ...]) -> str:
    return _("{kind}, one of: {names}", kind=kind, names=", ".join(options)) if options else kind
