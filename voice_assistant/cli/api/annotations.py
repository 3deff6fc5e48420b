"""`annotations`: prepared answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api.models import AnnotationReplySettings
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown, first
from voice_assistant.errors import InputError

if TYPE_CHECKING:
    from voice_assistant.api.models import (
        Annotation,
        AnnotationReplyAction,
        AnnotationReplyJob,
    )

ANY_THRESHOLD = 0.9
"""Servers want one also for switching off."""


async def show_all(at: Connected, limit: int) -> Shown:
    """List them."""
    found = await first(at.client.annotations.iter(), limit)
    rows = [(one.id, f"given {one.hit_count} times", one.question, one.answer) for one in found]
    return Shown(found, words.table(rows, empty="No answers are prepared."))


async def add(at: Connected, question: str, answer: str) -> Shown:
    """Prepare one."""
    return _one(await at.client.annotations.create(question, answer))


async def edit(at: Connected, annotation: str, question: str, answer: str) -> Shown:
    """Change one."""
    return _one(await at.client.annotations.update(annotation, question, answer))


async def delete(at: Connected, annotations: list[str]) -> Shown:
    """Delete some."""
    for id_ in annotations:
        await at.client.annotations.delete(id_)
    return Shown(Done(), "Deleted.")


async def enable(at: Connected, threshold: float, provider: str, model: str) -> Shown:
    """Begin to give them."""
    if at.settings.backend.kind == "dify" and not (provider and model):
        raise InputError(
            "A model is needed that tells how alike two questions are",
            "Give --provider and --model as the server's settings for annotations name them.",
        )
    settings = AnnotationReplySettings(threshold, provider, model)
    return _job("enable", await at.client.annotations.set_reply("enable", settings))


async def disable(at: Connected) -> Shown:
    """Stop giving them."""
    settings = AnnotationReplySettings(ANY_THRESHOLD, "", "")
    return _job("disable", await at.client.annotations.set_reply("disable", settings))


async def status(at: Connected, job: str, action: AnnotationReplyAction) -> Shown:
    """How far a job is; without one, whether they are given."""
    if job:
        how = await at.client.annotations.reply_status(action, job)
        return Shown(how, f"{how.job_status}: {how.error_msg}".rstrip(": "))
    reply = (await at.client.parameters()).annotation_reply
    return Shown(reply, f"Prepared answers are {'' if reply.enabled else 'not '}given.")


def _one(annotation: Annotation) -> Shown:
    return Shown(annotation, f"{annotation.id}  {annotation.question}  {annotation.answer}")


def _job(action: AnnotationReplyAction, job: AnnotationReplyJob) -> Shown:
    look = f"voice-assistant annotations reply status --action {action} {job.job_id}"
    return Shown(job, f"The server works on it ({job.job_status}). See: {look}")
