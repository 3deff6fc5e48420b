"""What a server's text may do to the terminal: nothing, whichever command prints it."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.cli.telling import home
from helpers.e2e.dify import served
from helpers.replay import json
from helpers.system.root_log import log_as_before

from voice_assistant.cli import outcome

__all__ = ["home", "log_as_before"]

HOSTILE = "wind\x1b]52;c;Y3VybA==\x07mill\x1b]0;root\x07\x9b31m\r\u202e\x1b[2J on a hill"
STEERING = set(map(chr, {*range(0x20), *range(0x7F, 0xA0)} - {0x0A})) | {"\u202e"}


def listed(**one: Any):
    return json(200, {"data": [{"id": "i", **one}], "limit": 20, "has_more": False, "total": 1})


ROUTES = {
    "GET /conversations": listed(name=HOSTILE, introduction=HOSTILE, inputs={HOSTILE: HOSTILE}),
    "GET /messages": listed(query=HOSTILE, answer=HOSTILE),
    "GET /conversations/*/variables": listed(
        name=HOSTILE, value=HOSTILE, value_type="string", description=HOSTILE
    ),
    "GET /info": json(200, {"name": HOSTILE, "description": HOSTILE, "tags": [HOSTILE]}),
    "GET /site": json(200, {"title": HOSTILE, "description": HOSTILE}),
    "GET /parameters": json(
        200,
        {"opening_statement": HOSTILE, "suggested_questions": [HOSTILE], "system_parameters": {}},
    ),
    "GET /app/feedbacks": listed(content=HOSTILE, rating="like"),
    "GET /apps/annotations": listed(question=HOSTILE, answer=HOSTILE),
    "GET /meta": json(400, {"code": HOSTILE, "message": HOSTILE, "status": 400}),
}


@pytest.mark.parametrize("form", ["", "--json"])
def test_a_servers_text_steers_no_terminal(form, monkeypatch, capsys):
    with served(ROUTES) as server:
        monkeypatch.setenv("VOICE_ASSISTANT_URL", server.url)
        for typed in (
            *("conversations list", "conversations show i", "conversations messages i"),
            *("conversations variables list i", "app info", "app site", "app parameters"),
            *("app feedbacks", "annotations list", "app meta"),
        ):
            outcome.of([*typed.split(), *form.split()])
            printed = "".join(capsys.readouterr())
            assert "mill" in printed, typed
            assert STEERING.isdisjoint(printed), typed
