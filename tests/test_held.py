"""An answer that is held for somebody else: for a slip of the finger, or for an announcement."""

from __future__ import annotations

import asyncio

import msgspec
import numpy as np
import pytest
from fakes import SECONDS_PER_UNIT, FakeBackend, FakeMicrophone, FakeSpeaker, until, utter
from staging import ANSWER, IDS, QUIET, SILENT, DeafEars, QuickEars, Stage, server, staged

from voice_assistant import events
from voice_assistant.api.stream import Message, MessageEnd
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import (
    Announce,
    Ask,
    Back,
    New,
    Pause,
    Press,
    Release,
    Repeat,
    Resume,
    Skip,
    Stop,
    Tap,
    Toggle,
)
from voice_assistant.errors import MicrophoneError

SENTENCES = ("One is the first.", "Two is the second.", "Three is the last.")
STORY = (
    *(Message(answer=f"{sentence} ", **IDS) for sentence in SENTENCES),
    MessageEnd(**IDS),
)
TIMER = "Time is up."
HISS = np.ones(60 * SPEECH_RATE_HZ, np.int16)


class LoudEars(QuickEars):
    """Hear a voice in whatever is louder than hiss."""

    def feed(self, pcm) -> None:
        super().feed(pcm * (pcm > 1))


def with_microphone(**changes):
    """Settings without a tail, which would only take its time."""
    microphone = msgspec.structs.replace(QUIET.microphone, **{"tail_s": 0.0, **changes})
    return msgspec.structs.replace(QUIET, microphone=microphone)


def hears_nothing(seconds: float = 0.1) -> FakeMicrophone:
    return FakeMicrophone(HISS[: round(seconds * SPEECH_RATE_HZ)])


def story(*, then: asyncio.Event | None = None):
    """A backend that tells the story, the last sentence and the end of it `then`."""
    return server(scripts=[[*STORY[:2], *([then] if then else []), *STORY[2:]], ANSWER])


def late_with_follow_ups(late: asyncio.Event) -> FakeBackend:
    """A backend that tells the story, and what could be asked next when it is `late`."""

    class Slow(FakeBackend):
        async def suggested(self, message_id):
            await late.wait()
            return ("And then?",)

    return Slow(script=STORY, can=SILENT)


def heard(speaker: FakeSpeaker) -> list[str]:
    return [playback.heard_words for playback in speaker.playbacks if playback.heard_words]


async def tell(stage: Stage, speaker: FakeSpeaker, *, hear_s: float = 1.2) -> None:
    """Let the story begin, and be heard for as long: into its second sentence."""
    stage.post(Ask(text="a story"))
    await until(lambda: speaker.playbacks)
    while (left_s := hear_s - speaker.playbacks[0].heard_s) > 1e-6:
        speaker.hear(left_s)
        await asyncio.sleep(0)


async def slip(stage: Stage, *commands) -> None:
    """Touch the key, and wait for the turn of it to be over."""
    before = stage.count("idle")
    stage.post(commands[0] if commands else Press())
    await until(stage.heard_all)
    for command in commands[1:] or (Release(),):
        stage.post(command)
    await until(lambda: stage.count("idle") > before)


def play(script, **staging) -> None:
    async def run() -> None:
        speaker = FakeSpeaker(held=True, ahead_s=0.5)
        staging.setdefault("backend", story())
        staging.setdefault("microphone", hears_nothing())
        staging.setdefault("settings", with_microphone())
        async with staged(speaker=speaker, **{"ears": DeafEars, **staging}) as stage:
            await script(stage, speaker)

    asyncio.run(run())


def test_a_slip_silences_the_answer_and_loses_nothing_of_it():
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
            *("asked", "answered", "spoken", "idle")
        ]
        assert next(event for event in stage.events if isinstance(event, events.Spoken)).complete
        assert stage.phases == ["idle", "thinking", "speaking", "listening", "speaking", "idle"]

    play(script, backend=backend)
    assert backend.stopped == []


def test_the_answer_is_read_on_while_it_is_held():
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

    play(script, backend=story(then=rest))


def test_what_was_heard_whole_is_not_said_again():
    rest = asyncio.Event()

    async def script(stage, speaker) -> None:
        two_s = SECONDS_PER_UNIT * len("".join(SENTENCES[:2]))
        await tell(stage, speaker, hear_s=two_s)
        await slip(stage)
        rest.set()
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker) == ["".join(SENTENCES[:2]), SENTENCES[2]]

    play(script, backend=story(then=rest))


def test_one_slip_after_the_other_loses_nothing_either():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        for _ in range(20):
            await slip(stage)
        speaker.release()
        await until(lambda: stage.count("idle") == 21)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    play(script)


def test_a_press_right_after_a_slip_holds_the_answer_again():
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

    play(script)


def test_who_holds_the_key_and_says_nothing_is_told_so_and_the_answer_goes_on():
    backend = story()

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await slip(stage)
        assert stage.kinds(2) == ["listening", "failed", "idle"]
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    play(script, backend=backend, microphone=hears_nothing(2.0))
    assert backend.stopped == []


