"""Derives an answer's text and its end from its events.

The end of the connection is no sign: 1.14.0 keeps the connection open after moderated input, and
0.15.3 sends audio after the text's end. So the events decide (`finished` is `workflow_finished`):

    case               0.15.3                                             1.14.0
    success            finished, message_end, audio, tts_message_end      message_end, finished
    the model fails    finished(failed), error, tts_message_end           finished(failed)
    stopped            finished(stopped), message_end, audio ...          finished(stopped)
    output moderated   message_replace, then as success                   message_replace, finished
    input moderated    message, message_end, audio, tts_message_end       the same, then silence

Some 1.13 servers leave out message_end. Apps without a workflow never send finished.

Agent apps (1.16, known from their documents) stream their text as agent_message, and then send
their final output once more, as one closing message: without what they said before their last
tool, or as JSON. That message replaces what was streamed since the last tool.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import structs

from voice_assistant.api.stream.events import (
    AgentMessage,
    AgentThought,
    AnyStreamEvent,
    FinalOutput,
    HumanInputRequired,
    Message,
    MessageEnd,
    MessageReplace,
    StreamError,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
    WorkflowPaused,
    WorkflowStarted,
)
from voice_assistant.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_assistant.api.models import Form

QUIET_S = 3.0
"""Seconds without an event after which an answer with a complete text is over."""

AUDIO_S = 6.0
"""The same limit while audio may follow: servers themselves give up after 5 s without audio."""


class Text(Enum):
    """The state of the answer's text: whether it may still change."""

    OPEN = "open"
    # `message_end` has arrived.
    ENDED = "ended"


class Run(Enum):
    """The workflow behind the answer."""

    # No workflow has begun, or the app has no workflow.
    NONE = "none"
    RUNNING = "running"
    # The workflow finished, perhaps without some steps. (A failed or stopped one is an `End`.)
    SUCCEEDED = "succeeded"


class End(Enum):
    """The reason why no more events are expected."""

    COMPLETE = "complete"
    # The user or another client called `stop`.
    STOPPED = "stopped"
    FAILED = "failed"
    # The workflow waits for a person.
    PAUSED = "paused"


State = tuple[Text, Run]

_STEPS: dict[State, dict[type[AnyStreamEvent], State | End]] = {
    (Text.OPEN, Run.NONE): {
        WorkflowStarted: (Text.OPEN, Run.RUNNING),
        WorkflowFinished: (Text.OPEN, Run.SUCCEEDED),
        MessageEnd: (Text.ENDED, Run.NONE),
    },
    (Text.OPEN, Run.RUNNING): {
        WorkflowFinished: (Text.OPEN, Run.SUCCEEDED),
        MessageEnd: (Text.ENDED, Run.RUNNING),
    },
    (Text.OPEN, Run.SUCCEEDED): {
        MessageEnd: (Text.ENDED, Run.SUCCEEDED),
    },
    (Text.ENDED, Run.NONE): {
        WorkflowStarted: (Text.ENDED, Run.RUNNING),
        WorkflowFinished: End.COMPLETE,
        TtsMessageEnd: End.COMPLETE,
    },
    (Text.ENDED, Run.RUNNING): {
        WorkflowFinished: End.COMPLETE,
        TtsMessageEnd: End.COMPLETE,
    },
    (Text.ENDED, Run.SUCCEEDED): {
        WorkflowFinished: End.COMPLETE,
        TtsMessageEnd: End.COMPLETE,
    },
}
"""The next state for each state and event; any other event changes nothing. `WorkflowFinished`
stands for a workflow that succeeded."""

_GRACE_S: dict[State, float] = {
    (Text.OPEN, Run.SUCCEEDED): QUIET_S,  # `message_end` is left out (1.13)
    (Text.ENDED, Run.NONE): QUIET_S,  # moderated input (1.14), or an app without a workflow
    (Text.ENDED, Run.RUNNING): AUDIO_S,  # a step after the answer may take a while
    (Text.ENDED, Run.SUCCEEDED): AUDIO_S,  # in this order (0.15.3) audio may follow
}
"""Seconds to wait in silence if the text is complete; the other states have no such limit."""


