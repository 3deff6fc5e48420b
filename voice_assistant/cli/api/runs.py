"""`runs`: shows runs of the app's workflow, and follows one."""

from __future__ import annotations

import msgspec

from voice_assistant.api.stream.events import (
    AgentMessage,
    AnyStreamEvent,
    Message,
    MessageReplace,
    NodeFinished,
    NodeStarted,
    WorkflowFinished,
    WorkflowPaused,
)
from voice_assistant.cli.api import words
from voice_assistant.cli.api.run import Connected, Shown, first
from voice_assistant.translation import _


class Followed(msgspec.Struct):
    """A run that was followed to its end: how it ended, its steps, and the text that came."""

    id: str
    status: str
    error: str
    text: str
    steps: list[str]


async def show_all(at: Connected, limit: int) -> Shown:
    """List the runs in the app's log."""
    found = await first(at.client.runs.iter(), limit)
    rows = [
        (
            one.workflow_run.id if one.workflow_run else one.id,
            words.when(one.created_at),
            one.workflow_run.status if one.workflow_run else "",
            f"{one.workflow_run.elapsed_time:.1f} s" if one.workflow_run else "",
            one.created_by_end_user.session_id if one.created_by_end_user else "",
        )
        for one in found
    ]
    return Shown(found, words.table(rows, empty=_("There are no runs.")))


async def show(at: Connected, run: str) -> Shown:
    """Show a run."""
    found = await at.client.runs.get(run)
    told = {
        "id": found.id,
        "status": found.status,
        "error": found.error,
        "created": words.when(found.created_at),
        "finished": words.when(found.finished_at),
        "took": f"{found.elapsed_time:.1f} s" if found.elapsed_time else "",
        "steps": str(found.total_steps or ""),
        "tokens": str(found.total_tokens or ""),
        **{name: words.value(value) for name, value in found.outputs.items()},
    }
    return Shown(found, words.facts(told))


async def follow(at: Connected, run: str) -> Shown:
    """Follow a run to its end, or until it asks a person."""
    status, error, text = "", "", ""
    steps: list[str] = []
    async with at.client.runs.follow(run) as stream:
        async for event in stream:
            text = _with(text, event)
            match event:
                case NodeStarted(data=node):
                    steps.append(node.title or node.node_type)
                case NodeFinished(data=node) if node.status == "failed":
                    steps.append(
                        _(
                            "{step} failed: {error}",
                            step=node.title or node.node_type,
                            error=node.error,
                        )
                    )
                case WorkflowFinished(data=data):
                    status, error = data.status, data.error
                    text = text or words.value(data.outputs.get("answer", ""))
                case WorkflowPaused():
                    status = "paused"
                case _:
                    pass
    told = {"status": status, "error": error, "steps": ", ".join(steps), "text": text}
    return Shown(Followed(run, status, error, text, steps), words.facts(told))


def _with(text: str, event: AnyStreamEvent) -> str:
    match event:
        case Message(answer=delta) | AgentMessage(answer=delta):
            return text + delta
        case MessageReplace(answer=whole):
            return whole
        case _:
            return text
