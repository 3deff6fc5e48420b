"""The microphone, on a real sound server."""

from __future__ import annotations

import asyncio
import subprocess

import numpy as np
import pytest
from bench import contains, flite, load
from bench.program import find_program
from desktop.sound import sound_desktop

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.desktop import portaudio
from voice_assistant.desktop.microphone import Microphone
from voice_assistant.errors import MicrophoneError

SENTENCE = "What time is it now?"


@pytest.fixture
def desktop():
    with sound_desktop() as desktop:
        yield desktop


@pytest.fixture
def speech():
    return flite(SENTENCE)


async def record(capture, blocks=None):
    """All blocks of a capture, also in `blocks` while it lasts."""
    blocks = [] if blocks is None else blocks
    async for block in capture:
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.empty(0, np.int16)


async def stop_when_said(desktop, capture, wav):
    """Speak into the microphone, then let go of the key."""
    await asyncio.to_thread(desktop.speak_into_microphone, wav)
    capture.stop(tail_s=0.2)


def test_what_is_said_is_recorded_whole(desktop, speech):
    async def run():
        async with Microphone().capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded, capture.silent

    recorded, silent = asyncio.run(run())

    assert contains(recorded, load(speech), at_least=0.97, share=1.0)
    assert not silent


def test_the_capture_ends_with_its_tail(desktop):
    async def run():
        async with Microphone().capture() as capture:
            blocks = []
            recording = asyncio.create_task(record(capture, blocks))
            while not blocks:
                await asyncio.sleep(0.01)
            before = sum(map(len, blocks))
            capture.stop(tail_s=0.5)
            capture.stop(tail_s=60)
            recorded = await recording
            assert [block async for block in capture] == [], "it does not begin anew"
            return (len(recorded) - before) / SPEECH_RATE_HZ

    assert 0.45 < asyncio.run(run()) < 1.0


def test_blocks_are_short_so_that_they_can_be_sent_while_one_speaks(desktop):
    async def run():
        async with Microphone().capture() as capture:
            return [len(await anext(capture)) for _ in range(10)]

    assert set(asyncio.run(run())) == {320}


def test_a_muted_microphone_is_known_by_its_silence(desktop, speech):
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "1")

    async def run():
        async with Microphone().capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded, capture.silent

    recorded, silent = asyncio.run(run())

    assert recorded.size
    assert silent


def test_the_device_is_closed_after_the_capture(desktop):
    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)
            assert desktop.sound.recorded() == [desktop.sound.microphone]

    asyncio.run(run())
    assert closed(desktop)


def closed(desktop):
    """Nothing is recorded from once all is done that PortAudio's thread was asked for."""
    portaudio.wait("input", bool)
    return desktop.sound.recorded() == []


def test_a_capture_that_is_cancelled_while_it_opens_is_closed(desktop):
    async def run():
        async def capture():
            async with Microphone().capture():
                raise AssertionError("cancelled before")

        task = asyncio.create_task(capture())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert closed(desktop)


class Troubles(list):
    """What was told while a recording went on."""

    def __call__(self, problem):
        self.append(problem and problem.title)


def speak_around(desktop, speech, harm, mend, troubles):
    """Speak, harm the microphone, mend it when that was told, speak again: all that was heard."""

    async def run():
        async with Microphone(trouble=troubles).capture() as capture:
            recording = asyncio.create_task(record(capture))
            await asyncio.to_thread(desktop.speak_into_microphone, speech)
            await asyncio.sleep(0.3)
            harm()
            async with asyncio.timeout(15):
                while not troubles:
                    await asyncio.sleep(0.01)
                mend()
                while troubles[-1] is not None:
                    await asyncio.sleep(0.01)
            await asyncio.to_thread(desktop.speak_into_microphone, flite(AFTERWARDS))
            capture.stop(tail_s=0.2)
            return await recording

    return asyncio.run(run())


AFTERWARDS = "And how many days until Christmas?"


def heard_both(recorded, speech):
    return all(
        contains(recorded, load(said), at_least=0.97, share=1.0)
        for said in (speech, flite(AFTERWARDS))
    )


def test_a_recording_goes_on_when_a_suspended_microphone_is_resumed(desktop, speech):
    def suspend(how):
        desktop.sound.pactl("suspend-source", desktop.sound.microphone, how)

    troubles = Troubles()
    recorded = speak_around(desktop, speech, lambda: suspend("1"), lambda: suspend("0"), troubles)

    assert heard_both(recorded, speech)
    assert troubles == ["The microphone delivers nothing", None]


def test_a_recording_goes_on_when_the_sound_server_is_started_again(desktop, speech):
    troubles = Troubles()
    sound = desktop.sound
    recorded = speak_around(desktop, speech, sound.kill, sound.start, troubles)

    assert heard_both(recorded, speech)
    assert troubles == ["The microphone was lost while recording", None]


