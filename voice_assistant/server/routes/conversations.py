"""Conversations, their messages and the users' ratings: endpoints 3 and 5 to 10."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from voice_assistant.api.models import (
    AppFeedbackPage,
    Conversation,
    FeedbackBody,
    RenameBody,
    Result,
    SortBy,
    UserBody,
    Variable,
    VariablePage,
)
from voice_assistant.server.http.wire import (
    Json,
    Limit,
    PageNumber,
    body,
    invalid,
    not_found,
    query,
)
from voice_assistant.server.parts import parts_of
from voice_assistant.server.store.history import name_from

if TYPE_CHECKING:
    from starlette.requests import Request


class _ByUser(msgspec.Struct, kw_only=True):
    user: str


class _MessagesQuery(_ByUser):
    conversation_id: str
    first_id: str = ""
    limit: Limit = 20


class _ConversationsQuery(_ByUser):
    last_id: str = ""
    limit: Limit = 20
    sort_by: SortBy = "-updated_at"


class _VariablesQuery(_ByUser):
    last_id: str = ""
    limit: Limit = 20
    variable_name: str = ""


class _FeedbacksQuery(msgspec.Struct):
    page: PageNumber = 1
    limit: Limit = 20


async def messages(request: Request) -> Response:
    """Return a page of a conversation's messages."""
    asked = query(request, _MessagesQuery)
    conversation = _conversation(request, asked.conversation_id, asked.user)
    history = parts_of(request).history
    if asked.first_id and history.message(asked.first_id, asked.user) is None:
        raise not_found("First Message")
    return Json(history.messages(conversation.id, asked.limit, asked.first_id))


async def rate(request: Request) -> Response:
    """Rate an answer ("like" or "dislike"), or delete its rating."""
    given = await body(request, FeedbackBody)
    history = parts_of(request).history
    message = history.message(request.path_params["message_id"], given.user)
    if message is None:
        raise not_found("Message")
    if given.rating is None:
        if not history.unrate(message.id):
            raise invalid("rating cannot be None when feedback not exists")
    else:
        content = "" if given.content is msgspec.UNSET else given.content
        history.rate(message.id, given.user, given.rating, content)
    return Json(Result())


async def feedbacks(request: Request) -> Response:
    """Return a page of all users' ratings."""
    asked = query(request, _FeedbacksQuery)
    offset = (asked.page - 1) * asked.limit
    return Json(AppFeedbackPage(data=parts_of(request).history.feedbacks(offset, asked.limit)))


async def conversations(request: Request) -> Response:
    """Return a page of a user's conversations."""
    asked = query(request, _ConversationsQuery)
    history = parts_of(request).history
    if asked.last_id and history.conversation(asked.last_id, asked.user) is None:
        raise not_found("Last Conversation")
    return Json(history.conversations(asked.user, asked.limit, asked.sort_by, asked.last_id))


async def delete(request: Request) -> Response:
    """Delete a conversation."""
    user = (await body(request, UserBody)).user
    conversation = _conversation(request, request.path_params["conversation_id"], user)
    parts_of(request).history.delete(conversation.id)
    return Response(status_code=204)


async def rename(request: Request) -> Response:
    """Give a conversation a name, or make a name from its first question."""
    asked = await body(request, RenameBody)
    history = parts_of(request).history
    conversation = _conversation(request, request.path_params["conversation_id"], asked.user)
    if not asked.name and not asked.auto_generate:
        raise invalid("name is required when auto_generate is false")
    name = name_from(history.first_question(conversation.id)) if asked.auto_generate else asked.name
    history.rename(conversation.id, name)
    return Json(history.conversation(conversation.id, asked.user))


async def variables(request: Request) -> Response:
    """Return a page of the variables that the skills remember of a conversation."""
    asked = query(request, _VariablesQuery)
    conversation = _conversation(request, request.path_params["conversation_id"], asked.user)
    memory = parts_of(request).history.memory(conversation.id)
    found = [
        _variable(conversation, name, value)
        for name, value in (msgspec.json.decode(memory) if memory else {}).items()
        if asked.variable_name in ("", name)
    ]
    ids = [variable.id for variable in found]
    if asked.last_id and asked.last_id not in ids:
        raise not_found("Last Variable")
    begin = ids.index(asked.last_id) + 1 if asked.last_id else 0
    page = tuple(found[begin : begin + asked.limit])
    more = len(found) > begin + asked.limit
    return Json(VariablePage(limit=asked.limit, has_more=more, data=page))


def _conversation(request: Request, conversation_id: str, user: str) -> Conversation:
    conversation = parts_of(request).history.conversation(conversation_id, user)
    if conversation is None:
        raise not_found("Conversation")
    return conversation


def _variable(conversation: Conversation, name: str, value: Any) -> Variable:
    # A name is unique only within its conversation; the id is made of both.
    return Variable(
        id=str(uuid.uuid5(uuid.UUID(conversation.id), name)),
        name=name,
        value_type=_VALUE_TYPES.get(type(value), "string"),
        value=value if isinstance(value, str) else msgspec.json.encode(value).decode(),
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
    )


_VALUE_TYPES = {str: "string", int: "number", float: "number", dict: "object", list: "array"}

routes = [
    Route("/messages", messages, methods=["GET"]),
    Route("/messages/{message_id}/feedbacks", rate, methods=["POST"]),
    Route("/app/feedbacks", feedbacks, methods=["GET"]),
    Route("/conversations", conversations, methods=["GET"]),
    Route("/conversations/{conversation_id}", delete, methods=["DELETE"]),
    Route("/conversations/{conversation_id}/name", rename, methods=["POST"]),
    Route("/conversations/{conversation_id}/variables", variables, methods=["GET"]),
]
