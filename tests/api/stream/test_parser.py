"""The parser: the same events however the bytes are cut, and never an exception."""

from __future__ import annotations

import base64
import itertools
import json

import pytest
from helpers.replay import RECORDED, names, trace
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.api.stream.events import (
    AgentMessage,
    Message,
    MessageEnd,
    MessageReplace,
    NodeFinished,
    Ping,
    StreamError,
    TtsMessage,
    TtsMessageEnd,
    WorkflowFinished,
    WorkflowStarted,
)
from voice_assistant.api.stream.parser import (
    StreamParser,
)


def block(**event):
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def parse(*chunks):
    parser = StreamParser()
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events + parser.close(), parser


def pieces(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


def body(version, name):
    """The body of a recorded stream, its chunked framing removed."""
    rest = trace(version, name).raw.partition(b"\r\n\r\n")[2]
    whole = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        whole += rest[:length]
        rest = rest[length + 2 :]
    return whole


STREAMS = [
    (version, name)
    for version in RECORDED
    for name in names(version)
    if b"text/event-stream" in trace(version, name).raw[:300]
]

texts = st.text(max_size=20) | st.sampled_from(
    ["\u2028", "\u2029", "\x85", "\x0b\x0c", "😀", "你好"]
)
events = st.one_of(
    st.builds(lambda text: block(event="message", answer=text), texts),
    st.builds(lambda text: block(event="agent_message", answer=text), texts),
    st.builds(lambda text: block(event="message_replace", answer=text, reason="x"), texts),
    st.builds(
        lambda data: block(event="tts_message", audio=base64.b64encode(data).decode()),
        st.binary(max_size=40),
    ),
    st.builds(lambda text: block(event="not_known_yet", data={"text": text}), texts),
    st.builds(lambda text: b"data: " + text.encode() + b"\n\n", st.sampled_from(["{", "x", "[]"])),
    st.sampled_from([b"event: ping\n\n", b": a comment\n\n", b"\n", b"retry: 5\n\n", b"id: 7\n\n"]),
)


@settings(deadline=None)
@given(
    stream=st.lists(events, max_size=8).map(b"".join),
    cuts=st.lists(st.integers(0, 400), max_size=30),
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
def test_any_cut_of_any_stream_gives_the_same_events(stream, cuts, end):
    stream = stream.replace(b"\n", end)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[a:b] for a, b in itertools.pairwise(edges)]
    whole, one = parse(stream)
    cut, many = parse(*chunks)
    assert cut == whole
    assert (many.malformed, many.unknown) == (one.malformed, one.unknown)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=10))
def test_no_bytes_raise(chunks):
    parse(*chunks)


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from(["message", "message_end", "workflow_finished", "error", "tts_message"]),
)
def test_no_json_raises(value, kind):
    for field in ("answer", "data", "metadata", "audio", "created_at", "status", "event"):
        parse(block(**{"event": kind, field: value}))


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"event":' * 50_000, '{"event": "message", "x": ' + "[" * 90_000]
)
def test_json_nested_without_end_is_one_malformed_line(text):
    found, parser = parse(b"data: " + text.encode() + b"\n\n", block(event="message", answer="a"))
    assert found == [Message("a")]
    assert parser.malformed == 1


@pytest.mark.parametrize("size", [1, 7, 1024])
@pytest.mark.parametrize(("version", "name"), STREAMS)
def test_a_recorded_stream_gives_the_same_events_in_pieces(version, name, size):
    stream = body(version, name)
    whole, parser = parse(stream)
    assert whole
    assert (parser.malformed, parser.unknown) == (0, 0)
    assert parse(*pieces(stream, size))[0] == whole


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_may_end_in_any_of_the_three_ways_byte_by_byte(end):
    stream = block(event="message", answer="a") + b"event: ping\n\n" + block(event="message_end")
    found, parser = parse(*pieces(stream.replace(b"\n", end), 1))
    assert found == [Message("a"), Ping(), MessageEnd()]
    assert parser.malformed == 0


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_an_event_is_there_as_soon_as_its_empty_line_is(end):
    (event,) = StreamParser().feed(block(event="message", answer="a").replace(b"\n", end))
    assert event == Message("a")


