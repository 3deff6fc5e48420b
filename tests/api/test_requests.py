"""What goes over the wire: every endpoint, its method, path, query and body."""

from __future__ import annotations

import inspect
from contextlib import aclosing
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pytest
from helpers.replay import Reply, json, replay, response, sse

from voice_assistant.api.client import Client
from voice_assistant.api.endpoints import ENDPOINTS
from voice_assistant.api.models import (
    AnnotationReplySettings,
    ChatFile,
    ChatRequest,
    SpeechRequest,
    Upload,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WORDS = json(200, {"text": "what is it?"})
OK = json(200, {"id": "i1", "result": "success", "data": []})
ANSWER = sse({"event": "message_end"}, {"event": "workflow_finished"})
SOUND = response(200, b"ID3", "audio/mpeg")
WAV = Upload(b"RIFF", "a.wav", "audio/wav")


async def chat(client: Client, request: ChatRequest) -> None:
    async with client.chat(request) as stream:
        async for _ in stream:
            pass


async def followed(client: Client, run_id: str) -> None:
    async with client.follow_run(run_id) as stream:
        async for _ in stream:
            pass


async def previewed(client: Client, file_id: str) -> bytes:
    async with aclosing(client.preview_file(file_id)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def spoken(client: Client, request: SpeechRequest) -> bytes:
    async with aclosing(client.text_to_audio(request)) as chunks:
        return b"".join([chunk async for chunk in chunks])


PICTURE = ChatFile("image", "local_file", upload_file_id="f1")
PICTURE_BODY = {"type": "image", "transfer_method": "local_file", "upload_file_id": "f1"}
FULL = ChatRequest(
    "hi", conversation_id="c1", inputs={"n": 1}, files=(PICTURE,), auto_generate_name=False
)
BARE_BODY = {
    "query": "hi",
    "user": "u 1",
    "inputs": {},
    "response_mode": "streaming",
    "conversation_id": "",
    "files": [],
    "auto_generate_name": True,
}
FULL_BODY = {
    "query": "hi",
    "user": "u 1",
    "inputs": {"n": 1},
    "response_mode": "streaming",
    "conversation_id": "c1",
    "files": [{"type": "image", "transfer_method": "local_file", "upload_file_id": "f1"}],
    "auto_generate_name": False,
}
SETTINGS = AnnotationReplySettings(0.9, "zhipu", "embedding_3")
SETTINGS_BODY = {
    "score_threshold": 0.9,
    "embedding_provider_name": "zhipu",
    "embedding_model_name": "embedding_3",
}
USER = {"user": "u 1"}
QA = {"question": "Q", "answer": "A"}

# number, what is called, the reply, the request line, its body
CALLS: list[tuple[int, Any, Reply, str, Any]] = [
    (1, lambda c: chat(c, ChatRequest("hi")), ANSWER, "POST /chat-messages", BARE_BODY),
    (1, lambda c: chat(c, FULL), ANSWER, "POST /chat-messages", FULL_BODY),
    (
        1,
        lambda c: c.chat_blocking(ChatRequest("hi")),
        OK,
        "POST /chat-messages",
        BARE_BODY | {"response_mode": "blocking"},
    ),
    (2, lambda c: c.stop("t/1"), OK, "POST /chat-messages/t%2F1/stop", USER),
    (
        3,
        lambda c: c.conversations.messages("c1"),
        OK,
        "GET /messages?conversation_id=c1&user=u+1&limit=20",
        None,
    ),
    (
        3,
        lambda c: c.conversations.messages("c1", first_id="m1", limit=5),
        OK,
        "GET /messages?conversation_id=c1&user=u+1&first_id=m1&limit=5",
        None,
    ),
    (4, lambda c: c.suggested("m1"), OK, "GET /messages/m1/suggested?user=u+1", None),
    (
        5,
        lambda c: c.feedback("m1", "like", "good"),
        OK,
        "POST /messages/m1/feedbacks",
        {"rating": "like", "user": "u 1", "content": "good"},
    ),
    (
        5,
        lambda c: c.feedback("m1", None),
        OK,
        "POST /messages/m1/feedbacks",
        {"rating": None, "user": "u 1"},
    ),
    (6, lambda c: c.app_feedbacks(page=2), OK, "GET /app/feedbacks?page=2&limit=20", None),
    (7, lambda c: c.conversations.list(), OK, "GET /conversations?user=u+1&limit=20", None),
    (
        7,
        lambda c: c.conversations.list(last_id="c1", limit=2, sort_by="-created_at", pinned=False),
        OK,
        "GET /conversations?user=u+1&last_id=c1&limit=2&sort_by=-created_at&pinned=false",
        None,
    ),
    (8, lambda c: c.conversations.delete("c1"), OK, "DELETE /conversations/c1", USER),
    (
        9,
        lambda c: c.conversations.rename("c1", "My name"),
        OK,
        "POST /conversations/c1/name",
        {"name": "My name", "user": "u 1"},
    ),
    (
        9,
        lambda c: c.conversations.rename("c1"),
        OK,
        "POST /conversations/c1/name",
        {"auto_generate": True, "user": "u 1"},
    ),
    (
        10,
        lambda c: c.conversations.variables("c1"),
        OK,
        "GET /conversations/c1/variables?user=u+1&limit=20",
        None,
    ),
    (
        10,
        lambda c: c.conversations.variables("c1", variable_name="n", last_id="v1", limit=1),
        OK,
        "GET /conversations/c1/variables?user=u+1&last_id=v1&limit=1&variable_name=n",
        None,
    ),
    (11, lambda c: c.upload_file(WAV), OK, "POST /files/upload", WAV),
    (12, lambda c: c.audio_to_text(WAV), json(200, {"text": "hello"}), "POST /audio-to-text", WAV),
    (
        13,
        lambda c: spoken(c, SpeechRequest("Hello.")),
        SOUND,
        "POST /text-to-audio",
        {"text": "Hello.", "user": "u 1"},
    ),
    (
        13,
        lambda c: spoken(c, SpeechRequest(message_id="m1")),
        SOUND,
        "POST /text-to-audio",
        {"message_id": "m1", "user": "u 1"},
    ),
    (14, lambda c: c.info(), OK, "GET /info", None),
    (15, lambda c: c.parameters(), OK, "GET /parameters?user=u+1", None),
    (16, lambda c: c.meta(), OK, "GET /meta?user=u+1", None),
    (17, lambda c: c.site(), OK, "GET /site", None),
    (18, lambda c: c.annotations.list(), OK, "GET /apps/annotations?page=1&limit=20", None),
    (19, lambda c: c.annotations.create("Q", "A"), OK, "POST /apps/annotations", QA),
    (20, lambda c: c.annotations.update("a1", "Q", "A"), OK, "PUT /apps/annotations/a1", QA),
    (
        21,
        lambda c: c.annotations.delete("a1"),
        response(204),
        "DELETE /apps/annotations/a1",
        None,
    ),
    (
        22,
        lambda c: c.annotations.set_reply("enable", SETTINGS),
        OK,
        "POST /apps/annotation-reply/enable",
        SETTINGS_BODY,
    ),
    (
        23,
        lambda c: c.annotations.reply_status("disable", "j1"),
        OK,
        "GET /apps/annotation-reply/disable/status/j1",
        None,
    ),
    (
        24,
        lambda c: previewed(c, "f1"),
        SOUND,
        "GET /files/f1/preview?user=u+1&as_attachment=true",
        None,
    ),
    (25, lambda c: c.end_user("e1"), OK, "GET /end-users/e1", None),
    (
        26,
        lambda c: c.conversations.set_variable("c1", "v1", 4),
        OK,
        "PUT /conversations/c1/variables/v1",
        {"user": "u 1", "value": 4},
    ),
    (27, lambda c: c.forms.get("t1"), OK, "GET /form/human_input/t1", None),
    (
        27,
        lambda c: c.forms.fill_in("t1", "yes", {"doc": PICTURE, "note": "hi"}),
        OK,
        "POST /form/human_input/t1",
        {"user": "u 1", "action": "yes", "inputs": {"doc": PICTURE_BODY, "note": "hi"}},
    ),
    (29, lambda c: c.runs.get("r1"), OK, "GET /workflows/run/r1", None),
    (30, lambda c: c.runs.list(), OK, "GET /workflows/logs?page=1&limit=20", None),
    (
        28,
        lambda c: followed(c, "r1"),
        ANSWER,
        "GET /workflow/r1/events?user=u+1&include_state_snapshot=true",
        None,
    ),
]


@pytest.mark.parametrize(
    ("number", "call", "reply", "line", "body"), CALLS, ids=[call[3] for call in CALLS]
)
async def test_a_call_is_this_request(number, call, reply, line, body):
    async with replay(reply) as server, Client(server.url, "app-KEY", "u 1") as client:
        await call(client)
    (request,) = server.requests
    target = request.target.removeprefix("/v1").replace("%20", "+")  # a blank has two forms
    assert f"{request.method} {target}" == line
    assert request.headers["authorization"] == "Bearer app-KEY"
    assert request.headers["user-agent"].startswith("voice-assistant/")
    if isinstance(body, Upload):
        assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    elif body is None:
        assert request.body == b""
    else:
        assert request.headers["content-type"] == "application/json"
        assert request.json() == body
    if number in (1, 13) and reply is not OK:
        assert request.headers["accept-encoding"] == "identity"


def test_all_endpoints_are_called():
    assert {number for number, *_ in CALLS} == {endpoint.number for endpoint in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[endpoint.call for endpoint in ENDPOINTS])
async def test_every_endpoint_of_the_table_is_a_documented_method_of_the_client(endpoint):
    async with Client("http://127.0.0.1:9/v1", "app-KEY", "u1") as client:
        method = attrgetter(endpoint.call)(client)
        assert callable(method)
        assert inspect.getdoc(method)


@pytest.mark.parametrize(("number", "line"), [(number, line) for number, _, _, line, _ in CALLS])
def test_every_request_is_that_of_its_endpoint(number, line):
    method, _, target = line.partition(" ")
    path = target.partition("?")[0]
    ids = {"task_id": "t/1", "message_id": "m1", "conversation_id": "c1", "annotation_id": "a1"}
    ids |= {"run_id": "r1", "file_id": "f1", "end_user_id": "e1", "variable_id": "v1"}
    ids |= {"form_token": "t1"}
    matches = [
        endpoint
        for endpoint in ENDPOINTS
        if endpoint.number == number
        for action in ("enable", "disable")
        if (endpoint.method, endpoint.url(**ids, action=action, job_id="j1")) == (method, path)
    ]
    assert matches


def pages(*contents: dict[str, Any]) -> list[Reply]:
    return [json(200, content) for content in contents]


async def ids(things: AsyncIterator[Any]) -> list[str]:
    return [thing.id async for thing in things]


def page(more: bool, *names: str) -> dict[str, Any]:  # noqa: FBT001
    return {"has_more": more, "data": [{"id": name} for name in names]}


@pytest.mark.parametrize(
    ("call", "route", "contents", "expected", "cursor"),
    [
        (
            lambda c: c.conversations.iter(),
            "GET /conversations",
            (page(True, "a", "b"), page(False, "c")),
            ["a", "b", "c"],
            "last_id=b",
        ),
        (
            lambda c: c.conversations.iter_variables("c1"),
            "GET /conversations/c1/variables",
            (page(True, "a", "b"), page(False, "c")),
            ["a", "b", "c"],
            "last_id=b",
        ),
        (
            lambda c: c.annotations.iter(),
            "GET /apps/annotations",
            (page(True, "a", "b"), page(False, "c")),
            ["a", "b", "c"],
            "page=2",
        ),
        (  # pages go from new to old, and each ascends
            lambda c: c.conversations.iter_messages("c1"),
            "GET /messages",
            (page(True, "m2", "m3"), page(False, "m1")),
            ["m3", "m2", "m1"],
            "first_id=m2",
        ),
        (  # a server that promises more and has nothing ends it all the same
            lambda c: c.conversations.iter(),
            "GET /conversations",
            (page(True, "a"), page(True)),
            ["a"],
            "last_id=a",
        ),
    ],
)
async def test_all_pages_are_read_one_after_the_other(call, route, contents, expected, cursor):
    async with (
        replay({route: pages(*contents)}) as server,
        Client(server.url, "app-KEY", "u1") as client,
    ):
        assert await ids(call(client)) == expected
    assert [cursor in request.query for request in server.requests] == [False, True]
