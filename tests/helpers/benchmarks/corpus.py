"""Speech whose words are known: by several voices, in noise, and by a person."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from helpers.engines.speaking import spoken, voice_of

from voice_assistant.text.number_words import SMALL, TENS

RATE_HZ = 16_000

COMMANDS = (
    "what time is it",
    "what is the date today",
    "what day is it tomorrow",
    "how many days until christmas",
    "what is five times seven",
    "what is fifteen percent of eighty",
    "what is two hundred divided by eight",
    "how many miles are five kilometers",
    "convert ten pounds to kilograms",
    "how many feet are in a mile",
    "set a timer for ten minutes",
    "start a timer for one hour and thirty minutes",
    "set a pizza timer for twelve minutes",
    "remind me in five minutes",
    "make it fifteen minutes",
    "how much time is left",
    "check the timer",
    "what timers are running",
    "cancel the timer",
    "cancel all timers",
    "repeat that",
    "how do you spell necessary",
    "what can you do",
    "thank you very much",
    "flip a coin",
    "roll the dice",
)

OTHERS = (
    "i think we should leave before it starts to rain",
    "my sister bought a new car last week",
    "who won the football world cup",
    "the meeting was moved to next thursday afternoon",
    "could you explain how a computer works",
    "why is the sky blue",
    "the restaurant on the corner serves very good food",
    "what is the capital of france",
    "please write a letter to my landlord about the broken window",
    "the children were playing in the garden all day",
    "how do i cook rice without a pot",
    "the weather was cold and the roads were covered with ice",
    "turn on the lights in the kitchen",
    "it took us about two hours to drive there",
    "what should i have for dinner tonight",
    "play some music by the beatles",
    "he counted to ten and opened his eyes",
    "send a message to my brother",
    "they lost the game by three points",
    "who wrote the book about the old man and the sea",
)

VOICES = ("slt", "rms", "awb")
ESPEAK = ("en-us", "en-gb", "en-us+f3", "en-gb+m4", "en-us+f5", "en-gb-scotland")

ANNOUNCEMENTS = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
ANNOUNCED = Path("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz")
"""Debian's asterisk-core-sounds-en and -g722: what a person says, and she herself."""


class Clip(NamedTuple):
    """Speech and its words."""

    words: str
    pcm: np.ndarray


async def by_voices(texts, voices=VOICES):
    return [Clip(text, await spoken(text, voice)) for text in texts for voice in voices]


def by_a_person(count=60):
    """Return announcements of at least three words, in a fixed order; none without the package."""
    if not ANNOUNCED.exists():
        return []
    lines = gzip.decompress(ANNOUNCED.read_bytes()).decode().splitlines()
    texts = dict(line.split(": ", 1) for line in lines if ": " in line and line[0] != ";")
    plain = [
        (ANNOUNCEMENTS / f"{name}.g722", text)
        for name, text in texts.items()
        if re.fullmatch(r"[A-Za-z',. ?!-]+", text.strip()) and len(text.split()) >= 3
    ]
    plain.sort(key=lambda one: hashlib.sha256(one[1].encode()).digest())
    return [Clip(plain_words(text), g722(file)) for file, text in plain if file.exists()][:count]


def g722(file):
    """Return the sound of a file of raw G.722, 16 kHz."""
    command = ["ffmpeg", "-loglevel", "error", "-f", "g722", "-i", file, "-ac", "1"]
    raw = subprocess.run(
        [*command, "-ar", "16000", "-f", "s16le", "-"], check=True, capture_output=True
    )
    return np.frombuffer(raw.stdout, np.int16)


async def babble(seconds=30):
    """Return a background of talking people in a humming room: pink noise with six voices."""
    rng = np.random.default_rng(1)
    noise = np.zeros(seconds * RATE_HZ)
    for number in range(6):
        texts = rng.permutation(OTHERS)[:12]
        voice = np.concatenate([await spoken(text, VOICES[number % 3]) for text in texts])
        noise += np.resize(voice, noise.size) / 6
    spectrum = np.fft.rfft(rng.normal(size=noise.size))
    spectrum /= np.sqrt(np.arange(1, spectrum.size + 1))
    pink = np.fft.irfft(spectrum, noise.size)
    return noise / noise.std() + pink / pink.std()


