"""What the documents show, read into models: the forms that no recorded exchange has."""

from __future__ import annotations

import msgspec
import pytest

from voice_assistant.api.models import (
    AppFeedbackPage,
    AppMeta,
    ChatBody,
    ChatCompletion,
    ChatFile,
    ChatRequest,
    ConversationPage,
    FeedbackBody,
    MessagePage,
    Parameters,
    Site,
    SpeechBody,
    ToolIcon,
    Transcript,
    UploadedFile,
    VariablePage,
)
from voice_assistant.api.wire import decode, decode_body


def test_the_older_documents_parameters_are_read():
    found = decode(
        b"""{"opening_statement": "Hello!", "suggested_questions_after_answer": {"enabled": true},
        "speech_to_text": {"enabled": true}, "retriever_resource": {"enabled": true},
        "annotation_reply": {"enabled": true},
        "user_input_form": [{"paragraph":
            {"label": "Query", "variable": "query", "required": true, "default": ""}}],
        "file_upload": {"image": {"enabled": true, "number_limits": 3, "detail": "high",
            "transfer_methods": ["remote_url", "local_file"]}},
        "system_parameters": {"image_file_size_limit": "10"}}""",
        Parameters,
    )
    assert found.text_to_speech.enabled is False
    assert found.text_to_speech.auto_play is None
    (field,) = found.user_input_form
    assert (field.kind, field.variable, field.required, field.default) == (
        "paragraph",
        "query",
        True,
        "",
    )
    assert found.file_upload.types == ("image",)
    assert found.file_upload.image.transfer_methods == ("remote_url", "local_file")
    assert found.system_parameters.image_file_size_limit == 10


@pytest.mark.parametrize(("word", "plays"), [("enabled", True), ("disabled", False), (None, None)])
def test_auto_play_may_be_on_off_or_not_told(word, plays):
    body = msgspec.json.encode({"text_to_speech": {"enabled": True, "autoPlay": word}})
    assert decode(body, Parameters).text_to_speech.auto_play is plays


def test_input_fields_of_unknown_kinds_are_kept():
    found = decode(
        b"""{"user_input_form": [
        {"file-list": {"variable": "docs", "label": "Documents", "options": null, "required": null,
            "allowed_file_types": ["document"], "default": []}},
        {"hologram": {"variable": "h", "default": {"x": 1}}}]}""",
        Parameters,
    )
    assert [(field.kind, field.variable) for field in found.user_input_form] == [
        ("file-list", "docs"),
        ("hologram", "h"),
    ]
    assert found.user_input_form[1].default == {"x": 1}


def test_files_that_are_switched_off_are_no_types():
    off = b'{"file_upload": {"enabled": false, "allowed_file_types": ["image"]}}'
    assert decode(off, Parameters).file_upload.types == ()
    assert decode(b"{}", Parameters).file_upload.types == ()


def test_the_documents_blocking_answer_is_read():
    found = decode(
        b"""{"event": "message", "message_id": "9da2", "conversation_id": "4570", "mode": "chat",
        "answer": "iPhone 13", "metadata": {"usage": {"prompt_tokens": 1033,
            "prompt_unit_price": "0.001", "total_tokens": 1161, "total_price": "0E-7",
            "currency": "USD", "latency": 0.768},
        "retriever_resources": [{"position": 1, "dataset_id": "101b", "score": 0.98457545,
            "content": "Model"}]}, "created_at": 1705407629}""",
        ChatCompletion,
    )
    assert found.answer == "iPhone 13"
    assert found.metadata.usage.total_tokens == 1161
    assert found.metadata.usage.total_price == "0E-7"
    assert found.metadata.sources[0].score == pytest.approx(0.98457545)


def test_prices_may_be_numbers():
    body = b'{"metadata": {"usage": {"total_price": 2.378, "latency": 1}}}'
    assert decode(body, ChatCompletion).metadata.usage.total_price == 2.378


def test_icons_are_addresses_or_emojis():
    found = decode(
        b"""{"tool_icons": {"dalle2": "https://dify.example/icon",
        "api_tool": {"background": "#252525", "content": "\\ud83d\\ude01"}}}""",
        AppMeta,
    )
    assert found.tool_icons == {
        "dalle2": "https://dify.example/icon",
        "api_tool": ToolIcon(background="#252525", content="😁"),
    }


