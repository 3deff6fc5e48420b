"""The app's name and abilities: endpoints 14 to 17."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from voice_assistant.api.models.common import Json, Model


class AppInfo(Model, frozen=True):
    """The app's name and description; newer servers send `mode` and `author_name`, too."""

    name: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    mode: str = ""
    author_name: str = ""


class Switch(Model, frozen=True):
    """A feature that is on or off."""

    enabled: bool = False


class TextToSpeech(Model, frozen=True):
    """Speech of the app.

    Attributes:
        enabled: `/text-to-audio` works.
        voice: the provider's name of the voice, "" for the provider's default.
        language: the language, such as "en-US".
        auto_play_word: "enabled", "disabled", or "" if the server sends no value.
    """

    enabled: bool = False
    voice: str = ""
    language: str = ""
    auto_play_word: str = msgspec.field(default="", name="autoPlay")

    @property
    def auto_play(self) -> bool | None:
        """Whether answers have audio in their stream; None if the server sends no value."""
        return self.auto_play_word == "enabled" if self.auto_play_word else None


class InputField(Model, frozen=True):
    """A variable that the app asks for.

    Attributes:
        kind: "text-input", "paragraph", "select", "number", "file" ..., or an unknown kind.
        variable: the variable's name in `ChatRequest.inputs`.
        label: the variable's name for people.
        required: True if a question without it is refused (1.14.0 never answers it).
        default: the first value in the form.
        options: the values of a "select".
        max_length: characters, None for no limit.
    """

    kind: str
    variable: str = ""
    label: str = ""
    required: bool = False
    default: Json = None
    options: tuple[str, ...] = ()
    max_length: int | None = None


class _FieldBody(Model, frozen=True):
    variable: str = ""
    label: str = ""
    required: bool = False
    default: Json = None
    options: tuple[str, ...] = ()
    max_length: int | None = None


_FormEntry: TypeAlias = dict[str, _FieldBody]  # one entry: its kind, and the rest


class ImageUpload(Model, frozen=True):
    """The images that questions may have: the form of older servers, and of apps without files."""

    enabled: bool = False
    number_limits: int = 0
    detail: str = ""
    transfer_methods: tuple[str, ...] = ()


class FileUpload(Model, frozen=True):
    """The files that questions may have.

    There are two forms: all fields in `image` (in the documents), or beside `image` (0.15.3 and
    1.14.0, if files are switched on).
    """

    enabled: bool = False
    image: ImageUpload = ImageUpload()
    allowed_file_types: tuple[str, ...] = ()
    allowed_file_extensions: tuple[str, ...] = ()
    allowed_file_upload_methods: tuple[str, ...] = ()
    number_limits: int = 0

    @property
    def types(self) -> tuple[str, ...]:
        """The accepted kinds of files ("image", "document" ...); empty if files are refused."""
        if self.allowed_file_types:
            return self.allowed_file_types if self.enabled else ()
        return ("image",) if self.image.enabled else ()


class SystemParameters(Model, frozen=True):
    """Limits of uploads, in MB, and the number of files of a workflow."""

    file_size_limit: int = 0
    image_file_size_limit: int = 0
    audio_file_size_limit: int = 0
    video_file_size_limit: int = 0
    workflow_file_upload_limit: int = 0


class Parameters(Model, frozen=True):
    """The app's abilities.

    Attributes:
        opening_statement: the app's first words.
        suggested_questions: suggestions for the first question.
        suggested_questions_after_answer: `/messages/{id}/suggested` works.
        speech_to_text: `/audio-to-text` works.
        text_to_speech: whether and how the app speaks.
        retriever_resource: answers name their sources.
        annotation_reply: prepared answers are given.
        form: the variables as the server sends them; use `user_input_form` instead.
        file_upload: the files that questions may have.
        system_parameters: the largest sizes of files.
    """

    opening_statement: str = ""
    suggested_questions: tuple[str, ...] = ()
    suggested_questions_after_answer: Switch = Switch()
    speech_to_text: Switch = Switch()
    text_to_speech: TextToSpeech = TextToSpeech()
    retriever_resource: Switch = Switch()
    annotation_reply: Switch = Switch()
    form: tuple[_FormEntry, ...] = msgspec.field(default=(), name="user_input_form")
    file_upload: FileUpload = FileUpload()
    system_parameters: SystemParameters = SystemParameters()

    @property
    def user_input_form(self) -> tuple[InputField, ...]:
        """The variables that the app asks for, in order; unknown kinds are included."""
        return tuple(
            InputField(kind=kind, **msgspec.structs.asdict(body))
            for entry in self.form
            for kind, body in entry.items()
        )


class ToolIcon(Model, frozen=True):
    """A tool's emoji on a coloured ground."""

    background: str = ""
    content: str = ""


class AppMeta(Model, frozen=True):
    """The icons of the app's tools, by name: an address, or an emoji."""

    tool_icons: dict[str, str | ToolIcon] = msgspec.field(default_factory=dict)


class Site(Model, frozen=True):
    """The look of the app's web page. `icon` is an emoji, or an address for `icon_type` "image"."""

    title: str = ""
    chat_color_theme: str = ""
    chat_color_theme_inverted: bool = False
    icon_type: str = ""
    icon: str = ""
    icon_background: str = ""
    icon_url: str = ""
    description: str = ""
    copyright: str = ""
    privacy_policy: str = ""
    custom_disclaimer: str = ""
    default_language: str = ""
    show_workflow_steps: bool = False
    use_icon_as_answer_icon: bool = False
