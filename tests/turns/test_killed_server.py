"""A server that is killed in the middle of an answer, and back some time later."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from fakes import FakeSpeaker, until, utter
from fakes.sounds import wav
from helpers.replay import Replay, json, response, sse
from helpers.turns.staging import staged

from voice_assistant.api.client import Client
from voice_assistant.commands import Ask, Stop

IDS = {"task_id": "t1", "message_id": "m1", "conversation_id": "c1"}
STARTED = {"event": "workflow_started", "workflow_run_id": "r1", "data": {"id": "r1"}, **IDS}
WHOLE = "The capital of France is Paris. It is old. It is large."
CUT = WHOLE.index("nce is")  # within a word
PARAMETERS = {
    "text_to_speech": {"enabled": True, "autoPlay": "disabled"},
    "speech_to_text": {"enabled": True},
}
FINISHED = {
    "event": "workflow_finished",
    "data": {"id": "r1", "status": "succeeded", "outputs": {"answer": WHOLE}},
}


class Killed:
    """A server that can be killed with all its connections, and started again."""

    def __init__(self, run) -> None:
        begun = {"event": "message", "answer": WHOLE[:CUT], **IDS}
        self.replay = Replay(
            {
                "GET /parameters": json(200, PARAMETERS),
                "POST /chat-messages": sse(STARTED, begun, hold=True),
                "POST /chat-messages/*/stop": json(200, {"result": "success"}),
                "POST /text-to-audio": speak,
                "GET /workflow/r1/events": run,
                "GET /messages": json(200, {"data": [{"id": "m1", "answer": WHOLE}]}),
            }
        )
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self.replay.serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        self._server.close()
        await self.replay.stop()
        await self._server.wait_closed()

    def asked(self, path: str) -> list[str]:
        return [one.target for one in self.replay.requests if one.path == path]


def speak(request):
    return response(200, wav(utter(request.json()["text"])), "audio/wav")


GONE = response(404, b"<html>", "text/html", X_Version="0.15.3")


@asynccontextmanager
async def talking(run):
    """An assistant that was answered up to the middle of a word, when the server was killed."""
    killed, speaker = Killed(run), FakeSpeaker()
    await killed.start()
    async with Client(f"http://127.0.0.1:{killed.port}/v1", "app-KEY", "u1") as client:

        async def connect():
            return client

        async with staged(connect=connect, speaker=speaker) as stage:
            stage.post(Ask(text="q"))
            await until(lambda: "text" in stage.kinds())
            await killed.kill()
            await until(lambda: "lost" in stage.kinds())
            yield stage, killed, speaker
            await stage.turn_over()
    await killed.kill()


@pytest.mark.parametrize("run", [sse(FINISHED), GONE], ids=["a run to follow", "an older server"])
async def test_the_answer_goes_on_where_it_was_and_every_word_is_heard_once(run):
    async with talking(run) as (stage, killed, speaker):
        await asyncio.sleep(0.6)  # longer than a pause in the text, at which it would be spoken
        assert speaker.words == "", "half a word is not spoken"
        await killed.start()
        await stage.turn_over()
        assert stage.failures() == []
        text = "".join(event.delta for event in stage.events if hasattr(event, "delta"))
        assert text == WHOLE
        assert speaker.heard_words == WHOLE.replace(". ", ".")
        (answered,) = (event for event in stage.events if hasattr(event, "message_id"))
        assert (answered.text, answered.complete) == (WHOLE, True)
    assert len(killed.asked("/chat-messages")) == 1, "the question is not asked twice"


async def test_who_wants_no_more_of_it_is_obeyed_while_the_server_is_away():
    async with talking(GONE) as (stage, killed, speaker):
        stage.post(Stop())
        await stage.turn_over()
        assert stage.failures() == []
        assert speaker.words == ""
        await killed.start()
