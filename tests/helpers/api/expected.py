"""What a call of the client may come to: a value that is checked, or an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from voice_assistant.errors import (
    BackendError,
    BrokenStream,
    MissingEndpoint,
    NotFound,
    RateLimited,
    Rejected,
    ServerBug,
    Unauthorized,
    UnsupportedAudio,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Chat(NamedTuple):
    """What is left of an answer's stream."""

    text: str
    complete: bool
    stopped: bool
    audio: int
    has_ids: bool


class Fails(NamedTuple):
    """An error of the client, and the code that the server gives for it."""

    kind: type[BackendError]
    code: str = ""


Expected = Any  # a `Fails`, a function that checks the value, or one of these for each version


def answered(text: str, *, audio: int = 0, stopped: bool = False) -> Chat:
    return Chat(text, not stopped, stopped, audio, has_ids=True)


def begins(text: str) -> Callable[[Any], bool]:
    return lambda value: value.answer == text and value.message_id and value.mode


def audio_of(size: int) -> Callable[[Any], bool]:
    return lambda value: value[:3] == b"ID3" and len(value) == size


MISSING = Fails(MissingEndpoint)  # the server is too old for it
NO_ROUTE = Fails(MissingEndpoint)
NO_ID = Fails(NotFound)
GONE = Fails(NotFound, "not_found")
INVALID = Fails(Rejected, "invalid_param")
BAD_KEY = Fails(Unauthorized, "unauthorized")
NO_JSON = Fails(UnsupportedAudio, "unsupported_media_type")
BAD_AUDIO = Fails(UnsupportedAudio, "unsupported_audio_type")
NO_KEY = Fails(Rejected, "bad_request_key_error")
SILENT = Fails(BrokenStream)
BUSY = Fails(RateLimited, "invalid_param")
FAILED = Fails(ServerBug, "unknown")


def done(value: Any) -> bool:
    return value is None


def uploaded(name: str, size: int, extension: str) -> Callable[[Any], bool]:
    return lambda value: (
        (value.name, value.size, value.extension) == (name, size, extension) and value.id
    )


def page(size: int, *, more: bool, limit: int = 20) -> Callable[[Any], bool]:
    return lambda value: (len(value.data), value.has_more, value.limit) == (size, more, limit)


def messages(*answers: str, limit: int = 20, more: bool = False) -> Callable[[Any], bool]:
    return lambda value: (
        tuple(message.answer for message in value.data) == answers
        and page(len(answers), more=more, limit=limit)(value)
    )


def switches(
    *, stt: bool, tts: bool, suggested: bool, auto_play: bool | None, files: tuple[str, ...]
) -> Callable[[Any], bool]:
    return lambda value: (
        value.speech_to_text.enabled is stt
        and value.text_to_speech.enabled is tts
        and value.suggested_questions_after_answer.enabled is suggested
        and value.text_to_speech.auto_play is auto_play
        and value.file_upload.types == files
        and value.system_parameters.audio_file_size_limit == 50
    )


def asks_for_four(value: Any) -> bool:
    form = value.user_input_form
    return (
        [(field.kind, field.variable) for field in form]
        == [("text-input", "name"), ("select", "lang"), ("paragraph", "bio"), ("number", "age")]
        and [field.required for field in form] == [True, False, False, False]
        and form[1].options == ("en", "zh")
        and form[0].max_length == 48
    )


def all_on(files: tuple[str, ...]) -> Callable[[Any], bool]:
    return switches(stt=True, tts=True, suggested=True, auto_play=True, files=files)
