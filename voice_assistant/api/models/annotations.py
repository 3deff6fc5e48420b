"""Prepared answers: endpoints 18 to 23 (newer servers)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from voice_assistant.api.models.common import Body, Model

AnnotationReplyAction: TypeAlias = Literal["enable", "disable"]


class Annotation(Model, frozen=True):
    """A prepared answer. `hit_count` is how often it was given."""

    id: str
    question: str = ""
    answer: str = ""
    hit_count: int = 0
    created_at: int = 0


class AnnotationPage(Model, frozen=True):
    """A page of annotations; `page` counts from 1."""

    data: tuple[Annotation, ...] = ()
    has_more: bool = False
    limit: int = 20
    total: int = 0
    page: int = 1


class AnnotationBody(Body, frozen=True):
    """The body of a request with a prepared answer."""

    question: str
    answer: str


class AnnotationReplySettings(Body, frozen=True):
    """The model by which questions are matched.

    Attributes:
        score_threshold: how similar a question must be, 0 to 1.
        embedding_provider_name: the provider's name in the server's list of models.
        embedding_model_name: the model's name in the server's list of models.
    """

    score_threshold: float
    embedding_provider_name: str
    embedding_model_name: str


class AnnotationReplyJob(Model, frozen=True):
    """The server's job that starts or stops prepared answers.

    `job_status` is "waiting", "completed" or "error"; "error" has an `error_msg`.
    """

    job_id: str = ""
    job_status: str = ""
    error_msg: str = ""
