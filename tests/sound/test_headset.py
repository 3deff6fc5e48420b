"""A Bluetooth headset that goes, while the built-in microphone stays, and comes back."""

from __future__ import annotations

import asyncio
import contextlib

import numpy as np
import pytest
from bench import flite, load, similarity
from fakes import until
from helpers.audio.wav_files import write_wav
from helpers.sound.recording import Troubles, kept_open, recording
from helpers.sound.sound import SERVERS, sound_desktop

from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import MicrophoneError
from voice_assistant.settings.sections.hearing import MicrophoneSettings
from voice_assistant.sound.microphone import Microphone

HEADSET = "headset"
LOOK_S = 1.0
SENTENCES = (
    "What time is it now?",
    "And how many days until Christmas?",
    "Two hundred boats went down to the harbour.",
)


@pytest.fixture(params=SERVERS)
def desktop(request):
    """Both microphones hear the same voice; the headset is the one that is wished for."""
    with sound_desktop(request.param) as desktop:
        desktop.sound.plug(HEADSET, 16_000)
        yield desktop


async def say(desktop, sentence):
    await asyncio.to_thread(desktop.speak_into_microphone, flite(sentence))
    await asyncio.sleep(0.2)


async def until_recorded(sound):
    await until(lambda: HEADSET in sound.recorded(), pause_s=0.02)  # asking blocks the loop


def open_between(microphone, pre_roll_s):
    """Where there is a pre-roll the microphone is open between recordings, too."""
    return kept_open(microphone) if pre_roll_s else contextlib.nullcontext()


def choose(desktop, wished):
    """Where none is wished for, the headset is the system's choice, as desktops make it."""
    if not wished:
        desktop.sound.pactl("set-default-source", HEADSET)


def heard(blocks, sentence, at_least=0.95):
    # What the headset has recorded has no sound above 4 or 8 kHz.
    return min(similarity(np.concatenate(blocks), load(flite(sentence)))) > at_least


@pytest.mark.parametrize(("wished", "pre_roll_s"), [(HEADSET, 0.5), ("", 0.0)])
async def test_a_recording_goes_on_at_the_other_microphone_and_returns(desktop, wished, pre_roll_s):
    sound = desktop.sound
    choose(desktop, wished)
    troubles = Troubles()

    async def run():
        microphone = Microphone(
            MicrophoneSettings(device=wished, pre_roll_s=pre_roll_s), problems=troubles
        )
        async with open_between(microphone, pre_roll_s), recording(microphone) as blocks:
            await say(desktop, SENTENCES[0])
            assert sound.recorded() == [HEADSET]
            sound.unplug(HEADSET)
            await say(desktop, SENTENCES[1])
            assert sound.recorded() == [sound.microphone]
            await until(lambda: bool(wished) == bool(troubles))
            sound.plug(HEADSET, 8_000)
            choose(desktop, wished)
            await until_recorded(sound)
            await until(lambda: troubles[-1:] in ([], [None]))
            await say(desktop, SENTENCES[2])
        return blocks

    blocks = await run()
    assert heard(blocks, SENTENCES[0])
    assert heard(blocks, SENTENCES[1])
    assert heard(blocks, SENTENCES[2], 0.8)
    told = ['There is no microphone "headset"', 'The microphone "headset" is back', None]
    assert troubles == (told if wished else [])


async def test_speech_while_the_headset_goes_and_comes_loses_no_word(desktop):
    sound = desktop.sound
    speech = np.concatenate([load(flite(sentence)) for sentence in SENTENCES])
    wav = desktop.folder / "speech.wav"
    write_wav(wav, speech, SPEECH_RATE_HZ)

    async def run():
        async with recording(Microphone(MicrophoneSettings(device=HEADSET))) as blocks:
            saying = asyncio.create_task(asyncio.to_thread(desktop.speak_into_microphone, wav))
            await asyncio.sleep(1.7)
            sound.unplug(HEADSET)
            await asyncio.sleep(1.2)
            sound.plug(HEADSET, 16_000)
            await until_recorded(sound)
            assert not saying.done(), "one still speaks"
            await saying
        return np.concatenate(blocks)

    # A piece of half a second that a change falls into may be a little longer or shorter.
    matches = similarity(await run(), speech)
    assert sum(match < 0.9 for match in matches) <= 2
    assert min(matches) > 0.6


@pytest.mark.parametrize("pre_roll_s", [0.0, 0.5])
async def test_between_recordings_another_microphone_stands_in_until_it_is_back(
    desktop, pre_roll_s
):
    sound = desktop.sound
    troubles = Troubles()

    async def run():
        microphone = Microphone(
            MicrophoneSettings(device=HEADSET, pre_roll_s=pre_roll_s), troubles, look_s=LOOK_S
        )
        async with open_between(microphone, pre_roll_s):
            sound.unplug(HEADSET)
            async with recording(microphone) as without:
                await say(desktop, SENTENCES[0])
            sound.plug(HEADSET, 8_000)
            if pre_roll_s:
                await until(lambda: sound.recorded() == [HEADSET], pause_s=0.02)
                await until(lambda: troubles[-1] is None)
            async with recording(microphone) as again:
                await say(desktop, SENTENCES[1])
                assert sound.recorded() == [HEADSET]
        return without, again

    without, again = await run()
    assert heard(without, SENTENCES[0])
    assert heard(again, SENTENCES[1], 0.8)
    assert troubles[0] == 'There is no microphone "headset"'
    assert troubles[-1] is None


async def test_an_open_microphone_never_stays_at_what_the_speaker_plays(desktop):
    """Nothing else is left for a while: that is said, and the headset used when it is back."""
    sound = desktop.sound

    async def run():
        microphone = Microphone(MicrophoneSettings(device=HEADSET, pre_roll_s=0.5), look_s=LOOK_S)
        ready = asyncio.Event()
        keeping = asyncio.create_task(microphone.run(ready.set))
        await ready.wait()
        sound.unplug(HEADSET)
        sound.pactl("unload-module", "module-remap-source")
        with pytest.raises(MicrophoneError, match="what the speaker plays"):
            async with asyncio.timeout(20):
                await keeping
        with pytest.raises(MicrophoneError, match="what the speaker plays"):
            await microphone.run(lambda: None)
        sound.plug(HEADSET, 8_000)
        async with kept_open(microphone), recording(microphone) as blocks:
            await say(desktop, SENTENCES[0])
        return blocks

    assert heard(await run(), SENTENCES[0], 0.8)