class Answer:
    """The state of an answer; `feed` takes every event.

    Attributes:
        task_id: the id for `stop`, "" until known.
        message_id: the answer's id, "" until known.
        conversation_id: the id of the answer's conversation, "" until known.
        run_id: the id of the workflow's run, "" until known.
        text: the text so far, with replacements.
        end: why no more events are expected; None while more may come. The first end counts.
        error: why the answer broke off; None unless `end` is `FAILED`.
        form: the form that the workflow waits for; None unless `end` is `PAUSED`.

    Args:
        filled_in: ids of forms that are filled in: a run that is followed tells of them again.
    """

    def __init__(self, filled_in: Sequence[str] = ()) -> None:
        self.task_id = ""
        self.message_id = ""
        self.conversation_id = ""
        self.run_id = ""
        self.text = ""
        self.end: End | None = None
        self.error: StreamError | None = None
        self.form: Form | None = None
        self._filled_in = filled_in
        self._asked: list[Form] = []
        self._state: State = (Text.OPEN, Run.NONE)
        self._audio_came = False
        self._part_begin = 0  # in the text, behind what an agent said before its last tool
        self._awaits_closing = False  # an agent streams its text, and repeats it in the end

    def __repr__(self) -> str:
        """Show the phase, such as `<Answer: text ended, run running, no end yet>`."""
        text, run = self._state
        end = self.end.value if self.end else "no end yet"
        return f"<Answer: text {text.value}, run {run.value}, {end}>"

    @property
    def complete(self) -> bool:
        """Whether the answer is complete, and no more events are expected."""
        return self.end is End.COMPLETE

    @property
    def stopped(self) -> bool:
        """Whether `stop` ended the answer, and no more events are expected."""
        return self.end is End.STOPPED

    @property
    def over(self) -> bool:
        """Whether no more events are expected."""
        return self.end is not None

    @property
    def grace_s(self) -> float | None:
        """Seconds to wait for an event before `give_up`; None while the text is not complete."""
        grace_s = _GRACE_S.get(self._state)
        return AUDIO_S if grace_s and self._audio_came else grace_s

    def give_up(self) -> bool:
        """End an answer whose connection closed or stays silent, if its text is complete.

        Returns:
            Whether the answer is complete.
        """
        if self._state in _GRACE_S:
            self._finish(End.COMPLETE)
        return self.complete

    def feed(self, event: AnyStreamEvent) -> AnyStreamEvent:
        """Take one event; return it, or what it means for the text and its sound."""
        self._identify(event)
        match event:
            case TtsMessage() if event.message_id not in ("", self.message_id):
                event = structs.replace(event, audio=b"")  # it speaks another message
            case Message() if event.answer and self._awaits_closing:
                event = self._closed(event)
                self._awaits_closing = False
            case Message() | AgentMessage() if event.answer:
                event = self._after_tool(event)
                self._awaits_closing = isinstance(event, AgentMessage)
        self._note(event)
        return event

    def _note(self, event: AnyStreamEvent) -> None:  # noqa: C901  (a case for each event)
        match event:
            case Message() | AgentMessage():
                self.text += event.answer
            case AgentThought() if event.tool:
                self._part_begin = len(self.text)
            case MessageReplace():
                self.text = event.answer
                self._part_begin, self._awaits_closing = 0, False
            case TtsMessage():
                self._audio_came = True
            case StreamError():
                self._fail(event)
            case HumanInputRequired():
                self._asked.append(event.data)
            case WorkflowPaused():
                self._pause(event.data.reasons)
            case WorkflowFinished() if event.data.status == "paused":
                self._pause(())
            case WorkflowFinished() if event.data.status == "failed":
                self._fail(StreamError(message=event.data.error))
            case WorkflowFinished() if event.data.status == "stopped":
                self._finish(End.STOPPED)
            case _:  # a workflow that finished otherwise: "succeeded", "partial-succeeded"
                self._step(type(event))

    def _after_tool(self, event: Message | AgentMessage) -> Message | AgentMessage:
        """Return the event with a paragraph's begin, if the text ends before an agent's tool."""
        begins = 0 < self._part_begin == len(self.text) and not self.text[-1].isspace()
        return structs.replace(event, answer=f"\n\n{event.answer}") if begins else event

    def _closed(self, event: Message) -> AnyStreamEvent:
        """Return what is new in an agent's closing message."""
        before, part = self.text[: self._part_begin], self.text[self._part_begin :]
        output = event.answer
        if _letters(output) in {_letters(part), _letters(self.text)}:
            return structs.replace(event, answer="")
        for known in (self.text, part.lstrip()):
            if output.startswith(known):
                return self._after_tool(structs.replace(event, answer=output[len(known) :]))
        gap = part[: len(part) - len(part.lstrip())]
        return FinalOutput(
            answer=f"{before}{gap}{output}",
            output="" if _letters(part).endswith(_letters(output)) else output,
            task_id=event.task_id,
            message_id=event.message_id,
            conversation_id=event.conversation_id,
        )

    def _step(self, kind: type[AnyStreamEvent]) -> None:
        after = _STEPS[self._state].get(kind, self._state)
        if isinstance(after, End):
            self._finish(after)
        else:
            self._state = after

    def _pause(self, reasons: Sequence[Form]) -> None:
        """End at a form that the user can fill in, unless all forms were filled in already."""
        forms = [*self._asked, *reasons]
        new = [form for form in forms if form.form_id not in self._filled_in]
        if forms and not new:
            return  # this tells of the pause before
        self.form = next((form for form in new if form.form_token), None)
        if self.form:
            self._finish(End.PAUSED)
        else:
            asked = new[0].form_content if new else ""
            self._fail(StreamError(code="workflow_paused", message=asked))

    def _fail(self, error: StreamError) -> None:
        if self.end is None:
            self.end, self.error = End.FAILED, error

    def _finish(self, end: End) -> None:
        self.end = self.end or end

    def _identify(self, event: AnyStreamEvent) -> None:
        self.task_id = self.task_id or event.task_id
        self.conversation_id = self.conversation_id or event.conversation_id
        if isinstance(event, WorkflowStarted) and not self.run_id:
            self.run_id = event.workflow_run_id or event.data.id
        if not self.message_id:
            self.message_id = event.message_id
            if isinstance(event, Message | AgentMessage | MessageEnd):
                self.message_id = event.message_id or event.id


def _letters(text: str) -> str:
    """Return the visible letters and digits: two texts with the same ones are spoken alike."""
    return re.sub(r"[\W_]+", "", visible(text)).casefold()
