"""The speaker, on a real sound server, heard at its monitor."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing

import numpy as np
import pytest
from bench import contains, wait_for
from benchmarks.bench_playback import Ears, Ours, once
from helpers.sound.playing import RATE_HZ, at, heard, heard_whole, play, say, speech, until_heard
from helpers.sound.sound import desktop

from voice_assistant.settings.sections.speech import SpeakerSettings
from voice_assistant.sound.speaker import Speaker

__all__ = ["desktop", "speech"]


async def test_sound_is_heard_from_the_first_syllable_to_the_last(desktop, speech):
    async def run():
        playback = await play(Speaker(), speech)
        seconds = await playback.finish()
        # The very moment it says so, all of it has left the device.
        return seconds, len(capture.pcm)

    with desktop.listen() as capture:
        seconds, samples = await run()
        wait_for(lambda: len(capture.pcm) > samples + 8000, "what came after")

    assert seconds == pytest.approx(len(speech) / 16_000, abs=0.01)
    assert heard_whole(capture, speech)


async def test_finish_waits_for_the_last_sample_and_not_much_longer(desktop, speech):
    async def run():
        playback = Speaker().play()
        began_at = time.monotonic()
        await say(playback, speech)
        await playback.finish()
        return time.monotonic() - began_at

    assert 0 <= await run() - len(speech) / 16_000 < 1.0


async def test_seconds_heard_are_known_while_it_plays(desktop, speech):
    async def run():
        playback = Speaker().play()
        assert playback.played_s == 0
        await say(playback, speech)
        seen = []
        finishing = asyncio.create_task(playback.finish())
        while not finishing.done():
            seen.append(playback.played_s)
            await asyncio.sleep(0.05)
        return seen, await finishing, playback.played_s

    seen, seconds, after = await run()
    assert seen == sorted(seen)
    assert len({round(heard, 1) for heard in seen}) > 10
    assert seconds == after == pytest.approx(len(speech) / 16_000, abs=0.01)


async def test_abort_silences_at_once_and_tells_what_was_heard(desktop, speech):
    async def run():
        playback = await play(Speaker(), speech)
        await until_heard(playback, 0.8)
        began_at = time.monotonic()
        seconds = playback.abort()
        took_s = time.monotonic() - began_at
        await say(playback, speech)  # too late: nobody wants it any more
        assert playback.abort() == await playback.finish() == playback.played_s == seconds
        await asyncio.sleep(0.7)
        return seconds, took_s

    with desktop.listen() as capture:
        seconds, took_s = await run()

    assert took_s < 0.01
    assert 0.8 <= seconds < 1.2
    heard = capture.pcm
    end = np.flatnonzero(np.abs(heard) > 50)[-1]
    begin = np.flatnonzero(np.abs(heard) > 50)[0]
    assert (end - begin) / 16_000 < seconds + 0.3
    assert contains(heard, speech[: int(16_000 * 0.7)], at_least=0.9)


async def test_a_stop_is_silent_at_the_speaker_within_10_ms(desktop):
    async def silenced_after_s():
        speaker = Ours()
        to_silence_s = (await once(speaker, ears))[1]
        speaker.close()
        return to_silence_s

    async def run():
        # A busy machine hears late: the best of some counts. What is not aborted takes 160 ms.
        return [await silenced_after_s() for _ in range(6)]

    with closing(Ears(desktop)) as ears:
        assert min(await run()) < 0.01


async def test_something_new_silences_what_still_plays(desktop, speech):
    async def run():
        speaker = Speaker()
        first = speaker.play()
        await say(first, speech[::-1].copy())
        second = speaker.play()
        await say(second, speech)
        seconds = await second.finish()
        assert [first.silenced, second.silenced] == [True, False]
        return seconds, first.played_s

    with desktop.listen() as capture:
        seconds, first_heard_s = await run()
        wait_for(lambda: heard_whole(capture, speech), "the second is heard")

    assert seconds == pytest.approx(len(speech) / 16_000, abs=0.01)
    assert first_heard_s < 0.3
    assert not contains(capture.pcm, speech[::-1].copy(), share=0.5)


async def test_rates_may_change_within(desktop, speech):
    half = len(speech) // 2

    async def run():
        playback = Speaker().play()
        await say(playback, speech[:half], 24_000)
        await say(playback, speech[half:], 44_100)
        return await playback.finish()

    with desktop.listen() as capture:
        seconds = await run()

    assert seconds == pytest.approx(len(speech) / 16_000, abs=0.01)
    assert heard(capture, speech[:half], speech[half:])


async def test_a_pause_of_the_network_is_silence_and_nothing_is_lost(desktop, speech):
    half = len(speech) // 2

    async def run():
        playback = Speaker().play()
        await say(playback, speech[:half])
        await until_heard(playback, half / 16_000 - 0.1)
        await asyncio.sleep(1.5)  # longer than a device that is lost would be waited for
        await say(playback, speech[half:])
        return await playback.finish()

    with desktop.listen() as capture:
        seconds = await run()

    assert seconds == pytest.approx(len(speech) / 16_000, abs=0.01)
    assert heard(capture, speech[:half], speech[half:])


async def test_the_volume_is_kept(desktop, speech):
    async def run():
        playback = await play(Speaker(SpeakerSettings(volume=0.25)), speech)
        await playback.finish()

    with desktop.listen() as capture:
        await run()

    assert np.abs(capture.pcm).max() / np.abs(speech).max() == pytest.approx(0.25, rel=0.1)
    assert contains(capture.pcm, speech, at_least=0.95, share=1.0)


async def test_flushed_sound_is_heard_to_its_end_though_more_may_follow(desktop, speech):
    async def run():
        playback = Speaker().play()
        await say(playback, speech)
        await playback.flush()
        async with asyncio.timeout(20):
            while playback.played_s < len(speech) / 16_000 - 1e-3:
                await asyncio.sleep(0.01)
        await say(playback, speech)
        return await playback.finish()

    with desktop.listen() as capture:
        seconds = await run()

    assert seconds == pytest.approx(2 * len(speech) / 16_000, abs=1e-3)
    assert heard_whole(capture, speech)


async def test_a_short_word_is_heard_though_more_may_follow(desktop):
    word = np.full(RATE_HZ // 10, 5000, np.int16)
    playback = Speaker().play()
    await playback.write(word, RATE_HZ)
    await playback.flush()
    async with asyncio.timeout(20):
        while playback.played_s < 0.1 - 1e-3:
            await asyncio.sleep(0.01)
    playback.abort()


async def test_a_changed_volume_is_heard_at_once(desktop):
    hum = np.resize(np.rint(8000 * np.sin(np.arange(96) * 2 * np.pi / 96)), 3 * RATE_HZ)

    async def run():
        speaker = Speaker()
        playback = speaker.play()
        writing = asyncio.create_task(playback.write(hum.astype(np.int16), RATE_HZ))
        await until_heard(playback, 1)
        changed_at_s = playback.played_s
        speaker.set_volume(0.0)
        speaker.set_volume(0.25)  # from nothing, too: it is not what was there, multiplied
        await writing
        await playback.finish()
        return changed_at_s

    with desktop.listen() as capture:
        changed_at_s = await run()

    levels = np.abs(capture.pcm[: len(capture.pcm) // 160 * 160].reshape(-1, 160)).max(axis=1)
    loud, soft = np.flatnonzero(levels > 6000), np.flatnonzero((levels > 1500) & (levels < 2500))
    assert len(loud) / 100 == pytest.approx(changed_at_s + 0.1, abs=0.1)
    assert (len(loud) + len(soft)) / 100 == pytest.approx(3, abs=0.1)
    assert loud[-1] < soft[0]


async def test_no_more_than_some_two_seconds_wait_to_be_heard(desktop, speech):
    async def run():
        playback = Speaker().play()
        minute = np.resize(at(RATE_HZ, speech), 60 * RATE_HZ)
        writing = asyncio.create_task(playback.write(minute, RATE_HZ))
        done, _ = await asyncio.wait({writing}, timeout=0.8)
        buffered_s = playback._buffer.buffered_s
        playback.abort()
        await writing
        return done, buffered_s

    done, buffered_s = await run()
    assert not done
    assert 1.5 < buffered_s < 3.1


async def test_a_playback_without_a_sample_opens_nothing(desktop):
    async def run():
        playback = Speaker().play()
        assert playback.abort() == 0
        playback = Speaker().play()
        return await playback.finish()

    assert await run() == 0
    assert desktop.sound.pactl("list", "short", "sink-inputs") == ""


async def test_after_the_end_nothing_stays_open(desktop, speech):
    async def run():
        speaker = Speaker()
        playback = speaker.play()
        await say(playback, speech[:4000])
        await playback.finish()
        speaker.close()

    await run()
    wait_for(lambda: not desktop.sound.pactl("list", "short", "sink-inputs"), "it is closed")


async def test_a_program_that_is_stuck_for_a_moment_leaves_no_gap(desktop, speech):
    async def run():
        playback = await play(Speaker(), speech)
        await until_heard(playback, 0.5)
        time.sleep(0.3)  # noqa: ASYNC251 - it is what this is about
        await playback.finish()
        return playback.gaps

    with desktop.listen() as capture:
        assert await run() == 0
        wait_for(lambda: heard_whole(capture, speech), "all of it is heard")


async def test_a_speaker_is_chosen_by_a_part_of_its_name(desktop, speech):
    desktop.sound.plug_speaker("headset")

    async def run():
        playback = await play(Speaker(SpeakerSettings(device="usbhead")), speech)
        await playback.finish()

    with desktop.listen("headset.monitor") as capture, desktop.listen() as elsewhere:
        await run()

    assert heard_whole(capture, speech)
    assert not np.any(elsewhere.pcm)


async def test_a_turn_that_is_cancelled_while_the_speaker_opens_leaves_nothing_open(
    desktop, speech
):
    async def run():
        speaker = Speaker()
        playback = speaker.play()
        task = asyncio.create_task(say(playback, speech))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        playback.abort()

    await run()
    wait_for(lambda: not desktop.sound.pactl("list", "short", "sink-inputs"), "it is closed")