def test_a_line_that_is_no_json_is_skipped_and_counted():
    """The older document's own example holds such lines."""
    stream = (
        block(event="message", answer="to")
        + b'data: {"event": "message", "message_id": : "5ad4", "answer": " meet"}\n\n'
        + block(event="message", answer=" you")
    )
    found, parser = parse(stream)
    assert [event.answer for event in found] == ["to", " you"]
    assert (parser.malformed, parser.unknown) == (1, 0)


def test_unknown_events_are_ignored_and_no_fault():
    found, parser = parse(
        block(event="agent_log", data={}),
        block(event="iteration_started"),
        block(event="loop_next"),
    )
    assert found == []
    assert (parser.malformed, parser.unknown) == (0, 3)


def test_a_line_separator_within_the_text_does_not_end_the_line():
    found, _ = parse(block(event="message", answer="a\u2028b\u2029c\x85d"))
    assert found == [Message("a\u2028b\u2029c\x85d")]


def test_a_bare_ping_is_an_event_of_its_own():
    assert parse(b"event: ping\n\n")[0] == [Ping()]


def test_the_last_event_counts_without_its_empty_line():
    assert parse(b'data: {"event": "message_end"}')[0] == [MessageEnd()]


def test_an_event_may_span_several_data_lines():
    assert parse(b'data: {"event":\ndata: "message", "answer": "a"}\n\n')[0] == [Message("a")]


def test_null_is_as_good_as_nothing():
    stream = block(event="message_end", metadata=None, files=None, task_id=None)
    assert parse(stream)[0] == [MessageEnd()]


def test_sources_are_found_wherever_the_server_puts_them():
    source = {"position": 1, "document_name": "iPhone List", "score": 0.98}
    beside = block(event="message_end", metadata={"usage": {}, "retriever_resources": [source]})
    within = block(event="message_end", metadata={"usage": {"retriever_resources": [source]}})
    for stream in (beside, within):
        (event,), _ = parse(stream)
        assert [one.document_name for one in event.metadata.sources] == ["iPhone List"]


def test_the_documents_own_events_are_read():
    stream = b"".join(
        [
            block(event="workflow_started", data={"id": "5ad4", "sequence_number": 1}),
            block(
                event="node_finished",
                data={
                    "inputs": {},
                    "execution_metadata": {"total_price": 2.378},
                    "elapsed_time": 0.324,
                },
            ),
            block(event="workflow_finished", data={"status": "succeeded", "total_steps": "1"}),
            block(event="agent_message", answer="a"),
            block(event="message_replace", answer="b", reason="moderation"),
            block(event="tts_message", audio="AAEC"),
            block(event="tts_message_end", audio=""),
            block(event="error", status=400, code="invalid_param", message="no"),
            block(event="ping"),
        ]
    )
    found, _ = parse(stream)
    assert [type(event) for event in found] == [
        WorkflowStarted,
        NodeFinished,
        WorkflowFinished,
        AgentMessage,
        MessageReplace,
        TtsMessage,
        TtsMessageEnd,
        StreamError,
        Ping,
    ]
    assert found[1].data.elapsed_time == 0.324
    assert found[2].data.total_steps == 1
    assert found[5].audio == b"\x00\x01\x02"


def answers(*pieces):
    """What a stream of these pieces of text, as JSON strings, adds up to, and its parser."""
    parser = StreamParser()
    events = []
    for piece in pieces:
        events += parser.feed(b'data: {"event": "message", "answer": ' + piece + b"}\n\n")
    events += parser.feed(block(event="message_end"))
    return "".join(event.answer for event in events if isinstance(event, Message)), parser


def test_a_letter_of_which_each_half_comes_in_a_piece_of_its_own_is_whole():
    text, parser = answers(b'"Press it \\ud83d"', b'"\\ude00 now."')
    assert text == "Press it \U0001f600 now."
    assert not parser.damaged


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ((b'"Press \\ud83d it"',), "Press \ufffd it"),
        ((b'"Press \\ude00 it"',), "Press \ufffd it"),
        ((b'"Press \\ud83d"', b'" it"'), "Press \ufffd it"),
        ((b'"Press \\ud83d"', b'"\\ud83d\\ude00 it"'), "Press \ufffd\U0001f600 it"),
        ((b'"Press it \\ud83d"',), "Press it \ufffd"),
    ],
)
def test_half_a_letter_costs_no_words_around_it(pieces, text):
    assert answers(*pieces)[0] == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'{"event": "message_replace", "answer": ["No"]}', ""),
        (b'{"event": "message", "answer": {"a": 1}}', ""),
        (b'{"event": "message", "answer": "cut o', ""),
    ],
)
def test_a_piece_of_text_that_cannot_be_read_wholly_is_told(data, text, caplog):
    parser = StreamParser()
    events = parser.feed(b"data: " + data + b"\n\n")
    assert "".join(event.answer for event in events) == text
    assert parser.damaged == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]


