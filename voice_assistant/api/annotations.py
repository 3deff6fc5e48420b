"""The part of the client that is about prepared answers. Newer servers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api import endpoints
from voice_assistant.api.models import (
    Annotation,
    AnnotationBody,
    AnnotationPage,
    AnnotationReplyAction,
    AnnotationReplyJob,
    AnnotationReplySettings,
    Result,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from voice_assistant.api.transport import Transport


class Annotations:
    """The app's prepared answers; `Client.annotations`.

    Every method raises `errors.BackendError`.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self, *, page: int = 1, limit: int = 20) -> AnnotationPage:
        """Some prepared answers. `page` counts from 1, `limit` goes from 1 to 100."""
        return await self._transport.call(
            endpoints.ANNOTATIONS, AnnotationPage, params={"page": page, "limit": limit}
        )

    async def iter(self) -> AsyncIterator[Annotation]:
        """All prepared answers."""
        number = 1
        while True:
            page = await self.list(page=number, limit=100)
            for annotation in page.data:
                yield annotation
            if not page.has_more or not page.data:
                return
            number += 1

    async def create(self, question: str, answer: str) -> Annotation:
        """Prepare an answer."""
        return await self._transport.call(
            endpoints.CREATE_ANNOTATION, Annotation, body=AnnotationBody(question, answer)
        )

    async def update(self, annotation_id: str, question: str, answer: str) -> Annotation:
        """Change a prepared answer."""
        return await self._transport.call(
            endpoints.UPDATE_ANNOTATION,
            Annotation,
            ids={"annotation_id": annotation_id},
            body=AnnotationBody(question, answer),
        )

    async def delete(self, annotation_id: str) -> None:
        """Delete a prepared answer."""
        await self._transport.call(
            endpoints.DELETE_ANNOTATION, Result, ids={"annotation_id": annotation_id}
        )

    async def set_reply(
        self, action: AnnotationReplyAction, settings: AnnotationReplySettings
    ) -> AnnotationReplyJob:
        """Begin or cease to give prepared answers; the server works on it as a job."""
        return await self._transport.call(
            endpoints.SET_ANNOTATION_REPLY,
            AnnotationReplyJob,
            ids={"action": action},
            body=settings,
        )

    async def reply_status(self, action: AnnotationReplyAction, job_id: str) -> AnnotationReplyJob:
        """How far that job is."""
        return await self._transport.call(
            endpoints.ANNOTATION_REPLY_STATUS,
            AnnotationReplyJob,
            ids={"action": action, "job_id": job_id},
        )
