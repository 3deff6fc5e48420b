from __future__ import annotations

import pytest
from fakes import FakeSpeaker, until
from helpers.settings.varied import LOUD
from helpers.turns.staging import staged

from voice_assistant import events
from voice_assistant.audio import earcons
from voice_assistant.speech.earcon_player import RATE_HZ, EarconPlayer


async def test_an_answer_that_is_quicker_than_the_sounds_before_it_is_not_silenced_by_them():
    """Some devices take a second to open: the start sound is heard when all has been said."""
    speaker = FakeSpeaker(held=True)
    async with staged(speaker=speaker, settings=LOUD) as stage:
        await stage.speak()
        await until(lambda: speaker.playbacks[-1].words == "One.Two.")
        assert stage.count("transcribing")
        assert speaker.playbacks[0].state == "aborted"
        await stage.settle()
        speaker.release()
        await stage.turn_over()
        assert len(speaker.playbacks) == 2
        assert speaker.playbacks[-1].heard_words == "One.Two."
        await stage.parts.sounds.over()


async def test_a_late_greeting_silences_no_answer():
    """The tray or the bus may take seconds to be known: one has asked before that."""
    speaker = FakeSpeaker()
    async with staged(speaker=speaker, settings=LOUD) as stage:
        await stage.speak()
        await until(lambda: stage.count("speaking"))
        stage.parts.sounds.greet()
        await stage.turn_over()
        await stage.parts.sounds.over()
        assert speaker.playbacks[-1].heard_words == "One.Two."


async def test_whoever_has_not_used_it_yet_hears_that_it_works():
    speaker = FakeSpeaker()
    async with staged(speaker=speaker, settings=LOUD) as stage:
        stage.parts.sounds.greet()
        await stage.parts.sounds.over()
        assert len(speaker.playbacks) == 1


@pytest.mark.parametrize("sounds", [False, True])
async def test_command_words_whose_command_has_a_sound_get_no_second_one(sounds):
    speaker = FakeSpeaker()
    async with staged(speaker=speaker, settings=LOUD) as stage:
        stage.parts.sounds.handle(events.Commanded(words="slower", sounds=sounds, turn=1))
        await stage.parts.sounds.over()
        assert len(speaker.playbacks) == (0 if sounds else 1)


STATES = {
    "listening": (events.Listening(turn=1), earcons.start_sound),
    "listening by itself": (events.Listening(by_itself=True, turn=1), earcons.soft_start_sound),
    "thinking": (events.Transcribing(turn=1), earcons.end_sound),
    "error": (events.Failed(title="x", hint="", code="x", turn=1), earcons.failure_sound),
    "nothing heard": (
        events.Failed(title="x", hint="", code="nothing_heard", turn=1),
        earcons.failure_sound,
    ),
    "paused by voice": (
        events.Commanded(words="wait", pauses=True, turn=1),
        earcons.paused_sound,
    ),
    "still paused": (
        events.Announced(text="It is paused.", of_pause=True, turn=1),
        earcons.paused_sound,
    ),
    "done": (events.Commanded(words="slower", turn=1), earcons.done_sound),
}


@pytest.mark.parametrize(("event", "sound"), STATES.values(), ids=STATES)
async def test_each_state_is_heard_to_begin(event, sound):
    speaker = FakeSpeaker()
    async with staged(speaker=speaker, settings=LOUD) as stage:
        stage.parts.sounds.handle(event)
        await stage.parts.sounds.over()
        [playback] = speaker.playbacks
        assert list(playback.written[0]) == list(sound(RATE_HZ, LOUD.sounds.volume))


async def test_the_sound_that_tells_that_it_woke_comes_when_it_is_wanted_over_no_word():
    speaker = FakeSpeaker()
    async with staged(speaker=speaker, settings=LOUD) as stage:
        stage.parts.sounds.handle(events.Listening(by_itself=True, woken=True, turn=1))
        await stage.parts.sounds.over()
        assert not speaker.playbacks
        stage.parts.sounds.wake()
        await stage.parts.sounds.over()
        assert len(speaker.playbacks) == 1


SWITCHES = {"mute": EarconPlayer.mute, "a way of working": EarconPlayer.switch}


@pytest.mark.parametrize("turn", SWITCHES.values(), ids=SWITCHES)
async def test_a_switch_and_its_end_are_heard_and_differ(turn):
    speaker = FakeSpeaker()
    async with staged(speaker=speaker, settings=LOUD) as stage:
        for on in (True, False):
            turn(stage.parts.sounds, on=on)
            await stage.parts.sounds.over()
        begun, ended = (playback.written[0] for playback in speaker.playbacks)
        assert list(begun) != list(ended)


@pytest.mark.parametrize("turn", SWITCHES.values(), ids=SWITCHES)
async def test_a_switch_cuts_off_no_answer_and_is_heard_after_it(turn):
    speaker = FakeSpeaker(held=True)
    async with staged(speaker=speaker, settings=LOUD) as stage:
        await stage.speak()
        await until(lambda: stage.count("speaking"))
        turn(stage.parts.sounds, on=True)
        await until(lambda: speaker.playbacks[-1].words == "One.Two.")
        answer = speaker.playbacks[-1]
        speaker.release()
        await stage.turn_over()
        await until(lambda: speaker.playbacks[-1] is not answer)
        assert answer.heard_words == "One.Two."
        await stage.parts.sounds.over()