def test_a_recording_goes_on_when_the_microphone_is_plugged_in_again(desktop, speech):
    def plug():
        desktop.sound.pactl(
            "load-module",
            "module-remap-source",
            "source_name=bench_microphone",
            "master=bench_mouth.monitor",
        )
        desktop.sound.pactl("set-default-source", desktop.sound.microphone)

    troubles = Troubles()
    recorded = speak_around(desktop, speech, lambda: remove_microphone(desktop), plug, troubles)

    assert heard_both(recorded, speech)
    assert "what the speaker plays" in troubles[0]


def test_a_release_while_the_microphone_is_away_keeps_what_was_said(desktop, speech):
    troubles = Troubles()

    async def run():
        async with Microphone(trouble=troubles).capture() as capture:
            recording = asyncio.create_task(record(capture))
            await asyncio.to_thread(desktop.speak_into_microphone, speech)
            await asyncio.sleep(0.3)
            desktop.sound.kill()
            while not troubles:
                await asyncio.sleep(0.01)
            capture.stop(tail_s=0.2)
            return await recording

    assert contains(asyncio.run(run()), load(speech), at_least=0.97, share=1.0)


def test_a_microphone_that_is_muted_is_said_while_one_speaks(desktop):
    desktop.sound.pactl("set-source-mute", desktop.sound.microphone, "1")
    troubles = Troubles()

    async def run():
        async with Microphone(trouble=troubles).capture() as capture:
            async for _ in capture:
                if troubles:
                    capture.stop()

    asyncio.run(run())
    assert troubles == ["The microphone delivers only silence"]


def kept(desktop, use, pre_roll_s=0.5):
    """What `use` does with a microphone that is kept open, and how often it worked again."""
    ready = []

    async def run():
        microphone = Microphone(pre_roll_s=pre_roll_s)
        open_ = asyncio.create_task(microphone.run(lambda: ready.append(1)))
        try:
            async with asyncio.timeout(20):
                while not ready and not open_.done():
                    await asyncio.sleep(0.01)
                return await use(microphone)
        finally:
            open_.cancel()
            (ended,) = await asyncio.gather(open_, return_exceptions=True)
            assert isinstance(ended, asyncio.CancelledError), ended
            assert not microphone.kept_open

    return asyncio.run(run())


def test_what_was_said_just_before_the_press_is_recorded_with_a_pre_roll(desktop, speech):
    async def use(microphone):
        saying = asyncio.create_task(asyncio.to_thread(desktop.speak_into_microphone, speech))
        # Until its first sound is in the memory of the microphone.
        while not microphone._kept._newest or microphone._kept.silent:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.4)
        async with microphone.capture() as capture:
            recording = asyncio.create_task(record(capture))
            await saying
            capture.stop(tail_s=0.2)
            return await recording

    assert contains(kept(desktop, use), load(speech), at_least=0.97, share=1.0)


def test_of_an_open_microphone_only_the_pre_roll_is_kept(desktop):
    async def use(microphone):
        await asyncio.sleep(1.5)
        assert microphone.kept_open
        assert microphone.level_dbfs is None, "nobody records"
        async with microphone.capture() as capture:
            first = len(await anext(capture))
            capture.stop()
            rest = await record(capture)
            return (first + len(rest)) / SPEECH_RATE_HZ

    assert 0.5 <= kept(desktop, use) < 0.8


def test_an_open_microphone_serves_one_recording_after_the_other(desktop, speech):
    async def use(microphone):
        for _ in range(2):
            async with microphone.capture() as capture:
                said = asyncio.create_task(stop_when_said(desktop, capture, speech))
                recorded = await record(capture)
                await said
                assert contains(recorded, load(speech), at_least=0.97, share=1.0)
        return desktop.sound.recorded()

    assert kept(desktop, use) == [desktop.sound.microphone], "nothing else was opened"


def test_an_open_microphone_is_opened_anew_when_the_sound_server_was_restarted(desktop, speech):
    async def use(microphone):
        before = microphone._kept
        desktop.sound.kill()
        desktop.sound.start()
        while microphone._kept in {before, None} or not microphone._kept.delivers:
            await asyncio.sleep(0.01)
        async with microphone.capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded

    assert contains(kept(desktop, use), load(speech), at_least=0.97, share=1.0)


def test_the_level_tells_how_loud_it_is(desktop, speech):
    async def run():
        microphone = Microphone()
        async with microphone.capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            levels = [microphone.level_dbfs async for _ in capture]
            await said
        return levels, microphone.level_dbfs

    levels, afterwards = asyncio.run(run())
    assert min(levels) < -60
    assert -40 < max(levels) <= 0
    assert afterwards is None


def test_a_microphone_that_delivered_nothing_until_the_release_is_said_too(desktop):
    desktop.sound.pactl("suspend-source", desktop.sound.microphone, "1")

    async def run():
        async with Microphone().capture() as capture:
            asyncio.get_running_loop().call_later(0.6, capture.stop)
            await record(capture)

    with pytest.raises(MicrophoneError, match="delivers nothing"):
        asyncio.run(run())