ODD = {
    "a time that is no integer": {"created_at": 1.5},
    "a time beyond all numbers": {"created_at": float("inf")},
    "a time in words": {"created_at": "now"},
    "ids that are numbers": {"message_id": 7, "task_id": 8},
    "metadata that is text": {"metadata": "none"},
    "tokens with a comma": {"metadata": {"usage": {"total_tokens": "1,000", "latency": "fast"}}},
    "sources that are none": {"metadata": {"retriever_resources": [1, None]}},
    "files that are none": {"files": "none"},
    "a run that is text": {"data": "done"},
    "a run with odd fields": {"data": {"elapsed_time": "1 s", "outputs": [1], "total_steps": []}},
}


@pytest.mark.parametrize("field", ODD)
@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("message", Message),
        ("message_end", MessageEnd),
        ("workflow_finished", WorkflowFinished),
        ("error", StreamError),
    ],
)
def test_one_odd_field_costs_neither_the_event_nor_its_other_fields(field, kind, meant):
    words = {"answer": "One."} if kind == "message" else {}
    (event,), parser = parse(
        block(**{"event": kind, "conversation_id": "c", **words, **ODD[field]})
    )
    assert type(event) is meant
    assert event.conversation_id == "c"
    assert getattr(event, "answer", "One.") == "One."
    assert not parser.damaged


def test_of_a_run_with_odd_fields_the_readable_ones_are_kept():
    run = {"status": "failed", "error": "no memory left", "elapsed_time": "long", "outputs": [1]}
    (event,), _ = parse(block(event="workflow_finished", data=run))
    assert (event.data.status, event.data.error) == ("failed", "no memory left")


@pytest.mark.parametrize("depth", [100, 300, 480, 900, 5000])
def test_json_of_any_depth_raises_nothing(depth):
    deep = "[" * depth + "]" * depth
    for field in ("metadata", "data", "created_at", "answer"):
        data = f'data: {{"event": "message_end", "x\\ud83d": 1, "{field}": {deep}}}\n\n'
        parse(data.encode(), block(event="message", answer="a"))


def test_an_answer_that_is_a_number_is_text():
    (event,), parser = parse(block(event="message", answer=42))
    assert event.answer == "42"
    assert not parser.damaged
    assert parse(block(event="message", answer=True))[1].damaged


@pytest.mark.parametrize("size", [1, 2, 1024])
def test_a_byte_order_mark_costs_no_event(size):
    stream = b"\xef\xbb\xbf" + block(event="message", answer="a") + block(event="message_end")
    assert parse(*pieces(stream, size))[0] == [Message("a"), MessageEnd()]


def test_a_file_that_brings_text_is_text():
    events, _ = parse(block(event="message_file", id="m", answer="Here is your cat."))
    assert [event.answer for event in events] == ["Here is your cat."]
    assert isinstance(events[0], Message)


SOUND = bytes(range(256)) + b"\xfb\xff\xbf"


@pytest.mark.parametrize(
    "text",
    [
        base64.encodebytes(SOUND).decode(),
        base64.encodebytes(SOUND).decode().replace("\n", "\r\n"),
        base64.urlsafe_b64encode(SOUND).decode(),
        base64.urlsafe_b64encode(SOUND[:-1]).decode().rstrip("="),
        f"data:audio/mpeg;base64,{base64.b64encode(SOUND).decode()}",
    ],
)
def test_audio_may_be_in_any_form_of_base64(text):
    (event,), _ = parse(block(event="tts_message", audio=text))
    assert not event.lost
    assert event.audio in {SOUND, SOUND[:-1]}


@pytest.mark.parametrize("audio", ["%%%", "abcde", "SUQz=", "SUQ=z", 7, ["a"], {"a": 1}, True])
def test_audio_that_cannot_be_read_is_a_hole(audio):
    (event,), _ = parse(block(event="tts_message", audio=audio))
    assert event == TtsMessage(lost=True)


@pytest.mark.parametrize("audio", ["", None])
def test_no_audio_is_no_hole(audio):
    (event,), _ = parse(block(event="tts_message", audio=audio))
    assert event == TtsMessage()
