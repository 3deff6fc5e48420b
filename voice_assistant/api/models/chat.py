"""Questions and answers: endpoint 1."""

from __future__ import annotations

from typing import Literal

import msgspec

from voice_assistant.api.models.common import Body, Inputs, Model


class ChatFile(Body, frozen=True):
    """A file that belongs to a question.

    Attributes:
        type: older servers know only "image".
        transfer_method: "remote_url" needs `url`, "local_file" needs `upload_file_id`.
        url: the address from which the server downloads the file.
        upload_file_id: the `id` of an `UploadedFile`.
    """

    type: Literal["image", "document", "audio", "video", "custom"]
    transfer_method: Literal["remote_url", "local_file"]
    url: str = ""
    upload_file_id: str = ""


class ChatRequest(msgspec.Struct, frozen=True):
    """A question.

    Attributes:
        query: the question's words; an empty question is refused (1.14.0 never answers it).
        conversation_id: "" begins a new conversation.
        inputs: values for the app's variables, see `Parameters.user_input_form`.
        files: the files that the question is about.
        auto_generate_name: True lets the server name a new conversation.
    """

    query: str
    conversation_id: str = ""
    inputs: Inputs = {}
    files: tuple[ChatFile, ...] = ()
    auto_generate_name: bool = True


class ChatBody(ChatRequest, frozen=True, kw_only=True):
    """The body of a request with a question.

    Attributes:
        user: the user who owns the conversation.
        response_mode: servers use "blocking" if it is missing.
    """

    user: str
    response_mode: Literal["streaming", "blocking"] = "blocking"


class Usage(Model, frozen=True):
    """The tokens, prices and times of an answer.

    Prices are decimal numbers as text ("0E-7" occurs); `*_price_unit` is the number of tokens,
    as a factor, that the unit price is for. `latency` and the `time_to_*` (newer servers) are
    seconds.
    """

    prompt_tokens: int = 0
    prompt_unit_price: str | float = "0"
    prompt_price_unit: str | float = "0"
    prompt_price: str | float = "0"
    completion_tokens: int = 0
    completion_unit_price: str | float = "0"
    completion_price_unit: str | float = "0"
    completion_price: str | float = "0"
    total_tokens: int = 0
    total_price: str | float = "0"
    currency: str = ""
    latency: float = 0.0
    time_to_first_token: float | None = None
    time_to_generate: float | None = None


class RetrieverResource(Model, frozen=True):
    """A piece of the knowledge base that the answer uses. `score` goes from 0 to 1."""

    position: int = 0
    dataset_id: str = ""
    dataset_name: str = ""
    document_id: str = ""
    document_name: str = ""
    segment_id: str = ""
    score: float = 0.0
    content: str = ""


class _NestedUsage(Usage, frozen=True):
    retriever_resources: tuple[RetrieverResource, ...] = ()


class Metadata(Model, frozen=True):
    """More about an answer besides its text; empty for moderated input on 0.15.3.

    Attributes:
        usage: the answer's tokens, prices and times.
        sources: the answer's sources, in whichever field the server put them.
    """

    usage: _NestedUsage = _NestedUsage()
    retriever_resources: tuple[RetrieverResource, ...] = ()

    @property
    def sources(self) -> tuple[RetrieverResource, ...]:
        """`retriever_resources`; the older document nests them inside `usage`."""
        return self.retriever_resources or self.usage.retriever_resources


class ChatCompletion(Model, frozen=True):
    """A complete answer (`response_mode` blocking). `mode` is "chat" or "advanced-chat"."""

    event: str = "message"
    task_id: str = ""
    id: str = ""
    message_id: str = ""
    conversation_id: str = ""
    mode: str = ""
    answer: str = ""
    metadata: Metadata = Metadata()
    created_at: int = 0