def test_the_failure_is_heard_before_the_answer_goes_on():
    """Whatever is played cuts short what was played before."""

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(lambda: len(speaker.playbacks) == 2)
        await until(lambda: speaker.hear() or speaker.playbacks[1].state == "finished")
        await slip(stage)
        await until(lambda: len(speaker.playbacks) == 3)
        await stage.settle()
        assert len(speaker.playbacks) == 3, "the answer waits for the end of the failure sound"
        await until(lambda: speaker.hear() or len(speaker.playbacks) == 4)
        assert speaker.playbacks[2].state == "finished"
        await until(lambda: SENTENCES[1].startswith(speaker.playbacks[3].words or "-"))

    loud = msgspec.structs.replace(QUIET.sounds, enabled=True)
    settings = msgspec.structs.replace(with_microphone(), sounds=loud)
    play(script, settings=settings, microphone=hears_nothing(2.0))


@pytest.mark.parametrize(
    "commands",
    [(Toggle(), Toggle()), (Press(), Tap(), Press()), (Toggle(), Release())],
    ids=["toggle", "hybrid", "command line"],
)
def test_a_second_touch_is_enough_to_hear_the_answer_go_on(commands):
    backend = story()

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await slip(stage, *commands)
        await until(lambda: stage.assistant.activity == "answering")
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    play(script, backend=backend)
    assert backend.stopped == []


def test_without_a_held_key_the_answer_goes_on_when_nobody_speaks():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Toggle())
        await until(lambda: stage.kinds(2) == ["listening", "failed", "idle"])
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."

    play(script, microphone=FakeMicrophone(HISS))


def test_as_soon_as_somebody_speaks_the_barge_in_is_final():
    backend = story(then=asyncio.Event())

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(lambda: "idle" in stage.kinds(1))
        # The key is still held.
        assert stage.assistant.activity == "listening"
        assert stage.phases[-1] == "listening"
        assert stage.kinds(1)[-3:] == ["answered", "spoken", "idle"]
        answered, spoken, _ = (event for event in stage.events[-3:] if event.turn == 1)
        assert (answered.text, answered.complete) == (
            "One is the first. Two is the second. ",
            False,
        )
        assert not spoken.complete
        await until(lambda: backend.stopped == ["task"])
        speaker.release()
        await slip(stage)
        assert stage.questions() == ["a story", "a question"]
        assert heard(speaker)[-1] == "One.Two."

    play(script, backend=backend, microphone=FakeMicrophone(utter("no, stop")), ears=QuickEars)


def test_what_a_pre_roll_and_the_room_hold_of_the_answer_is_no_barge_in():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await slip(stage)
        assert "idle" not in stage.kinds(1)
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1].endswith(SENTENCES[2])

    own_voice = np.concatenate([utter("is the second")[:10400], HISS[:1600]])
    settings = with_microphone(pre_roll_s=0.5)
    play(script, microphone=FakeMicrophone(own_voice), settings=settings, ears=LoudEars)


@pytest.mark.parametrize("command", [Stop(), New(), Ask(text="something else")])
def test_whatever_else_is_wanted_ends_the_answer_that_is_held(command):
    backend = story(then=asyncio.Event())

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(command)
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        await until(lambda: backend.stopped == ["task"])
        assert (stage.kinds(2)[-1:] == ["idle"]) == (command != New())

    play(script, backend=backend)


def test_a_microphone_that_is_missing_costs_nobody_the_answer():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Press())
        await until(lambda: stage.kinds(2) == ["failed", "idle"])
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "Two is the second.Three is the last."
        assert stage.phases[-1] == "idle"

    missing = MicrophoneError("There is no microphone", "")
    play(script, microphone=FakeMicrophone(missing=missing))


def test_a_slip_before_the_answer_is_heard_does_not_lose_the_question():
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

    play(script, backend=backend)


def test_a_slip_while_the_words_are_looked_for_does_not_lose_them():
    known = asyncio.Event()

    class Slow(FakeBackend):
        async def audio_to_text(self, upload):
            words = await super().audio_to_text(upload)
            await known.wait()
            return words

    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Press())
        await until(stage.heard_all)
        stage.post(Release())
        await until(lambda: "transcribing" in stage.kinds(1))
        stage.microphone.pcm = HISS[:1600]
        await slip(stage)
        known.set()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker) == ["One.Two."]

    backend = Slow(script=ANSWER, can=SILENT)
    play(script, backend=backend, microphone=FakeMicrophone(), ears=LoudEars)


def test_an_answer_that_was_paused_stays_paused_after_a_slip():
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

    play(script)


