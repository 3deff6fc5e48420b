"""A loudspeaker that goes away in the middle of an answer."""

from __future__ import annotations

import numpy as np
from bench import Desktop
from bench.sounds import contains
from bench.waiting import wait_for
from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant, events
from helpers.engines.speaking import spoken

from voice_assistant.engines.voices.portions import portions


async def test_an_answer_goes_on_at_the_new_speaker_from_where_it_was():
    with (
        Desktop(panel=False, notifications="") as desktop,
        Assistant(desktop, NO_SOUNDS + NO_FACE) as assistant,
    ):
        assistant.wait_until_complete()
        pactl = desktop.sound.pactl
        desktop.sound.plug_speaker("headset")
        with desktop.listen() as before, desktop.listen("headset.monitor") as after:
            asked = assistant.begin("ask", "--json", "what can you do")
            wait_for(lambda: before.loud_s > 1.5, "the answer is heard")
            assert after.loud_s == 0
            pactl("set-default-sink", "headset")
            pactl("unload-module", module_of(pactl("list", "sinks"), desktop.sound.speaker))
            told = {event["event"]: event for event in events(asked.communicate(timeout=60)[0])}
        assert told["spoken"]["complete"]
        # flite reads what comes to its standard input otherwise than what stands in its arguments.
        said = [await spoken(words) for words in portions(told["answered"]["text"])]
        # It went away within the first sentence: all that follows is heard at the new one alone.
        assert not contains(before.pcm, said[0], share=0.9)
        for sentence in said[1:]:
            assert contains(after.pcm, sentence)
        # And of the first one no word is lost, and hardly one comes twice.
        both = np.concatenate([before.pcm, after.pcm])
        assert contains(both, said[0], piece_s=0.3)
        assert before.loud_s + after.loud_s < sum(map(loud_s, said)) + 0.7


def loud_s(pcm) -> float:
    steps = pcm[: len(pcm) // 320 * 320].reshape(-1, 320)
    return float(np.count_nonzero(np.abs(steps.astype(np.int32)).max(axis=1) > 100) * 0.02)


def module_of(sinks: str, name: str) -> str:
    """The number of the module that made the sink."""
    described = next(part for part in sinks.split("Sink #") if f"Name: {name}\n" in part)
    return described.partition("Owner Module: ")[2].split()[0]
