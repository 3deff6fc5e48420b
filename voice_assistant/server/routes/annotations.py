"""Prepared answers: endpoints 18 to 23."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from voice_assistant.api.models import (
    AnnotationBody,
    AnnotationPage,
    AnnotationReplyJob,
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

if TYPE_CHECKING:
    from starlette.requests import Request

    from voice_assistant.api.models import AnnotationReplyAction


class _PageQuery(msgspec.Struct):
    page: PageNumber = 1
    limit: Limit = 20


class _Switch(msgspec.Struct):
    """The body of a switch. Names of an embedding model are ignored: this server uses none."""

    score_threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


async def page(request: Request) -> Response:
    """Return a page of the annotations."""
    asked = query(request, _PageQuery)
    everything = parts_of(request).annotations.all()
    begin = (asked.page - 1) * asked.limit
    return Json(
        AnnotationPage(
            data=tuple(everything[begin : begin + asked.limit]),
            has_more=len(everything) > begin + asked.limit,
            limit=asked.limit,
            total=len(everything),
            page=asked.page,
        )
    )


async def create(request: Request) -> Response:
    """Add an annotation."""
    given = await _words(request)
    return Json(parts_of(request).annotations.add(given.question, given.answer), 201)


async def change(request: Request) -> Response:
    """Change the question and the answer of an annotation."""
    given = await _words(request)
    id_ = request.path_params["annotation_id"]
    changed = parts_of(request).annotations.change(id_, given.question, given.answer)
    if changed is None:
        raise not_found("Annotation")
    return Json(changed)


async def delete(request: Request) -> Response:
    """Delete an annotation."""
    if not parts_of(request).annotations.delete(request.path_params["annotation_id"]):
        raise not_found("Annotation")
    return Response(status_code=204)


async def switch(request: Request) -> Response:
    """Use the annotations for answers, or stop using them."""
    action = _action(request)
    threshold = (await body(request, _Switch)).score_threshold
    job = parts_of(request).annotations.switch(action, threshold)
    return Json(AnnotationReplyJob(job_id=job, job_status="waiting"))


async def status(request: Request) -> Response:
    """Return the state of a switch: always completed, for a switch is done at once."""
    job = request.path_params["job_id"]
    if not parts_of(request).annotations.has_job(job, _action(request)):
        raise invalid("The job does not exist.")
    return Json(AnnotationReplyJob(job_id=job, job_status="completed"))


def _action(request: Request) -> AnnotationReplyAction:
    action = request.path_params["action"]
    if action not in ("enable", "disable"):
        raise invalid("The action is enable or disable.")
    return cast("AnnotationReplyAction", action)


async def _words(request: Request) -> AnnotationBody:
    given = await body(request, AnnotationBody)
    if not given.question or not given.answer:
        raise invalid("question and answer are required")
    return given


routes = [
    Route("/apps/annotations", page, methods=["GET"]),
    Route("/apps/annotations", create, methods=["POST"]),
    Route("/apps/annotations/{annotation_id}", change, methods=["PUT"]),
    Route("/apps/annotations/{annotation_id}", delete, methods=["DELETE"]),
    Route("/apps/annotation-reply/{action}", switch, methods=["POST"]),
    Route("/apps/annotation-reply/{action}/status/{job_id}", status, methods=["GET"]),
]
