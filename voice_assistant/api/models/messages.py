"""Messages, suggested questions and ratings: endpoints 3 to 6."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from voice_assistant.api.models.chat import RetrieverResource  # noqa: TC001 - msgspec reads it
from voice_assistant.api.models.common import Inputs, Model

Rating: TypeAlias = Literal["like", "dislike"]


class MessageAttachment(Model, frozen=True):
    """A file of a question ("user") or an answer ("assistant"). `size` is in bytes."""

    id: str
    type: str = ""
    url: str = ""
    belongs_to: str = ""
    filename: str = ""
    mime_type: str = ""
    size: int = 0
    transfer_method: str = ""
    upload_file_id: str = ""


class Feedback(Model, frozen=True):
    """The user's rating of an answer."""

    rating: Rating | None = None


class HistoryMessage(Model, frozen=True):
    """A question with its answer; `answer` is "" while it is written, or if it was lost.

    `status` is "normal" or "error"; `error` then says why.
    """

    id: str
    conversation_id: str = ""
    parent_message_id: str = ""
    inputs: Inputs = msgspec.field(default_factory=dict)
    query: str = ""
    answer: str = ""
    message_files: tuple[MessageAttachment, ...] = ()
    feedback: Feedback | None = None
    retriever_resources: tuple[RetrieverResource, ...] = ()
    created_at: int = 0
    status: str = ""
    error: str = ""


class MessagePage(Model, frozen=True):
    """A page of messages, oldest first; the previous page ends before the `id` of the first one."""

    limit: int = 20
    has_more: bool = False
    data: tuple[HistoryMessage, ...] = ()


class SuggestedQuestions(Model, frozen=True):
    """The suggested questions; often there are none."""

    result: str = "success"
    data: tuple[str, ...] = ()


class FeedbackBody(msgspec.Struct, frozen=True, kw_only=True):
    """A rating of an answer. `rating` None deletes the rating, and must be sent as null."""

    rating: Rating | None
    user: str
    content: str | msgspec.UnsetType = msgspec.UNSET


class AppFeedback(Model, frozen=True):
    """A rating in the form for the app's owner; times are ISO 8601 texts."""

    id: str
    app_id: str = ""
    conversation_id: str = ""
    message_id: str = ""
    rating: str = ""
    content: str = ""
    from_source: str = ""
    from_end_user_id: str = ""
    from_account_id: str = ""
    created_at: str = ""
    updated_at: str = ""


class AppFeedbackPage(Model, frozen=True):
    """A page of ratings. The server does not say whether there are more."""

    data: tuple[AppFeedback, ...] = ()
