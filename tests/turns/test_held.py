"""An answer that is held for a slip of the finger, and goes on."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from fakes import SECONDS_PER_UNIT, FakeBackend, FakeMicrophone, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, SILENT, LoudEars, QuickEars, server
from helpers.turns.story import (
    HISS,
    SENTENCES,
    STORY,
    heard,
    hears_nothing,
    play,
    slip,
    story,
    tell,
)

from voice_assistant import events
from voice_assistant.commands import Ask, New, Pause, Press, Release, Resume, Stop, Tap, Toggle
from voice_assistant.errors import MicrophoneError
from voice_assistant.hearing.patience import ANSWER_WAITS
from voice_assistant.settings.sections.hearing import MicrophoneSettings


async def test_a_slip_silences_the_answer_and_loses_nothing_of_it():
    backend = story()

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        first = speaker.playbacks[0]
        stage.post(Press())
        await until(lambda: stage.kinds(2) == ["listening"])
        assert first.state == "aborted", "it was silenced before the microphone was open"
        assert stage.assistant.activity == "listening"
        await slip(stage)
        assert stage.kinds(2) == ["listening", "idle"]
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        # It goes on with the whole sentence.
        assert first.heard_words == "One is the first.Two is "
        assert heard(speaker)[1] == "Two is the second.Three is the last."
        assert stage.kinds(1).count("speaking") == 1
        assert [kind for kind in stage.kinds(1) if kind not in {"text", "speaking"}] == [
            *("asked", "begun", "answered", "spoken", "idle")
        ]
        assert next(event for event in stage.events if isinstance(event, events.Spoken)).complete
        assert stage.phases == ["idle", "thinking", "speaking", "listening", "speaking", "idle"]

    await play(script, backend=backend)
    assert backend.stopped == []


async def test_the_answer_is_read_on_while_it_is_held():
    rest = asyncio.Event()

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(lambda: stage.kinds(2) == ["listening"])
        rest.set()
        await until(lambda: "answered" in stage.kinds(1))
        assert stage.assistant.activity == "listening"
        await slip(stage)
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1].endswith("Three is the last.")

    await play(script, backend=story(then=rest))


async def test_a_sentence_that_was_heard_whole_is_not_repeated():
    rest = asyncio.Event()

    async def script(stage, speaker) -> None:
        two_s = SECONDS_PER_UNIT * len("".join(SENTENCES[:2]))
        await tell(stage, speaker, hear_s=two_s)
        await until(
            lambda: stage.parts.player.last.script.last_sentence_complete
        )  # and known to be whole
        await slip(stage)
        rest.set()
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker) == ["".join(SENTENCES[:2]), SENTENCES[2]]

    await play(script, backend=story(then=rest))


async def test_several_slips_of_the_key_lose_nothing_either():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        for _ in range(20):
            await slip(stage)
        speaker.release()
        await until(lambda: stage.count("idle") == 21)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    await play(script)


async def test_a_press_right_after_a_slip_holds_the_answer_again():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        for _ in range(50):
            stage.post(Press())
            stage.post(Release())
            await stage.settle()
        await until(lambda: stage.assistant.activity == "answering")
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    await play(script)


async def test_a_held_key_without_words_is_reported_and_the_answer_goes_on():
    backend = story(words="")

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await slip(stage)
        assert stage.kinds(2) == ["listening", "transcribing", "failed", "idle"]
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    await play(script, backend=backend, microphone=hears_nothing(2.0))
    assert backend.stopped == []


async def test_the_failure_is_heard_before_the_answer_goes_on():
    """Whatever is played cuts short what was played before."""

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Toggle())
        await until(lambda: len(speaker.playbacks) == 2)
        await until(lambda: speaker.hear() or speaker.playbacks[1].state == "finished")
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        await until(lambda: len(speaker.playbacks) == 3)
        await stage.settle()
        assert len(speaker.playbacks) == 3, "the answer waits for the end of the failure sound"
        await until(lambda: speaker.hear() or len(speaker.playbacks) == 4)
        assert speaker.playbacks[2].state == "finished"
        await until(lambda: SENTENCES[1].startswith(speaker.playbacks[3].words or "-"))

    settings = settings_with("microphone.tail_s=0", "sounds.enabled=true")
    await play(script, settings=settings, microphone=FakeMicrophone(HISS))


@pytest.mark.parametrize(
    "commands",
    [(Toggle(), Toggle()), (Press(), Tap(), Press()), (Toggle(), Release())],
    ids=["toggle", "hybrid", "command line"],
)
async def test_a_second_touch_is_enough_to_hear_the_answer_go_on(commands):
    backend = story()

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await slip(stage, *commands)
        await until(lambda: stage.assistant.activity == "answering")
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    await play(script, backend=backend)
    assert backend.stopped == []


@pytest.mark.parametrize(
    "two_taps",
    [
        (Toggle(), Toggle(), Stop()),
        (Press(), Tap(), Press(), Stop()),
        (Press(), Release(), Press(), Stop()),
    ],
    ids=["toggle", "hybrid", "hold"],
)
async def test_two_taps_of_the_key_end_the_answer_for_good(two_taps):
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(two_taps[0])
        await until(lambda: stage.kinds(2) == ["listening"])
        for command in two_taps[1:]:
            stage.post(command)
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert stage.assistant.activity == "resting"
        assert "Three is the last." not in heard(speaker)[-1]
        assert stage.count("asked") == 1
        assert stage.parts.recordings.archive.newest() is None

    await play(script)


async def test_without_a_held_key_the_answer_goes_on_when_nobody_speaks():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Toggle())
        await until(lambda: stage.kinds(2) == ["listening", "failed", "idle"])
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    await play(script, microphone=FakeMicrophone(HISS))


async def test_the_words_of_a_question_make_the_barge_in_final():
    backend = story(then=asyncio.Event())

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(stage.heard_all)
        assert stage.phases[-1] == "listening"
        assert "idle" not in stage.kinds(1), "nobody knows yet whether it is a question"
        stage.post(Release())
        await until(lambda: "idle" in stage.kinds(1))
        assert stage.kinds(1)[-3:] == ["answered", "spoken", "idle"]
        answered, spoken, _ = [event for event in stage.events if event.turn == 1][-3:]
        assert (answered.text, answered.complete) == (
            "One is the first. Two is the second. ",
            False,
        )
        assert not spoken.complete
        await until(lambda: backend.stopped == ["task"])
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert stage.questions() == ["a story", "a question"]
        assert heard(speaker)[-1] == "One.Two."

    await play(
        script, backend=backend, microphone=FakeMicrophone(utter("no, stop")), ears=QuickEars
    )


async def test_the_answer_in_a_pre_roll_or_the_room_is_no_barge_in():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await slip(stage)
        assert "idle" not in stage.kinds(1)
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1].endswith(SENTENCES[2])

    own_voice = np.concatenate([utter("is the second")[:10400], HISS[:1600]])
    settings = settings_with("microphone.tail_s=0", "microphone.pre_roll_s=0.5")
    await play(script, microphone=FakeMicrophone(own_voice), settings=settings, ears=LoudEars)


@pytest.mark.parametrize("command", [Stop(), New(), Ask(text="something else")])
async def test_whatever_else_is_wanted_ends_the_answer_that_is_held(command):
    backend = story(then=asyncio.Event())

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(command)
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        await until(lambda: backend.stopped == ["task"])
        if command == New():
            assert stage.kinds(2)[-1:] != ["idle"], "the question being spoken begins it"
        else:
            await until(lambda: stage.kinds(2)[-1:] == ["idle"])

    await play(script, backend=backend)


async def test_a_microphone_that_is_missing_costs_nobody_the_answer():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(lambda: stage.kinds(2) == ["failed", "idle"])
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."
        assert stage.phases[-1] == "idle"

    missing = MicrophoneError("There is no microphone", "")
    await play(script, microphone=FakeMicrophone(missing=missing))


async def test_a_slip_before_the_answer_is_heard_does_not_lose_the_question():
    first = asyncio.Event()
    backend = server(script=[first, *STORY])

    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: stage.questions() == ["a story"])
        stage.post(Press())
        await until(stage.heard_all)
        first.set()
        await until(lambda: "answered" in stage.kinds(1))
        await stage.settle()
        assert speaker.playbacks == [], "the microphone is open"
        await slip(stage)
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker) == ["".join(SENTENCES)]

    await play(script, backend=backend)


async def test_a_slip_while_the_words_are_looked_for_does_not_lose_them():
    known = asyncio.Event()

    class Slow(FakeBackend):
        async def audio_to_text(self, upload):
            words = await super().audio_to_text(upload)
            await known.wait()
            return words

    async def script(stage, speaker) -> None:
        speaker.release()
        await stage.speak()
        await until(lambda: "transcribing" in stage.kinds(1))
        stage.microphone.pcm = HISS[:1600]
        await slip(stage)
        known.set()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker) == ["One.Two."]

    backend = Slow(script=ANSWER, can=SILENT)
    await play(script, backend=backend, microphone=FakeMicrophone(), ears=LoudEars)


async def test_an_answer_that_was_paused_stays_paused_after_a_slip():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        await until(lambda: "paused" in stage.kinds())
        await slip(stage)
        await stage.settle()
        assert stage.phases[-1] == "paused"
        stage.post(Resume())
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        # From where it was paused.
        assert "".join(heard(speaker)).startswith("One is the first.Two is the second.")

    await play(script)


async def test_a_tap_that_was_a_slip_costs_an_answer_a_few_seconds():
    async def run(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Toggle())
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert stage.microphone.captures[0].closed
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert "spoken" in stage.kinds(1)

    await play(
        run, microphone=hears_nothing(MicrophoneSettings().nothing_said_s * ANSWER_WAITS + 0.5)
    )
