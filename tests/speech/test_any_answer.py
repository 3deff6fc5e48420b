"""Whatever a server does with an answer's audio: every sentence is heard, in order."""

from __future__ import annotations

import asyncio
import random
import re
from itertools import pairwise

import pytest
from fakes import FakeBackend, FakeSpeaker, pieces, speak_wav, utter, wav

from voice_assistant.errors import RateLimited, ServerBug
from voice_assistant.speech.coverage import Batches
from voice_assistant.speech.source import SpeechSource
from voice_assistant.speech.speaking import Speaking, SpeechOutput
from voice_assistant.text.sentences import Sentences

REST = "\0" * 7
"""Between two sentences a voice is silent for 0.35 s."""
WORDS = ["river", "because", "window", "never", "mountain", "of", "a", "quickly", "Paris", "lemon"]


def answer(rng):
    """Sentences of 25 to 60 letters, none like another."""
    sentences = []
    for number in range(rng.randint(1, 14)):
        words = f"So {chr(ord('A') + number)}"
        while len(words) < rng.randint(24, 55):
            words += f" {rng.choice(WORDS)}"
        sentences.append(words + rng.choice([".", "!", "?"]))
    return sentences


def cut(rng, text):
    """The pieces in which a model writes it."""
    deltas = []
    while text:
        size = rng.choice([1, 4, 9, 40])
        deltas.append(text[:size])
        text = text[size:]
    return deltas


def spoken_by_server(deltas):
    """The server's audio: for each piece how many deltas must have come before it."""
    batches, due = Batches(), []
    for count, delta in enumerate(deltas, start=1):
        batches.feed(delta)
        due += [count] * (len(batches.borders) - len(due))
    batches.finish()
    due += [len(deltas)] * (len(batches.borders) - len(due))
    borders = [0, *batches.borders]
    texts = [batches.text[begin:end].strip() for begin, end in pairwise(borders)]
    return [
        (count, piece)
        for count, text in zip(due, texts, strict=True)
        for piece in pieces(wav(utter(re.sub("[.!?]", r"\g<0>" + REST, text))))
    ]


class Server:
    """What becomes of the audio of one answer."""

    def __init__(self, rng, deltas):
        audio = spoken_by_server(deltas)
        stops_after = rng.choice([0, len(audio), rng.randint(0, len(audio))])
        late = rng.choice([0, 0, 3, 1000])
        self.whole = stops_after == len(audio)
        self.says_end = rng.random() < 0.5 and self.whole
        self._audio = [(count + late, piece) for count, piece in audio[:stops_after]]
        self.nothings = rng.random() < 0.3

    def due(self, count):
        """The audio that comes once so many pieces of text have."""
        while self._audio and self._audio[0][0] <= count:
            yield self._audio.pop(0)[1]
            if self.nothings:
                yield b""

    def rest(self):
        """What comes behind the text."""
        yield from self.due(10**9)


def unsteady(rng, failures=()):
    """Speech that takes another time for each sentence, and fails where it is told to."""

    async def speech(request):
        for _ in range(rng.choice([0, 1, 10, 100])):
            await asyncio.sleep(0)
        if failures and (failure := failures.pop()):
            raise failure
        async for piece in speak_wav(request):
            yield piece

    return speech


