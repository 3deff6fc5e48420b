"""The events in an answer's stream, as the server sends them: JSON with the kind in `event`."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from voice_assistant.api.models import Form, Inputs, Json, JsonObject, Metadata


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class StreamEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=_snake):
    """Base of all events.

    Attributes:
        task_id: the id for `stop`; real servers send none in `error`.
        message_id: the answer's id.
        conversation_id: the conversation's id; the server makes the id of a new conversation.
        created_at: Unix seconds.
    """

    task_id: str = ""
    message_id: str = ""
    conversation_id: str = ""
    created_at: int = 0


class Message(StreamEvent, frozen=True):
    """The next piece of the text, perhaps empty. `id` is the answer's id, like `message_id`."""

    answer: str = ""
    id: str = ""


class AgentMessage(StreamEvent, frozen=True):
    """The next piece of the text in an agent app; a closing `Message` repeats its last part."""

    answer: str = ""
    id: str = ""


class MessageReplace(StreamEvent, frozen=True):
    """`answer` replaces all text so far (moderation)."""

    answer: str = ""
    reason: str = ""


class FinalOutput(MessageReplace, frozen=True):
    """The final output of an agent, where it is not what the agent streamed. Made by `Answer`.

    Attributes:
        answer: the whole text; it replaces all text so far.
        output: the end of that text; "" if that was streamed before, behind other words.
    """

    output: str = ""


class MessageFile(StreamEvent, frozen=True):
    """A file of the answer.

    Dify 1.11 to 1.14 send the text, too, in such events once an answer has a file: `answer` is then
    the next piece of the text, as in `Message`.
    """

    id: str = ""
    answer: str = ""
    type: str = ""
    belongs_to: str = ""
    url: str = ""


class MessageEnd(StreamEvent, frozen=True):
    """The text is complete. 1.13+ sends this before `WorkflowFinished`, and not after a stop."""

    id: str = ""
    metadata: Metadata = Metadata()
    files: tuple[JsonObject, ...] = ()


class TtsMessage(StreamEvent, frozen=True):
    """The next bytes of audio (base64 in JSON): pieces of several complete files in a row.

    Attributes:
        words: the sentence whose sound begins with these bytes; only the embedded backend says it.
        lost: the bytes could not be read: there is a hole in the sound.
    """

    audio: bytes = b""
    words: str = ""
    lost: bool = False


class TtsMessageEnd(StreamEvent, frozen=True):
    """No more audio will come. 1.13+ closes the stream without this event."""

    audio: str = ""


class WorkflowRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run of the app's workflow.

    Attributes:
        status: "running", "succeeded", "partial-succeeded", "failed", "stopped".
        error: why the run failed, or "".
        elapsed_time: seconds.
        total_steps: the number of steps; one document has it as text.
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
    """The app's workflow has begun. Moderated input and simple chat apps have no such event."""

    workflow_run_id: str = ""
    data: WorkflowRun = WorkflowRun()


class WorkflowFinished(StreamEvent, frozen=True):
    """The workflow ended; `data.status` says how."""

    workflow_run_id: str = ""
    data: WorkflowRun = WorkflowRun()


class HumanInputRequired(StreamEvent, frozen=True):
    """The workflow asks a person; `WorkflowPaused` follows."""

    workflow_run_id: str = ""
    data: Form = Form()


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """The forms for which a workflow waits; one without a `form_token` is for another person."""

    reasons: tuple[Form, ...] = ()


class WorkflowPaused(StreamEvent, frozen=True):
    """The workflow waits for a person to fill in a form; the stream ends with this event."""

    workflow_run_id: str = ""
    data: Pause = Pause()


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
    """A step of an agent before its answer. It is never spoken: `thought` repeats the text.

    A step with a `tool` ends a part of the text.
    """

    id: str = ""
    position: int = 0
    thought: str = ""
    observation: str = ""
    tool: str = ""
    tool_input: str = ""


class Reasoning(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a model's thinking; `is_final` ends it."""

    reasoning: str = ""
    node_id: str = ""
    is_final: bool = False


class ReasoningChunk(StreamEvent, frozen=True):
    """The next piece of a model's thinking, apart from the text. It is never spoken.

    Known from the documents of newer servers only.
    """

    data: Reasoning = Reasoning()


class StreamError(StreamEvent, frozen=True, tag="error"):
    """The answer failed. The stream ends; on 0.15.3 a `TtsMessageEnd` follows.

    Attributes:
        status: a number like an HTTP status.
        code: the kind of error, see `failures`.
        message: a text for developers.
    """

    status: int = 0
    code: str = ""
    message: str = ""


class Ping(StreamEvent, frozen=True):
    """The server is alive: a bare `event: ping` without data, every 10 s."""


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
    | HumanInputRequired
    | WorkflowPaused
    | NodeStarted
    | NodeFinished
    | NodeRetry
    | AgentThought
    | ReasoningChunk
    | StreamError
    | Ping
)
"""All events that the client knows; others (`agent_log`, `iteration_*`, `loop_*`) are ignored."""
