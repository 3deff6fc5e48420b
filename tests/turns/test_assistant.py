"""The table of commands, played cell by cell, and turns from their commands to `Idle`."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import get_args

import pytest
from fakes import FakeBackend, FakeMicrophone, FakeSpeaker, until, utter, wav
from helpers.audio.wav_files import write_wav
from helpers.settings.varied import LOUD, settings_with
from helpers.turns.staging import ANSWER, IDS, SILENT, DeafEars, Stage, server, staged
from helpers.turns.story import hears_nothing, late_with_follow_ups

from voice_assistant import commands, events
from voice_assistant.api.models import Transcript
from voice_assistant.api.stream.events import (
    TtsMessage,
)
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import (
    Announce,
    AnyCommand,
    Ask,
    Choose,
    Continue,
    Copy,
    New,
    Pause,
    Press,
    Quit,
    Rate,
    Release,
    Repeat,
    SlowSpeaker,
    Speed,
    Stop,
    Toggle,
    Volume,
)
from voice_assistant.errors import MicrophoneError, SpeakerError
from voice_assistant.turns.command_table import (
    ACTIVITIES,
    TABLE,
    Action,
    Activity,
    AnnouncementDue,
    Internal,
)

HEARD = ("listening", "transcribing")


def test_every_command_has_a_row_and_every_cell_is_of_a_known_activity_and_action():
    assert set(TABLE) == {*get_args(AnyCommand), *get_args(Internal)}
    assert set(ACTIVITIES) == set(get_args(Activity))
    cells = [(activity, actions) for row in TABLE.values() for activity, actions in row.items()]
    assert {activity for activity, _ in cells} == set(ACTIVITIES)
    assert {action for _, actions in cells for action in actions} == set(get_args(Action))


GIVEN = {
    Ask: {"text": "something else"},
    Announce: {"text": "Your timer is done."},
    Volume: {"level": 0.5},
    Speed: {"factor": 2.0},
    Continue: {"conversation_id": "old"},
    Rate: {"rating": "good"},
    Copy: {"text": "One."},
    Choose: {"setting": "speaker.device"},
    SlowSpeaker: {"on": True},
}


def made(command: type[commands.Command]) -> commands.AnyCommand:
    return command(**GIVEN.get(command, {}))


@asynccontextmanager
async def staged_at(activity: str):
    """A stage on which the turn that has the floor does this."""
    never = asyncio.Event()
    backend = server(script=[*ANSWER[:2], never])
    staging = {"backend": late_with_follow_ups(never) if "spoken" in activity else backend}
    if activity in {
        "held",
        "spoken_held",
    }:  # until the sound of the failure is over, which nobody hears
        staging["settings"] = LOUD
        staging["speaker"] = FakeSpeaker(held=True)
    if activity == "attending":
        staging = {
            "settings": settings_with("hands_free.conversation=true"),
            "microphone": hears_nothing(),
            "ears": DeafEars,
        }
    async with staged(**staging) as stage:
        write_wav(stage.parts.recordings.archive.new_file(), utter("said before"), SPEECH_RATE_HZ)
        await bring_to(stage, activity)
        yield stage


async def bring_to(stage: Stage, activity: str) -> None:
    if activity in {"listening", "hands_free"}:
        stage.post(Press() if activity == "listening" else Toggle())
        await until(lambda: bool(stage.microphone.captures) and stage.heard_all())
    elif activity == "attending":
        stage.post(Ask(text="a short story"))
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
    elif activity != "resting":
        stage.post(Ask(text="a long story"))
        await until(lambda: "speaking" in stage.kinds())
    if activity == "spoken_held":
        await until(lambda: stage.speaker.hear() or stage.assistant.activity == "spoken")
    if activity in {"held", "spoken_held"}:
        stage.microphone.missing = MicrophoneError("There is no microphone", "")
        stage.post(Press())
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        stage.microphone.missing = None
    await until(lambda: stage.assistant.activity == activity)


EFFECTS = {
    "listen": lambda stage: stage.assistant.activity in {"listening", "hands_free"},
    "dictate": lambda stage: stage.assistant.activity == "hands_free",
    "barge_in": lambda stage: stage.assistant.activity in {"listening", "hands_free"},
    "end_on_silence": lambda stage: stage.assistant.activity == "hands_free",
    "take_over": lambda stage: stage.assistant.activity in {"listening", "hands_free"},
    "release": lambda stage: "transcribing" in stage.kinds(),
    "ask": lambda stage: stage.questions()[-1:] == ["something else"],
    "retry": lambda stage: stage.questions()[-1:] == ["a question"],
    # There is no answer yet, or it is said for the second time.
    "repeat": lambda stage: "failed" in stage.kinds() or stage.kinds(2)[:1] == ["speaking"],
    "pick_up": lambda stage: "failed" in stage.kinds(),  # there is nothing that could go on
    "announced": lambda stage: "announced" in stage.kinds(),
    "quit": lambda stage: stage.ended,
}
"""What shows that an action was done; the others leave no trace, or end the turn."""


@pytest.mark.parametrize("now", ACTIVITIES)
@pytest.mark.parametrize("command", get_args(AnyCommand))
async def test_what_a_command_means(command, now):
    """The table, played: which activity follows, and whether the turn that was going on goes on."""
    async with staged_at(now) as stage:
        began = stage.kinds()
        stage.post(made(command))
        actions = TABLE[command].get(now, ())
        if "remember" in actions and TABLE[AnnouncementDue].get(now):
            actions = (*actions, "announced")
        ends = "interrupt" in actions and now != "resting"
        if ends:
            await until(lambda: stage.count("idle") > began.count("idle"))
        for action in actions:
            if comes := EFFECTS.get(action):
                await until(lambda comes=comes: comes(stage))
        if not ends and not set(EFFECTS) & set(actions):
            await stage.settle()
            assert stage.assistant.activity == now
            paused = command is Pause and now in {"answering", "held"}
            assert stage.kinds() == began + ["paused"] * paused


async def never_minding_cancellation(loose: asyncio.Event) -> None:
    """Wait, as something does that has lost its cancellation; at most for a second."""
    until_s = asyncio.get_running_loop().time() + 1.0
    while not loose.is_set() and asyncio.get_running_loop().time() < until_s:
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            async with asyncio.timeout(1.0):
                await loose.wait()


async def test_a_turn_that_does_not_end_when_it_is_interrupted_is_given_up(caplog):
    loose = asyncio.Event()

    class Stuck(FakeMicrophone):
        @asynccontextmanager
        async def capture(self):
            await never_minding_cancellation(loose)
            async with super().capture() as capture:
                yield capture

    async with staged(microphone=Stuck(), interrupt_s=0.02) as stage:
        stage.post(Press())
        stage.post(Stop())
        await stage.turn_over()
        assert "<SpokenQuestion 1: listening, told nothing>" in caplog.text
        assert "Listening.record" in caplog.text
        stage.post(Ask(text="and now?"))
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert "answered" in stage.kinds(2)
        loose.set()
        await stage.settle()
        assert stage.kinds(1) == ["idle"], "nobody is told of it any more"


async def test_a_command_that_fails_ends_no_other(caplog):
    def fail() -> None:
        raise ZeroDivisionError

    async with staged() as stage:
        stage.parts.player.on_change(fail)
        stage.post(Volume(level=0.5))
        stage.post(Ask(text="and now?"))
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
    assert "a bug: Volume was not carried out" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_quitting_does_not_wait_for_a_turn_that_was_given_up(caplog):
    loose = asyncio.Event()

    class Stuck(FakeBackend):
        async def audio_to_text(self, upload):
            await never_minding_cancellation(loose)
            return Transcript(text="")

    async with staged(backend=Stuck(can=SILENT), interrupt_s=0.02) as stage:
        await stage.speak()
        await until(lambda: "transcribing" in stage.kinds())
        stage.post(Quit())
        await until(lambda: stage.ended)
        loose.set()
        await stage.settle()
    assert "<SpokenQuestion 1: answering, told Transcribing>" in caplog.text


async def test_a_spoken_question_is_told_in_order():
    backend = server(script=ANSWER, questions=["And then?"])
    async with staged(backend=backend) as stage:
        await stage.speak()
        await stage.turn_over()
    # Speech and follow-ups come beside the text, as soon as they can.
    beside = {"speaking", "suggested"}
    told = [*HEARD, "asked", "begun", *3 * ["text"], "answered", "spoken", "idle"]
    assert [kind for kind in stage.kinds() if kind not in beside] == told
    assert stage.kinds().index("answered") < stage.kinds().index("suggested")
    assert stage.kinds().index("text") < stage.kinds().index("speaking")
    assert stage.questions() == ["a question"]
    assert [event.t_ms for event in stage.events] == sorted(e.t_ms for e in stage.events)
    assert stage.speaker.heard_words == "One.Two."
    assert stage.recordings() == []


@pytest.mark.parametrize("again", [False, True])
async def test_a_speaker_that_is_lost_is_why_words_are_missing(again):
    speaker = FakeSpeaker()
    async with staged(backend=server(script=ANSWER), speaker=speaker) as stage:
        if again:
            stage.post(Ask(text="a question"))
            await stage.turn_over()
        speaker.lost = SpeakerError("The speaker is gone")
        stage.post(Repeat() if again else Ask(text="a question"))
        await until(lambda: stage.count("idle") == 1 + again)
        (spoken,) = [event for event in stage.events if isinstance(event, events.Spoken)][again:]
    assert (spoken.complete, spoken.problem) == (False, "The speaker is gone")


async def test_a_press_during_the_answer_silences_it_and_listens():
    never = asyncio.Event()
    backend = server(scripts=[[*ANSWER[:2], never], ANSWER])
    speaker = FakeSpeaker(held=True)
    async with staged(backend=backend, speaker=speaker) as stage:
        stage.post(Ask(text="a long story"))
        await until(lambda: "speaking" in stage.kinds())
        stage.post(Press())
        await until(stage.heard_all)
        assert stage.phases[-1] == "listening"
        assert speaker.playbacks[0].state == "aborted"
        assert stage.kinds(1)[-1] == "speaking", "its rest waits until the words are known"
        speaker.release()
        stage.post(Release())
        await until(lambda: stage.count("idle") == 2)
        assert stage.kinds(1)[-3:] == ["answered", "spoken", "idle"]
        answered, spoken, _ = [event for event in stage.events if event.turn == 1][-3:]
        assert (answered.text, answered.complete) == ("One. Tw", False)
        assert not spoken.complete
        await until(lambda: backend.stopped == ["task"])
        assert stage.conversation.id == "conversation"
        assert backend.asked[1].conversation_id == "conversation"


async def test_stop_ends_speech_and_generation_and_tells_the_server():
    never = asyncio.Event()
    backend = server(script=[*ANSWER[:2], never])
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="a long story"))
        await until(lambda: "speaking" in stage.kinds())
        stage.post(Stop())
        await stage.turn_over()
        await until(lambda: backend.streams[0].closed)
    assert backend.stopped == ["task"]
    assert backend.streams[0].stopped, "the stream was drained until the server ended it"


async def test_text_that_comes_after_the_stop_is_not_spoken():
    told = asyncio.Event()

    class Talkative(FakeBackend):
        """Brings the rest of its answer when it is told to stop."""

        async def stop(self, task_id: str) -> None:
            told.set()

    late = TtsMessage(audio=wav(utter("Late.")), **IDS)
    backend = Talkative(can=SILENT, script=[*ANSWER[:2], told, late, *ANSWER[2:]])
    async with staged(backend=backend) as stage:
        stage.post(Ask(text="a long story"))
        await until(lambda: "speaking" in stage.kinds())
        stage.post(Stop())
        await stage.turn_over()
        heard = stage.speaker.words
        await until(lambda: backend.streams[0].closed)
        await stage.settle()
        assert backend.streams[0].text == "One. Two.", "it was drained"
        assert stage.speaker.words == heard
        assert backend.spoken == ["One."]
        answered = [event for event in stage.events if isinstance(event, events.Answered)]
        assert [(event.text, event.complete) for event in answered] == [("One. Tw", False)]


async def test_stop_right_after_press_leaves_nothing_stuck():
    async with staged(backend=server(script=ANSWER)) as stage:
        for _ in range(200):
            stage.post(Press())
            stage.post(Stop())
        await stage.speak()
        await until(lambda: "answered" in stage.kinds())
        await stage.turn_over()
        assert stage.count("idle") == 201


async def test_announcements_wait_for_the_end_of_what_somebody_says():
    async with staged(backend=server(script=ANSWER)) as stage:
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(Announce(text="Timer one."))
        stage.post(Announce(text="Timer two."))
        await stage.settle()
        assert stage.kinds() == ["listening"]
        stage.post(Release())
        await until(lambda: stage.count("announced") == 2)
        await until(lambda: stage.count("idle") == 3)
        assert "Timer one." in stage.speaker.heard_words
        assert "Timer two." in stage.speaker.heard_words


async def test_the_listener_of_an_ask_hears_only_its_own_turn():
    async with staged(backend=server(script=ANSWER)) as stage:
        mine = []
        stage.post(Ask(text="first"))
        await stage.turn_over()
        stage.assistant.post(Ask(text="second"), mine.append)
        await until(lambda: stage.count("idle") == 2)
    assert mine[0].question == "second"
    assert [type(event).__name__ for event in mine].count("Idle") == 1


async def test_commands_may_come_from_any_thread():
    async with staged(backend=server(script=ANSWER)) as stage:
        await asyncio.to_thread(stage.assistant.post, Ask(text="from a thread"))
        await until(lambda: stage.questions() == ["from a thread"])
        await stage.turn_over()


async def test_ending_it_from_outside_silences_and_leaves_nothing_open():
    never = asyncio.Event()
    backend = server(script=[*ANSWER[:2], never])
    speaker = FakeSpeaker(held=True)
    async with staged(backend=backend, speaker=speaker) as stage:
        stage.post(Ask(text="a long story"))
        await until(lambda: "speaking" in stage.kinds())
        stage.task.cancel()
        await asyncio.wait([stage.task])
    assert stage.task.cancelled()
    assert speaker.playbacks[0].state == "aborted"
    assert backend.streams[0].closed


@pytest.mark.parametrize("command", [Volume(level=0.5), Speed(factor=2.0), New()])
async def test_a_command_that_nothing_else_shows_is_confirmed_by_a_sound(command):
    async with staged(settings=LOUD) as stage:
        stage.post(command)
        await until(lambda: len(stage.speaker.playbacks) == 1)
