"""Barge-in by voice: the answer pauses at once, and goes on where there are no words."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import asynccontextmanager

import numpy as np
import pytest
from fakes import FakeMicrophone, FakeRecognizer, until, utter
from helpers.settings.varied import settings_with
from helpers.turns.phases import Following
from helpers.turns.staging import ANSWER, IDS, LoudEars, server
from helpers.turns.story import HISS, SENTENCES, STORY, heard, play, tell

from voice_assistant import events
from voice_assistant.api.models import Transcript
from voice_assistant.api.stream.events import Message, MessageEnd
from voice_assistant.audio.clock_drift import EARLY_S
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.played_sound import PlayedSound
from voice_assistant.commands import Press, Release
from voice_assistant.errors import microphone_off
from voice_assistant.hearing.barge_in import AHEAD_S, BargeIn

DIFY = 'backend={kind="dify", url="http://127.0.0.1/v1"}'
WORDS = "no, stop"


class Loud:
    """Take whatever is louder than hiss for a person; 0.3 s of it are needed."""

    user_speaks = False

    def __init__(self) -> None:
        self._loud = 0

    def remember(self, far):
        assert not far.any()  # nothing was played yet

    def feed(self, near, far):
        self._loud += np.count_nonzero(near > 1)
        self.user_speaks = self._loud > 4800
        return near


@asynccontextmanager
async def listening_for(stage, microphone):
    async def finder(plays):
        return Loud()

    barge_in = BargeIn(microphone, PlayedSound(), finder, stage.assistant.talk_over)
    stage.assistant.subscribe(Following(barge_in))
    task = asyncio.create_task(barge_in.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def spoken_into_the_story(
    script, *words: str | Transcript, sound, story=STORY, ears=LoudEars
) -> None:
    """Tell the story while `sound` is heard, of which the server hears these words."""
    backend = server(scripts=[story, ANSWER], words=words)
    microphone = FakeMicrophone(HISS[:1600])

    async def run(stage, speaker) -> None:
        async with listening_for(stage, microphone):
            microphone.pcm = np.concatenate([HISS[:16000], sound, HISS[: 4 * 16000]])
            microphone.go.clear()
            await tell(stage, speaker)
            microphone.go.set()
            await script(stage, speaker, backend)
            assert all(capture.closed for capture in microphone.captures[:1])

    settings = settings_with(DIFY, "microphone.tail_s=0")
    await play(run, backend=backend, microphone=microphone, settings=settings, ears=ears)


async def test_a_question_spoken_into_an_answer_is_heard_from_its_first_syllable():
    async def script(stage, speaker, backend) -> None:
        await until(lambda: "listening" in stage.kinds(2))
        stage.microphone.pcm = HISS[:1600]
        speaker.release()
        await until(lambda: stage.questions() == ["a story", "what time is it"])
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        kinds = [kind for kind in stage.kinds(2) if kind not in {"begun", "text", "speaking"}]
        assert kinds == ["listening", "transcribing", "asked", "answered", "spoken", "idle"]
        (listening,) = [e for e in stage.events if isinstance(e, events.Listening)]
        assert listening.by_itself
        assert listening.talked_over
        recorded = read_speech(backend.uploads[0])
        assert np.count_nonzero(recorded > 1) == len(utter(WORDS))
        assert speaker.playbacks[0].state == "aborted"

    await spoken_into_the_story(script, "what time is it", sound=utter(WORDS))


async def test_a_stop_ends_the_answer():
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert stage.kinds(2) == ["listening", "transcribing", "commanded", "idle"]
        assert len(backend.asked) == 1

    await spoken_into_the_story(script, "Stop.", sound=utter(WORDS))


@pytest.mark.parametrize("words", ["", "Mm-hm."])
async def test_without_words_the_answer_goes_on_with_the_sentence_that_was_cut(words):
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = HISS  # from the second capture on
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert stage.failures() == []
        assert stage.recordings() == []
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert heard(speaker)[-1] == "".join(SENTENCES[1:])

    await spoken_into_the_story(script, words, sound=utter(WORDS))


UNCLEAR = Transcript(text="Tay a.", sure=False)


@pytest.mark.parametrize("heard_as", ["Tay a.", "Well, he's tight."])
async def test_a_word_that_was_not_understood_can_be_said_again_before_the_answer_goes_on(heard_as):
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = np.concatenate([HISS[:8000], utter(WORDS), HISS[: 4 * 16000]])
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert stage.kinds(2) == ["listening", "transcribing", "idle"]
        assert stage.kinds(3) == ["listening", "transcribing", "commanded", "idle"]
        assert len(backend.asked) == 1

    unclear = Transcript(text=heard_as, sure=False)
    await spoken_into_the_story(script, unclear, "Stop.", sound=utter(WORDS))


async def test_a_whole_question_into_an_answer_is_asked_although_some_of_it_is_unclear():
    async def script(stage, speaker, backend) -> None:
        await until(lambda: "listening" in stage.kinds(2))
        stage.microphone.pcm = HISS[:1600]
        speaker.release()
        await until(lambda: stage.questions() == ["a story", "What is the tight all?"])
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])

    unclear = Transcript(text="What is the tight all?", sure=False)
    await spoken_into_the_story(script, unclear, sound=utter("what is the capital of it"))


@pytest.mark.parametrize("again", [HISS, np.concatenate([HISS[:8000], utter(WORDS), HISS])])
async def test_what_is_not_said_again_or_again_not_understood_lets_the_answer_go_on(again):
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = again
        await until(lambda: stage.kinds(3)[-1:] == ["idle"])
        stage.microphone.pcm = HISS
        assert stage.failures() == []
        assert stage.recordings() == []
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert heard(speaker)[-1] == "".join(SENTENCES[1:])

    await spoken_into_the_story(script, UNCLEAR, sound=utter(WORDS))


@pytest.mark.parametrize("level_dbfs", [-45.0, -20.0])
async def test_a_command_guessed_in_what_stays_of_an_echo_is_not_obeyed(level_dbfs):
    def ears():
        heard = LoudEars()
        heard.voice_dbfs = level_dbfs
        return heard

    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = HISS  # from the second capture on
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert ("commanded" in stage.kinds(2)) == (level_dbfs == -20.0)
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])

    guess = Transcript(text="Stop.", sure=False, guessed=True)
    await spoken_into_the_story(script, guess, sound=utter(WORDS), ears=ears)


OF_WAITING = [
    *(Message(answer=said, **IDS) for said in ("One is the first. ", "Two has to wait a minute. ")),
    MessageEnd(**IDS),
]


@pytest.mark.parametrize("sure", [False, True])
async def test_an_unsure_word_that_the_assistant_has_just_said_is_not_obeyed(sure):
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = HISS
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        if sure:
            await until(lambda: stage.phases[-1:] == ["paused"])
            return
        await until(lambda: stage.kinds(3)[-1:] == ["idle"])  # it could be said again
        assert not stage.count("commanded")
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert heard(speaker)[-1] == "Two has to wait a minute."

    own = Transcript(text="Wait.", sure=sure)
    await spoken_into_the_story(script, own, sound=utter(WORDS), story=OF_WAITING)


async def test_the_answers_own_words_are_not_asked_however_surely_they_were_heard():
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = HISS
        await until(lambda: stage.kinds(3)[-1:] == ["idle"])
        assert stage.questions() == ["a story"]
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])

    await spoken_into_the_story(script, "Two is", sound=utter(WORDS))


async def test_what_is_obeyed_is_logged_with_how_surely_it_was_heard(caplog):
    caplog.set_level("INFO")

    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])

    unsure = Transcript(text="Stop.", sure=False)
    await spoken_into_the_story(script, unsure, sound=utter(WORDS))
    assert 'obeyed: "Stop.", said into the answer (not sure, ' in caplog.text


SAID_AGAIN = np.concatenate([HISS[:8000], utter(WORDS), HISS[: 4 * 16000]])


async def test_a_pause_by_voice_holds_until_the_user_says_go_on():
    async def script(stage, speaker, backend) -> None:
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = SAID_AGAIN
        await until(lambda: "paused" in stage.kinds(1))
        await until(lambda: stage.count("commanded") == 2)
        speaker.release()
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert "resumed" in stage.kinds(1)
        assert heard(speaker)[-1] == "".join(SENTENCES[1:])
        assert len(backend.asked) == 1

    await spoken_into_the_story(script, "Wait.", "Go on.", sound=utter(WORDS))


async def test_what_people_say_while_an_answer_is_paused_is_neither_asked_nor_sent():
    async def script(stage, speaker, backend) -> None:
        stage.parts.recognizer = FakeRecognizer(
            "I told you so."
        )  # only then it is asked: local = "never"
        await until(lambda: stage.microphone.captures)
        stage.microphone.pcm = SAID_AGAIN
        await until(lambda: "paused" in stage.kinds(1))
        assert len(backend.uploads) == 1
        await until(lambda: "listening" in stage.kinds(3))
        stage.microphone.pcm = HISS
        await until(lambda: stage.kinds(3)[-1:] == ["idle"])
        assert stage.kinds(3) == ["listening", "idle"]
        assert stage.phases[-1] == "paused"
        assert len(backend.uploads) == len(backend.asked) == 1
        assert stage.recordings() == []

    await spoken_into_the_story(script, "Wait.", sound=utter(WORDS))


class Asked(PlayedSound):
    """Remember for which times the loudspeaker's sound was wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.begins_s = []

    def between(self, begin_s, count):
        self.begins_s.append(begin_s)
        return super().between(begin_s, count)


