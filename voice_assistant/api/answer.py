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


class Answer:
    """An answer in the making: feed it every event.

    Attributes:
        task_id: what `stop` takes, "" until known.
        message_id: the answer's id, "" until known.
        conversation_id: its conversation, "" until known.
        text: the text so far, replacements applied.
        complete: the answer is whole, and nothing more will come.
        stopped: it was ended by `stop`, and nothing more will come.
        error: why it broke off, None where it did not.
    """

    def __init__(self) -> None:
        self.task_id = ""
        self.message_id = ""
        self.conversation_id = ""
        self.text = ""
        self.complete = False
        self.stopped = False
        self.error: StreamError | None = None
        self._running = False
        self._succeeded = False
        self._text_ended = False
        self._audio = False

    @property
    def over(self) -> bool:
        """Nothing more is to be waited for."""
        return self.complete or self.stopped or self.error is not None

    @property
    def grace_s(self) -> float | None:
        """Seconds to wait for the next event before `give_up`; None while the text is not whole."""
        if not (self._text_ended or self._succeeded):
            return None
        audio_may_follow = self._audio or self._running or (self._succeeded and self._text_ended)
        return AUDIO_S if audio_may_follow else QUIET_S

    def give_up(self) -> bool:
        """The connection closed or stays silent: whether the answer is whole all the same."""
        if self._text_ended or self._succeeded:
            self.complete = True
        return self.complete

    def feed(self, event: AnyStreamEvent) -> None:
        """Take one event."""
        self._identify(event)
        match event:
            case Message() | AgentMessage():
                self.text += event.answer
            case MessageReplace():
                self.text = event.answer
            case StreamError():
                self.error = event
            case WorkflowPaused():
                self.error = StreamError(code="workflow_paused")
            case WorkflowStarted():
                self._running = True
            case WorkflowFinished():
                self._finished(event)
            case MessageEnd():
                self._text_ended = True
            case TtsMessage():
                self._audio = True
            case TtsMessageEnd():
                self.complete = self._text_ended
            case _:
                pass

    def _finished(self, event: WorkflowFinished) -> None:
        self._running = False
        match event.data.status:
            case "failed":
                self.error = StreamError(message=event.data.error)
            case "stopped":
                self.stopped = True
            case _:  # "succeeded", "partial-succeeded"
                self._succeeded = True
                self.complete = self._text_ended

    def _identify(self, event: AnyStreamEvent) -> None:
        self.task_id = self.task_id or event.task_id
        self.conversation_id = self.conversation_id or event.conversation_id
        if not self.message_id:
            self.message_id = event.message_id
            if isinstance(event, Message | AgentMessage | MessageEnd):
                self.message_id = event.message_id or event.id
