"""Command words: understood here, with every backend, and nothing is sent."""

from __future__ import annotations

import pytest
from fakes import FakeMicrophone, until
from helpers.audio.wav_files import write_wav
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, QuickEars, server, staged
from helpers.turns.story import SENTENCES, STORY, heard, play, tell

from voice_assistant import events
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Announce, Ask, Press, Release, Resume, Window

DIFY = 'backend={kind="dify", url="http://127.0.0.1/v1"}'
HEARD = ["listening", "transcribing", "commanded"]


def says(words: str, questions=()):
    """A server that tells the story, and hears these words in every recording."""
    return server(scripts=[STORY, ANSWER], words=[words], questions=questions)


def settings(*changes: str):
    return settings_with(DIFY, "microphone.tail_s=0", *changes)


async def say(stage) -> None:
    """Press, speak, let go, and wait for the end of that turn."""
    before = stage.count("idle")
    stage.post(Press())
    await until(stage.heard_all)
    stage.post(Release())
    await until(lambda: stage.count("idle") > before)


async def during_the_story(words: str, script, *changes: str) -> None:
    """Tell the story, say `words` into its second sentence, then run `script`."""
    backend = says(words)

    async def run(stage, speaker) -> None:
        await tell(stage, speaker)
        await say(stage)
        await script(stage, speaker)
        assert stage.questions() == ["a story"]
        assert len(backend.asked) == 1, "nothing was sent"
        assert stage.recordings() == [], "it is answered"

    await play(
        run,
        backend=backend,
        settings=settings(*changes),
        microphone=FakeMicrophone(),
        ears=QuickEars,
    )


async def test_slower_goes_on_with_the_sentence_that_was_cut():
    async def script(stage, speaker) -> None:
        assert stage.kinds(2) == [*HEARD, "idle"]
        await until(lambda: stage.parts.player.speed == 0.75)
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[0] == "One is the first.Two is "
        assert stage.kinds(1)[-2:] == ["spoken", "idle"]
        assert speaker.playbacks[-1].written_s > len("".join(SENTENCES[1:])) * 0.05

    await during_the_story("Slower, please.", script)


async def test_stop_ends_the_answer():
    async def script(stage, speaker) -> None:
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert heard(speaker) == ["One is the first.Two is "]

    await during_the_story("Stop!", script)


async def test_wait_pauses_the_answer_until_go_on():
    async def script(stage, speaker) -> None:
        await until(lambda: stage.kinds(1)[-1:] == ["paused"])
        speaker.release()
        await stage.settle()
        assert len(heard(speaker)) == 1
        stage.post(Resume())
        await until(lambda: stage.kinds(1)[-1:] == ["idle"])
        assert heard(speaker)[1] == "Two is the second.Three is the last."

    await during_the_story("wait", script)


@pytest.mark.parametrize(
    ("words", "then"),
    [
        ("go on", SENTENCES[1:]),
        ("next", SENTENCES[2:]),
        ("back", SENTENCES),
        ("repeat that", SENTENCES),
    ],
)
async def test_the_listener_steers_by_voice(words, then):
    async def script(stage, speaker) -> None:
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "".join(then)

    await during_the_story(words, script)


async def test_a_question_drops_the_answer_and_is_asked():
    backend = says("what time is it")

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        speaker.release()
        await say(stage)
        await until(lambda: stage.kinds(2)[-1:] == ["idle"])
        assert stage.questions() == ["a story", "what time is it"]

    await play(
        script, backend=backend, settings=settings(), microphone=FakeMicrophone(), ears=QuickEars
    )


async def test_the_short_sound_ends_before_the_answer_goes_on():
    async def script(stage, speaker) -> None:
        await until(lambda: speaker.hear() or stage.count("idle") == 2)
        assert heard(speaker)[-1] == "".join(SENTENCES[1:])
        *_, done = speaker.playbacks[1:-1]
        assert done.state == "finished"

    await during_the_story("go on", script, "sounds.enabled=true")


async def test_the_second_one_asks_the_second_follow_up():
    backend = says("The second one.", questions=["Why?", "And then?"])
    async with staged(backend=backend, settings=settings()) as stage:
        stage.post(Ask(text="a story"))
        await stage.turn_over()
        await say(stage)
        assert stage.questions() == ["a story", "And then?"]
        sources = [event.source for event in stage.events if isinstance(event, events.Asked)]
        assert sources == ["text", "suggestion"]
        assert backend.asked[1].query == "And then?"
        assert stage.recordings() == []


