"""A server that is killed in the middle of an answer, and back some time later."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import msgspec
import pytest
from fakes import FakeSpeaker, until, utter
from fakes.sounds import wav
from helpers.replay import Replay, json, response, sse
from helpers.turns.staging import staged

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.api.stream import sleep_watch
from voice_assistant.commands import Ask, Quit, Resume, Stop
from voice_assistant.history.recorder import Recorder
from voice_assistant.history.store import Store
from voice_assistant.history.writer import Writer
from voice_assistant.turns.answer.late_answers import LateAnswers, Unanswered

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

    def __init__(self, run, begun=None, **headers) -> None:
        begun = {"event": "message", "answer": begun or WHOLE[:CUT], **IDS}
        self.replay = Replay(
            {
                "GET /parameters": json(200, PARAMETERS, **headers),
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
        (answered,) = (event for event in stage.events if isinstance(event, events.Answered))
        assert (answered.text, answered.complete) == (WHOLE, True)
    assert len(killed.asked("/chat-messages")) == 1, "the question is not asked twice"


async def test_a_stop_is_obeyed_while_the_server_is_away():
    async with talking(GONE) as (stage, killed, speaker):
        stage.post(Stop())
        await stage.turn_over()
        assert stage.failures() == []
        assert speaker.words == ""
        await killed.start()


@asynccontextmanager
async def assistant_at(server, late, speaker):
    """An assistant that asks this server, and what it leaves."""
    async with Client(f"http://127.0.0.1:{server.port}/v1", "app-KEY", "u1") as client:

        async def connect():
            return client

        async with staged(connect=connect, speaker=speaker, late=late) as stage:
            yield stage


async def left_by(server, file, end, *followers):
    """Ask, hear the first sentence, and end the assistant; return what it has left."""
    speaker = FakeSpeaker(held=True, ahead_s=0.3)
    async with assistant_at(server, LateAnswers(file), speaker) as stage:
        for follower in followers:
            stage.assistant.subscribe(follower)
        stage.post(Ask(text="q"))
        await until(lambda: speaker.words)
        stage.post(end)
        await until(lambda: stage.ended)
        assert stage.kinds()[-1] == "idle"
    return LateAnswers(file)._read_left()


LONG = WHOLE[: WHOLE.index("It is large")]


@asynccontextmanager
async def serving(run=None, version="1.14.0"):
    """A server in the middle of an answer."""
    server = Killed(run or sse(FINISHED), begun=LONG, X_Version=version)
    await server.start()
    yield server
    await server.kill()


async def test_an_answer_goes_on_after_a_sleep_that_its_connection_did_not_outlive(monkeypatch):
    monkeypatch.setattr(sleep_watch, "LOOK_S", 0.01)
    monkeypatch.setattr(sleep_watch, "AWAKE_S", 0.1)
    slept_s, speaker = [0.0], FakeSpeaker()
    async with (
        serving() as server,
        Client(
            f"http://127.0.0.1:{server.port}/v1", "app-KEY", "u1", asleep_s=lambda: slept_s[0]
        ) as client,
        staged(backend=client, speaker=speaker) as stage,
    ):
        stage.post(Ask(text="q"))
        await until(lambda: speaker.heard_words == "The capital of France is Paris.It is old.")
        assert stage.kinds()[-1] != "lost", "the connection is silent, and not lost yet"
        slept_s[0] = 3600.0
        await stage.turn_over()
        assert stage.failures() == []
        assert "lost" in stage.kinds()
        assert speaker.heard_words == WHOLE.replace(". ", ".")
        (answered,) = (event for event in stage.events if isinstance(event, events.Answered))
        assert (answered.text, answered.complete) == (WHOLE, True)
    assert len(server.asked("/chat-messages")) == 1
    assert not server.asked("/chat-messages/t1/stop")


@pytest.mark.parametrize("anew", [True, False])
async def test_an_answer_that_the_end_of_the_program_cuts_off_is_left_to_the_next(tmp_path, anew):
    async with serving() as server:
        left = await left_by(server, tmp_path / "left.json", Quit(anew=anew))
        assert (left.message_id, left.run_id, left.aloud, left.quit) == ("m1", "r1", True, not anew)
        assert not server.asked("/chat-messages/t1/stop")


async def test_an_older_server_is_told_to_stop_because_it_would_lose_the_answer(tmp_path):
    async with serving(version="0.15.3") as server:
        assert await left_by(server, tmp_path / "left.json", Quit()) is None
        assert server.asked("/chat-messages/t1/stop")


@pytest.mark.parametrize("run", [sse(FINISHED), GONE], ids=["a run to follow", "only messages"])
async def test_the_next_process_says_it_on_from_the_sentence_that_was_reached(tmp_path, run):
    file, speaker = tmp_path / "left.json", FakeSpeaker()
    async with serving(run) as server:
        LateAnswers(file).began(
            msgspec.structs.replace(
                Unanswered(question="", message_id="m1", conversation_id="c1", run_id="r1"),
                aloud=True,
                said=1,
                asked_at=time.time(),
            )
        )
        late = LateAnswers(file)
        late._left = late._read_left()
        async with assistant_at(server, late, speaker) as stage:
            stage.post(Resume())
            await stage.turn_over()
            assert stage.failures() == []
            (answered,) = (event for event in stage.events if isinstance(event, events.Answered))
            assert (answered.text, answered.complete) == (WHOLE, True)
            assert speaker.heard_words == "It is old.It is large."
            (asked,) = (event for event in stage.events if isinstance(event, events.Asked))
            assert asked.goes_on == "m1", "so that it stays one turn of the record"
            assert stage.conversation.id == "c1"
            stage.post(Resume())
            await until(lambda: stage.count("idle") == 2)
            assert [failed.title for failed in stage.failures()] == [
                "There is no answer that could go on"
            ]
    assert not file.exists()
    assert not server.asked("/chat-messages")


async def test_an_answer_that_two_processes_have_said_is_one_turn_of_the_record(tmp_path):
    record, late = tmp_path / "history.sqlite3", LateAnswers()
    async with serving() as server:
        with Writer(record, print) as writer:
            end = Quit(anew=True)
            late._left = await left_by(server, tmp_path / "left.json", end, Recorder(writer))
        with Writer(record, print) as writer:
            async with assistant_at(server, late, FakeSpeaker()) as stage:
                stage.assistant.subscribe(Recorder(writer))
                stage.post(Resume())
                await stage.turn_over()
    with Store(record) as store:
        (turn,) = store.turns()
    assert (turn.question, turn.answer, turn.state) == ("q", WHOLE, "complete")
    assert turn.conversation_id == "c1"
