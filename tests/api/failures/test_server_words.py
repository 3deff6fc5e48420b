"""What a server says for developers, told to people in one sentence."""

from __future__ import annotations

import json
import logging
import re
import time

import httpx
import pytest
from helpers import replay as server_room
from helpers.replay import replay, sse
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assistant.api import endpoints
from voice_assistant.api.client import Client
from voice_assistant.api.failures import failures, refusals
from voice_assistant.api.failures.breakdowns import Way
from voice_assistant.api.failures.server_words import LONGEST, sentence
from voice_assistant.api.models import ChatRequest
from voice_assistant.api.stream.events import NodeRun, StreamError
from voice_assistant.errors import (
    BackendError,
    ConfigError,
    ConversationTooLong,
    ModelFailed,
    NotConfigured,
    QuotaExceeded,
    RateLimited,
)

PLUGIN = "Run failed: req_id: 5d0c1f PluginInvokeError: "
NO_IDS = "and/or is no path, 12:30 is no host, 3.5 is no address"
AUTHOR = "An error occurred in the a/b/c, please contact the author of a/b/c for help, error type: "
LAYERS = {"error": {"message": 'Bad: {"message": "The third layer speaks.", "code": 7}'}}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("The model sleeps.", "The model sleeps"),
        ("The model sleeps. Nobody knows why. Ask Bob.", "The model sleeps"),
        (PLUGIN + '{"args":{},"error_type":"X","message":"The model sleeps"}', "The model sleeps"),
        (PLUGIN + json.dumps(LAYERS), "The third layer speaks"),
        (PLUGIN + '{"message": "It was cut off in the mid', "It was cut off in the mid"),
        (PLUGIN + "{'error': {'message': 'It is Python\\'s', 'x': None}}", "It is Python's"),
        ('{"errors": [{"detail": "The first"}, {"detail": "Another"}]}', "The first"),
        ({"message": {"msg": "An object speaks"}}, "An object speaks"),
        ({"voice": "is unknown"}, "voice is unknown"),
        (["A list speaks"], "A list speaks"),
        ("[llms] Error: ValueError: The model sleeps", "The model sleeps"),
        ("API request failed with status code 500: The model sleeps", "The model sleeps"),
        ("Node.js v20.1.0\nTypeError: x is no function\n    at /srv/a.js:1:2", "x is no function"),
        ('Traceback (most recent call last):\n  File "/b.py", line 3\nOSError: No room', "No room"),
        ("The file /var/lib/dify/storage/a.bin is gone", "The file is gone"),
        ("The file C:\\Users\\me\\a.bin is gone", "The file is gone"),
        ("The host 10.1.2.3:8080 is gone", "The host is gone"),
        ("See https://provider.example/help?x=1 for help", "See for help"),
        ("The call to api.provider.com:443/v1/chat failed", "The call to failed"),
        ("The pool <Pool object at 0x7f00aa11> is empty", "The pool is empty"),
        ("Too fast in organization org-Ab12Cd34Ef on requests", "Too fast on requests"),
        ("Run 4f9c1b2e-0d3a-4f6b-9c1d-2e3f4a5b6c7d was lost", "Run was lost"),
        ("The model sleeps (request id: 20240101ABCDEF0123456789)", "The model sleeps"),
        ("The plugin acme/openai:0.0.7@0123abcd is gone", "The plugin is gone"),
        ("The call plugin/5c0b8f4e/dispatch/llm failed", "The call failed"),
        ("tenant_id: 1234 The model sleeps", "The model sleeps"),
        ("Unsupported Extension Type: .png", "Unsupported Extension Type: .png"),
        (AUTHOR + 'KeyError, error details: File "/a.py", line 2\nKeyError: No room', "No room"),
        (NO_IDS, NO_IDS),
        ("模型不存在", "模型不存在"),
    ],
)  # fmt: skip
def test_people_hear_the_innermost_words(message, said):
    assert sentence(message) == said


@pytest.mark.parametrize(
    "message", ["", None, 7, "{}", "[]", "{{{{", "x", "Run failed: ", {}, {"code": 3}, "...", "<>"]
)
def test_where_no_words_are_left_nothing_is_said(message):
    assert sentence(message) == ""


