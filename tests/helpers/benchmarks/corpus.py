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

TALK = (
    "that sounds like a good idea to me",
    "i will see you at the station",
    "we are almost there now",
    "can you pass me the salt",
    "he never answers his phone in the morning",
    "the baby is finally asleep",
    "do you want some more soup",
    "i forgot my keys at the office again",
    "the train was late because of the snow",
    "nobody told me about the party",
    "my neighbour has three cats and a parrot",
    "did you lock the door when we left",
    "it smells wonderful in here",
    "the last bus leaves before midnight",
    "i have to finish this report by friday",
    "she sings in a choir every wednesday evening",
    "what a beautiful garden you have",
    "have you seen my glasses anywhere",
    "the price of bread went up again",
    "i would rather stay at home tonight",
    "he broke his arm when he fell off the ladder",
    "they are building a new bridge across the river",
    "where did you buy that jacket",
    "the film was much too long for me",
    "put the plates on the table please",
    "i think the milk has gone bad",
    "we should invite your parents for dinner",
    "the dog is barking at the postman",
    "my back hurts when i sit too long",
    "who is going to pick up the children",
    "the water is too cold for swimming",
    "i cannot find a clean shirt",
    "are you coming with us or not",
    "the teacher gave us a lot of homework",
    "this cake needs a little more sugar",
    "somebody left the window open all night",
    "the doctor said that i should drink more",
    "we met in a small village by the sea",
    "why are you laughing at me",
    "it was the best holiday of my life",
    "the computer in the library is broken again",
    "he is learning to play the guitar",
    "our flight to london was cancelled yesterday",
    "i do not like it when you shout",
    "there are two apples left in the bowl",
    "she told me a secret about her boss",
    "the traffic in the city was terrible",
    "would you like tea or coffee",
    "my brother works in a bank downtown",
    "i need a haircut before the wedding",
    "the soup is still too hot to eat",
    "leave your shoes at the door",
    "he drives forty miles to work each day",
    "the old clock in the hall stopped years ago",
    "can we talk about something else",
    "they moved to a smaller house in the country",
    "i was so tired that i fell asleep on the sofa",
    "what did the man at the counter say",
    "the leaves are turning red and yellow",
    "she wants to become a nurse",
    "you look tired today",
    "the match begins in half an hour",
    "i left a note on the fridge",
    "how was your first day at school",
    "there is a hole in my sock",
    "they had ten minutes to catch the plane",
    "let me think about it for a while",
    "the lamp in the corridor flickers",
    "he always tells the same joke",
    "we ran out of coffee this morning",
    "a good friend of mine lives in berlin",
    "the museum is closed on mondays",
    "do not forget to water the plants",
    "the bread is fresh from the oven",
    "my phone battery dies so quickly",
    "they painted the fence green last summer",
    "could you speak a little louder please",
    "i read an article about whales",
    "the stairs are slippery when it rains",
    "it is your turn to wash the dishes",
)
"""What people say to each other; with `OTHERS`, a hundred utterances that are no commands."""

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
