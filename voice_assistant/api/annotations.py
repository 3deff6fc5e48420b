"""The client's methods for prepared answers. Newer servers only."""

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

    from voice_assistant.api.http.transport import Transport


class Annotations:
    """The app's prepared answers; `Client.annotations`.

    Every method raises `errors.BackendError`.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(self, *, page: int = 1, limit: int = 20) -> AnnotationPage:
        """Return a page of prepared answers. `page` counts from 1, `limit` goes from 1 to 100."""
        return await self._transport.call(
            endpoints.ANNOTATIONS, AnnotationPage, params={"page": page, "limit": limit}
        )

    async def iter(self) -> AsyncIterator[Annotation]:
        """Yield all prepared answers."""
        number = 1
        while True:
            page = await self.list(page=number, limit=100)
            for annotation in page.data:
                yield annotation
            if not page.has_more or not page.data:
                return
            number += 1

    async def create(self, question: str, answer: str) -> Annotation:
        """Add a prepared answer."""
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
        """Start or stop giving prepared answers; return the server's job."""
        return await self._transport.call(
            endpoints.SET_ANNOTATION_REPLY,
            AnnotationReplyJob,
            ids={"action": action},
            body=settings,
        )

    async def reply_status(self, action: AnnotationReplyAction, job_id: str) -> AnnotationReplyJob:
        """Return the state of a job of `set_reply`."""
        return await self._transport.call(
            endpoints.ANNOTATION_REPLY_STATUS,
            AnnotationReplyJob,
            ids={"action": action, "job_id": job_id},
        )
