"""What servers refuse, told to people: every code of the documents, and what has no code."""

from __future__ import annotations

import httpx
import pytest

from voice_assistant.api import endpoints
from voice_assistant.api.failures import breakdowns, failures, refusals
from voice_assistant.api.failures.breakdowns import Way
from voice_assistant.api.stream.events import StreamError
from voice_assistant.errors import (
    ConversationOver,
    Forbidden,
    MissingEndpoint,
    ModelFailed,
    NotConfigured,
    NotFound,
    QuotaExceeded,
    RateLimited,
    Rejected,
    ServerBug,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unreachable,
    UnsupportedAudio,
    WrongApp,
)

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = "<!doctype html><title>404 Not Found</title>"

CODES = [
    # chat
    (404, "not_found", NotFound),
    (400, "invalid_param", Rejected),
    (400, "app_unavailable", NotConfigured),
    (400, "provider_not_initialize", NotConfigured),
    (400, "provider_quota_exceeded", QuotaExceeded),
    (400, "model_currently_not_support", NotConfigured),
    (400, "completion_request_error", ModelFailed),
    (500, "internal_server_error", ServerBug),
    (400, "conversation_completed", ConversationOver),
    (400, "agent_not_published", NotConfigured),
    (400, "not_chat_app", WrongApp),
    (400, "not_workflow_app", WrongApp),
    (400, "not_completion_app", WrongApp),
    (403, "workflow_version_execution_not_allowed", Forbidden),
    (412, "human_input_form_expired", Rejected),
    (412, "human_input_form_submitted", Rejected),
    # variables
    (404, "conversation_not_exists", NotFound),
    # files and audio
    (400, "no_file_uploaded", Rejected),
    (400, "too_many_files", Rejected),
    (400, "filename_not_exists_error", Rejected),
    (400, "unsupported_preview", Rejected),
    (400, "unsupported_estimate", Rejected),
    (413, "file_too_large", TooLarge),
    (415, "unsupported_file_type", UnsupportedAudio),
    (503, "s3_connection_failed", ServerBug),
    (503, "s3_permission_denied", ServerBug),
    (503, "s3_file_too_large", TooLarge),
    (400, "no_audio_uploaded", Rejected),
    (413, "audio_too_large", TooLarge),
    (415, "unsupported_audio_type", UnsupportedAudio),
    (400, "provider_not_support_speech_to_text", NotConfigured),
    (400, "speech_to_text_disabled", NotConfigured),
    (400, "provider_not_support_text_to_speech", NotConfigured),
    (400, "text_to_speech_disabled", NotConfigured),
    # any
    (400, "bad_request", Rejected),
    (400, "bad_request_key_error", Rejected),
    (401, "unauthorized", Unauthorized),
    (403, "forbidden", Forbidden),
    (405, "method_not_allowed", MissingEndpoint),
    (415, "unsupported_media_type", UnsupportedAudio),
    (429, "too_many_requests", RateLimited),
    (429, "rate_limit_error", QuotaExceeded),
    (429, "anything_else", RateLimited),
    (500, "unknown", ServerBug),
    (418, "anything_else", Rejected),
]


def refused(endpoint, status, code="", message="what it says", **headers):
    body = {"code": code, "message": message, "status": status}
    return failures.refusal(endpoint, httpx.Response(status, json=body, headers=headers))


@pytest.mark.parametrize(("status", "code", "kind"), CODES)
def test_every_code_has_its_error(status, code, kind):
    error = refused(endpoints.INFO, status, code)
    assert type(error) is kind
    assert error.status == status
    if kind is not MissingEndpoint:
        assert error.server_code == code


def test_every_code_of_the_table_is_tested():
    assert set(refusals.BY_CODE) - {"workflow_paused"} <= {code for _, code, _ in CODES}


@pytest.mark.parametrize(
    "told",
    [*refusals.BY_CODE.values(), *refusals.BY_STATUS.values(), *refusals.BY_ENDPOINT.values()],
)
def test_titles_are_phrases_and_hints_are_sentences(told):
    assert told.title
    assert not told.title.endswith(".")
    assert not told.hint or told.hint[-1] in ".?"


