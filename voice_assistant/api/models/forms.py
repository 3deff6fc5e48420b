"""Forms with which a workflow asks a person: endpoint 27.

The shapes are from the documents and the public source of Dify 1.13 to 1.17.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from voice_assistant.api.models.chat import ChatFile
from voice_assistant.api.models.common import Json, Model

FormValue: TypeAlias = str | ChatFile | tuple[ChatFile, ...]
"""The value of a field: a text, an option, a file, or files."""


class TextSource(Model, frozen=True):
    """A text that is given, or that comes from a variable: then `resolved_default_values` has it.

    Attributes:
        type: "constant" or "variable".
        value: the text.
    """

    type: str = ""
    value: str = ""


class OptionSource(Model, frozen=True):
    """The options of a select. `type` is as in `TextSource`; resolved options are in `value`."""

    type: str = ""
    value: tuple[str, ...] = ()


class FormField(Model, frozen=True):
    """A field of a form.

    Attributes:
        output_variable_name: the field's name.
        type: "paragraph", "select", "file" or "file-list".
        default: the first value of a paragraph.
        option_source: the options of a select.
        number_limits: the most files of a "file-list", 0 if that is not known.
    """

    output_variable_name: str
    type: str = "paragraph"
    default: TextSource | None = None
    option_source: OptionSource = OptionSource()
    allowed_file_types: tuple[str, ...] = ()
    allowed_file_extensions: tuple[str, ...] = ()
    number_limits: int = 0

    @property
    def options(self) -> tuple[str, ...]:
        """The options of a select."""
        return self.option_source.value


class FormAction(Model, frozen=True):
    """A button of a form. `button_style` is "primary", "default", "accent" or "ghost"."""

    id: str
    title: str = ""
    button_style: str = ""


class Form(Model, frozen=True):
    """A form, as the stream or the endpoint has it.

    Attributes:
        form_content: what is asked, in Markdown; `{{#$output.NAME#}}` is the place of a field.
        inputs: the fields.
        actions: the buttons in the stream; `buttons` has them wherever they were.
        user_actions: the buttons at the endpoint.
        form_token: names the form; "" at the endpoint, and where only the app's owner can answer.
        resolved_default_values: the first values of fields, by name.
        expiration_time: Unix seconds.
    """

    form_id: str = ""
    node_id: str = ""
    node_title: str = ""
    form_content: str = ""
    inputs: tuple[FormField, ...] = ()
    actions: tuple[FormAction, ...] = ()
    user_actions: tuple[FormAction, ...] = ()
    form_token: str = ""
    resolved_default_values: dict[str, Json] = msgspec.field(default_factory=dict)
    expiration_time: int = 0

    @property
    def buttons(self) -> tuple[FormAction, ...]:
        """The buttons."""
        return self.actions or self.user_actions


class FormBody(msgspec.Struct, frozen=True, kw_only=True):
    """A form that is filled in: the values of its fields by name, and the id of the button."""

    user: str
    action: str
    inputs: dict[str, FormValue]