LAYER = st.recursive(
    st.text() | st.none() | st.sampled_from(["{", '{"message": "', "\\", "at /a:1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["message", "error", "code", "x"]), inner, max_size=3)
        | inner.map(lambda value: f"Error: {json.dumps(value)}")
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(LAYER)
def test_whatever_a_server_says_is_one_short_line_without_signs_of_code(message):
    said = sentence(message)
    assert len(said) <= LONGEST
    assert said.isprintable()
    assert not re.search(r"[{}<>|\\`]|://|0x[0-9a-f]{4}", said)


@pytest.mark.parametrize(
    "text",
    [
        sign * 15_000
        for sign in (
            "{",
            "[",
            "a",
            "a.",
            "a-",
            "/a",
            "<0",
            "a:",
            ". ",
            "'",
            "{'a':",
            '{"message": ',
        )
    ],
)
def test_hostile_words_take_no_time(text):
    begin = time.process_time()
    assert len(sentence(text)) <= LONGEST
    refusals.by_reason(text)
    assert time.process_time() - begin < 1


REASONS = [
    (
        'Error code: 400 - {"error": {"code": "context_length_exceeded"}}',
        ConversationTooLong,
        "The conversation has become too long",
    ),
    ("This model's maximum context length is 4096 tokens.", ConversationTooLong, "become too long"),
    (
        "input length and max_tokens exceed context limit: prompt is too long",
        ConversationTooLong,
        "long",
    ),
    ("Error code: 429 - You exceeded your current quota", QuotaExceeded, "quota is used up"),
    ("Your credit balance is too low to access the API", QuotaExceeded, "quota is used up"),
    ("Error code: 429 - Rate limit reached for m in organization org-x1", RateLimited, "at once"),
    ("Error code: 401 - Incorrect API key provided: sk-ab***yz", NotConfigured, "app's own key"),
    ("[llms] Connection Error, Connection error.", ModelFailed, "cannot be reached"),
    ("HTTPConnectionPool(host='10.0.0.9', port=9997): Max retries", ModelFailed, "cannot be"),
    ("Error code: 529 - {'error': {'message': 'Overloaded'}}", ModelFailed, "is overloaded"),
    ("The response was filtered: content_filter", ModelFailed, "does not answer this"),
    ("The model `gpt-9` does not exist", NotConfigured, "model cannot be used"),
    ("requested 9123 tokens exceeds the limit of 8192", ConversationTooLong, "too long"),
    ("Range of input length should be [1, 30720]", ConversationTooLong, "too long"),
    ("Provider X credentials is not initialized.", NotConfigured, "no working model"),
    ("Quota exceeded for quota metric 'Requests per minute'", RateLimited, "at once"),
    ("[x] Error: Content Exists Risk", ModelFailed, "does not answer this"),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] self signed", ModelFailed, "provider's certificate"),
    ("Reached maximum retries (3) for URL http://api:5001/x", ModelFailed, "cannot be reached"),
    ("Out of order, try again in 20 s", ModelFailed, "cannot be reached"),
    (
        '{"error_type": "JSONDecodeError", "message": "line 1"}',
        ModelFailed,
        "be read by the server",
    ),
    ("Unexpected token '<', \"<!DOCTYPE\"... is not valid JSON", ModelFailed, "could not be read"),
    ("plugin daemon inner error: failed to get plugin runtime", ModelFailed, "server's plugin"),
    ("Max execution time 1200s reached.", ModelFailed, "took longer"),
]


@pytest.mark.parametrize(("message", "kind", "words"), REASONS)
@pytest.mark.parametrize("code", ["", "completion_request_error"])
def test_a_providers_reason_has_its_own_words(message, kind, words, code):
    error = failures.stream_failure(StreamError(code=code, message=PLUGIN + message))
    assert type(error) is kind
    assert words in error.title
    body = {"code": "completion_request_error", "message": message, "status": 400}
    refused = failures.refusal(endpoints.CHAT, httpx.Response(400, json=body))
    assert (type(refused), refused.title) == (kind, error.title)


def test_a_speech_provider_that_is_away_is_not_told_as_a_bad_recording():
    body = {"code": "completion_request_error", "message": "[x] Connection refused"}
    error = failures.refusal(endpoints.AUDIO_TO_TEXT, httpx.Response(400, json=body))
    assert error.title == "The speech provider cannot be reached or is overloaded"


def test_a_speech_provider_that_fails_gives_its_reason():
    body = {"code": "completion_request_error", "message": "[x] Error: It is out of order."}
    error = failures.refusal(endpoints.AUDIO_TO_TEXT, httpx.Response(400, json=body))
    assert error.title == "The speech provider could not use the recording: It is out of order"


def test_only_what_a_provider_does_not_answer_is_to_be_said_differently():
    hints = [told.hint for _, told in refusals.BY_REASON] + [
        told.hint for told in (*refusals.BY_CODE.values(), *refusals.BY_STATUS.values())
    ]
    assert sum("differently" in hint for hint in hints) == 1


@pytest.mark.parametrize("node_type", ["http-request", "code", "tool", "template-transform"])
def test_a_step_that_is_no_model_is_told_by_its_name(node_type):
    step = NodeRun(node_type=node_type, title="Look up\nthe {weather}", status="failed")
    error = failures.stream_failure(StreamError(message="Connection refused"), step)
    assert error.title == "A step of the app failed: Look up the weather"


def test_a_step_without_a_name_is_told_by_its_kind():
    error = failures.stream_failure(StreamError(), NodeRun(node_type="code", title="{}"))
    assert error.title == "A step of the app failed: code"


@pytest.mark.parametrize("node_type", ["llm", "agent", "question-classifier", ""])
def test_a_step_that_is_a_model_is_told_as_the_model(node_type):
    step = NodeRun(node_type=node_type, title="LLM", status="failed")
    error = failures.stream_failure(StreamError(message="It sleeps."), step)
    assert error.title == "The model failed: It sleeps"


async def failed(*events):
    async with (
        replay(sse(*events)) as server,
        Client(server.url, "app-SECRET", "u1") as client,
        client.chat(ChatRequest("hi")) as stream,
    ):
        try:
            async for _ in stream:
                pass
        except BackendError as error:
            return error
    return None


async def test_a_failed_step_of_a_stream_is_named():
    step = {"title": "Weather", "node_type": "http-request", "status": "failed", "error": "no"}
    last = {"status": "failed", "error": "Run failed: Reached maximum retries"}
    error = await failed(
        {"event": "node_finished", "data": step}, {"event": "workflow_finished", "data": last}
    )
    assert error.title == "A step of the app failed: Weather"


async def test_the_log_has_all_that_the_server_said_but_not_the_key(caplog):
    caplog.set_level(logging.DEBUG)
    words = "It sleeps. {'key': 'app-SECRET', 'host': '10.9.8.7', 'path': '/srv/secret/x'}"
    error = await failed({"event": "error", "code": "x", "message": f"app-SECRET {words}"})
    assert "SECRET" not in error.title + error.hint
    routes = server_room.json(400, {"code": "x", "message": f"The key app-SECRET {words}"})
    async with replay(routes) as server, Client(server.url, "app-SECRET", "u1") as client:
        with pytest.raises(BackendError) as caught:
            await client.info()
    assert "SECRET" not in caught.value.title + caught.value.hint + caplog.text
    assert caplog.text.count("10.9.8.7") == 2
    assert "/srv/secret/x" in caplog.text


def test_an_address_without_its_end_is_told_with_it():
    assert Way("h", "https://h/api").wrong_url.endswith("try https://h/api/v1.")
    for url in ("https://h/v1", "https://h/v1/", ""):
        assert Way("h", url).wrong_url == refusals.WRONG_URL


async def test_where_no_api_is_the_address_with_its_end_is_offered():
    page = server_room.response(404, b"<html>", "text/html")
    async with replay(page) as server:
        address = server.url.removesuffix("/v1")
        async with Client(address, "app-SECRET", "u1") as client:
            with pytest.raises(BackendError) as caught:
                await client.info()
    assert caught.value.hint.endswith(f"try {address}/v1.")


@pytest.mark.parametrize("url", ["http://me:secret@127.0.0.1:9/v1", "http://me@127.0.0.1:9/v1"])
def test_a_password_in_the_address_is_refused_and_not_repeated(url):
    with pytest.raises(ConfigError, match="user name or a password") as caught:
        Client(url, "app-SECRET", "u1")
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize("port", [0, 99_999])
def test_a_port_that_does_not_exist_is_a_setting_to_correct(port):
    with pytest.raises(ConfigError, match=f"port {port}"):
        Client(f"http://127.0.0.1:{port}/v1", "app-SECRET", "u1")
