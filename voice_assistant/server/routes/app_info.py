"""The app's name and abilities: endpoints 14 to 17."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_assistant.api.models import (
    AppInfo,
    AppMeta,
    FileUpload,
    Parameters,
    Site,
    Switch,
    SystemParameters,
    TextToSpeech,
)
from voice_assistant.errors import AssistantError
from voice_assistant.server.http.wire import Json
from voice_assistant.server.parts import parts_of
from voice_assistant.server.store.files import LIMITS_MB, OTHER_LIMIT_MB

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.server.parts import Parts

NAME = "Voice Assistant"
DESCRIPTION = "The embedded assistant: answers on this machine, without an account."
QUESTIONS = ("What can you do?", "What time is it?", "Set a timer for five minutes")


async def info(_: Request) -> Response:
    """Return the app's name and description."""
    about = AppInfo(
        name=NAME, description=DESCRIPTION, mode="advanced-chat", author_name="voice-assistant"
    )
    return Json(about)


async def parameters(request: Request) -> Response:
    """Return the app's abilities on this machine, and its limits."""
    parts = parts_of(request)
    voice = parts.voice
    speech = TextToSpeech(
        enabled=voice is not None,
        voice=voice.name if voice else "",
        language="en-US" if voice else "",
        auto_play_word="enabled" if voice else "disabled",
    )
    return Json(
        Parameters(
            suggested_questions=QUESTIONS,
            suggested_questions_after_answer=Switch(enabled=True),
            speech_to_text=Switch(enabled=bool(parts.recognizer and parts.recognizer.available())),
            text_to_speech=speech,
            annotation_reply=Switch(enabled=parts.annotations.threshold is not None),
            file_upload=FileUpload(enabled=await _reads_files(parts)),
            system_parameters=SystemParameters(
                file_size_limit=OTHER_LIMIT_MB,
                image_file_size_limit=LIMITS_MB["image"],
                audio_file_size_limit=LIMITS_MB["audio"],
                video_file_size_limit=LIMITS_MB["video"],
            ),
        )
    )


async def _reads_files(parts: Parts) -> bool:
    """Return whether a chat model reads pictures; no skill reads any file."""
    try:
        model = await parts.chat_model.model(parts.skills)
        return model is not None and await model.sees_pictures()
    except AssistantError:
        return False


async def meta(_: Request) -> Response:
    """Return the icons of the app's tools: there are none."""
    return Json(AppMeta())


async def site(_: Request) -> Response:
    """Return the look of the app's web page."""
    return Json(
        Site(
            title=NAME,
            icon_type="emoji",
            icon="🎙️",
            icon_background="#E0F2FE",
            description=DESCRIPTION,
            default_language="en-US",
        )
    )


routes = [
    Route("/info", info, methods=["GET"]),
    Route("/parameters", parameters, methods=["GET"]),
    Route("/meta", meta, methods=["GET"]),
    Route("/site", site, methods=["GET"]),
]