@pytest.mark.parametrize("chosen", ["clicked", "spoken"])
async def test_a_follow_up_that_opens_the_window_does_so_and_asks_nothing(chosen):
    backend = says("the second one", questions=["Why?", "Open the setup"])
    opened = []
    async with staged(backend=backend, settings=settings()) as stage:
        stage.assistant.hand_on(Window, opened.append)
        stage.post(Ask(text="a story"))
        await stage.turn_over()
        if chosen == "clicked":
            stage.post(Ask(text="Open the setup", source="suggestion"))
        else:
            await say(stage)
        await until(lambda: opened)
        assert opened == [Window(view="setup")]
        assert stage.questions() == ["a story"]


async def test_follow_ups_are_read_out_and_the_words_heard_are_told():
    backend = says("what did you hear", questions=["Why?", "And then?"])
    async with staged(backend=backend, settings=settings()) as stage:
        stage.post(Ask(text="a story"))
        await stage.turn_over()
        await say(stage)
        assert stage.kinds(2) == [*HEARD, "speaking", "spoken", "idle"]
        assert stage.speaker.playbacks[-1].words == "I heard: a story"
        stage.post(Ask(text="read the follow-ups"))
        await until(lambda: stage.count("idle") == 3)
        assert stage.kinds(3) == ["commanded", "speaking", "spoken", "idle"]
        assert stage.speaker.playbacks[-1].words.startswith("1: Why?")
    assert len(backend.asked) == 1


async def test_typed_command_words_work_too_unless_they_are_meant_literally():
    backend = says("")
    async with staged(backend=backend, settings=settings()) as stage:
        stage.post(Ask(text="slower"))
        await stage.turn_over()
        assert stage.kinds() == ["commanded", "idle"]
        assert backend.asked == []
        stage.post(Ask(text="slower", literal=True))
        await until(lambda: stage.count("idle") == 2)
        assert stage.questions() == ["slower"]
        assert stage.parts.player.speed == 0.75


async def test_a_number_typed_after_follow_ups_asks_one():
    backend = says("", questions=["Why?", "And then?"])
    async with staged(backend=backend, settings=settings()) as stage:
        stage.post(Ask(text="a story"))
        await stage.turn_over()
        stage.post(Ask(text="2", speech=False))
        await until(lambda: stage.count("idle") == 2)
        assert stage.questions() == ["a story", "And then?"]


@pytest.mark.parametrize("literal", [False, True])
async def test_a_file_of_speech_may_hold_a_command_word(literal, tmp_path):
    file = tmp_path / "louder.wav"
    write_wav(file, FakeMicrophone().pcm, SPEECH_RATE_HZ)
    backend = says("quieter")
    async with staged(backend=backend, settings=settings()) as stage:
        stage.post(Ask(audio=str(file), literal=literal))
        await stage.turn_over()
        assert stage.questions() == (["quieter"] if literal else [])
        volume = 1.0 if literal else 0.8
        await until(lambda: stage.parts.player.volume == volume)  # the command follows its turn


async def test_the_setting_sends_everything():
    backend = says("slower")
    everything = settings("hands_free.command_words=false")
    async with staged(backend=backend, settings=everything) as stage:
        await say(stage)
        assert stage.questions() == ["slower"]


async def test_a_command_word_ends_no_announcement_for_good():
    """What is said into an announcement steers it, and it is told to its end."""
    backend = says("louder")

    async def script(stage, speaker) -> None:
        told = []
        stage.assistant.post(Announce(text="Time is up."), told.append)
        await until(lambda: speaker.playbacks)
        await say(stage)
        speaker.release()
        await until(lambda: told)
        assert heard(speaker)[-1] == "Time is up."

    await play(
        script, backend=backend, settings=settings(), microphone=FakeMicrophone(), ears=QuickEars
    )


async def test_words_that_cannot_be_found_leave_the_answer_going_on():
    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await say(stage)
        assert [failed.code for failed in stage.failures()] == ["nothing_heard"]
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "".join(SENTENCES[1:])

    await play(
        script, backend=says(""), settings=settings(), microphone=FakeMicrophone(), ears=QuickEars
    )
