from __future__ import annotations

import asyncio

import pytest
from fakes import FakeBackend, FakeSpeaker, until, utter, wav
from helpers.audio.wav_files import write_wav
from helpers.turns.staging import ANSWER, IDS, SILENT, Stage, server, staged

from voice_assistant import commands, events
from voice_assistant.api.stream import TtsMessage
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import (
    Announce,
    Ask,
    Back,
    New,
    Pause,
    Press,
    Quit,
    Release,
    Repeat,
    Resume,
    Retry,
    Skip,
    Speed,
    Stop,
    Tap,
    Toggle,
    Volume,
)
from voice_assistant.errors import SpeakerError
from voice_assistant.turns.command_table import TABLE, Meaning

HEARD = ("listening", "transcribing")
PLAYER_COMMANDS = (Pause, Resume, Repeat, Skip, Back, Volume, Speed)
ALL_COMMANDS = (
    *(Press, Release, Toggle, Tap, Stop, New, Ask, Retry, Announce, Quit),
    *PLAYER_COMMANDS,
)
ACTIVITIES = ("resting", "listening", "hands_free", "answering")


def test_every_command_has_a_meaning_in_every_activity():
    assert set(commands.AnyCommand.__args__) == set(ALL_COMMANDS)
    assert set(TABLE) == set(ALL_COMMANDS)
    assert set(Meaning._fields) == set(ACTIVITIES)


def made(command: type[commands.Command]) -> commands.AnyCommand:
    if command is Ask:
        return Ask(text="something else")
    if command is Announce:
        return Announce(text="Your timer is done.")
    if command is Volume:
        return Volume(level=0.5)
    if command is Speed:
        return Speed(factor=2.0)
    return command()


async def bring_to(stage: Stage, activity: str) -> None:
    if activity in {"listening", "hands_free"}:
        stage.post(Press() if activity == "listening" else Toggle())
        await until(lambda: bool(stage.microphone.captures) and stage.heard_all())
    elif activity == "answering":
        stage.post(Ask(text="a long story"))
        await until(lambda: "speaking" in stage.kinds())
    await until(lambda: stage.assistant.activity == activity)


EFFECTS = {
    "listen": lambda stage: stage.assistant.activity in {"listening", "hands_free"},
    "let_go": lambda stage: stage.assistant.activity == "hands_free",
    "finish": lambda stage: "transcribing" in stage.kinds(),
    "ask": lambda stage: stage.questions()[-1:] == ["something else"],
    "retry": lambda stage: stage.questions()[-1:] == ["a question"],
    "repeat": lambda stage: "failed" in stage.kinds(),  # there is no answer yet
    "announce": lambda stage: "announced" in stage.kinds(),
    "quit": lambda stage: stage.ended,
}
"""What shows that an action was done; the others leave no trace, or end the turn."""


@pytest.mark.parametrize("now", ACTIVITIES)
@pytest.mark.parametrize("command", ALL_COMMANDS)
async def test_what_a_command_means(command, now):
    """The table, played: which activity follows, and whether the turn that was going on goes on."""
    never = asyncio.Event()
    backend = server(script=[*ANSWER[:2], never])
    async with staged(backend=backend) as stage:
        archive = stage.parts.recordings.archive
        write_wav(archive.new_file(), utter("said before"), SPEECH_RATE_HZ)
        await bring_to(stage, now)
        began = stage.kinds()
        stage.post(made(command))
        actions = TABLE[command].when(now)
        if "steer" in actions:
            actions = ("steer",)  # what speaks is steered, and what was said is not repeated
        if "interrupt" in actions:
            await until(lambda: stage.count("idle") > began.count("idle"))
        for action in actions:
            if comes := EFFECTS.get(action):
                await until(lambda comes=comes: comes(stage))
        if not {"interrupt", *EFFECTS} & set(actions):
            await stage.settle()
            assert stage.assistant.activity == now
            paused = command is Pause and now == "answering"
            assert stage.kinds() == began + ["paused"] * paused


async def test_a_spoken_question_is_told_in_order():
    backend = server(script=ANSWER, questions=["And then?"])
    async with staged(backend=backend) as stage:
        await stage.speak()
        await stage.turn_over()
    # Speech and follow-ups come beside the text, as soon as they can.
    beside = {"speaking", "suggested"}
    told = [*HEARD, "asked", "text", "text", "text", "answered", "spoken", "idle"]
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
        await until(lambda: stage.count("idle") == 1)
        assert stage.kinds()[-4:] == ["listening", "answered", "spoken", "idle"]
        assert [event.turn for event in stage.events[-4:]] == [2, 1, 1, 1]
        assert stage.phases[-1] == "listening"
        answered, spoken = stage.events[-3:-1]
        assert (answered.text, answered.complete) == ("One. Tw", False)
        assert not spoken.complete
        assert speaker.playbacks[0].state == "aborted"
        await until(lambda: backend.stopped == ["task"])
        speaker.release()
        await until(stage.heard_all)
        stage.post(Release())
        await until(lambda: stage.count("idle") == 2)
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


async def test_what_still_comes_after_the_stop_is_not_spoken():
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
