"""What an answer's events add up to: its text, and when the turn has ended.

The connection's end says nothing: 1.14.0 leaves it open after moderated input, and 0.15.3 sends
audio after the text's end. So the events decide (`finished` is `workflow_finished`):

    case               0.15.3                                             1.14.0
    success            finished, message_end, audio, tts_message_end      message_end, finished
    the model fails    finished(failed), error, tts_message_end           finished(failed)
    stopped            finished(stopped), message_end, audio ...          finished(stopped)
    output moderated   message_replace, then as success                   message_replace, finished
    input moderated    message, message_end, audio, tts_message_end       the same, then silence

Some 1.13 servers leave out message_end. Apps without a workflow never send finished.
"""

from __future__ import annotations

from enum import Enum

from voice_assistant.api.events import (
    AgentMessage,
    AnyStreamEvent,
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

QUIET_S = 3.0
"""Seconds without an event after which nothing more is to be expected of a whole text."""

AUDIO_S = 6.0
"""The same while audio is on its way: servers themselves give up after 5 s without any."""


class Text(Enum):
    """Whether the answer's text may still change."""

    OPEN = "open"
    # `message_end` has come.
    ENDED = "ended"


class Run(Enum):
    """The workflow behind the answer."""

    # None has begun, or the app has none.
    NONE = "none"
    RUNNING = "running"
    # It finished, or finished but for some steps. (One that failed or was stopped is an `End`.)
    SUCCEEDED = "succeeded"


class End(Enum):
    """Why nothing more will come."""

    COMPLETE = "complete"
    # By `stop`.
    STOPPED = "stopped"
    FAILED = "failed"


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
"""Which event leads where; any other event changes nothing. `WorkflowFinished` stands for one that
succeeded."""

_GRACE_S: dict[State, float] = {
    (Text.OPEN, Run.SUCCEEDED): QUIET_S,  # `message_end` is left out (1.13)
    (Text.ENDED, Run.NONE): QUIET_S,  # moderated input (1.14), or an app without a workflow
    (Text.ENDED, Run.RUNNING): AUDIO_S,  # a step after the answer may take a while
    (Text.ENDED, Run.SUCCEEDED): AUDIO_S,  # in this order (0.15.3) audio follows, if there is any
}
"""Seconds to wait in silence where the text is whole; the other states have no such limit."""


class Answer:
    """An answer in the making: feed it every event.

    Attributes:
        task_id: what `stop` takes, "" until known.
        message_id: the answer's id, "" until known.
        conversation_id: its conversation, "" until known.
        text: the text so far, replacements applied.
        end: why nothing more will come; None while more may come. The first end counts.
        error: why the answer broke off; None where `end` is not `FAILED`.
    """

    def __init__(self) -> None:
        self.task_id = ""
        self.message_id = ""
        self.conversation_id = ""
        self.text = ""
        self.end: End | None = None
        self.error: StreamError | None = None
        self._state: State = (Text.OPEN, Run.NONE)
        self._audio_came = False

    def __repr__(self) -> str:
        """The phase, such as `<Answer: text ended, run running, no end yet>`."""
        text, run = self._state
        end = self.end.value if self.end else "no end yet"
        return f"<Answer: text {text.value}, run {run.value}, {end}>"

    @property
    def complete(self) -> bool:
        """The answer is whole, and nothing more will come."""
        return self.end is End.COMPLETE

    @property
    def stopped(self) -> bool:
        """The answer was ended by `stop`, and nothing more will come."""
        return self.end is End.STOPPED

    @property
    def over(self) -> bool:
        """Nothing more is to be waited for."""
        return self.end is not None

    @property
    def grace_s(self) -> float | None:
        """Seconds to wait for the next event before `give_up`; None while the text is not whole."""
        grace_s = _GRACE_S.get(self._state)
        return AUDIO_S if grace_s and self._audio_came else grace_s

    def give_up(self) -> bool:
        """End an answer whose connection closed or stays silent, if its text is whole.

        Returns:
            Whether the answer is complete.
        """
        if self._state in _GRACE_S:
            self._finish(End.COMPLETE)
        return self.complete

    def feed(self, event: AnyStreamEvent) -> None:
        """Take one event."""
        self._identify(event)
        match event:
            case Message() | AgentMessage():
                self.text += event.answer
            case MessageReplace():
                self.text = event.answer
            case TtsMessage():
                self._audio_came = True
            case StreamError():
                self._fail(event)
            case WorkflowPaused():
                self._fail(StreamError(code="workflow_paused"))
            case WorkflowFinished() if event.data.status == "failed":
                self._fail(StreamError(message=event.data.error))
            case WorkflowFinished() if event.data.status == "stopped":
                self._finish(End.STOPPED)
            case _:  # a workflow that finished otherwise: "succeeded", "partial-succeeded"
                self._step(type(event))

    def _step(self, kind: type[AnyStreamEvent]) -> None:
        after = _STEPS[self._state].get(kind, self._state)
        if isinstance(after, End):
            self._finish(after)
        else:
            self._state = after

    def _fail(self, error: StreamError) -> None:
        if self.end is None:
            self.end, self.error = End.FAILED, error

    def _finish(self, end: End) -> None:
        self.end = self.end or end

    def _identify(self, event: AnyStreamEvent) -> None:
        self.task_id = self.task_id or event.task_id
        self.conversation_id = self.conversation_id or event.conversation_id
        if not self.message_id:
            self.message_id = event.message_id
            if isinstance(event, Message | AgentMessage | MessageEnd):
                self.message_id = event.message_id or event.id
