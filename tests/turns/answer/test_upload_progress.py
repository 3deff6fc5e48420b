"""A long upload is told as it goes on."""

from __future__ import annotations

import pytest
from fakes import until
from helpers.replay import Replay, json, replay, sse
from helpers.turns.staging import staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.commands import Ask
from voice_assistant.turns.answer import upload_progress
from voice_assistant.turns.answer.upload_progress import UploadProgress

PARAMETERS = {
    "text_to_speech": {"enabled": False},
    "file_upload": {"enabled": True, "allowed_file_types": ["video"], "number_limits": 3},
}
IDS = {"task_id": "t1", "message_id": "m1", "conversation_id": "c1"}


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(0.1, 10), (0.9, 100)], []),
        ([(0.1, 10), (1.1, 20), (1.2, 30), (2.2, 80), (2.3, 100)], [20, 80, 100]),
        ([(1.5, 100)], [100]),
    ],
)
def test_an_upload_is_told_once_a_second_from_the_first_one_on_and_at_its_end(steps, told):
    now_s, came = [0.0], []
    progress = UploadProgress(came.append, lambda: now_s[0])
    for now_s[0], sent in steps:
        progress.sent("film.mp4", sent, 100)
    assert [event.sent_bytes for event in came] == told
    if told:
        assert came[0].told == f"Sending film.mp4: {told[0]} %"


async def test_the_events_of_a_question_tell_of_its_file_before_the_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(upload_progress, "TOLD_S", 0.0)
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(1_000_000))
    answer = [{"event": "message", "answer": "Nice.", **IDS}, {"event": "message_end", **IDS}]
    routes: Replay | dict = {
        "GET /parameters": json(200, PARAMETERS),
        "POST /files/upload": json(201, {"id": "f1"}),
        "POST /chat-messages": sse(*answer),
    }
    async with (
        replay(routes) as server,
        Client(server.url, "app-KEY", "u1") as client,
        staged(backend=client) as stage,
    ):
        stage.post(Ask(text="what is this", files=(str(film),), speech=False))
        await until(lambda: "idle" in stage.kinds())
        assert stage.failures() == []
        sent = [event for event in stage.events if isinstance(event, events.Uploading)]
    assert [one.sent_bytes for one in sent][-1] == sent[0].size_bytes == 1_000_000
    assert len(sent) > 2
    kinds = stage.kinds()
    assert kinds.index("asked") < kinds.index("uploading") < kinds.index("text")
