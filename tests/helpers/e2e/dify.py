"""A Dify server made of recorded exchanges, for programs that run beside the test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from helpers.e2e.served import served as in_a_thread
from helpers.replay import replay, trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from helpers.replay import Replay, Reply

KEY = "app-never-to-be-seen"


def app(version: str, **other: Reply) -> dict[str, Reply]:
    """Return a recorded chat app of a version; `other` has replies by a path's last part."""
    names = {
        "GET /parameters": "get-parameters",
        "POST /audio-to-text": "stt-wav",
        "POST /chat-messages": "chat-stream-full",
        "POST /text-to-audio": "tts-text",
        "GET /messages/*/suggested": "suggested",
        "GET /messages": "messages",
        "GET /workflow/*/events": "err-404-route",
        "POST /chat-messages/*/stop": "stop-midstream-noautoplay-stopreq",
    }
    routes = {}
    for route, name in names.items():
        last = route.rpartition("/")[2].replace("-", "_")
        routes[route] = other.get(last) or trace(version, name)
    return routes


@contextmanager
def served(routes: Reply | Mapping[str, Reply]) -> Iterator[Replay]:
    """Serve the routes on a thread of its own while the block runs."""
    with in_a_thread(replay(routes)) as server:
        yield server


def access(server: Replay, key: str = KEY) -> dict[str, str]:
    """Return the environment that names the app."""
    return {"VOICE_ASSISTANT_URL": server.url, "VOICE_ASSISTANT_API_KEY": key}