def test_a_short_tap_is_no_error_and_tells_nothing_of_muting(desktop):
    async def run():
        async with Microphone().capture() as capture:
            capture.stop()
            return await record(capture), capture.silent

    recorded, silent = asyncio.run(run())
    assert len(recorded) < SPEECH_RATE_HZ / 2
    assert not silent


def test_a_sound_server_that_stays_away_is_given_up_and_used_again_when_it_is_back(desktop, speech):
    async def crash():
        async with Microphone().capture() as capture:
            await anext(capture)
            desktop.sound.kill()
            async with asyncio.timeout(30):
                await record(capture)

    async def again():
        async with Microphone().capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded

    with pytest.raises(MicrophoneError, match="lost"):
        asyncio.run(crash())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        asyncio.run(again())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        Microphone().check()

    desktop.sound.start()
    Microphone().check()
    assert contains(asyncio.run(again()), load(speech), at_least=0.97, share=1.0)


def remove_microphone(desktop):
    desktop.sound.pactl("unload-module", "module-remap-source")


def test_without_a_microphone_what_the_speaker_plays_is_not_taken_for_one(desktop):
    remove_microphone(desktop)

    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)

    with pytest.raises(MicrophoneError, match="what the speaker plays"):
        asyncio.run(run())
    with pytest.raises(MicrophoneError, match="No microphone was found"):
        Microphone().check()


def test_a_microphone_lost_while_recording_is_not_replaced_by_what_the_speaker_plays(desktop):
    async def run():
        async with Microphone().capture() as capture:
            await anext(capture)
            remove_microphone(desktop)
            async with asyncio.timeout(30):
                await record(capture)

    with pytest.raises(MicrophoneError, match="what the speaker plays"):
        asyncio.run(run())


def plug_headset(desktop):
    """A second microphone; what is played into the sink "other" comes out of it."""
    desktop.sound.pactl("load-module", "module-null-sink", "sink_name=other", "norewinds=1")
    desktop.sound.pactl(
        "load-module",
        "module-remap-source",
        "source_name=headset",
        "master=other.monitor",
        "source_properties=device.description=UsbHeadset",
    )


async def record_headset(desktop, microphone, speech):
    async with microphone.capture() as capture:
        recording = asyncio.create_task(record(capture))
        argv = [find_program("paplay"), "--device=other", str(speech)]
        await asyncio.to_thread(subprocess.run, argv, env=desktop.env, check=True)
        capture.stop(tail_s=0.2)
        return await recording


def test_the_system_s_choice_is_followed(desktop, speech):
    async def run():
        microphone = Microphone()
        async with microphone.capture() as capture:
            await anext(capture)
        plug_headset(desktop)
        desktop.sound.pactl("set-default-source", "headset")
        return await record_headset(desktop, microphone, speech)

    assert contains(asyncio.run(run()), load(speech), at_least=0.97, share=1.0)


def test_the_system_s_choice_is_followed_by_an_open_microphone(desktop, speech):
    async def use(microphone):
        plug_headset(desktop)
        desktop.sound.pactl("set-default-source", "headset")
        return await record_headset(desktop, microphone, speech)

    assert contains(kept(desktop, use), load(speech), at_least=0.97, share=1.0)


def test_a_microphone_is_chosen_by_a_part_of_its_name(desktop, speech):
    plug_headset(desktop)
    recorded = asyncio.run(record_headset(desktop, Microphone("usbhead"), speech))
    assert contains(recorded, load(speech), at_least=0.97, share=1.0)


def test_a_microphone_that_was_found_once_is_not_looked_for_at_the_next_press(desktop, monkeypatch):
    plug_headset(desktop)

    async def run():
        microphone = Microphone("usbhead")
        async with microphone.capture() as capture:
            await anext(capture)
        with monkeypatch.context() as without_pactl:
            without_pactl.setenv("PATH", "")
            async with microphone.capture() as capture:
                await anext(capture)
                without_pactl.undo()
                return desktop.sound.recorded()

    assert asyncio.run(run()) == ["headset"]


def test_for_a_microphone_that_is_not_there_another_stands_in_and_that_is_said(desktop, speech):
    told = []

    async def run():
        async with Microphone("Bench Microfone", trouble=told.append).capture() as capture:
            said = asyncio.create_task(stop_when_said(desktop, capture, speech))
            recorded = await record(capture)
            await said
            return recorded

    assert contains(asyncio.run(run()), load(speech), at_least=0.97, share=1.0)
    (problem,) = told
    assert problem.title == 'There is no microphone "Bench Microfone"'
    assert "BenchMicrophone" in problem.hint
    with pytest.raises(MicrophoneError, match='no microphone "Bench Microfone"') as raised:
        Microphone("Bench Microfone").check()
    assert raised.value.hint == 'Did you mean "BenchMicrophone"?'
