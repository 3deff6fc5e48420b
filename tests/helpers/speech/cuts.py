"""Answers as servers speak them with real voices, cut off anywhere: what is lost, what is repeated.

`python tests/speech/cuts.py 25` measures it for 25 answers of each voice: where nothing was heard of
it before; after another answer of it, of which the server lost the last file; and where that other
answer was said by the next voice, as if somebody had changed the voice and kept its name.
"""
# ruff: noqa: E501, RUF001, S311, T201 (Chinese is wide; the same answers each time; a report)

from __future__ import annotations

import copy
import io
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import soundfile

from voice_assistant.audio.codec.decoder import Decoded
from voice_assistant.speech.coverage import Batches, StreamFiles
from voice_assistant.speech.plan import SpeechPlan
from voice_assistant.speech.prosody import UNHEARD
from voice_assistant.text.sentences import Sentences
from voice_assistant.text.speakable import speakable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.speech.prosody import Prosody

ENGLISH = """Yes. Of course. The tower was finished in 1889, and it is the most visited in France.
It is 330 metres tall. Water boils at 100 degrees at sea level. High in the mountains, where the
air is thin, it boils earlier. That depends on three things: the weather, your budget, and time.
The train leaves at 7:45 from platform 3, so you had better be there by half past seven. Take an
umbrella. It will probably rain in the afternoon; the evening should be dry. A kilometre is about
0.62 miles. Mr. Smith wrote to the ministry, but nobody answered him for years. You can try it at
home! Bread needs flour, water, salt and yeast. How long does it keep? Two or three days, if it is
wrapped in a cloth. There are many ways to say it, e.g. with flowers, or simply with words. No.
Some believe that it helps them to heal (it is a slow vibration); others think it is how they talk.
She said: "I will come back tomorrow." The price went up by 3.5 percent, from 120 to 124 euros. It
was cold. In 1969 the first men walked on the moon. What a day! Coffee keeps you awake by blocking
a substance that makes the brain feel tired. The answer is 42. Is there anything else?"""

CHINESE = """好的。今天天气很好。我们可以出去走走，也可以在家里看书。巴黎是法国的首都。你想知道更多吗？
这取决于三件事：天气、预算和时间。火车七点四十五分出发，所以你最好早一点到。带一把雨伞。咖啡里有咖啡因，
它会让人保持清醒。我不太确定。图书馆从九点开到五点，星期天除外。谢谢你的问题！面包需要面粉、水、盐和酵母。
月亮离我们大约三十八万公里。没有人知道猫为什么会打呼噜。这是一个很好的问题。祝你好运！"""


class Voice(NamedTuple):
    """A program, and how it is asked for a voice and a pace."""

    command: tuple[str, ...]
    chinese: bool = False

    @property
    def there(self) -> bool:
        return shutil.which(self.command[0]) is not None

    def say(self, text: str) -> tuple[np.ndarray, int]:
        with tempfile.TemporaryDirectory() as folder:
            words, wav = Path(folder, "text"), Path(folder, "wav")
            words.write_text(text + "\n")  # without it flite leaves a last "Yes." out
            out = ("-o", wav) if self.command[0] == "flite" else ("-w", wav)
            subprocess.run([*self.command, "-f", words, *out], check=True, capture_output=True)
            return soundfile.read(io.BytesIO(wav.read_bytes()), dtype="int16")


def flite(voice, stretch=1.0):
    return Voice(("flite", "-voice", voice, "--setf", f"duration_stretch={stretch}"))


def espeak(voice, words_a_minute):
    command = ("espeak-ng", "-v", voice, "-s", str(words_a_minute))
    return Voice(command, chinese=voice == "cmn")


VOICES = {
    "slt": flite("slt"),
    "rms": flite("rms"),
    "awb": flite("awb"),
    "kal16": flite("kal16"),
    "slt, slow": flite("slt", 1.3),
    "rms, fast": flite("rms", 0.8),
    "espeak-ng, 120 words": espeak("en", 120),
    "espeak-ng, 175 words": espeak("en", 175),
    "espeak-ng, 240 words": espeak("en-us", 240),
    "espeak-ng, Chinese, 160": espeak("cmn", 160),
    "espeak-ng, Chinese, 220": espeak("cmn", 220),
}


class Clip(NamedTuple):
    """One audio file of the stream."""

    begin: int  # of its text within the answer
    pcm: np.ndarray
    rate_hz: int
    over_s: dict[int, float]  # when the voice has said the text up to each sentence end

    @property
    def end_s(self) -> float:
        return len(self.pcm) / self.rate_hz


