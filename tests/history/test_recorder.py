"""What the record keeps of each kind of turn."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace

import pytest
from fakes import until
from helpers.turns.staging import ANSWER, IDS, DeafEars, server, staged

from voice_assistant import events
from voice_assistant.api.models.chat import Metadata, RetrieverResource
from voice_assistant.api.stream.events import (
    MessageEnd,
    MessageFile,
)
from voice_assistant.commands import Announce, Ask, Dictate, OffRecord, Press, Release, Repeat, Stop
from voice_assistant.errors import BrokenStream, Unreachable
from voice_assistant.history.recorded_turn import SCREEN_PICTURE
from voice_assistant.history.recorder import Recorder
from voice_assistant.history.store import Store
from voice_assistant.history.writer import Writer

FOLLOW_UPS = ["More?", "Less?"]


class Kept(SimpleNamespace):
    """A writer that keeps the latest state of each turn, and how often it was written."""

    def __init__(self):
        super().__init__(turns={}, writes=[])

    def put(self, key, turn):
        self.turns[key] = turn
        self.writes.append((key, turn))


@contextlib.asynccontextmanager
async def recorded(**beside):
    kept = Kept()
    recorder = Recorder(kept)
    async with staged(**{"backend": server(script=ANSWER, questions=FOLLOW_UPS)} | beside) as stage:
        stage.assistant.subscribe(recorder)
        yield stage, recorder, kept


async def over(stage, turns=1):
    await until(lambda: stage.count("idle") >= turns)


async def test_a_typed_question_is_kept_with_answer_ids_follow_ups_and_stages():
    async with recorded() as (stage, _, kept):
        stage.post(Ask(text="What?", files=()))
        await over(stage)
        (turn,) = kept.turns.values()
    assert (turn.origin, turn.state) == ("text", "complete")
    assert (turn.question, turn.answer) == ("What?", "One. Two.")
    assert (turn.conversation_id, turn.message_id) == ("conversation", "message")
    assert turn.suggestions == ("More?", "Less?")
    stages = turn.stages
    assert stages.listening is None
    assert 0 <= stages.words <= stages.text <= stages.answered <= stages.end
    assert stages.audio <= stages.spoken <= stages.end


@pytest.mark.parametrize("words", [["a letter"], [Unreachable("The network is gone")]])
async def test_nothing_of_a_dictation_is_kept(words):
    async with recorded(backend=server(words=words)) as (stage, _, kept):
        stage.post(Dictate(held=True))
        await until(stage.heard_all)
        stage.post(Release())
        await over(stage)
        assert {"dictated", "failed"} & set(stage.kinds())
    assert kept.writes == []


async def test_the_question_is_written_before_the_answer_begins():
    async with recorded() as (stage, _, kept):
        stage.post(Ask(text="What?"))
        await over(stage)
        first = kept.writes[0][1]
    assert (first.question, first.answer, first.state) == ("What?", "", "open")


async def test_a_spoken_question_has_the_stages_of_its_recording():
    async with recorded() as (stage, _, kept):
        stage.post(Press())
        await until(lambda: stage.count("listening"))
        stage.post(Release())
        await over(stage)
        (turn,) = kept.turns.values()
    assert turn.origin == "voice"
    assert turn.stages.listening <= turn.stages.recorded <= turn.stages.words


async def test_a_recording_without_words_is_not_kept():
    async with recorded(ears=DeafEars) as (stage, _, kept):
        stage.post(Press())
        await until(lambda: stage.count("listening"))
        stage.post(Release())
        await over(stage)
    assert kept.turns == {}


async def test_a_question_that_nobody_answers_is_kept_with_the_reason():
    async def refused():
        raise Unreachable("No connection", "Look at the network.")

    async with recorded(connect=refused) as (stage, _, kept):
        stage.post(Ask(text="What?"))
        await over(stage)
        (turn,) = kept.turns.values()
    assert (turn.question, turn.state) == ("What?", "failed")
    assert (turn.failure.title, turn.failure.code) == ("No connection", "unreachable")


async def test_a_recording_whose_words_are_not_known_is_kept_by_its_name():
    async def refused():
        raise Unreachable("No connection")

    async with recorded(connect=refused) as (stage, _, kept):
        stage.post(Press())
        await until(lambda: stage.count("listening"))
        stage.post(Release())
        await over(stage)
        (turn,) = kept.turns.values()
    assert turn.question == ""
    assert turn.recording == stage.failures()[0].recording != ""
    assert turn.state == "failed"


async def test_an_answer_that_breaks_off_is_kept_as_far_as_it_came():
    backend = server(script=(*ANSWER[:1], BrokenStream("It broke off")))
    async with recorded(backend=backend) as (stage, _, kept):
        stage.post(Ask(text="What?"))
        await over(stage)
        (turn,) = kept.turns.values()
    assert (turn.answer, turn.state) == ("One. ", "failed")


async def test_a_stopped_answer_is_kept_as_far_as_it_came():
    backend = server(script=(ANSWER[0], asyncio.Event()))
    async with recorded(backend=backend) as (stage, _, kept):
        stage.post(Ask(text="What?"))
        await until(lambda: stage.count("text"))
        stage.post(Stop())
        await over(stage)
        (turn,) = kept.turns.values()
    assert (turn.answer, turn.state) == ("One. ", "stopped")


async def test_the_follow_up_that_was_chosen_is_noted_in_the_turn_that_offered_it():
    async with recorded() as (stage, _, kept):
        stage.post(Ask(text="What?"))
        await over(stage)
        chosen = kept.turns[1].suggestions[-1]
        stage.post(Ask(text=chosen, source="suggestion"))
        await over(stage, 2)
        one, two = kept.turns.values()
    assert one.taken == chosen == two.question
    assert two.origin == "suggestion"


async def test_a_question_with_a_picture_of_the_screen_is_known_as_that(tmp_path):
    picture = tmp_path / SCREEN_PICTURE
    picture.write_bytes(b"a picture")
    async with recorded() as (stage, _, kept):
        stage.post(Ask(text="What is on my screen?", source="voice", files=(str(picture),)))
        await over(stage)
    assert kept.turns[1].origin == "screen"


async def test_an_announcement_is_kept_and_a_repetition_is_not():
    async with recorded() as (stage, _, kept):
        stage.post(Announce(text="Your timer is done."))
        await over(stage)
        stage.post(Repeat())
        await over(stage, 2)
        (turn,) = kept.turns.values()
    assert (turn.origin, turn.question, turn.answer) == ("announcement", "", "Your timer is done.")
    assert turn.state == "complete"


def test_a_growing_answer_is_written_at_most_once_a_second():
    kept = Kept()
    recorder = Recorder(kept)
    recorder.handle(events.Asked(turn=1, question="q", source="text"))
    for _ in range(1000):
        recorder.handle(events.Text(turn=1, delta="word "))
    assert len(kept.writes) <= 2
    recorder.handle(events.Idle(turn=1))
    assert kept.turns[1].answer == "word " * 1000


def test_text_that_is_replaced_is_replaced_in_the_record():
    kept = Kept()
    recorder = Recorder(kept)
    recorder.handle(events.Asked(turn=1, question="q", source="text"))
    recorder.handle(events.Text(turn=1, delta="bad "))
    recorder.handle(events.Replaced(turn=1, text="sorry"))
    recorder.handle(events.Idle(turn=1))
    assert kept.turns[1].answer == "sorry"


async def test_nothing_is_kept_off_the_record_not_even_of_the_turn_that_goes_on():
    async with recorded() as (stage, recorder, kept):
        stage.assistant.hand_on(OffRecord, lambda command: recorder.switch(off=command.on))
        changes = []
        recorder.on_change(lambda: changes.append(recorder.off))
        stage.post(Ask(text="before"))
        await over(stage)
        stage.post(OffRecord(on=True))
        await until(lambda: recorder.off)
        stage.post(Ask(text=kept.turns[1].suggestions[0], source="suggestion"))
        await over(stage, 2)
        stage.post(OffRecord(on=False))
        await until(lambda: not recorder.off)
        stage.post(Ask(text="after"))
        await over(stage, 3)
    assert [turn.question for turn in kept.turns.values()] == ["before", "after"]
    assert kept.turns[1].taken == ""
    assert changes == [True, False]


@pytest.mark.parametrize("back_at", range(4))
def test_a_turn_that_began_off_the_record_stays_off_it(back_at):
    kept = Kept()
    recorder = Recorder(kept, off=True)
    told = [
        events.Listening(turn=1),
        events.Asked(turn=1, question="secret", source="voice"),
        events.Text(turn=1, delta="secret"),
        events.Failed(turn=1, title="x", hint="", code="x", recording="r", question="secret"),
        events.Idle(turn=1),
    ]
    for at, event in enumerate(told):
        recorder.handle(event)
        if at == back_at:
            recorder.switch(off=False)
    assert kept.turns == {}


async def test_the_words_are_on_the_disk_before_the_question_is_sent(tmp_path):
    file = tmp_path / "history.sqlite3"
    on_disk = []

    def look():
        with Store(file) as store:
            on_disk.extend(turn.question for turn in store.turns())

    with Writer(file, print) as writer:
        recorder = Recorder(writer)
        backend = server(script=(look, *ANSWER))
        async with staged(backend=backend, recorded=recorder.written) as stage:
            stage.assistant.subscribe(recorder)
            stage.post(Ask(text="What?"))
            await over(stage)
    assert on_disk == ["What?"]


async def test_sources_and_files_of_an_answer_are_kept_with_it():
    end = MessageEnd(
        metadata=Metadata(
            retriever_resources=(
                RetrieverResource(document_name="tea.pdf", dataset_name="Drinks", content="Tea."),
            )
        ),
        files=({"type": "image", "url": "/files/1.png"}, {"belongs_to": "user", "url": "/mine"}),
        **IDS,
    )
    picture = MessageFile(type="image", url="https://x/a.png", belongs_to="assistant", **IDS)
    async with recorded(backend=server(script=(ANSWER[0], picture, end))) as (stage, _, kept):
        stage.post(Ask(text="What?"))
        await over(stage)
        (turn,) = kept.turns.values()
    assert [one.document for one in turn.sources] == ["tea.pdf"]
    assert turn.answer_files == ("https://x/a.png", "/files/1.png")


def test_an_answer_of_ten_megabytes_is_kept_whole_and_found_by_its_beginning(tmp_path):
    file = tmp_path / "history.sqlite3"
    piece = "word \u202e\x1b[2J\0 " * 120
    with Writer(file, print) as writer:
        recorder = Recorder(writer)
        recorder.handle(events.Asked(turn=1, question="q", source="text"))
        for _ in range(7500):
            recorder.handle(events.Text(turn=1, delta=piece))
        ids = {"message_id": "m", "conversation_id": "c"}
        recorder.handle(events.Answered(turn=1, text=piece * 7500, complete=True, **ids))
        recorder.handle(events.Idle(turn=1))
    with Store(file) as store:
        (turn,) = store.turns(search="word")
    assert len(turn.answer) == len(piece) * 7500
    assert turn.state == "complete"
