"""A server whose app asks a person, written from the documents and the public source of Dify.

No exchange of the second half (the form is filled in, and the run goes on) was recorded; the first
half has the shapes of the recorded `chat-human-input` of 1.14.2.
"""

from __future__ import annotations

import json as json_module
from typing import Any

from fakes import utter
from fakes.sounds import wav
from helpers.replay import Reply, Request, json, response, sse

IDS = {"task_id": "t1", "message_id": "m1", "conversation_id": "c1", "workflow_run_id": "r1"}
STARTED = {"event": "workflow_started", **IDS, "data": {"id": "r1"}}
PARAMETERS = {
    "text_to_speech": {"enabled": True, "autoPlay": "disabled"},
    "speech_to_text": {"enabled": True},
}
BUTTONS = (
    {"id": "order", "title": "Order", "button_style": "primary"},
    {"id": "cancel", "title": "Cancel", "button_style": "default"},
)


def text(words: str) -> dict[str, Any]:
    return {"event": "message", "answer": words, **IDS}


def form(
    content: str = "Shall I order 2 pizzas?",
    *,
    inputs: tuple[dict[str, Any], ...] = (),
    actions: tuple[dict[str, Any], ...] = BUTTONS,
    number: int = 1,
    expires: int = 0,
) -> dict[str, Any]:
    return {
        "form_id": f"f{number}",
        "node_id": "human",
        "node_title": "Approve the order",
        "form_content": content,
        "inputs": list(inputs),
        "actions": list(actions),
        "form_token": f"token{number}",
        "resolved_default_values": {},
        "expiration_time": expires,
    }


class FormServer:
    """Answers a question with a form; the run goes on once that is filled in.

    Args:
        asked: the forms, one after the other.
        before: the text before the first form.
        after: the text after each form.
        refuses: the status and code with which a form is refused; it counts down to none.
        missing: True for a server that lets no run be followed.
        heard: what `/audio-to-text` hears, one after the other.

    Attributes:
        spoken: the words whose speech was requested.
    """

    def __init__(
        self,
        *asked: dict[str, Any],
        before: str = "",
        after: str = "Ordered. Enjoy.",
        refuses: list[tuple[int, str]] | None = None,
        missing: bool = False,
        heard: tuple[str, ...] = (),
    ) -> None:
        self.asked = list(asked or [form()])
        self.before = before
        self.after = after
        self.refuses = list(refuses or [])
        self.missing = missing
        self.heard = list(heard)
        self.filled: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.files = 0
        self.spoken: list[str] = []

    @property
    def routes(self) -> dict[str, Any]:
        return {
            "GET /parameters": json(200, PARAMETERS),
            "POST /chat-messages": self._chat,
            "POST /chat-messages/*/stop": json(200, {"result": "success"}),
            "POST /audio-to-text": self._hear,
            "POST /text-to-audio": self._speak,
            "POST /files/upload": self._upload,
            "GET /workflow/r1/events": self._follow,
            "POST /form/human_input/*": self._fill_in,
            "GET /messages": self._messages,
        }

    def _pause(self, at: int) -> list[dict[str, Any]]:
        asked = self.asked[at]
        return [
            {"event": "human_input_required", **IDS, "data": asked},
            {"event": "workflow_paused", **IDS, "data": {"reasons": [asked], "status": "paused"}},
        ]

    def _chat(self, request: Request) -> Reply:
        self.questions.append(request.json())
        before = [text(self.before)] if self.before else []
        return sse(b"event: ping\n\n", STARTED, *before, *self._pause(0))

    def _hear(self, _: Request) -> Reply:
        return json(200, {"text": self.heard.pop(0)})

    def _speak(self, request: Request) -> Reply:
        words = request.json()["text"]
        self.spoken.append(words.strip())
        return response(200, wav(utter(words)), "audio/wav")

    def _upload(self, _: Request) -> Reply:
        self.files += 1
        return json(201, {"id": f"file{self.files}", "name": "a", "size": 1})

    def _fill_in(self, request: Request) -> Reply:
        if self.refuses:
            status, code = self.refuses.pop(0)
            return json(status, {"code": code, "message": "no", "status": status})
        self.filled.append({"path": request.path, **request.json()})
        return json(200, {})

    def _follow(self, request: Request) -> Reply:
        """The steps so far and the pause again; then what comes once the form is filled in."""
        if self.missing:
            return response(404, b"<html>", "text/html", X_Version="1.13.0")
        done = len(self.filled)
        if "continue_on_pause=true" not in request.query:
            return sse(STARTED, *self._pause(done))
        rest: list[dict[str, Any]] = [text(self.after)]
        if done + 1 < len(self.asked):
            rest += self._pause(done + 1)
        else:
            rest += [{"event": "message_end", "id": "m1", **IDS}, self._finished]
        snapshot = [STARTED, self._pause(done)[1]]
        return _in_two(sse(*snapshot), sse(*rest))

    @property
    def _finished(self) -> dict[str, Any]:
        return {"event": "workflow_finished", **IDS, "data": {"id": "r1", "status": "succeeded"}}

    def _messages(self, _: Request) -> Reply:
        whole = self.after if len(self.filled) == len(self.asked) else ""
        return json(200, {"data": [{"id": "m1", "query": "q", "answer": whole}]})


def _in_two(first: Reply, second: Reply) -> Reply:
    """Return a reply whose second part comes later, when the form is filled in."""
    body = second.raw.partition(b"\r\n\r\n")[2]
    size = len(first.raw)
    return Reply(
        first.raw + body, arrivals=((0.0, 0, size), (0.15, size, len(body))), pace=1.0, close=True
    )


def values(server: FormServer) -> list[Any]:
    return [json_module.loads(json_module.dumps(one["inputs"])) for one in server.filled]
