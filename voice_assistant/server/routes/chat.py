"""Questions and answers: endpoints 1, 2, 4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from voice_assistant.api.models import (
    ChatBody,
    MessageAttachment,
    Result,
    SuggestedQuestions,
    UserBody,
)
from voice_assistant.server.answer import Answer
from voice_assistant.server.http.event_stream import EventStream
from voice_assistant.server.http.wire import Json, body, invalid, is_uuid, not_found, query
from voice_assistant.server.parts import parts_of
from voice_assistant.server.store.history import UNNAMED, name_from

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from voice_assistant.api.models import ChatFile, Conversation
    from voice_assistant.server.parts import Parts


async def ask(request: Request) -> Response:
    """Answer a question, as a stream of events or in one piece."""
    asked = await body(request, ChatBody)
    parts = parts_of(request)
    if not asked.query.strip():
        raise invalid("query is required")
    attachments = [_attachment(parts, file, asked.user) for file in asked.files]
    conversation = _conversation(parts, asked)
    parts.follow_ups.drop(conversation.id)
    message = parts.history.ask(conversation, asked.query, attachments)
    answer = Answer(parts, message, asked.user)
    if asked.response_mode == "blocking":
        return Json(await answer.whole())
    return EventStream(answer.stream, parts.closing)


async def stop(request: Request) -> Response:
    """Stop an answer. An answer that is over or unknown gives success too, as on real servers."""
    user = (await body(request, UserBody)).user
    writing = parts_of(request).writing.get(request.path_params["task_id"])
    if writing and writing.user == user:
        writing.stop.set()
    return Json(Result())


async def suggested(request: Request) -> Response:
    """Return the questions that are suggested after an answer."""
    user = query(request, UserBody).user
    history = parts_of(request).history
    message = history.message(request.path_params["message_id"], user)
    if message is None:
        raise not_found("Message")
    await parts_of(request).follow_ups.ready(message.id)
    return Json(SuggestedQuestions(data=tuple(history.suggestions(message.id))))


def _conversation(parts: Parts, asked: ChatBody) -> Conversation:
    if not asked.conversation_id:
        name = name_from(asked.query) if asked.auto_generate_name else UNNAMED
        return parts.history.begin(asked.user, asked.inputs, name)
    if not is_uuid(asked.conversation_id):
        raise invalid("conversation_id must be a valid UUID")
    conversation = parts.history.conversation(asked.conversation_id, asked.user)
    if conversation is None:
        raise not_found("Conversation")
    return conversation


def _attachment(parts: Parts, file: ChatFile, user: str) -> MessageAttachment:
    if file.transfer_method == "remote_url":
        if not file.url:
            raise invalid("A file with transfer_method remote_url needs a url")
        return _as_attachment(file, url=file.url)
    kept = parts.files.get(file.upload_file_id, user)
    if kept is None:
        raise invalid("Invalid upload file")
    return _as_attachment(file, filename=kept.name, mime_type=kept.mime_type, size=kept.size)


def _as_attachment(
    file: ChatFile, *, url: str = "", filename: str = "", mime_type: str = "", size: int = 0
) -> MessageAttachment:
    return MessageAttachment(
        id=file.upload_file_id,
        type=file.type,
        url=url,
        belongs_to="user",
        filename=filename,
        mime_type=mime_type,
        size=size,
        transfer_method=file.transfer_method,
        upload_file_id=file.upload_file_id,
    )


routes = [
    Route("/chat-messages", ask, methods=["POST"]),
    Route("/chat-messages/{task_id}/stop", stop, methods=["POST"]),
    Route("/messages/{message_id}/suggested", suggested, methods=["GET"]),
]
