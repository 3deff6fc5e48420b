"""When an answer has ended, as its events tell it: the table of `api.stream.answer`."""

from __future__ import annotations

import msgspec
import pytest

from voice_assistant.api.models import Form
from voice_assistant.api.stream.answer import AUDIO_S, QUIET_S, Answer
from voice_assistant.api.stream.events import (
    AgentMessage,
    AgentThought,
    FinalOutput,
    HumanInputRequired,
    Message,
    MessageEnd,
    MessageReplace,
    NodeFinished,
    NodeStarted,
    Pause,
    Ping,
    StreamError,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
    WorkflowPaused,
    WorkflowRun,
    WorkflowStarted,
)

STARTED = WorkflowStarted()
TEXT = Message("Hello.")
END = MessageEnd()
AUDIO = TtsMessage(b"ID3")
AUDIO_END = TtsMessageEnd()


def finished(status: str, error: str = "") -> WorkflowFinished:
    return WorkflowFinished(data=WorkflowRun(status=status, error=error))


def fed(*events) -> Answer:
    """An answer after these events, none of which may come after its end."""
    answer = Answer()
    for event in events:
        assert not answer.over
        answer.feed(event)
    return answer


ENDED = {
    "0.15.3 success": [STARTED, TEXT, finished("succeeded"), END, AUDIO, AUDIO_END],
    "0.15.3 success, audio before the end": [
        STARTED,
        TEXT,
        AUDIO,
        TEXT,
        finished("succeeded"),
        END,
        AUDIO,
        AUDIO_END,
    ],
    "1.14.0 success": [Ping(), STARTED, TEXT, END, finished("succeeded")],
    "a step failed and the workflow went on": [STARTED, TEXT, END, finished("partial-succeeded")],
    "moderated input": [TEXT, END, AUDIO, AUDIO_END],
    "moderated output on 1.14.0": [
        STARTED,
        TEXT,
        MessageReplace("No."),
        END,
        finished("succeeded"),
    ],
    "an agent": [AgentThought(thought="hm"), AgentMessage("Hello."), END, AUDIO, AUDIO_END],
}


@pytest.mark.parametrize("events", ENDED.values(), ids=ENDED)
def test_an_answer_is_complete_with_its_last_event_and_not_before(events):
    answer = fed(*events)
    assert answer.complete
    assert not answer.stopped
    assert answer.error is None


RESTING = {
    "0.15.3 without audio": ([STARTED, TEXT, finished("succeeded"), END], AUDIO_S),
    "audio is on its way": ([STARTED, TEXT, finished("succeeded"), END, AUDIO], AUDIO_S),
    "1.14.0 moderated input without audio": ([Ping(), TEXT, END], QUIET_S),
    "1.14.0 moderated input, audio broke off": ([TEXT, END, AUDIO], AUDIO_S),
    "1.13 without message_end": ([STARTED, TEXT, finished("succeeded")], QUIET_S),
    "a step after the answer": ([STARTED, TEXT, END, NodeStarted()], AUDIO_S),
}


@pytest.mark.parametrize(("events", "grace_s"), RESTING.values(), ids=RESTING)
def test_a_whole_text_waits_a_little_for_more_and_is_then_complete(events, grace_s):
    answer = fed(*events)
    assert not answer.over
    assert answer.grace_s == grace_s
    assert answer.give_up()
    assert answer.complete


UNFINISHED = {
    "nothing": [],
    "pings only": [Ping(), Ping()],
    "began": [Ping(), STARTED, NodeStarted(), NodeFinished()],
    "half a text": [STARTED, TEXT],
    "half a text, spoken": [STARTED, TEXT, AUDIO],
    "a simple app's half text": [TEXT],
    "the audio's end comes early": [TEXT, AUDIO, AUDIO_END],
}


@pytest.mark.parametrize("events", UNFINISHED.values(), ids=UNFINISHED)
def test_half_an_answer_is_never_complete(events):
    answer = fed(*events)
    assert answer.grace_s is None
    assert not answer.give_up()
    assert not answer.over


@pytest.mark.parametrize("end", [[], [END], [END, AUDIO, AUDIO_END]])
def test_a_stop_ends_it_whatever_would_follow(end):
    answer = fed(STARTED, TEXT, finished("stopped"))
    for event in end:
        answer.feed(event)
    assert answer.stopped
    assert not fed(STARTED, TEXT, finished("stopped")).complete
    assert answer.text == "Hello."


@pytest.mark.parametrize("later", [StreamError(), finished("stopped"), finished("failed", "late")])
def test_an_answer_ends_once(later):
    answer = fed(STARTED, TEXT, END, finished("succeeded"))
    answer.feed(later)
    assert (answer.complete, answer.stopped, answer.error) == (True, False, None)


def test_the_phase_is_seen_in_a_log():
    assert repr(fed(STARTED, TEXT)) == "<Answer: text open, run running, no end yet>"
    assert repr(fed(STARTED, TEXT, END, AUDIO_END)) == "<Answer: text ended, run running, complete>"