async def hear(rng, sentences, *, replaced):
    """What was heard of an answer after it was replaced, if it was, and what was asked for."""
    deltas = cut(rng, " ".join(sentences))
    server = Server(rng, deltas)
    replaced_after = rng.randint(1, len(deltas)) if replaced else 0
    speaker = FakeSpeaker(held=rng.random() < 0.5, ahead_s=0.2)
    backend = FakeBackend(speech=unsteady(rng))
    auto_play = rng.choice([True, True, True, None, False])
    speaking = Speaking(SpeechSource(backend, auto_play), SpeechOutput(speaker), patience_s=1e-3)
    async with asyncio.timeout(30):
        task = asyncio.create_task(speaking.run())
        for count, delta in enumerate(deltas, start=1):
            speaking.text(delta)
            if count == replaced_after:
                speaking.replaced("I may not say that. Sorry.")
                break
            for piece in server.due(count):
                speaking.audio(piece)
            for _ in range(rng.choice([0, 0, 1, 5])):
                await asyncio.sleep(0)
            if rng.random() < 0.02:
                await asyncio.sleep(5e-3)  # longer than patience lasts
            speaker.hear(rng.choice([0.0, 0.5, 3.0]))
        for piece in server.rest():
            speaking.audio(piece)
        if server.says_end:
            speaking.audio_ended()
        speaking.ended("m")
        speaker.release()
        summary = await task
    assert summary.complete
    heard = [playback.heard_words for playback in speaker.playbacks]
    return "".join(heard[-1:] if replaced else heard), backend.spoken


@pytest.mark.parametrize("seed", range(40))
async def test_an_answer_is_heard_though_requests_fail_now_and_then(seed):
    rng = random.Random(2000 + seed)  # noqa: S311
    sentences = [f"{sentence[: rng.randint(4, 60)]}." for sentence in answer(rng)]
    # Never two in a row: that would be the same sentence twice, or hopeless.
    trouble = [ServerBug("500"), RateLimited("Too many", retry_after_s=1e-3)]
    failures = [one for _ in sentences for one in (None, None, None, rng.choice(trouble))]
    speaker = FakeSpeaker(held=rng.random() < 0.5, ahead_s=rng.choice([0.1, 2.0]))
    backend = FakeBackend(speech=unsteady(rng, failures))

    async def main():
        speaking = Speaking(SpeechSource(backend, auto_play=False), SpeechOutput(speaker))
        task = asyncio.create_task(speaking.run())
        for delta in cut(rng, " ".join(sentences)):
            speaking.text(delta)
            await asyncio.sleep(0)
            speaker.hear(rng.choice([0.0, 0.5, 3.0]))
        speaking.ended("m")
        speaker.release()
        async with asyncio.timeout(30):
            return await task

    summary = await main()
    assert summary.complete
    assert bare(speaker.heard_words) == bare("".join(sentences))
    assert len(backend.spoken) >= len(sentences)


def bare(text):
    return "".join(text.split())


@pytest.mark.parametrize("seed", range(80))
async def test_every_sentence_is_heard_in_order_and_hardly_one_twice(seed):
    rng = random.Random(seed)  # noqa: S311 - the same answers each time
    sentences = answer(rng)
    heard, asked = await hear(rng, sentences, replaced=False)

    whole, heard = bare("".join(sentences)), bare(heard)
    # What was asked for before the stream's audio took over was not heard.
    rests = (bare("".join(asked[first:])) for first in range(len(asked) + 1))
    streamed = next(
        heard[: len(heard) - len(rest)]
        for rest in rests
        if heard.endswith(rest)
        and whole.endswith(rest)
        and whole.startswith(heard[: len(heard) - len(rest)])
    )
    twice = len(heard) - len(whole)
    assert twice >= 0
    repeated = whole[len(streamed) - twice : len(streamed)]
    assert sum(bare(sentence) in repeated for sentence in sentences) <= 2


@pytest.mark.parametrize("seed", range(30))
async def test_of_an_answer_that_is_replaced_only_the_replacement_goes_on(seed):
    rng = random.Random(1000 + seed)  # noqa: S311
    sentences = answer(rng)
    heard, asked = await hear(rng, sentences, replaced=True)

    assert heard == "I may not say that.Sorry."
    assert asked[-2:] == ["I may not say that.", "Sorry."]


def test_the_sentences_of_this_test_are_sentences():
    sentences = answer(random.Random(3))  # noqa: S311
    splitter = Sentences()
    found = splitter.feed(" ".join(sentences)) + splitter.finish()
    assert [sentence.strip() for sentence in found] == sentences
