"""The events of an answer's stream, as the server sends them: JSON with the kind in `event`."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from voice_assistant.api.models import Inputs, Json, JsonObject, Metadata


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class StreamEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=_snake):
    """Base of all events.

    Attributes:
        task_id: what `stop` takes; missing in `error` on real servers.
        message_id: the answer.
        conversation_id: the conversation; made by the server for a new one.
        created_at: Unix seconds.
    """

    task_id: str = ""
    message_id: str = ""
    conversation_id: str = ""
    created_at: int = 0


class Message(StreamEvent, frozen=True):
    """The next piece of the text; may be empty. `id` is the answer's, as `message_id` is."""

    answer: str = ""
    id: str = ""


class AgentMessage(StreamEvent, frozen=True):
    """The same, of an agent app."""

    answer: str = ""
    id: str = ""


class MessageReplace(StreamEvent, frozen=True):
    """`answer` replaces all text so far (moderation)."""

    answer: str = ""
    reason: str = ""


class MessageFile(StreamEvent, frozen=True):
    """A file made for the answer.

    Dify 1.11 to 1.14 send the text in such events once an answer has a file: `answer` is then what
    it is in `Message`.
    """

    id: str = ""
    answer: str = ""
    type: str = ""
    belongs_to: str = ""
    url: str = ""


class MessageEnd(StreamEvent, frozen=True):
    """The text is whole. On 1.13+ this comes before `WorkflowFinished`, and not after a stop."""

    id: str = ""
    metadata: Metadata = Metadata()
    files: tuple[JsonObject, ...] = ()


class TtsMessage(StreamEvent, frozen=True):
    """The next bytes of audio (base64 on the wire): pieces of several whole files in a row."""

    audio: bytes = b""


class TtsMessageEnd(StreamEvent, frozen=True):
    """No more audio. 1.13+ closes the stream without it."""

    audio: str = ""


class WorkflowRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run of the app's workflow.

    Attributes:
        status: "running", "succeeded", "partial-succeeded", "failed", "stopped".
        error: why it failed, or "".
        elapsed_time: seconds.
        total_steps: one document sends it as text.
    """

    id: str = ""
    workflow_id: str = ""
    status: str = "running"
    inputs: Inputs = {}
    outputs: Inputs = {}
    error: str = ""
    elapsed_time: float = 0.0
    total_tokens: int = 0
    total_steps: int = 0
    created_at: int = 0
    finished_at: int = 0


class WorkflowStarted(StreamEvent, frozen=True):
    """The app's workflow runs. Moderated input and simple chat apps never get here."""

    workflow_run_id: str = ""
    data: WorkflowRun = WorkflowRun()


class WorkflowFinished(StreamEvent, frozen=True):
    """The workflow ended, well or not: see `data.status`."""

    workflow_run_id: str = ""
    data: WorkflowRun = WorkflowRun()


class WorkflowPaused(StreamEvent, frozen=True):
    """The workflow waits for a person to fill in a form; the stream ends with it."""

    workflow_run_id: str = ""


class NodeRun(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the workflow. `elapsed_time` is in seconds, `status` as in `WorkflowRun`."""

    id: str = ""
    node_id: str = ""
    node_type: str = ""
    title: str = ""
    index: int = 0
    predecessor_node_id: str = ""
    inputs: Json = None
    process_data: Json = None
    outputs: Json = None
    status: str = "running"
    error: str = ""
    elapsed_time: float = 0.0
    execution_metadata: Json = None
    created_at: int = 0


class NodeStarted(StreamEvent, frozen=True):
    """A step began."""

    workflow_run_id: str = ""
    data: NodeRun = NodeRun()


class NodeFinished(StreamEvent, frozen=True):
    """A step ended."""

    workflow_run_id: str = ""
    data: NodeRun = NodeRun()


class NodeRetry(StreamEvent, frozen=True):
    """A step failed and is tried again."""

    workflow_run_id: str = ""
    data: NodeRun = NodeRun()


class AgentThought(StreamEvent, frozen=True):
    """What an agent does before it answers. Never spoken: `thought` repeats the text."""

    id: str = ""
    position: int = 0
    thought: str = ""
    observation: str = ""
    tool: str = ""
    tool_input: str = ""


class StreamError(StreamEvent, frozen=True, tag="error"):
    """The answer failed; ends the stream, but for a `TtsMessageEnd` on 0.15.3.

    Attributes:
        status: as if it were an HTTP status.
        code: see `failures`.
        message: for developers.
    """

    status: int = 0
    code: str = ""
    message: str = ""


class Ping(StreamEvent, frozen=True):
    """The server lives; every 10 s. A bare `event: ping`, without data."""


AnyStreamEvent: TypeAlias = (
    Message
    | AgentMessage
    | MessageReplace
    | MessageFile
    | MessageEnd
    | TtsMessage
    | TtsMessageEnd
    | WorkflowStarted
    | WorkflowFinished
    | WorkflowPaused
    | NodeStarted
    | NodeFinished
    | NodeRetry
    | AgentThought
    | StreamError
    | Ping
)
"""Every event the client knows; others (`agent_log`, `iteration_*`, `loop_*` ...) are ignored."""
