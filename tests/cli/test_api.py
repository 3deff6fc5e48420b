"""The commands that speak with the server, against recorded servers of both generations."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from helpers.cli.telling import CURRENT, home, tell
from helpers.replay import VERSIONS, Reply, json, trace

from voice_assistant.api.client import Client
from voice_assistant.api.endpoints import ENDPOINTS
from voice_assistant.api.models import HistoryMessage
from voice_assistant.cli.api import words
from voice_assistant.cli.api.verbs import GROUPS, VERBS
from voice_assistant.cli.parsing import parser
from voice_assistant.errors import InputError, MissingEndpoint, NotFound

__all__ = ["home"]

OLD, NEW = VERSIONS


NO = None  # older servers lack it


class Case(NamedTuple):
    """What is typed, the route it takes, the trace it gets, and what is shown of either."""

    typed: str
    route: str
    trace: str
    old: str | None
    new: str


CASES = [
    Case("conversations list", "GET /conversations", "conversations-limit2", "Stub chat", "20"),
    Case(
        "conversations rename current My name", "POST /conversations/*/name", "rename", "My", "My"
    ),
    Case("conversations rename current", "POST /conversations/*/name", "rename", "name", "name"),
    Case(
        "conversations delete x y", "DELETE /conversations/*", "delete-conv", "Deleted", "Deleted"
    ),
    Case(
        "conversations variables list",
        "GET /conversations/*/variables",
        "conv-variables-inputs",
        NO,
        "counter  number  3",
    ),
    Case(
        "conversations messages",
        "GET /messages",
        "messages",
        "App: Hello, this is",
        "App: Hello, this is",
    ),
    Case("feedback like --message m1", "POST /messages/*/feedbacks", "feedback-like", "Lik", "Lik"),
    Case(
        "feedback clear --message m1",
        "POST /messages/*/feedbacks",
        "feedback-null",
        "deleted",
        "deleted",
    ),
    Case(f"files upload {__file__}", "POST /files/upload", "file-png", "190 bytes", "190 bytes"),
    Case("app info", "GET /info", "get-info", "0.15.3", "advanced-chat"),
    Case(
        "app parameters", "GET /parameters", "get-parameters", "image\n", "image, document, audio"
    ),
    Case("app parameters", "GET /parameters", "get-parameters-inputs", "one of: en, zh", "not set"),
    Case("app parameters", "GET /parameters", "get-parameters-alloff", "off", "off"),
    Case("app meta", "GET /meta", "get-meta", "no tools", "no tools"),
    Case("app site", "GET /site", "get-site", NO, "🤖"),
    Case("app feedbacks", "GET /app/feedbacks", "app-feedbacks", NO, "No answer has been rated"),
    Case("annotations list", "GET /apps/annotations", "annotation-list", NO, "I am Dify."),
    Case("annotations add Q A", "POST /apps/annotations", "annotation-create", NO, "I am Dify."),
    Case("annotations edit a1 Q2 A2", "PUT /apps/annotations/*", "annotation-update", NO, "Q2"),
    Case("annotations delete a1", "DELETE /apps/annotations/*", "annotation-delete", NO, "Deleted"),
    Case(
        "annotations reply enable --provider p --model m",
        "POST /apps/annotation-reply/enable",
        "annotation-reply-enable",
        NO,
        "annotations reply status --action enable",
    ),
    Case(
        "annotations reply disable",
        "POST /apps/annotation-reply/disable",
        "annotation-reply-disable",
        NO,
        "annotations reply status --action disable",
    ),
    Case("annotations reply status", "GET /parameters", "get-parameters", "not given", "not given"),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.typed}, {case.trace}" for case in CASES])
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_command_shows_what_the_server_says(version, case):
    expected = case.old if version == OLD else case.new
    routes = {case.route: trace(version, case.trace)}
    if expected is NO:
        with pytest.raises(MissingEndpoint) as caught:
            await tell(*case.typed.split(), routes=routes)
        assert caught.value.title.startswith("This server (0.15.3) has no ")
        assert caught.value.exit_code == 11
        return
    told = await tell(*case.typed.split(), routes=routes)
    assert expected in told.text
    assert told.value is not None
    assert told.requests


async def test_a_job_is_asked_for_by_its_id():
    route = "GET /apps/annotation-reply/disable/status/j1"
    reply = json(200, {"job_id": "j1", "job_status": "error", "error_msg": "no model"})
    told = await tell(
        "annotations", "reply", "status", "--action", "disable", "j1", routes={route: reply}
    )
    assert told.text == "error: no model"
    assert told.value["job_status"] == "error"


async def test_a_conversation_is_shown_with_all_that_was_said_in_it():
    conversations = json(
        200, {"data": [{"id": "c1", "name": "Mine", "inputs": {"city": "Paris"}}], "limit": 20}
    )
    messages = [
        {"id": "m1", "query": "one?", "answer": "One.", "feedback": {"rating": "like"}},
        {"id": "m2", "query": "two?", "answer": "", "error": "the model failed"},
    ]
    routes = {"GET /conversations": conversations, "GET /messages": json(200, {"data": messages})}
    told = await tell("conversations", "show", "c1", routes=routes)
    assert told.text.splitlines()[:3] == [
        "name:    Mine",
        "id:      c1",
        "inputs:  city = Paris",
    ]
    assert told.text.index("App: One.") < told.text.index("You: two?")
    assert "m1  (liked)" in told.text
    assert "(the model failed)" in told.text
    assert [one["id"] for one in told.value["messages"]] == ["m1", "m2"]
    with pytest.raises(NotFound):
        await tell("conversations", "show", "other", routes=routes)


def test_of_an_old_answer_its_thinking_is_not_shown():
    message = HistoryMessage(id="m", query="Which?", answer="<think>Hm.</think>\n\nThe Nile.")
    assert "App: The Nile." in words.dialogue([message], empty="")


async def test_the_current_conversation_is_marked_and_a_deleted_one_is_not_continued():
    listed = json(200, {"data": [{"id": CURRENT, "name": "Mine"}, {"id": "c2"}]})
    told = await tell("conversations", "list", routes={"GET /conversations": listed})
    assert [line[0] for line in told.text.splitlines()] == ["*", " "]

    gone = Reply(b"HTTP/1.1 204 NO CONTENT\r\n\r\n")
    routes = {f"DELETE /conversations/{CURRENT}": gone}
    deleted = await tell("conversations", "delete", "current", routes=routes)
    assert deleted.value == {"result": "success"}
    with pytest.raises(InputError, match="There is no current conversation"):
        await tell("conversations", "messages", routes={}, current="")


@pytest.mark.parametrize("chosen", ["2", "c2"])
async def test_a_conversation_is_continued_by_its_number_or_its_id(chosen):
    listed = json(200, {"data": [{"id": CURRENT, "name": "Mine"}, {"id": "c2", "name": "Old"}]})
    routes = {"GET /conversations": listed}
    told = await tell("conversations", "continue", chosen, routes=routes)
    assert told.text == "The next question belongs to: Old"
    assert told.current == "c2"
    with pytest.raises(NotFound, match="no conversation 3"):
        await tell("conversations", "continue", "3", routes=routes)


async def test_only_so_many_are_shown_as_are_wanted():
    listed = json(200, {"data": [{"id": str(n)} for n in range(9)], "has_more": True})
    told = await tell(
        "conversations", "list", "--limit", "5", routes={"GET /conversations": listed}
    )
    assert [one["id"] for one in told.value] == list("01234")
    assert len(told.requests) == 1


LIKED = {"POST /messages/*/feedbacks": json(200, {"result": "success"})}
LAST = {"GET /messages": json(200, {"data": [{"id": "m9", "query": "?"}]})}


@pytest.mark.parametrize(
    ("typed", "rating", "comment"),
    [
        ("feedback like", "like", None),
        ("feedback dislike --comment wrong", "dislike", "wrong"),
        ("feedback clear", None, None),
    ],
)
async def test_feedback_is_about_the_last_answer(typed, rating, comment):
    *_, asked = (await tell(*typed.split(), routes=LIKED | LAST)).requests
    assert asked.path == "/messages/m9/feedbacks"
    assert (asked.json()["rating"], asked.json().get("content")) == (rating, comment)


async def test_feedback_after_new_is_about_the_latest_conversation():
    latest = {"GET /conversations": json(200, {"data": [{"id": "c7"}]})}
    told = await tell("feedback", "like", routes=LIKED | LAST | latest, current="")
    assert [one.path for one in told.requests] == [
        "/conversations",
        "/messages",
        "/messages/m9/feedbacks",
    ]
    assert "conversation_id=c7" in told.requests[1].query


async def test_without_any_answer_there_is_nothing_to_like():
    nothing = {"GET /conversations": json(200, {"data": []})}
    with pytest.raises(InputError, match="no answer yet"):
        await tell("feedback", "like", routes=nothing, current="")


async def test_a_dify_server_needs_a_model_to_compare_questions():
    with pytest.raises(InputError) as caught:
        await tell("annotations", "reply", "enable", routes={})
    assert "--provider" in caught.value.hint


async def test_inputs_that_are_set_are_known():
    routes = {"GET /parameters": trace(NEW, "get-parameters-inputs")}
    told = await tell("app", "parameters", routes=routes, inputs={"name": "Ada"})
    lines = {line.split()[0]: line for line in told.text.splitlines() if line}
    assert lines["name"].endswith(" set")
    assert lines["lang"].endswith("not set")


@pytest.mark.parametrize("seconds", [0, 10**18, -(10**18), 10**13, 10**30])
def test_a_time_that_no_calendar_has_is_left_out(seconds):
    assert words.when(seconds) == ""
    assert words.when(1_700_000_000).startswith("2023-11-1")


async def test_conversations_with_impossible_times_are_listed():
    listed = json(200, {"data": [{"id": "c1", "name": "Mine", "updated_at": 10**17}]})
    told = await tell("conversations", "list", routes={"GET /conversations": listed})
    assert "Mine" in told.text


@pytest.mark.parametrize(
    "typed", ["conversations list --limit 0", "annotations reply enable --threshold 2", "app"]
)
def test_arguments_out_of_range_are_refused(typed, capsys):
    with pytest.raises(SystemExit) as caught:
        parser.parse(typed.split())
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_every_command_is_tried_here():
    newer = (Path(__file__).parent / "test_newer_api.py").read_text(encoding="utf-8")
    typed = " | ".join([case.typed for case in CASES]) + " | conversations show | feedback dislike"
    typed += " | conversations continue"
    typed += newer.replace('", "', " ")
    assert [verb.words for verb in VERBS if verb.words not in typed] == []


@pytest.mark.parametrize("verb", VERBS, ids=[verb.words for verb in VERBS])
def test_every_command_reaches_documented_methods(verb):
    calls = {endpoint.call for endpoint in ENDPOINTS}
    assert set(verb.reaches) <= calls
    for name in verb.reaches:
        assert callable(attrgetter(name)(Client("http://127.0.0.1:9/v1", "k", "u")))
    group = verb.words.rpartition(" ")[0]
    assert not group or group in GROUPS


async def test_deleting_goes_on_after_one_that_fails_and_says_what_was_done():
    gone = json(404, {"code": "not_found", "message": "", "status": 404})
    ok = json(200, {"result": "success"})
    routes = {"DELETE /conversations/b": gone, "DELETE /conversations/*": ok}
    told = await tell("conversations", "delete", "a", "b", "c", "a", routes=routes)
    assert [one.path[-1] for one in told.requests] == ["a", "b", "c"]
    assert told.text == "Deleted: a, c."
    assert told.value == {"result": "partial", "done": ["a", "c"]}
    ((name, error),) = told.failures
    assert name == "b"
    assert isinstance(error, NotFound)


async def test_uploading_goes_on_after_one_that_fails(tmp_path):
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_text("a")
    with large.open("wb") as file:
        file.truncate(16 * 2**20)
    routes = {
        "GET /parameters": json(200, {"system_parameters": {"file_size_limit": 15}}),
        "POST /files/upload": json(201, {"id": "f1", "name": "small.txt", "size": 1}),
    }
    told = await tell(
        *("files", "upload", str(large), str(tmp_path / "none"), str(small)), routes=routes
    )
    assert [one["id"] for one in told.value] == ["f1"]
    assert [error.title for _, error in told.failures] == [
        "large.txt has 16.0 MB, and the app takes 15 MB",
        f"{tmp_path / 'none'} cannot be read: No such file or directory",
    ]


async def test_ratings_are_read_page_by_page():
    def page(request):
        number = int(request.query.partition("page=")[2].partition("&")[0])
        size = 100 if number < 3 else 7
        return json(200, {"data": [{"id": f"{number}.{at}"} for at in range(size)]})

    told = await tell("app", "feedbacks", "--limit", "250", routes={"GET /app/feedbacks": page})
    assert len(told.value) == 207
    assert len(told.requests) == 3
    told = await tell("app", "feedbacks", "--limit", "120", routes={"GET /app/feedbacks": page})
    assert len(told.value) == 120


@pytest.mark.parametrize("typed", [("add", " ", "A"), ("add", "Q", ""), ("edit", "a1", "Q", " ")])
async def test_an_empty_prepared_answer_is_refused(typed):
    with pytest.raises(InputError, match="is empty"):
        await tell("annotations", *typed, routes={})


@pytest.mark.parametrize(
    "typed",
    [
        "conversations rename c1 --json My name",
        "conversations rename --json c1 My name",
        "conversations rename c1 My --json name",
    ],
)
def test_an_option_may_stand_between_words(typed):
    _, given = parser.parse(typed.split())
    assert given == {"conversation": "c1", "name": ["My", "name"], "as_json": True}
    _, given = parser.parse(["ask", "--", "--json", "is", "what?"])
    assert (given["text"], given["as_json"]) == (["--json", "is", "what?"], False)
