"""Commands of endpoints that are in the documents of 1.14 to 1.17 and were never recorded.

What the server answers here was written from those documents and its public source.
"""

from __future__ import annotations

import pytest
from helpers.cli.telling import CURRENT, home, tell
from helpers.replay import json, response, sse

from voice_assistant.cli.api.verbs import VERBS
from voice_assistant.errors import InputError, MissingEndpoint, NotFound, Rejected

__all__ = ["home"]

RUN = {
    "id": "r1",
    "workflow_id": "w1",
    "status": "succeeded",
    "outputs": {"answer": "Paris."},
    "elapsed_time": 1.25,
    "total_steps": 3,
    "created_at": 1_700_000_000,
    "finished_at": 1_700_000_002,
}
LOG = {
    "page": 1,
    "has_more": False,
    "data": [
        {
            "id": "l1",
            "workflow_run": RUN,
            "created_by_end_user": {"id": "e1", "session_id": "me"},
            "created_at": 1_700_000_000,
        }
    ],
}
FORM = {
    "form_content": "Shall I order {{#$output.count#}}?",
    "inputs": [
        {"output_variable_name": "count", "type": "paragraph", "default": {"value": "2"}},
        {
            "output_variable_name": "size",
            "type": "select",
            "option_source": {"type": "constant", "value": ["small", "large"]},
        },
    ],
    "resolved_default_values": {"count": "3"},
    "user_actions": [{"id": "yes", "title": "Order"}, {"id": "no", "title": "Cancel"}],
    "expiration_time": 1_700_000_000,
}
USER = {"id": "e1", "session_id": "me", "type": "service_api", "created_at": "2026-01-02T03:04:05"}
VARIABLES = {
    "data": [
        {"id": "v1", "name": "counter", "value_type": "number", "value": "3"},
        {"id": "v2", "name": "city", "value_type": "string", "value": "Rome"},
    ]
}


@pytest.mark.parametrize(
    ("typed", "route", "reply", "shown"),
    [
        ("runs list", "GET /workflows/logs", json(200, LOG), "r1  2023-11-1"),
        ("runs show r1", "GET /workflows/run/r1", json(200, RUN), "answer:    Paris."),
        ("forms show t1", "GET /form/human_input/t1", json(200, FORM), "select, one of: small"),
        ("end-users show e1", "GET /end-users/e1", json(200, USER), "2026-01-02 03:04"),
    ],
)
async def test_a_command_shows_what_the_server_says(typed, route, reply, shown):
    told = await tell(*typed.split(), routes={route: reply})
    assert shown in told.text
    assert told.value


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.words.startswith(("runs", "fo"))])
async def test_an_older_server_has_none_of_it(verb):
    gone = response(404, b"<html>", "text/html", X_Version="0.15.3")
    typed = [*verb.words.split(), *["x"] * sum(one.name[0] != "-" for one in verb.arguments)]
    if verb.reaches[0] in ("runs.get", "runs.list"):
        return  # they are older than what is recorded
    with pytest.raises(MissingEndpoint):
        await tell(*typed, routes={"* *": gone})


async def test_a_run_is_followed_to_its_end():
    started = {"event": "node_started", "data": {"title": "Think"}}
    text = {"event": "message", "answer": "Paris."}
    ended = {"event": "workflow_finished", "data": {"id": "r1", "status": "succeeded"}}
    route = {"GET /workflow/r1/events": sse(started, text, ended)}
    told = await tell("runs", "follow", "r1", routes=route)
    assert told.value == {
        "id": "r1",
        "status": "succeeded",
        "error": "",
        "text": "Paris.",
        "steps": ["Think"],
    }


async def test_a_form_is_filled_in_with_its_own_values_where_none_are_given():
    sent = json(200, {})
    routes = {"GET /form/human_input/t1": json(200, FORM), "POST /form/human_input/t1": sent}
    told = await tell("forms", "fill-in", "t1", "order", "size=large", routes=routes)
    assert told.requests[-1].json() == {
        "user": "u1",
        "action": "yes",
        "inputs": {"count": "3", "size": "large"},
    }


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("order colour=red", "no field colour"),
        ("maybe", "no button 'maybe'"),
        ("order large", "'large' has no name"),
    ],
)
async def test_fields_that_a_form_does_not_have_are_not_sent(typed, why):
    routes = {"GET /form/human_input/t1": json(200, FORM)}
    with pytest.raises(InputError, match=why):
        await tell("forms", "fill-in", "t1", *typed.split(), routes=routes)


@pytest.mark.parametrize("code", ["human_input_form_expired", "human_input_form_submitted"])
async def test_a_form_that_is_over_says_so(code):
    over = json(412, {"code": code, "message": "over", "status": 412})
    with pytest.raises(Rejected, match="The form of the app"):
        await tell("forms", "show", "t1", routes={"GET /form/human_input/t1": over})


async def test_a_file_is_got_and_written(tmp_path):
    png = response(200, b"\x89PNG" * 1000, "image/png")
    told = await tell(
        *("files", "preview", "f1", str(tmp_path / "a.png")), routes={"GET /files/f1/preview": png}
    )
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG" * 1000
    assert told.value["size"] == 4000
    assert "user=u1" in told.requests[0].query


@pytest.mark.parametrize(
    ("typed", "variable", "value"),
    [("counter 4", "v1", 4), ("v1 4.5", "v1", 4.5), ("city 4", "v2", "4")],
)
async def test_a_variable_gets_a_value_of_its_kind(typed, variable, value):
    routes = {
        "GET /conversations/*/variables": json(200, VARIABLES),
        "PUT /conversations/*/variables/*": json(200, {"id": variable, "value": value}),
    }
    told = await tell(
        *("conversations", "variables", "set", "current", *typed.split()), routes=routes
    )
    assert told.requests[-1].path == f"/conversations/{CURRENT}/variables/{variable}"
    assert told.requests[-1].json() == {"user": "u1", "value": value}


@pytest.mark.parametrize(("typed", "error"), [("counter four", InputError), ("other 4", NotFound)])
async def test_a_variable_that_is_not_there_or_of_another_kind_is_not_set(typed, error):
    routes = {"GET /conversations/*/variables": json(200, VARIABLES)}
    with pytest.raises(error):
        await tell("conversations", "variables", "set", "current", *typed.split(), routes=routes)