async def test_where_the_first_block_came_late_the_times_are_right_from_the_next_ones_on():
    async def finder(plays):
        return Loud()

    played, microphone = Asked(), FakeMicrophone(HISS[:16000])
    times_s = itertools.chain([10.0, 10.0], itertools.repeat(10.02))
    barge_in = BargeIn(microphone, played, finder, print, clock_s=lambda: next(times_s))
    barge_in.look("speaking")
    task = asyncio.create_task(barge_in.run())
    await until(lambda: len(played.begins_s) > 10)
    task.cancel()
    await asyncio.wait([task])
    assert max(played.begins_s) <= 10.02 + AHEAD_S + EARLY_S


async def heard_at(*times_s: float) -> list[float]:
    """Return for which times the loudspeaker's sound was wanted, of blocks that come then."""

    async def finder(plays):
        return Loud()

    played, microphone = Asked(), FakeMicrophone(np.resize(HISS, 320 * len(times_s)))
    times = iter(times_s)
    barge_in = BargeIn(microphone, played, finder, print, clock_s=lambda: next(times))
    barge_in.look("speaking")
    task = asyncio.create_task(barge_in.run())
    await until(lambda: len(played.begins_s) == len(times_s) + 1)  # and the past
    task.cancel()
    await asyncio.wait([task])
    return [begin_s - EARLY_S for begin_s in played.begins_s[1:]]


