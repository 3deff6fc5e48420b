"""What was asked and answered, and what people thought of it: endpoints 3 to 6."""

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
    """What the user thought of an answer."""

    rating: Rating | None = None


class HistoryMessage(Model, frozen=True):
    """A question with its answer, which is "" while it is written, or where it was lost.

    `status` is "normal" or "error", then with `error`.
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
    """Some messages, oldest first; the page before ends at the `id` of the first."""

    limit: int = 20
    has_more: bool = False
    data: tuple[HistoryMessage, ...] = ()


class SuggestedQuestions(Model, frozen=True):
    """What could be asked next; often nothing."""

    result: str = "success"
    data: tuple[str, ...] = ()


class FeedbackBody(msgspec.Struct, frozen=True, kw_only=True):
    """What the user thinks of an answer. `rating` None takes it back and must be sent as null."""

    rating: Rating | None
    user: str
    content: str | msgspec.UnsetType = msgspec.UNSET


class AppFeedback(Model, frozen=True):
    """A feedback as the app's owner sees it; times are ISO 8601 texts."""

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
    """Some feedbacks. The server does not say whether there are more."""

    data: tuple[AppFeedback, ...] = ()