class Answer(NamedTuple):
    """An answer in the pieces in which its text comes, and its audio files."""

    deltas: list[str]
    clips: list[Clip]

    def cut_off(self, rng: random.Random, cuts: int) -> Iterator[Cut]:
        """Yield the answer with each of its files cut off at some places."""
        plan = self._plan()
        for number, clip in enumerate(self.clips):
            places = [rng.uniform(0.1, max(0.2, clip.end_s - 0.3)) for _ in range(cuts)]
            samples = sorted(int(at_s * clip.rate_hz) for at_s in places)
            *parts, rest = np.split(clip.pcm, samples)
            for sample, part in zip(samples, parts, strict=True):
                plan.audio(Decoded(part, clip.rate_hz, number))
                yield Cut(plan, self._heard(clip, sample / clip.rate_hz))
            plan.audio(Decoded(rest, clip.rate_hz, number))

    def learned(self, voice: Voice) -> Prosody:
        """Return what is known of the voice after the answer, if the server lost its last file."""
        plan = self._plan()
        for number, clip in enumerate(self.clips[:-1]):
            plan.audio(Decoded(clip.pcm, clip.rate_hz, number))
        plan.ended(last_whole=True)
        for sentence in named(plan):
            speech = StreamFiles()
            speech.add(Decoded(*voice.say(sentence), 0))
            plan.learn_timing(sentence, speech)
        return plan.prosody

    def _plan(self) -> SpeechPlan:
        plan = SpeechPlan(auto_play=True)
        for delta in self.deltas:
            plan.text(delta)
        return plan

    def _heard(self, clip: Clip, at_s: float) -> list[bool]:
        """Return of each sentence whether it was heard whole."""
        text = "".join(self.deltas)
        ends = [0, *np.cumsum([len(sentence) for sentence in sentences_of(text)])]
        reached = max(
            (end for end, over in clip.over_s.items() if over <= at_s), default=clip.begin
        )
        return [
            not speakable(text[max(begin, reached) : end])
            for begin, end in pairwise(ends)
            if speakable(text[begin:end])
        ]


class Cut(NamedTuple):
    """An answer whose audio was cut off."""

    plan: SpeechPlan
    heard: list[bool]  # of each sentence, whether it was, whole

    def repeats(self, prosody: Prosody, *, last_whole: bool | None) -> int:
        """Return how many whole sentences are heard again; negative: how many are lost."""
        plan = copy.deepcopy(self.plan)
        plan.prosody = prosody
        plan.ended(last_whole=last_whole)
        return sum(self.heard) - (len(self.heard) - len(list(named(plan))))


def named(plan):
    while sentence := plan.next_sentence():
        yield sentence


def sentences_of(text):
    splitter = Sentences()
    return splitter.feed(text) + splitter.finish()


def said_s(pcm, rate_hz):
    level = np.abs(pcm.astype(np.int32))
    return (np.flatnonzero(level > level.max() / 40)[-1] + 1) / rate_hz


def answer(voice, rng):
    """Return an answer of some sentences.

    How long the voice takes for the first sentences of a file alone tells where they end in it.
    """
    pool = sentences_of(CHINESE.replace("\n", "") if voice.chinese else ENGLISH.replace("\n", " "))
    chosen = [sentence.strip() for sentence in rng.sample(pool, rng.randint(2, 14))]
    text, deltas, at = ("" if voice.chinese else " ").join(chosen), [], 0
    while at < len(text):
        deltas.append(text[at : at + rng.choice([1, 3, 5, 8])])
        at += len(deltas[-1])
    batches = Batches()
    for delta in deltas:
        batches.feed(delta)
    batches.finish()
    ends = [int(end) for end in np.cumsum([len(sentence) for sentence in sentences_of(text)])]
    clips = []
    for begin, end in pairwise([0, *batches.borders]):
        inner = [at for at in ends if begin < at < end and speakable(text[begin:at])]
        over_s = {at: said_s(*voice.say(text[begin:at])) for at in inner}
        pcm, rate_hz = voice.say(text[begin:end])
        clips.append(Clip(begin, pcm, rate_hz, over_s | {end: said_s(pcm, rate_hz)}))
    return Answer(deltas, clips)


class Case(NamedTuple):
    """What is known at the place where an answer is cut off."""

    voice: Literal["unheard", "heard", "changed"]  # since the answer before, and nobody said so
    last_whole: bool | None

    def __str__(self) -> str:
        told = "not " * (self.last_whole is None) + "told by the sizes of its pieces"
        return f"the voice {self.voice}, the cut {told}"


CASES = [
    Case(voice, last_whole)
    for voice in ("unheard", "heard", "changed")
    for last_whole in (False, None)
]


def count(voice, answers, cuts, *, seed, other=None):
    """Count cuts within each file of some answers: all, those that lose and that repeat, by case."""
    rng, before = random.Random(seed), random.Random(seed + 1)
    known = {"unheard": UNHEARD, "heard": answer(voice, before).learned(voice)}
    if other:
        known["changed"] = answer(other, before).learned(other)
    found = {case: Counter() for case in CASES if case.voice in known}
    for _ in range(answers):
        spoken = answer(voice, rng)
        for cut in spoken.cut_off(rng, cuts):
            for case, counted in found.items():
                repeats = cut.repeats(known[case.voice], last_whole=case.last_whole)
                counted += Counter(cuts=1, lose=repeats < 0, repeat=repeats > 1)
        known["heard"] = spoken.learned(voice)
    return found


def main():
    total = {case: Counter() for case in CASES}
    names = [name for name, voice in VOICES.items() if voice.there]
    for name, other in pairwise([*names, names[0]]):
        found = count(VOICES[name], int(sys.argv[1]), 4, seed=7, other=VOICES[other])
        for case, counted in found.items():
            print(f"{name}, {case}: {dict(counted)}", flush=True)
            total[case] += counted
    for case, counted in total.items():
        print(f"{case}: {dict(counted)}")


if __name__ == "__main__":
    main()