def test_the_documents_feedbacks_are_read():
    (found,) = decode(
        b"""{"data": [{"id": "8c0f", "app_id": "f252", "rating": "like", "content": "good",
        "from_source": "user", "from_end_user_id": "7428", "from_account_id": null,
        "created_at": "2025-04-24T09:24:38", "updated_at": "2025-04-24T09:24:38"}]}""",
        AppFeedbackPage,
    ).data
    assert (found.rating, found.from_account_id) == ("like", "")
    assert found.created_at == "2025-04-24T09:24:38"


def test_a_conversation_may_be_an_id_and_nothing_else():
    found = decode(b'{"data": [{"id": "hSIh"}]}', ConversationPage)
    assert found.data[0].id == "hSIh"
    assert (found.limit, found.has_more) == (20, False)


def test_variables_may_be_of_any_kind():
    found = decode(
        b"""{"data": [{"id": "v1", "name": "order", "value_type": "json", "value": {"n": 5},
        "created_at": 1650000000000}, {"id": "v2", "value": "3"}, {"id": "v3", "value": null}]}""",
        VariablePage,
    )
    assert [variable.value for variable in found.data] == [{"n": 5}, "3", None]


def test_a_history_may_hold_null_for_anything():
    (found,) = decode(
        b"""{"data": [{"id": "m1", "answer": null, "error": null, "feedback": {"rating": null},
        "message_files": null, "retriever_resources": null, "inputs": null}]}""",
        MessagePage,
    ).data
    assert (found.answer, found.error, found.message_files) == ("", "", ())
    assert found.feedback is not None
    assert found.feedback.rating is None


def test_a_site_may_hold_null_for_anything():
    assert decode(b'{"title": null, "icon_url": null, "show_workflow_steps": null}', Site) == Site()


@pytest.mark.parametrize("body", [b"{}", b'{"name": "x"}', b"[]", b"null", b"5"])
def test_a_file_without_an_id_is_no_file(body):
    with pytest.raises(msgspec.DecodeError):
        decode(body, UploadedFile)


def test_a_question_survives_the_wire():
    """The embedded backend reads what the client writes."""
    file = ChatFile("image", "remote_url", url="https://dify.example/a.png")
    body = ChatBody("hi", "c1", {"n": 1, "x": None}, (file,), user="u1", response_mode="streaming")
    assert decode(msgspec.json.encode(body), ChatBody) == body
    assert decode(b'{"query": "hi", "user": "u1"}', ChatBody) == ChatBody("hi", user="u1")


def test_defaults_are_not_shared():
    one, other = ChatRequest("a"), ChatRequest("b")
    one.inputs["x"] = 1
    assert other.inputs == {}


def test_a_rating_that_is_taken_back_is_sent_as_null():
    assert msgspec.json.encode(FeedbackBody(rating=None, user="u")) == b'{"rating":null,"user":"u"}'


def test_speech_is_asked_for_by_text_or_by_answer():
    assert msgspec.json.encode(SpeechBody("Hi.", user="u")) == b'{"text":"Hi.","user":"u"}'
    body = msgspec.json.encode(SpeechBody(message_id="m", user="u"))
    assert body == b'{"message_id":"m","user":"u"}'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\xef\xbb\xbf{"text": "how many"}', "how many"),
        (b'{"text": "how \\ud83d many"}', "how \ufffd many"),
        (b'{"text": "how many", "x\\ude00": [{"y": "\\ud83d"}]}', "how many"),
        (b'{"text": "how many \\ud83d\\ude00"}', "how many \U0001f600"),
    ],
)
def test_neither_a_byte_order_mark_nor_half_a_letter_costs_the_words(body, text):
    assert decode_body(body, Transcript).text == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xef\xbb\xbf",
        b'{"text": "cut \\ud83d',
        b'{"text": ["\\ud83d"]}',
        b'{"text": "\\ud83d", "x": ' + b"[" * 90_000,
        b'{"text": "\\ud83d", "x": ' + b"[" * 400 + b"]" * 400 + b"} more",
        '{"text": "how many"}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_no_json_raises_nothing_else(body):
    with pytest.raises(msgspec.DecodeError):
        decode_body(body, Transcript)