async def test_where_samples_of_the_microphone_were_lost_the_times_are_right_soon_after():
    times_s = [10.0 + 0.02 * n + (0.3 if n > 10 else 0.0) for n in range(30)]
    wanted = await heard_at(*times_s)
    assert wanted[10] == pytest.approx(times_s[10] - 0.02)
    assert wanted[18:] == pytest.approx([time_s - 0.02 for time_s in times_s[18:]], abs=0.001)


async def test_blocks_that_come_late_and_all_at_once_change_no_times():
    times_s = [10.0 + 0.02 * max(n, 20 if n > 10 else 0) for n in range(40)]
    wanted = await heard_at(*times_s)
    assert wanted == pytest.approx([10.0 + 0.02 * (n - 1) for n in range(40)])


async def test_the_microphone_is_listened_to_anew_where_an_answer_pauses_and_where_it_goes_on():
    plays = []

    async def finder(playing):
        plays.append(playing)
        return Loud()

    microphone = FakeMicrophone(HISS[:1600])
    barge_in = BargeIn(microphone, PlayedSound(), finder, print)
    task = asyncio.create_task(barge_in.run())
    for count, phase in enumerate(("speaking", "paused", "speaking"), start=1):
        barge_in.look(phase)
        await until(lambda count=count: len(plays) == count)
    barge_in.look("idle")
    await until(lambda: all(capture.closed for capture in microphone.captures))
    task.cancel()
    await asyncio.wait([task])
    assert plays == [True, False, True]


async def test_where_nobody_speaks_nothing_is_recorded_and_the_microphone_closes():
    async def script(stage, speaker, backend) -> None:
        speaker.release()
        await until(stage.rests)
        await until(lambda: all(capture.closed for capture in stage.microphone.captures))
        assert stage.kinds().count("listening") == 0
        assert backend.uploads == []

    await spoken_into_the_story(script, "", sound=HISS[:1600])


async def test_a_key_comes_first():
    async def script(stage, speaker, backend) -> None:
        stage.post(Press())
        await until(lambda: "listening" in stage.kinds(2))
        stage.post(Release())
        speaker.release()  # so much may have been recorded by now that it is answered
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert stage.kinds().count("listening") == 1

    await spoken_into_the_story(script, "what time is it", sound=HISS[:1600])


async def test_without_a_microphone_the_answer_is_spoken_as_always():
    microphone = FakeMicrophone(missing=microphone_off())

    async def run(stage, speaker) -> None:
        async with listening_for(stage, microphone):
            await tell(stage, speaker)
            speaker.release()
            await until(stage.rests)
            assert heard(speaker) == ["".join(SENTENCES)]

    await play(run, microphone=microphone)