@pytest.mark.parametrize(
    ("endpoint", "code", "kind"),
    [
        (endpoints.AUDIO_TO_TEXT, "invalid_param", NotConfigured),
        (endpoints.AUDIO_TO_TEXT, "app_unavailable", NotConfigured),
        (endpoints.AUDIO_TO_TEXT, "completion_request_error", Rejected),
        (endpoints.TEXT_TO_AUDIO, "invalid_param", NotConfigured),
        (endpoints.TEXT_TO_AUDIO, "app_unavailable", NotConfigured),
        (endpoints.TEXT_TO_AUDIO, "completion_request_error", Rejected),
        (endpoints.SUGGESTED, "bad_request", NotConfigured),
        (endpoints.CHAT, "bad_request", Rejected),
    ],
)
def test_features_that_are_switched_off_say_so(endpoint, code, kind):
    assert type(refused(endpoint, 400, code)) is kind


def test_the_words_of_a_refusal_decide_nothing():
    for message in ("Conversation Not Exists.", "quota exceeded", "Access token is invalid", ""):
        assert type(refused(endpoints.CHAT, 400, "invalid_param", message)) is Rejected


@pytest.mark.parametrize("endpoint", [endpoints.CHAT, endpoints.AUDIO_TO_TEXT])
def test_too_many_requests_at_once_look_like_a_bad_parameter(endpoint):
    message = "Too many requests. Please try again later. The current maximum is 1."
    assert type(refused(endpoint, 400, "invalid_param", message)) is RateLimited


def test_a_server_that_says_how_long_to_wait_is_heard():
    error = refused(endpoints.CHAT, 429, "too_many_requests", **{"Retry-After": "7"})
    assert error.retry_after_s == 7.0
    endless = {"Retry-After": "9" * 400}
    assert refused(endpoints.CHAT, 429, "too_many_requests", **endless).retry_after_s == 86_400
    date = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert refused(endpoints.CHAT, 429, "too_many_requests", **date).retry_after_s is None


def test_a_refusal_quotes_the_server_without_what_is_for_developers():
    message = (
        "1 validation error for ChatRequestPayload\nconversation_id\n  Value error, must be a UUID "
        "[type=value_error, input_value='secret words', input_type=str]\n"
        "    For further information visit https://errors.pydantic.dev/2.12/v/value_error"
    )
    title = refused(endpoints.CHAT, 400, "invalid_param", message).title
    assert title.endswith("ChatRequestPayload: conversation_id: Value error, must be a UUID")
    assert len(refused(endpoints.CHAT, 400, "invalid_param", "x" * 10_000).title) < 300


def test_a_refusal_may_quote_an_object():
    assert "is wrong" in refused(endpoints.CHAT, 400, "invalid_param", {"user": "is wrong"}).title


def without_code(endpoint, status, text=PAGE, headers=HTML):
    return failures.refusal(endpoint, httpx.Response(status, text=text, headers=headers))


def test_a_newer_endpoint_is_missing_on_an_older_server():
    error = without_code(endpoints.SITE, 404, headers={**HTML, "X-Version": "0.15.3"})
    assert type(error) is MissingEndpoint
    assert error.title == "This server (0.15.3) has no site settings"


def test_an_id_that_is_none_is_not_found():
    error = without_code(endpoints.SUGGESTED, 404, headers={**HTML, "X-Version": "1.14.0"})
    assert type(error) is NotFound


@pytest.mark.parametrize(
    ("text", "headers"),
    [(PAGE, HTML), ('{"detail": "Not Found"}', {"Content-Type": "application/json"})],
)
def test_a_wrong_address_says_that_the_address_is_wrong(text, headers):
    error = without_code(endpoints.PARAMETERS, 404, text, headers)
    assert type(error) is MissingEndpoint
    assert "/v1" in error.hint


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ServerBug),
        (401, Unauthorized),
        (403, Forbidden),
        (405, MissingEndpoint),
        (413, TooLarge),
        (415, UnsupportedAudio),
        (429, RateLimited),
        (500, ServerBug),
        (502, ServerBug),
        (503, ServerBug),
        (504, ServerBug),
    ],
)
def test_a_refusal_without_a_code_is_read_by_its_status(status, kind):
    for text in (PAGE, "Internal Server Error", "", "[1]", '"x"', "{"):
        error = without_code(endpoints.CHAT, status, text)
        assert type(error) is kind
        assert error.status == status


