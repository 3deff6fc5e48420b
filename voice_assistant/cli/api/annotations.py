"""`annotations`: lists, adds and changes prepared answers, and switches them on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api.models import AnnotationReplySettings
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown, deleted, each, first
from voice_assistant.errors import InputError
from voice_assistant.translation import _, ngettext

if TYPE_CHECKING:
    from voice_assistant.api.models import (
        Annotation,
        AnnotationReplyAction,
        AnnotationReplyJob,
    )

ANY_THRESHOLD = 0.9
"""The threshold for `disable`: servers demand a threshold even to switch off."""


async def show_all(at: Connected, limit: int) -> Shown:
    """List the prepared answers."""
    found = await first(at.client.annotations.iter(), limit)
    rows = [
        (
            one.id,
            ngettext("given {n} time", "given {n} times", one.hit_count),
            one.question,
            one.answer,
        )
        for one in found
    ]
    return Shown(found, words.table(rows, empty=_("No answers are prepared.")))


async def add(at: Connected, question: str, answer: str) -> Shown:
    """Add a prepared answer."""
    _check(question, answer)
    return _one(await at.client.annotations.create(question, answer))


async def edit(at: Connected, annotation: str, question: str, answer: str) -> Shown:
    """Change a prepared answer."""
    _check(question, answer)
    return _one(await at.client.annotations.update(annotation, question, answer))


async def delete(at: Connected, annotations: list[str]) -> Shown:
    """Delete prepared answers."""
    gone, failures = await each(annotations, at.client.annotations.delete)
    return deleted(gone, failures)


async def enable(at: Connected, threshold: float, provider: str, model: str) -> Shown:
    """Start giving prepared answers."""
    if at.settings.backend.kind == "dify" and not (provider and model):
        raise InputError(
            _("A model is needed that compares questions"),
            _("Give --provider and --model as the server's settings for annotations name them."),
        )
    settings = AnnotationReplySettings(threshold, provider, model)
    return _job("enable", await at.client.annotations.set_reply("enable", settings))


async def disable(at: Connected) -> Shown:
    """Stop giving prepared answers."""
    settings = AnnotationReplySettings(ANY_THRESHOLD, "", "")
    return _job("disable", await at.client.annotations.set_reply("disable", settings))


async def status(at: Connected, job: str, action: AnnotationReplyAction) -> Shown:
    """Show the state of a job; without a job, show whether prepared answers are given."""
    if job:
        how = await at.client.annotations.reply_status(action, job)
        return Shown(how, f"{how.job_status}: {how.error_msg}".rstrip(": "))
    reply = (await at.client.parameters()).annotation_reply
    return Shown(
        reply,
        _("Prepared answers are given.") if reply.enabled else _("Prepared answers are not given."),
    )


def _check(question: str, answer: str) -> None:
    """Check a prepared answer: servers take an empty one, and never give it.

    Raises:
        InputError: the question or the answer is empty.
    """
    if not question.strip():
        raise InputError(_("The question is empty"), _("Give the question, then the answer to it."))
    if not answer.strip():
        raise InputError(_("The answer is empty"), _("Give the question, then the answer to it."))


def _one(annotation: Annotation) -> Shown:
    return Shown(annotation, f"{annotation.id}  {annotation.question}  {annotation.answer}")


def _job(action: AnnotationReplyAction, job: AnnotationReplyJob) -> Shown:
    look = f"voice-assistant annotations reply status --action {action} {job.job_id}"
    return Shown(
        job,
        _("The server has begun ({job_status}). See: {look}", job_status=job.job_status, look=look),
    )
