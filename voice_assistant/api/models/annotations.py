"""Prepared answers: endpoints 18 to 23 (newer servers)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from voice_assistant.api.models.common import Body, Model

AnnotationReplyAction: TypeAlias = Literal["enable", "disable"]


class Annotation(Model, frozen=True):
    """A prepared answer. `hit_count`: how often it was given."""

    id: str
    question: str = ""
    answer: str = ""
    hit_count: int = 0
    created_at: int = 0


class AnnotationPage(Model, frozen=True):
    """Some annotations; `page` counts from 1."""

    data: tuple[Annotation, ...] = ()
    has_more: bool = False
    limit: int = 20
    total: int = 0
    page: int = 1


class AnnotationBody(Body, frozen=True):
    """A prepared answer as it is sent."""

    question: str
    answer: str


class AnnotationReplySettings(Body, frozen=True):
    """How questions are matched.

    Attributes:
        score_threshold: how alike a question must be, 0 to 1.
        embedding_provider_name: as the server's own list of models names it.
        embedding_model_name: the same.
    """

    score_threshold: float
    embedding_provider_name: str
    embedding_model_name: str


class AnnotationReplyJob(Model, frozen=True):
    """The server's work on it: "waiting", "completed", "error" (then with `error_msg`)."""

    job_id: str = ""
    job_status: str = ""
    error_msg: str = ""