WORDS = [
    {"error": {"message": "Error: the model is gone", "type": "x", "code": 7}},
    {"code": 40012, "message": "the model is gone", "data": None},
]


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("body", [*WORDS, {"detail": [{"loc": ["a"], "msg": "the model is gone"}]}])
def test_a_gateways_refusal_is_told_in_its_words(status, body):
    refused = failures.refusal(endpoints.CHAT, httpx.Response(status, json=body))
    assert type(refused) is Rejected
    assert refused.title == "The server refused the request: the model is gone"


@pytest.mark.parametrize("body", [{"code": "gone", "message": "the model is gone"}, *WORDS])
def test_a_refusal_with_the_status_of_a_success_is_a_refusal(body):
    response = httpx.Response(200, json=body)
    assert failures.is_refusal(response)
    assert "the model is gone" in failures.refusal(endpoints.CHAT, response).title


def test_a_refusal_with_the_status_of_a_success_may_name_its_own():
    body = {"code": "unauthorized", "message": "Access token is invalid", "status": 401}
    refused = failures.refusal(endpoints.CHAT, httpx.Response(200, json=body))
    assert isinstance(refused, Unauthorized)


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], None, "code", {"code": 200, "message": "OK", "data": {}}, {"message": "hello"}),
        *({"code": "x"}, {"code": ["x"], "message": "m"}, {"error": None}, {"error": "of a run"}),
    ],
)
def test_a_success_that_is_no_refusal_is_none(body):
    assert not failures.is_refusal(httpx.Response(200, json=body))


def test_a_redirect_names_where_it_leads_but_no_secret():
    headers = {"Location": "https://dify.example/v1/info?token=secret"}
    error = without_code(endpoints.INFO, 301, headers=headers)
    assert "https://dify.example/v1/info" in error.title
    assert "secret" not in error.title


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("", ModelFailed),
        ("invalid_param", ModelFailed),
        ("completion_request_error", ModelFailed),
        ("internal_server_error", ModelFailed),
        ("not_found", ModelFailed),
        ("workflow_paused", ModelFailed),
        ("provider_quota_exceeded", QuotaExceeded),
        ("provider_not_initialize", NotConfigured),
        ("model_currently_not_support", NotConfigured),
        ("rate_limit_error", QuotaExceeded),
        ("unauthorized", Unauthorized),
    ],
)
def test_an_answer_that_broke_off_says_why(code, kind):
    error = failures.stream_failure(StreamError(status=400, code=code, message="Run failed: x"))
    assert type(error) is kind
    assert error.server_code == code


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.ConnectTimeout("slow"), Unreachable),
        (httpx.ReadTimeout("slow"), TimedOut),
        (httpx.WriteTimeout("slow"), TimedOut),
        (httpx.PoolTimeout("slow"), TimedOut),
        (httpx.ReadError("reset"), Unreachable),
        (httpx.RemoteProtocolError("gone"), Unreachable),
        (httpx.ProxyError("407"), Unreachable),
        (httpx.UnsupportedProtocol("ftp"), Unreachable),
        (httpx.LocalProtocolError("Illegal header value b'Bearer app-KEY'"), Unreachable),
        (httpx.DecodingError("gzip"), Unreachable),
        (httpx.TooManyRedirects("loop"), Unreachable),
    ],
)
def test_failures_below_http_are_told_without_the_librarys_words(cause, kind):
    error = breakdowns.connection_failure(cause, Way("dify.example"))
    assert type(error) is kind
    assert "dify.example" in error.title
    assert str(cause) not in error.title + error.hint


def test_an_answer_that_broke_off_says_how():
    cause = httpx.ReadError("reset")
    assert breakdowns.lost(cause).__cause__ is cause
    silent = breakdowns.silent(began=True, waited_s=25.0, cause=TimeoutError())
    assert "25 seconds" in silent.title
    never = breakdowns.silent(began=False, waited_s=25.0, cause=TimeoutError())
    assert "begin a new one" in never.hint
    assert "31 MB" in breakdowns.cut_off(31_000_000).title


@pytest.mark.parametrize(
    ("version", "kind"),
    [("1.14.2", NotFound), ("1.2.0", NotFound), ("0.15.3", MissingEndpoint), ("", MissingEndpoint)],
)
def test_a_page_instead_of_an_id_is_a_wrong_id_where_the_server_is_new_enough(version, kind):
    headers = {**HTML, "X-Version": version}
    error = failures.refusal(
        endpoints.UPDATE_ANNOTATION, httpx.Response(404, text=PAGE, headers=headers)
    )
    assert type(error) is kind
