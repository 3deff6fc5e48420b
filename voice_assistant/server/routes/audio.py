"""Speech to text and text to speech: endpoints 12 and 13."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from voice_assistant.api.models import SpeechBody, Transcript, UserBody
from voice_assistant.audio.codec.whole_file import TooLong
from voice_assistant.engines.models.folder import ModelMissing
from voice_assistant.engines.recognition.recognizer import RecognitionFailed
from voice_assistant.engines.voices.program import VoiceFailed
from voice_assistant.errors import InputError
from voice_assistant.server.hearing import words
from voice_assistant.server.http.event_stream import EventStream
from voice_assistant.server.http.multipart import pieces
from voice_assistant.server.http.wire import Json, Refusal, body, invalid, not_found, query
from voice_assistant.server.live_words import LiveWords
from voice_assistant.server.parts import parts_of
from voice_assistant.server.speech import Piece, mp3
from voice_assistant.text.sentences import Sentences

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine

    from starlette.requests import Request

    from voice_assistant.server.http.event_stream import Emit

LIMIT_BYTES = 30 << 20

# Newer servers accept the first five only. The others name the same formats, or clear ones.
TYPES = frozenset(
    f"audio/{name}"
    for name in (
        *("mp3", "m4a", "wav", "amr", "mpga"),
        *("mpeg", "mp4", "x-m4a", "x-wav", "wave", "webm", "ogg", "flac", "x-flac"),
    )
)


async def audio_to_text(request: Request) -> Response:
    """Return the words of a recording."""
    parts = parts_of(request)
    recognizer = parts.recognizer
    if recognizer is None or not recognizer.available():
        raise invalid("Speech to text is not enabled")
    live, complete = LiveWords(parts.followers), asyncio.Event()
    async with contextlib.aclosing(_recording(request, live, complete)) as recording:
        try:
            transcript = await _unless_gone(request, complete, words(recognizer, recording, live))
        except TooLong as error:
            raise Refusal(413, "audio_too_large", str(error)) from error
        except InputError as error:
            raise Refusal(400, "completion_request_error", str(error)) from error
        except (RecognitionFailed, ModelMissing) as error:
            raise Refusal(500, "completion_request_error", str(error)) from error
    parts.heard.note(transcript)
    return Json(transcript)


async def words_so_far(request: Request) -> Response:
    """Send the words of the user's recordings while these are spoken. Not a part of Dify's API."""
    user, parts = query(request, UserBody).user, parts_of(request)

    async def tell(emit: Emit) -> None:
        with parts.followers.following(user) as coming:
            while True:
                await emit({"event": "heard_so_far", "text": await coming.get()})

    return EventStream(tell, parts.closing)


async def heard(request: Request) -> Response:
    """Take the words that the assistant has heard itself. Not a part of Dify's API."""
    parts_of(request).heard.note(await body(request, Transcript))
    return Response(status_code=204)


async def text_to_audio(request: Request) -> Response:
    """Return the speech for a text or an answer."""
    asked = await body(request, SpeechBody)
    parts = parts_of(request)
    if parts.voice is None:
        raise invalid("TTS is not enabled")
    text = asked.text
    if asked.message_id:
        message = parts.history.message(asked.message_id, asked.user)
        if message is None:
            raise not_found("Message")
        text = message.answer
    if not text:
        raise invalid("Text is required")
    voice = await parts.named_voices.get(asked.voice) if asked.voice else parts.voice
    if voice is None:
        raise invalid(f"There is no voice {asked.voice}")
    speech = _bytes_of(mp3(voice, _sentences(text)))
    try:
        first = await anext(speech, b"")  # now a failure can still change the status
    except VoiceFailed as error:
        raise Refusal(500, "completion_request_error", str(error)) from error
    return StreamingResponse(_with_first(first, speech), media_type="audio/mpeg")


async def _bytes_of(speech: AsyncGenerator[Piece]) -> AsyncGenerator[bytes]:
    async with contextlib.aclosing(speech):
        async for piece in speech:
            yield piece.data


async def _unless_gone(
    request: Request, complete: asyncio.Event, hearing: Coroutine[Any, Any, Transcript]
) -> Transcript:
    """Return the words; stop looking for them when nobody waits for them any more.

    Args:
        request: the request.
        complete: set when all of the request has arrived.
        hearing: finds the words.

    Raises:
        ClientDisconnect: the client has gone.
    """

    async def gone() -> None:
        await complete.wait()
        while (await request.receive())["type"] != "http.disconnect":
            pass

    found, left = asyncio.create_task(hearing), asyncio.create_task(gone())
    try:
        await asyncio.wait((found, left), return_when=asyncio.FIRST_COMPLETED)
        if not found.done():
            raise ClientDisconnect
        return found.result()
    finally:
        found.cancel()
        left.cancel()
        await asyncio.wait((found, left))


async def _recording(
    request: Request, live: LiveWords, complete: asyncio.Event
) -> AsyncGenerator[bytes]:
    """Yield the bytes of the form's file, and tell `live` whose they are; then set `complete`."""
    found, user = False, b""
    size = 0
    async with contextlib.aclosing(pieces(request)) as form:
        async for part, data in form:
            if part.name == "user":
                user += data
            if part.name != "file":
                continue
            found = True
            live.begin(user.decode(errors="replace"))
            if part.mime not in TYPES:
                raise Refusal(415, "unsupported_audio_type", "Audio type not allowed.")
            size += len(data)
            if size > LIMIT_BYTES:
                raise Refusal(413, "audio_too_large", "Audio size larger than 30 mb")
            yield data
    complete.set()
    if not found:
        raise Refusal(400, "no_audio_uploaded", "Please upload your audio.")


async def _with_first(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with contextlib.aclosing(rest):
        yield first
        async for piece in rest:
            yield piece


async def _sentences(text: str) -> AsyncGenerator[str]:
    splitter = Sentences()
    for sentence in [*splitter.feed(text), *splitter.finish()]:
        yield sentence


routes = [
    Route("/audio-to-text", audio_to_text, methods=["POST"]),
    Route("/audio-to-text/heard", heard, methods=["POST"]),
    Route("/audio-to-text/so-far", words_so_far, methods=["GET"]),
    Route("/text-to-audio", text_to_audio, methods=["POST"]),
]