def test_a_failed_workflow_ends_it_with_its_reason():
    answer = fed(STARTED, NodeFinished(), finished("failed", "the model is gone"))
    assert answer.over
    assert answer.error is not None
    assert answer.error.message == "the model is gone"


def test_an_error_event_ends_it():
    error = StreamError(status=400, code="provider_quota_exceeded", message="quota")
    assert fed(TEXT, error).error == error


FORM = Form(form_id="f1", form_token="t1", form_content="Right?")
OTHERS = Form(form_id="f2", form_content="Only its owner is asked")


@pytest.mark.parametrize(
    "pause",
    [
        (HumanInputRequired(data=FORM), WorkflowPaused(data=Pause(reasons=(FORM,)))),
        (HumanInputRequired(data=FORM), WorkflowPaused()),
        (WorkflowPaused(data=Pause(reasons=(OTHERS, FORM))),),
        (HumanInputRequired(data=FORM), WorkflowFinished(data=WorkflowRun(status="paused"))),
    ],
)
def test_an_app_that_asks_the_user_pauses_at_its_form(pause):
    answer = fed(STARTED, TEXT, *pause)
    assert answer.over
    assert answer.form == FORM
    assert answer.error is None
    assert not answer.complete
    assert not answer.stopped


@pytest.mark.parametrize("pause", [WorkflowPaused(), WorkflowPaused(data=Pause(reasons=(OTHERS,)))])
def test_an_app_that_asks_somebody_else_has_no_answer(pause):
    answer = fed(STARTED, pause)
    assert answer.form is None
    assert answer.error is not None
    assert answer.error.code == "workflow_paused"


def test_a_run_that_is_followed_does_not_end_at_a_form_that_is_filled_in():
    answer = Answer(filled_in=("f1",))
    for event in (STARTED, WorkflowPaused(data=Pause(reasons=(FORM,))), TEXT):
        answer.feed(event)
    assert not answer.over
    answer.feed(
        WorkflowPaused(data=Pause(reasons=(FORM, msgspec.structs.replace(FORM, form_id="f3"))))
    )
    assert answer.form.form_id == "f3"


def test_the_text_is_put_together_and_replaced():
    answer = fed(
        STARTED, Message("A"), AgentMessage("b"), MessageReplace("No."), Message(" Sorry.")
    )
    assert answer.text == "No. Sorry."


SEARCH = AgentThought(id="a", tool="search")


def streamed(*events):
    """The text after these events of an agent, and what the last one became."""
    answer = Answer()
    *_, last = [answer.feed(event) for event in events]
    return answer.text, last


@pytest.mark.parametrize(
    ("before", "closing", "new"),
    [
        ([AgentMessage("Paris. On the"), AgentMessage(" Seine.")], "Paris. On the Seine.", ""),
        ([AgentMessage("Paris.\n\n")], "Paris.", ""),
        ([AgentMessage("<think>Hm.</think>Paris.")], "Paris.", ""),
        ([AgentMessage("See. "), SEARCH, AgentMessage("Paris.")], "Paris.", ""),
        ([AgentMessage("See. "), SEARCH, AgentMessage("Paris.")], "See. Paris.", ""),
        ([AgentMessage("Paris.")], "Paris. It is old.", " It is old."),
        ([AgentMessage("See."), SEARCH], "Paris.", "\n\nParis."),
        ([AgentMessage("See."), SEARCH, AgentMessage("Paris.")], "Paris. Go.", " Go."),
    ],
)
def test_an_agents_closing_message_repeats_nothing(before, closing, new):
    assert streamed(*before, Message(closing))[1] == Message(new)
    assert streamed(*before, Message(closing))[0] == streamed(*before)[0] + new


@pytest.mark.parametrize("output", ['{"city": "Paris"}', "It is Paris."])
def test_an_agents_closing_message_replaces_what_came_since_the_last_tool(output):
    found, last = streamed(AgentMessage("See."), SEARCH, AgentMessage("Par"), Message(output))
    assert found == f"See.\n\n{output}"
    assert last == FinalOutput(found, output=output)


def test_an_agents_text_after_a_tool_begins_a_paragraph():
    assert streamed(AgentMessage("See."), SEARCH, AgentMessage("Par"), AgentMessage("is."))[0] == (
        "See.\n\nParis."
    )
    assert streamed(SEARCH, AgentMessage("Paris."))[0] == "Paris."
    assert streamed(AgentMessage("See. "), SEARCH, AgentMessage("Paris."))[0] == "See. Paris."


def test_ids_are_taken_from_whatever_event_has_them_first():
    answer = fed(
        Ping(),
        Message("a", id="m1", task_id="t1"),
        Message("b", id="m1", message_id="m1", conversation_id="c1", task_id="t1"),
        MessageEnd(id="another"),
    )
    assert (answer.task_id, answer.message_id, answer.conversation_id) == ("t1", "m1", "c1")


def test_a_message_end_may_be_the_first_to_name_the_message():
    assert fed(MessageEnd(id="m1")).message_id == "m1"