def kitchen(seconds=30):
    """Return the sounds of a kitchen: a refrigerator, a fan, running water, dishes that clatter."""
    rng = np.random.default_rng(2)
    at_s = np.arange(seconds * RATE_HZ) / RATE_HZ
    hum = sum(np.sin(2 * np.pi * 50 * n * at_s + n) / n for n in range(1, 8))
    white = rng.normal(size=at_s.size)
    spectrum = np.fft.rfft(white)
    hz = np.fft.rfftfreq(at_s.size, 1 / RATE_HZ)
    fan = np.fft.irfft(spectrum / np.sqrt(1 + (hz / 150) ** 2), at_s.size)
    water = np.fft.irfft(spectrum * np.exp(-(((hz - 3000) / 1500) ** 2)), at_s.size)
    water *= 1 + 0.5 * np.sin(2 * np.pi * 0.3 * at_s)
    dishes = np.zeros(at_s.size)
    for begin in rng.integers(0, at_s.size - RATE_HZ // 2, size=seconds):
        ring_s = at_s[: RATE_HZ // 2]
        tones = rng.uniform(1500, 6000, size=4)
        ring = sum(np.sin(2 * np.pi * tone * ring_s) for tone in tones) * np.exp(-ring_s * 30)
        dishes[begin : begin + ring.size] += ring * rng.uniform(0.5, 2)
    return sum(part / part.std() for part in (hum, fan, water, dishes))


def by_espeak(text, voice):
    """Return a text as espeak-ng speaks it, 16 kHz."""
    command = ["espeak-ng", "-v", voice, "--stdout", text]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    pcm, rate_hz = soundfile.read(io.BytesIO(wav), dtype="int16")
    return soxr.resample(pcm, rate_hz, RATE_HZ)


async def by_hibari(text):
    blocks = [block async for block in voice_of("hibari").speak(text)]
    return np.concatenate([soxr.resample(pcm, rate, RATE_HZ) for pcm, rate in blocks])


async def everybody(text):
    """Return a text as each voice says it, equally loud."""
    said = [await spoken(text, voice) for voice in VOICES]
    said += [by_espeak(text, voice) for voice in ESPEAK]
    said.append(await by_hibari(text))
    return [(pcm * (12000 / np.abs(pcm.astype(float)).max())).astype(np.int16) for pcm in said]


def in_noise(clip, noise, snr_db, seed):
    """Return the clip in noise that is softer by this much than the loud parts of the speech."""
    speech = clip.pcm.astype(float)
    loud = speech[np.abs(speech) > 0.02 * np.abs(speech).max()]
    begin = np.random.default_rng(seed).integers(0, noise.size - 1)
    beside = np.resize(np.roll(noise, -begin), speech.size)
    beside *= np.sqrt(np.mean(loud**2) / 10 ** (snr_db / 10)) / beside.std()
    both = speech + beside
    return Clip(clip.words, (both * min(1.0, 32000 / np.abs(both).max())).astype(np.int16))


def _spelt(number):
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f" {SMALL[number % 10]}" if number % 10 else "")
    return f"{SMALL[number // 100 % 10]} hundred {_spelt(number % 100) if number % 100 else ''}"


def plain_words(text):
    """Return a text as words alone, numbers spelt, so that spellings do not count as errors."""
    text = (
        text.lower().replace("\u2019", "'").replace("%", " percent").replace("per cent", "percent")
    )
    text = re.sub(r"\d+", lambda found: f" {_spelt(int(found[0]))} ", text)
    text = re.sub(r"\bwhat's\b", "what is", text)
    text = re.sub(r"\bkilometres\b", "kilometers", text)
    return " ".join(re.sub(r"[^a-z' ]+", " ", text).split())


def word_errors(said, heard):
    """Return the number of words to change, add or leave out."""
    said, heard = said.split(), heard.split()
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        diagonal, row[0] = row[0], count
        for at, other in enumerate(heard, 1):
            diagonal, row[at] = (
                row[at],
                min(row[at] + 1, row[at - 1] + 1, diagonal + (word != other)),
            )
    return row[-1]
