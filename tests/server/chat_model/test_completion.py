"""The stream of a chat model, cut anywhere, and as different servers send it."""

from __future__ import annotations

import itertools
import json

import pytest
from fakes.chat_server import calls, event, says
from hypothesis import given
from hypothesis import strategies as st

from voice_assistant.errors import ModelFailed
from voice_assistant.server.chat_model.completion import MOST_LINE_BYTES, Call, Completion

STREAM = b"".join(
    [
        b": a comment\n\n",
        event(role="assistant", content=""),
        event(content="It is "),
        event(content="5 \u00b0C \U0001f600."),
        event(finish="stop"),
        b'data: {"choices": [], "usage": {"total_tokens": 5}}\n\n',
        b"data: [DONE]\n\n",
    ]
)
TEXT = "It is 5 \u00b0C \U0001f600."


def parsed(pieces):
    completion = Completion()
    text = "".join(map(completion.feed, pieces)) + completion.close()
    return completion, text


@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=8), crlf=st.booleans())
def test_the_text_is_the_same_however_the_stream_is_cut(cuts, crlf):
    stream = STREAM.replace(b"\n", b"\r\n") if crlf else STREAM
    ends = [0, *sorted(cuts), len(stream)]
    completion, text = parsed([stream[a:b] for a, b in itertools.pairwise(ends)])
    assert text == TEXT
    assert completion.finished


def test_a_stream_without_its_end_is_not_finished():
    completion, text = parsed([event(content="half").rstrip()])
    assert text == "half"
    assert not completion.finished


@pytest.mark.parametrize(
    "garbage",
    [b"data: {broken\n", b"data: 7\n", b"nonsense\n", b"data:\n", b"\xff\xfe\n", b"data: \xff\n"],
)
def test_lines_that_are_no_event_are_ignored(garbage):
    assert parsed([garbage, event(content="words"), garbage])[1] == "words"


def test_the_pieces_of_a_call_are_joined():
    completion, text = parsed(calls("calculate", '{"expression": "2+2"}', "Let me see.").pieces)
    assert text == "Let me see."
    assert completion.calls == [Call("call_1", "calculate", '{"expression": "2+2"}')]


def test_whole_calls_without_an_index_are_several():
    both = [
        {"function": {"name": "current_time", "arguments": {}}},
        {"id": "b", "function": {"name": "calculate", "arguments": '{"expression": "1"}'}},
    ]
    completion, _ = parsed([event(tool_calls=both)])
    assert completion.calls == [
        Call("call_0", "current_time", ""),
        Call("b", "calculate", '{"expression": "1"}'),
    ]


def test_text_in_parts_is_text():
    parts = [{"type": "text", "text": "one "}, {"type": "image"}, {"type": "text", "text": "two"}]
    assert parsed([event(content=parts)])[1] == "one two"


@pytest.mark.parametrize("error", ["out of memory", {"message": "CUDA error", "code": 500}])
def test_an_error_in_the_stream_is_told_without_its_words(error):
    with pytest.raises(ModelFailed) as raised:
        parsed([event(content="It"), b"data: " + json.dumps({"error": error}).encode() + b"\n\n"])
    assert "memory" not in f"{raised.value.title}{raised.value.hint}"


def test_an_endless_event_is_given_up():
    with pytest.raises(ModelFailed):
        parsed([b"data: " + b"x" * MOST_LINE_BYTES, b"x" * 10])


def test_a_single_object_in_place_of_a_stream_is_read():
    body = {"choices": [{"message": {"role": "assistant", "content": "Tolstoy."}}]}
    assert Completion().whole(json.dumps(body).encode()) == "Tolstoy."
    with pytest.raises(ModelFailed):
        Completion().whole(b"<html>")


def test_the_stand_in_says_what_it_is_told():
    assert parsed(says("a", "b").pieces)[1] == "ab"
