"""What the app is and can do: endpoints 14 to 17."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from voice_assistant.api.models.common import Json, Model


class AppInfo(Model, frozen=True):
    """The app's name and nature. `mode` ("advanced-chat" ...) and `author_name`: newer servers."""

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
        voice: the provider's name of the voice, "" for its default.
        language: such as "en-US".
        auto_play_word: "enabled", "disabled", or "" where the server does not say.
    """

    enabled: bool = False
    voice: str = ""
    language: str = ""
    auto_play_word: str = msgspec.field(default="", name="autoPlay")

    @property
    def auto_play(self) -> bool | None:
        """Answers come with audio in their stream; None where the server does not say."""
        return self.auto_play_word == "enabled" if self.auto_play_word else None


class InputField(Model, frozen=True):
    """A variable that the app asks for.

    Attributes:
        kind: "text-input", "paragraph", "select", "number", "file" ..., or one not known yet.
        variable: its name in `ChatRequest.inputs`.
        label: its name for people.
        required: a question without it is refused (1.14.0: by silence).
        default: what the form shows first.
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
    """Whether questions may carry images: the form of older servers, and of apps without any."""

    enabled: bool = False
    number_limits: int = 0
    detail: str = ""
    transfer_methods: tuple[str, ...] = ()


class FileUpload(Model, frozen=True):
    """Which files questions may carry.

    Two forms: all in `image` (documents), or beside it (0.15.3 and 1.14.0, where it is on).
    """

    enabled: bool = False
    image: ImageUpload = ImageUpload()
    allowed_file_types: tuple[str, ...] = ()
    allowed_file_extensions: tuple[str, ...] = ()
    allowed_file_upload_methods: tuple[str, ...] = ()
    number_limits: int = 0

    @property
    def types(self) -> tuple[str, ...]:
        """The kinds of files that are taken ("image", "document" ...); empty: none."""
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
    """What the app can do.

    Attributes:
        opening_statement: what it says first.
        suggested_questions: what to ask first.
        suggested_questions_after_answer: `/messages/{id}/suggested` works.
        speech_to_text: `/audio-to-text` works.
        text_to_speech: whether and how it speaks.
        retriever_resource: answers name their sources.
        annotation_reply: prepared answers are given.
        form: the variables as sent; read `user_input_form`.
        file_upload: which files questions may carry.
        system_parameters: how large they may be.
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
        """The variables the app asks for, in order; unknown kinds included."""
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
    """How the app's web page looks. `icon` is an emoji, or an address for `icon_type` "image"."""

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
