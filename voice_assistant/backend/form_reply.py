"""The answer of a person to a form of the app: by words, by a button, or by values. Pure.

A form has fields (texts, choices, files) and buttons. Spoken words choose an option or a button,
or are the text of a field; the form is complete with a button.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.backend.chosen_words import agreed, chosen
from voice_assistant.text.choice import either
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.api.models import Form, FormField, FormValue

FILE_KINDS = ("file", "file-list")
_PLACE = re.compile(r"\{\{\s*#\$output\.[\w.]+#\s*\}\}")
_BLANKS = re.compile(r"[ \t]+(?=[?.!,;:\n])")


class Filled(NamedTuple):
    """A complete form.

    Attributes:
        action: the id of the button.
        values: the values of the fields, by name.
        said: what was chosen, for people.
    """

    action: str
    values: dict[str, FormValue]
    said: str


class FormReply:
    """The answer to a form while it is given, in one step or several.

    Each method that takes a step returns the complete form, or the words that ask for the rest.

    Args:
        form: the form.

    Attributes:
        form: the form.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self._values: dict[str, FormValue] = {}
        self._button = ""  # pressed while fields were missing

    @property
    def content(self) -> str:
        """The text of the form, without the places of fields."""
        return _BLANKS.sub("", _PLACE.sub("", self.form.form_content)).strip()

    @property
    def spoken(self) -> str:
        """The words that are read out: the text of the form, and the possible answers."""
        return f"{self.content}\n\n{self.ask}"

    @property
    def ask(self) -> str:
        """The words that name the possible answers."""
        for field in self._open:
            name = _called(field)
            if field.type == "select":
                return _("Choose the {name}: {options}.", name=name, options=either(field.options))
            if field.type in FILE_KINDS:
                return _(
                    "A file is wanted for the {name}: `voice-assistant form BUTTON "
                    "{variable}=@FILE`.",
                    name=name,
                    variable=field.output_variable_name,
                )
        buttons = either([one.title or one.id for one in self.form.buttons])
        if texts := self._texts:
            return _(
                "Say the {field}, or choose: {buttons}.", field=_called(texts[0]), buttons=buttons
            )
        return _("Choose: {buttons}.", buttons=buttons)

    def understands(self, words: str, *, dictated: bool) -> bool:
        """Return whether words answer the form.

        Args:
            words: what was said or typed.
            dictated: the words may be the text of a field: they were spoken after the form.
        """
        field = self._next_choice
        an_option = field is not None and chosen(words, field.options) is not None
        return an_option or self._button_of(words) is not None or (dictated and bool(self._texts))

    def hear(self, words: str) -> Filled | str:
        """Take words: an option, a button, or the text of a field."""
        field = self._next_choice
        if field is not None and (at := chosen(words, field.options)) is not None:
            self._values[field.output_variable_name] = field.options[at]
            return self.go_on()
        if (button := self._button_of(words)) is not None:
            return self.press(button)
        if field is None and self._texts:
            self._values[self._texts[0].output_variable_name] = words.strip()
            return self.go_on()
        return self.ask

    def pick(self, number: int) -> Filled | str:
        """Choose by its place, from 1: an option of the choice that is asked for, else a button."""
        field = self._next_choice
        if field is not None and 0 < number <= len(field.options):
            self._values[field.output_variable_name] = field.options[number - 1]
            return self.go_on()
        if field is None and 0 < number <= len(self.form.buttons):
            return self.press(self.form.buttons[number - 1].id)
        return self.ask

    def value(self, field: FormField) -> str:
        """Return the text or the option of a field, "" without one."""
        value = self._values.get(field.output_variable_name, "")
        return value if isinstance(value, str) and value else self._default(field)

    def press(self, button: str) -> Filled | str:
        """Press a button, by its id or its text."""
        for one in self.form.buttons:
            if button.casefold() in (one.id.casefold(), one.title.casefold()):
                self._button = one.id
                return self.go_on()
        return _("There is no button {button}. {ask}", button=button, ask=self.ask)

    def set(self, name: str, value: FormValue) -> str:
        """Give a field its value; return why that is not possible, or ""."""
        field = self.field(name)
        if field is None:
            has = ", ".join(one.output_variable_name for one in self.form.inputs)
            if not has:
                return _("The form has no field {name}.", name=name)
            return _("The form has no field {name}; it has {has}.", name=name, has=has)
        if field.type == "select" and field.options and value not in field.options:
            return _("{name} is one of: {names}.", name=name, names=", ".join(field.options))
        self._values[field.output_variable_name] = value
        return ""

    def field(self, name: str) -> FormField | None:
        """Return the field of this name; None if there is none."""
        for one in self.form.inputs:
            if name.casefold() == one.output_variable_name.casefold():
                return one
        return None

    @property
    def _open(self) -> list[FormField]:
        """The fields without a value that the form cannot do without: choices and files."""
        return [
            one
            for one in self.form.inputs
            if one.output_variable_name not in self._values
            and (one.type in FILE_KINDS or (one.type == "select" and one.options))
        ]

    @property
    def _next_choice(self) -> FormField | None:
        return next((one for one in self._open if one.type == "select"), None)

    @property
    def _texts(self) -> list[FormField]:
        """The texts that nobody has given yet."""
        known = ("select", *FILE_KINDS)
        return [
            one
            for one in self.form.inputs
            if one.type not in known and one.output_variable_name not in self._values
        ]

    def go_on(self) -> Filled | str:
        """Return the complete form if nothing is missing, else the words that ask for the rest."""
        if self._open or (self._texts and not self._button):
            return self.ask
        if not self._button and len(self.form.buttons) == 1:
            self._button = self.form.buttons[0].id
        if not self._button:
            return self.ask
        said = next((one.title for one in self.form.buttons if one.id == self._button), "")
        values = {
            one.output_variable_name: self._values.get(one.output_variable_name, self._default(one))
            for one in self.form.inputs
        }
        return Filled(self._button, values, said or self._button)

    def _default(self, field: FormField) -> str:
        resolved = self.form.resolved_default_values.get(field.output_variable_name)
        return str(resolved) if resolved else (field.default.value if field.default else "")

    def _button_of(self, words: str) -> str | None:
        """Return the id of the button that the words mean; None if they mean none, or several."""
        buttons = self.form.buttons
        titles = [one.title or one.id for one in buttons]
        at = chosen(words, titles, numbers=not self._texts)
        if at is None:
            at = agreed(words, [(one.id, one.title) for one in buttons])
        return None if at is None else buttons[at].id


def _called(field: FormField) -> str:
    return field.output_variable_name.replace("_", " ")