def test_an_announcement_is_said_while_an_answer_is_paused_which_stays_so():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        await until(lambda: "paused" in stage.kinds())
        speaker.release()
        stage.post(Announce(text=TIMER))
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert heard(speaker)[-1] == TIMER
        await stage.settle()
        assert stage.phases[-1] == "paused"
        assert heard(speaker)[-1] == TIMER
        stage.post(Resume())
        await until(lambda: stage.count("idle") == 2)
        story = [words for words in heard(speaker) if words != TIMER]
        assert "".join(story) == "".join(SENTENCES)

    play(script)


def test_announcements_are_said_between_two_sentences():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker, hear_s=0.2)
        for text in (TIMER, "And again."):
            stage.post(Announce(text=text))
        speaker.release()
        await until(lambda: stage.count("idle") == 3)
        said = heard(speaker)
        assert said[-2:] != [TIMER, "And again."], "not at the end"
        at = said.index(TIMER)
        assert said[at + 1] == "And again."
        assert "".join(said[:at] + said[at + 2 :]) == "".join(SENTENCES)
        assert said[at - 1].endswith("."), "no sentence is cut in two"
        assert [event.turn for event in stage.events if isinstance(event, events.Idle)] == [2, 3, 1]

    play(script)


def test_an_announcement_does_not_wait_for_an_answer_that_does_not_come():
    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: stage.questions() == ["a story"])
        stage.post(Announce(text=TIMER))
        await until(lambda: heard(speaker) == [TIMER])
        assert stage.count("idle") <= 1

    play(script, backend=server(script=[Message(answer="", **IDS), asyncio.Event()]))


def test_a_slip_during_an_announcement_does_not_lose_it():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        stage.post(Pause())
        stage.post(Announce(text=TIMER))
        await until(lambda: speaker.playbacks[-1].words.startswith("Time"))
        await slip(stage)
        speaker.release()
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert heard(speaker)[-1] == TIMER
        await stage.settle()
        assert stage.phases[-1] == "paused"

    play(script)


def test_after_an_announcement_the_answer_is_steered_and_said_again():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        for number in range(3):
            stage.post(Pause())
            await until(lambda: stage.phases[-1] == "paused")
            stage.post(Announce(text=TIMER))
            await until(lambda number=number: stage.count("announced") == number + 1)
            await until(lambda number=number: speaker.hear() or stage.count("idle") > number)
            stage.post(Resume())
            await until(lambda: stage.phases[-1] == "speaking")
        stage.post(Skip())
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 5)
        assert heard(speaker)[-1] == "".join(SENTENCES)

    play(script)


@pytest.mark.parametrize("other", [Press(), Announce(text=TIMER)], ids=["slip", "announcement"])
def test_an_answer_that_was_heard_when_it_was_held_is_said_again_all_the_same(other):
    """Its speech is over, and its follow-ups are still awaited."""

    late = asyncio.Event()

    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: "spoken" in stage.kinds(1))
        stage.post(other)
        await until(lambda: {"listening", "announced"} & set(stage.kinds(2)))
        late.set()
        await until(lambda: "idle" in stage.kinds(1))
        stage.post(Release())
        await until(lambda: stage.count("idle") == 2)
        stage.post(Repeat())
        await until(lambda: stage.count("idle") == 3)
        assert heard(speaker)[-1] == ("".join(SENTENCES) if other == Press() else TIMER)

    play(script, backend=late_with_follow_ups(late))


def test_an_announcement_during_the_last_words_does_not_wait_for_the_follow_ups():
    late = asyncio.Event()

    async def script(stage, speaker) -> None:
        speaker.ahead_s = 10.0
        await tell(stage, speaker)
        await until(lambda: speaker.playbacks[0].words == "".join(SENTENCES))
        await stage.settle()
        stage.post(Announce(text=TIMER))
        await stage.settle()
        speaker.release()
        await until(lambda: stage.kinds(2) == ["announced", "speaking", "spoken", "idle"])
        assert "idle" not in stage.kinds(1)
        late.set()
        await until(lambda: stage.kinds(1)[-2:] == ["suggested", "idle"])

    play(script, backend=late_with_follow_ups(late))


def test_while_only_the_follow_ups_are_awaited_the_answer_can_be_said_again():
    late = asyncio.Event()

    async def script(stage, speaker) -> None:
        speaker.release()
        stage.post(Ask(text="a story"))
        await until(lambda: "spoken" in stage.kinds(1))
        assert stage.phases[-1] == "idle"
        stage.post(Repeat())
        await until(lambda: stage.kinds(2) == ["speaking", "spoken", "idle"])
        stage.post(Back())
        await until(lambda: "idle" in stage.kinds(3))
        assert heard(speaker)[-2:] == ["".join(SENTENCES), SENTENCES[-1]]
        assert "idle" not in stage.kinds(1)
        speaker.held = True
        stage.post(Repeat())
        await until(lambda: "speaking" in stage.kinds(4))
        late.set()
        await until(lambda: stage.kinds(1)[-2:] == ["suggested", "idle"])
        assert stage.phases[-1] == "speaking"
        stage.post(Stop())
        await until(lambda: stage.count("idle") == 4)

    play(script, backend=late_with_follow_ups(late))
