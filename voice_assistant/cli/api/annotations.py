"""`annotations`: prepared answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api.models import AnnotationReplySettings
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Done, Shown, first
from voice_assistant.errors import InputError

if TYPE_CHECKING:
    import argparse

    from voice_assistant.api.models import (
        Annotation,
        AnnotationReplyAction,
        AnnotationReplyJob,
    )

ANY_THRESHOLD = 0.9
"""Servers want one also for switching off."""


async def show_all(at: Connected, options: argparse.Namespace) -> Shown:
    """List them."""
    found = await first(at.client.annotations.iter(), options.limit)
    rows = [(one.id, f"given {one.hit_count} times", one.question, one.answer) for one in found]
    return Shown(found, words.table(rows, empty="No answers are prepared."))


async def add(at: Connected, options: argparse.Namespace) -> Shown:
    """Prepare one."""
    return _one(await at.client.annotations.create(options.question, options.answer))


async def edit(at: Connected, options: argparse.Namespace) -> Shown:
    """Change one."""
    return _one(await at.client.annotations.update(options.id, options.question, options.answer))


async def delete(at: Connected, options: argparse.Namespace) -> Shown:
    """Delete some."""
    for id_ in options.id:
        await at.client.annotations.delete(id_)
    return Shown(Done(), "Deleted.")


async def enable(at: Connected, options: argparse.Namespace) -> Shown:
    """Begin to give them."""
    if at.settings.backend.kind == "dify" and not (options.provider and options.model):
        raise InputError(
            "A model is needed that tells how alike two questions are",
            "Give --provider and --model as the server's settings for annotations name them.",
        )
    settings = AnnotationReplySettings(options.threshold, options.provider, options.model)
    return _job("enable", await at.client.annotations.set_reply("enable", settings))


async def disable(at: Connected, _: argparse.Namespace) -> Shown:
    """Cease to give them."""
    settings = AnnotationReplySettings(ANY_THRESHOLD, "", "")
    return _job("disable", await at.client.annotations.set_reply("disable", settings))


async def status(at: Connected, options: argparse.Namespace) -> Shown:
    """How far a job is; without one, whether they are given."""
    if options.job:
        job = await at.client.annotations.reply_status(options.action, options.job)
        return Shown(job, f"{job.job_status}: {job.error_msg}".rstrip(": "))
    reply = (await at.client.parameters()).annotation_reply
    return Shown(reply, f"Prepared answers are {'' if reply.enabled else 'not '}given.")


def _one(annotation: Annotation) -> Shown:
    return Shown(annotation, f"{annotation.id}  {annotation.question}  {annotation.answer}")


def _job(action: AnnotationReplyAction, job: AnnotationReplyJob) -> Shown:
    look = f"voice-assistant annotations reply status --action {action} {job.job_id}"
    return Shown(job, f"The server works on it ({job.job_status}). See: {look}")
