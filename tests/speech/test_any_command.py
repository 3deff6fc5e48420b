"""Whatever a listener does with an answer while it comes: heard is what was wanted, and no more."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect_right
from itertools import accumulate

import pytest
from fakes import SECONDS_PER_UNIT, FakeBackend, FakeSpeaker, speak_wav
from helpers.speech.spoken import without_threads

from voice_assistant.errors import ServerBug
from voice_assistant.speech.cursor import OVER_S, SAME_S
from voice_assistant.speech.narration import Narration
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput

SOON = round(SAME_S / SECONDS_PER_UNIT)


def sentences_of(rng):
    """Some that are said in a moment, and some that last."""
    return [
        f"{chr(ord('A') + number)}{'o' * rng.choice([2, 8, 30, 70])}{rng.choice('.!?')}"
        for number in range(rng.randint(1, 9))
    ]


class Listener:
    """What somebody hears who has these wishes. Places are letters of the answer."""

    def __init__(self, sentences, narration, speaker):
        self.heard = ""
        self.place = 0
        self.text = "".join(sentences)
        self._begins = [0, *accumulate(len(sentence) for sentence in sentences)]
        self._narration = narration
        self._speaker = speaker
        self._units = 0
        self._awaited = None  # a sentence that has yet to come

    def listen(self):
        """Hear what was played since."""
        units = round(sum(one.played_s for one in self._speaker.playbacks) / SECONDS_PER_UNIT)
        count, self._units = units - self._units, units
        if count:
            self._awaited = None
        self.heard += self.text[self.place : self.place + count]
        self.place += count

    @property
    def _came(self):
        return round(self._narration.script.end_s / SECONDS_PER_UNIT)

    @property
    def _begun(self):
        """Where the sentences begin of which something has come."""
        return [begin for begin in self._begins if begin < self._came]

    @property
    def awaits_nothing(self):
        """No skipped to sentence is still to come."""
        return self._awaited is None or self._awaited < len(self._begun)

    @property
    def in_a_sentence(self):
        return self.place < self._came

    @property
    def at_the_limit(self):
        """Going back leads to this sentence or to the one before: as numbers are rounded."""
        return self.place - SOON in self._begins

    def skip(self):
        if self._awaited is not None and self._awaited >= len(self._begun):
            self._awaited += 1
        else:
            self._awaited = bisect_right(self._begun, self.place)
        self.place = self._begins[min(self._awaited, len(self._begins) - 1)]

    def back(self):
        place = min(self.place, self._came)
        sentence = max(0, bisect_right(self._begun, place) - 1)
        at_end = place * SECONDS_PER_UNIT >= self._narration.script.end_s - OVER_S
        soon = place - self._begins[sentence] < SOON and not at_end
        self.place = self._begins[max(0, sentence - soon)]
        self._awaited = None

    def restart(self):
        self.place, self._awaited = 0, None

    def slip(self):
        """Somebody else was heard: the sentence that was cut in two is said again."""
        if self._speaker.playbacks and self._speaker.playbacks[-1].state == "playing":
            self.place = self._begins[bisect_right(self._begins, self.place) - 1]


def unsteady(rng, once, never):
    """Speech that comes in its time; of some sentences at the second attempt, of some never."""
    left = set(once)

    async def speech(request):
        for _ in range(rng.choice([0, 1, 10, 60])):
            await asyncio.sleep(0)
        if request.text in left or request.text in never:
            left.discard(request.text)
            raise ServerBug("500")
        async for piece in speak_wav(request):
            yield piece
            for _ in range(rng.choice([0, 0, 0, 5])):
                await asyncio.sleep(0)

    return speech


def hear(speaker, units):
    """Let time pass, as whole letters: what is written may end within one."""
    if speaker.playbacks:
        playback = speaker.playbacks[-1]
        written = int(playback.written_s / SECONDS_PER_UNIT + 1e-6)
        came = round(playback.played_s / SECONDS_PER_UNIT)
        speaker.hear(min(units, written - came) * SECONDS_PER_UNIT)


def wish(rng, listener, narration):
    """One of the things that a listener does, at this moment."""
    listener.listen()
    match rng.choice(["pause", "resume", "skip", "back", "restart", "slip"]):
        case "pause":
            narration.pause()
        case "resume":
            narration.resume()
        case "skip":
            listener.skip()
            narration.skip()
        case "back" if listener.awaits_nothing and not listener.at_the_limit:
            listener.back()
            narration.back()
        case "restart" if rng.random() < 0.3:
            listener.restart()
            narration.restart()
        case "slip" if listener.in_a_sentence:
            listener.slip()
            narration.hold()
            narration.unhold()


@pytest.mark.parametrize("seed", range(200))
async def test_any_wish_of_the_listener_is_heard(seed):
    rng = random.Random(seed)  # noqa: S311 - the same wishes each time
    sentences = sentences_of(rng)
    never = set(sentences[rng.randint(0, 1) :: 2]) if rng.random() < 0.3 else set()
    once = {sentence for sentence in sentences if rng.random() < 0.2}
    had = [sentence for sentence in sentences if sentence not in never]
    backend = FakeBackend(speech=unsteady(rng, once, never))
    speaker = FakeSpeaker(held=True, ahead_s=rng.choice([0.1, 0.5, 2.0]))
    narration = Narration()
    listener = Listener(had, narration, speaker)

    async def main():
        source = SpeechSource(backend, auto_play=False)
        speaking = Speaking(source, SpeechOutput(speaker), narration)
        task = asyncio.create_task(speaking.run())
        await asyncio.sleep(0)
        deltas = [f"{sentence} " for sentence in sentences]
        while deltas or rng.random() < 0.97:
            match rng.random():
                case die if die < 0.2 and deltas:
                    speaking.text(deltas.pop(0))
                    if not deltas:
                        speaking.ended("m")
                case die if die < 0.7:
                    hear(speaker, rng.choice([1, 4, 20, 60]))
                case _ if narration.running:
                    wish(rng, listener, narration)
            for _ in range(rng.choice([0, 1, 2, 5, 30])):
                await asyncio.sleep(0)
        narration.resume()
        speaker.release()
        async with asyncio.timeout(20):
            return await task

    with without_threads():
        summary = await main()
    listener.listen()
    assert speaker.heard_words == listener.heard
    assert listener.place == len(listener.text)
    assert summary.complete == (not never)
    assert summary.seconds == pytest.approx(len(listener.heard) * SECONDS_PER_UNIT)
    assert summary.text_to_audio_s == pytest.approx(len(listener.text) * SECONDS_PER_UNIT)
    assert len(backend.spoken) == len(sentences) + len(once | never)
