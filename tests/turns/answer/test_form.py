"""An app that asks a person: read out, answered by voice, button or command, and then it goes on.

The server is a stand-in, see `helpers/turns/form_server.py`.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager

import msgspec
import pytest
from fakes import FakeMicrophone, FakeSpeaker, until, utter
from helpers.replay import replay
from helpers.turns.form_server import FormServer, form
from helpers.turns.staging import staged
from helpers.turns.story import WITHOUT_TAIL

from voice_assistant import events
from voice_assistant.api.client import Client
from voice_assistant.commands import Ask, Fill, FollowUp, New, Press, Release, Resume, Stop
from voice_assistant.turns.answer.late_answers import LateAnswers, Unanswered

ASKED = "Shall I order 2 pizzas?Choose: Order or Cancel."
NOTE = {"output_variable_name": "note", "type": "paragraph", "default": None}
SIZE = {
    "output_variable_name": "size",
    "type": "select",
    "option_source": {"type": "constant", "value": ["small", "large"], "selector": []},
}
DOC = {"output_variable_name": "doc", "type": "file"}


@asynccontextmanager
async def asking(server: FormServer, *, speech=True, speaker=None, **ask):
    """An assistant that was asked something, and whose app now asks back."""
    async with talking_to(server, speaker=speaker or FakeSpeaker()) as stage:
        stage.post(Ask(text="a pizza", speech=speech, **ask))
        await until(lambda: "form" in stage.kinds())
        yield stage


@asynccontextmanager
async def talking_to(server: FormServer, **parts):
    async with (
        replay(server.routes) as serving,
        Client(serving.url, "app-KEY", "u1", silence_s=5.0) as client,
        staged(
            backend=client,
            microphone=FakeMicrophone(utter("hello")),
            settings=WITHOUT_TAIL,
            **parts,
        ) as stage,
    ):
        yield stage


async def over(stage):
    await until(lambda: stage.kinds(1)[-1:] == ["idle"])


def told(stage) -> str:
    (answered,) = (event for event in stage.events if isinstance(event, events.Answered))
    assert answered.complete
    return answered.text


async def say(stage):
    before = stage.count("listening")
    stage.post(Press())
    await until(lambda: stage.count("listening") > before and stage.heard_all())
    stage.post(Release())


async def test_the_form_is_read_out_and_shown_and_the_conversation_is_kept():
    async with asking(FormServer()) as stage:
        await until(lambda: stage.speaker.heard_words == ASKED)
        (shown,) = (event for event in stage.events if isinstance(event, events.Form))
        assert shown.title == "Approve the order"
        assert shown.text == "Shall I order 2 pizzas?"
        assert [one.title for one in shown.buttons] == ["Order", "Cancel"]
        assert stage.conversation.id == "c1"
        await until(lambda: stage.phases[-1] == "idle")
        assert stage.kinds()[-1] != "idle", "the turn waits"


async def test_a_button_answers_it_and_the_run_goes_on_in_the_same_turn():
    server = FormServer(before="One moment. ")
    async with asking(server) as stage:
        await until(lambda: stage.speaker.heard_words.endswith(ASKED))
        stage.post(Fill(items=("order",)))
        await over(stage)
        assert stage.failures() == []
        assert told(stage) == "One moment. Ordered. Enjoy."
        assert stage.speaker.heard_words == f"One moment.{ASKED}Ordered.Enjoy."
    assert server.filled == [
        {"path": "/form/human_input/token1", "user": "u1", "action": "order", "inputs": {}}
    ]
    assert {event.turn for event in stage.events} == {1}


async def test_what_follows_on_a_form_is_said_though_an_earlier_process_had_read_the_form_out(
    tmp_path,
):
    file = tmp_path / "answer.json"
    ids = {"message_id": "m1", "conversation_id": "c1", "run_id": "r1"}
    left = Unanswered(question="", **ids, aloud=True, said=2, asked_at=time.time())
    file.write_bytes(msgspec.json.encode(left))
    late = LateAnswers(file)

    async def connect(_):
        return None

    async with talking_to(FormServer(), speaker=FakeSpeaker(), late=late) as stage:
        looking = late.run(connect, lambda *_: None, lambda _: stage.post(Resume()))
        task = asyncio.create_task(looking)
        await until(lambda: "form" in stage.kinds())
        stage.post(Fill(items=("order",)))
        await over(stage)
        task.cancel()
        assert told(stage) == "Ordered. Enjoy."
        assert stage.speaker.heard_words == "Ordered.Enjoy."


async def test_the_events_of_a_form_have_what_a_page_shows():
    server = FormServer(form(inputs=(NOTE, SIZE, DOC), expires=4_000_000_000))
    async with asking(server) as stage:
        stage.post(Fill(items=("note=hot",)))
        await until(lambda: stage.count("form") == 2)
        first, second = (event for event in stage.events if isinstance(event, events.Form))
        assert first.fields == (
            events.FormField("note", "text"),
            events.FormField("size", "choice", "", ("small", "large")),
            events.FormField("doc", "file"),
        )
        assert second.fields[0].value == "hot"
        assert first.expires == 4_000_000_000
        stage.post(Fill(items=("size=small", f"doc=@{__file__}", "order")))
        await over(stage)
        assert stage.failures() == []
        assert [one.said for one in stage.events if isinstance(one, events.FormFilled)] == ["Order"]
        kinds = stage.kinds()
        assert kinds.index("form") < kinds.index("formfilled") < kinds.index("text")


async def test_the_keys_of_follow_ups_choose_an_option_and_then_a_button():
    server = FormServer(form(inputs=(SIZE,)))
    async with asking(server) as stage:
        for number in (3, 2):  # there is no third size
            stage.post(FollowUp(number=number))
        await until(lambda: stage.count("form") == 3)
        stage.post(FollowUp(number=1))
        await over(stage)
        assert stage.failures() == []
    assert [(one["action"], one["inputs"]) for one in server.filled] == [
        ("order", {"size": "large"})
    ]


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("Yes, order.", "order"),
        ("The first.", "order"),
        ("Cancel", "cancel"),
        ("maybe tomorrow", None),
    ],
)
async def test_the_next_spoken_words_answer_it(words, action):
    server = FormServer(heard=(words, "order please"))
    async with asking(server) as stage:
        await say(stage)
        if action is None:
            await until(lambda: stage.count("form") == 2)
            await say(stage)
        await over(stage)
        assert stage.failures() == []
        assert told(stage) == "Ordered. Enjoy."
        assert stage.speaker.heard_words.endswith("Ordered.Enjoy.")
        assert stage.recordings() == []
    assert [one["action"] for one in server.filled] == [action or "order"]
    assert len(server.questions) == 1


async def test_a_spoken_answer_ends_the_reading():
    server = FormServer(form("Shall I? " * 40), heard=("order",))
    speaker = FakeSpeaker(held=True, ahead_s=9.0)
    async with asking(server, speaker=speaker) as stage:
        await until(lambda: speaker.words)
        await say(stage)
        await until(lambda: server.filled)
        speaker.release()
        await over(stage)
        assert speaker.heard_words.count("Shall") < 40
        assert told(stage) == "Ordered. Enjoy."


async def test_a_text_is_dictated_and_then_a_button_chosen():
    server = FormServer(form(inputs=(NOTE,)), heard=("with extra cheese", "yes", "order"))
    async with asking(server) as stage:
        await say(stage)
        await until(lambda: stage.count("form") == 2)
        await say(stage)
        await until(lambda: stage.count("form") == 3 or server.filled)
        if not server.filled:
            await say(stage)
        await over(stage)
    assert server.filled[0]["inputs"] == {"note": "with extra cheese"}


async def test_a_choice_is_made_by_voice():
    server = FormServer(form(inputs=(SIZE,)), heard=("the second one", "order"))
    async with asking(server) as stage:
        await say(stage)
        await until(lambda: stage.count("form") == 2)
        await say(stage)
        await over(stage)
    assert server.filled[0]["inputs"] == {"size": "large"}


async def test_typed_words_answer_it_too_and_a_file_comes_by_a_command(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("a")
    server = FormServer(form(inputs=(DOC,)))
    async with asking(server) as stage:
        stage.post(Ask(text="order"))
        await until(lambda: stage.count("form") == 2)
        stage.post(Fill(items=(f"doc=@{file}",)))
        await over(stage)
        assert told(stage) == "Ordered. Enjoy."
    (sent,) = server.filled
    assert sent["inputs"]["doc"] == {
        "type": "document",
        "transfer_method": "local_file",
        "upload_file_id": "file1",
    }


async def test_another_typed_question_leaves_the_form_alone():
    server = FormServer()
    async with asking(server) as stage:
        stage.post(Ask(text="what time is it"))
        await until(lambda: len(server.questions) == 2)
        assert stage.kinds(1)[-1] == "idle"
        assert server.filled == []
        stage.post(Stop())


async def test_words_that_fit_nothing_are_asked_for_once_and_are_then_a_question():
    server = FormServer(heard=("what time is it", "what time is it"))
    async with asking(server) as stage:
        await say(stage)
        await until(lambda: stage.count("form") == 2)
        assert len(server.questions) == 1
        await say(stage)
        await until(lambda: len(server.questions) == 2)
        assert server.questions[1]["query"] == "what time is it"
        stage.post(Stop())


async def test_a_form_whose_answer_came_with_the_question_is_filled_in_at_once():
    server = FormServer(form(inputs=(NOTE,)))
    async with asking(server, form=("Order", "note=no onions")) as stage:
        await over(stage)
        assert told(stage) == "Ordered. Enjoy."
    assert server.filled[0]["inputs"] == {"note": "no onions"}


async def test_two_forms_one_after_the_other():
    server = FormServer(form(), form("Pay now?", number=2), after="Good. ")
    async with asking(server) as stage:
        stage.post(Fill(items=("order",)))
        await until(lambda: stage.count("form") == 2)
        stage.post(Fill(items=("Cancel",)))
        await over(stage)
        assert told(stage) == "Good. Good. "
    assert [one["action"] for one in server.filled] == ["order", "cancel"]


async def test_a_server_whose_runs_cannot_be_followed_has_the_rest_in_the_message():
    server = FormServer(missing=True, before="One moment. ")
    async with asking(server, speech=False) as stage:
        stage.post(Fill(items=("order",)))
        await over(stage)
        assert stage.failures() == []
        assert "Ordered. Enjoy." in told(stage)


@pytest.mark.parametrize("code", ["human_input_form_expired", "human_input_form_submitted"])
async def test_a_form_that_is_over_is_told_of(code):
    async with asking(FormServer(refuses=[(412, code)])) as stage:
        stage.post(Fill(items=("order",)))
        await over(stage)
        (failed,) = stage.failures()
        assert failed.title.startswith("The form of the app has")


async def test_the_time_of_a_form_ends():
    async with asking(FormServer(form(expires=int(time.time()) + 1))) as stage:
        await over(stage)
        (failed,) = stage.failures()
        assert failed.title == "The form of the app has expired"


async def test_an_answer_that_the_server_refuses_is_asked_for_again():
    server = FormServer(refuses=[(400, "invalid_param")])
    async with asking(server) as stage:
        stage.post(Fill(items=("order",)))
        await until(lambda: stage.count("form") == 2)
        stage.post(Fill(items=("cancel",)))
        await over(stage)
        assert told(stage) == "Ordered. Enjoy."


@pytest.mark.parametrize("command", [Stop(), New()])
async def test_a_form_that_nobody_wants_to_answer_is_left(command):
    server = FormServer()
    async with asking(server) as stage:
        stage.post(command)
        await over(stage)
        assert stage.failures() == []
        stage.post(Fill(items=("order",)))
        await stage.settle()
    assert server.filled == []


async def test_to_judge_words_while_they_are_spoken_uses_up_no_chance():
    async with asking(FormServer()) as stage:
        turn = next(turn for turn in stage.assistant._floor.turns if turn.dialogue)
        assert [turn.dialogue.takes("what time is it") for _ in range(3)] == [True] * 3
        turn.dialogue.fill(Fill(words="what time is it"))
        assert not turn.dialogue.takes("what time is it")
        assert turn.dialogue.takes("order")
        stage.post(Stop())
