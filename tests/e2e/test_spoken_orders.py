"""Orders said in a kitchen, into the microphone, while the key is held; answers are heard."""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial

import numpy as np
import pytest
import soundfile
from bench import Desktop
from bench.waiting import wait_for
from fakes.chat_server import ChatServer, says
from helpers.benchmarks import corpus
from helpers.e2e.assistant import Assistant, held
from helpers.e2e.served import served
from helpers.engines.joe import by_joe
from helpers.engines.speaking import needs_real_engines, spoken

pytestmark = [needs_real_engines, pytest.mark.long, pytest.mark.timeout(900)]

SETTINGS = """
[sounds]
enabled = false

[embedded]
engine = "hibari"
"""
SNR_DB = 20
ROOM_S = 0.3
"""Seconds of the room before and behind what is said."""

AUDIBLE_S = 0.2
"""Seconds of sound that are an answer."""

VOICES = {"heart": corpus.by_hibari, "joe": by_joe, "rms": partial(spoken, voice="rms")}
"""A woman by hibari's network, a man by Piper's, and a man by flite, made of recordings of his."""

ORDERS = {
    "What time is it?": r"It is \d+:\d\d [AP]M\.",
    "What day is it tomorrow?": r"Tomorrow is ",
    "What is twelve times seven?": r" is 84\.",
    "What is fifteen percent of eighty?": r" is 12\.",
    "How many miles are five kilometers?": r"3\.11 miles",
    "Convert ten pounds to kilograms.": r"4\.54 kilograms",
    "What time is it in Tokyo?": r"in Tokyo",
    "How many days until Christmas?": r"days? until|today",
    "Set a timer for ten minutes.": r"Timer set for 10 minutes\.",
    "How much time is left?": r"left on the 10 minute timer",
    "Cancel the timer.": r"The 10 minute timer is cancelled\.",
    "Wake me up at seven.": r"Alarm set for 7:00 AM",
    "Remind me at five p.m. to call the doctor.": r"at 5:00 PM .*: call the doctor",
    "Add milk to the shopping list.": r"[Mm]ilk is on the shopping list",
    "What is on the shopping list?": r": milk",
    "How do you spell necessary?": r"N-E-C-E-S-S-A-R-Y",
    "Start the stopwatch.": r"The stopwatch runs",
    "Flip a coin.": r"Heads|Tails",
    "Roll the dice.": r"You rolled \d",
    "What can you do?": r"I can tell the time",
}
"""What is said, in this order, and what the answer has in it."""

LEAST_AT_ONCE = 17
"""Orders that are done at once; the others after a yes, or said once more."""

FOLLOW_UPS = ("Who was Leo Tolstoy?", "What is it about?")

NOTHING_DONE = ("I cannot", "I heard: ", "When shall I")
"""Begins an answer behind which an order is said once more."""

ASKED_BACK = re.compile(r"(?:Did you say|Do you mean): (?P<words>.*)\?")


class Person:
    """Somebody in a kitchen who holds the key, speaks and listens.

    Args:
        desktop: where the assistant is.
        assistant: listens, and answers.
        voice: the person's.
    """

    def __init__(self, desktop, assistant, voice="heart") -> None:
        self._desktop, self._assistant, self._voice = desktop, assistant, voice
        self._noise = corpus.kitchen()
        self._said = 0

    def ask(self, words):
        """Say that, hear the answer to its end, and return the turn as the record has it."""
        said = self._recording(words)
        with self._desktop.listen() as heard:
            with held(self._desktop):
                self._assistant.wait_for_phase("listening")
                self._desktop.speak_into_microphone(said)
            wait_for(lambda: heard.loud_s > AUDIBLE_S, f"{words} is answered aloud", 60)
            self._assistant.wait_for_phase("idle")
        told = self._assistant.tell("history", "--limit", "1", "--json").stdout
        (turn,) = json.loads(told)
        return turn

    def _recording(self, words):
        room = np.zeros(int(ROOM_S * corpus.RATE_HZ), np.int16)
        clip = corpus.Clip(
            words, np.concatenate([room, asyncio.run(VOICES[self._voice](words)), room])
        )
        self._said += 1
        noisy = corpus.in_noise(clip, self._noise, SNR_DB, seed=self._said)
        file = self._desktop.folder / "said.wav"
        soundfile.write(file, noisy.pcm, corpus.RATE_HZ)
        return file


@pytest.fixture
def desktop():
    with Desktop() as whole:
        yield whole


def told(person, order, wanted):
    """Give an order as somebody does who wants it done; return how it went ("" if not), and turns.

    Who is asked back says yes to their own words, and else no, and says the order once more.
    """
    turns = []
    for how in ("at once", "said again", "said again"):
        turn = person.ask(order)
        turns.append((turn["question"], turn["answer"]))
        asked_back = ASKED_BACK.match(turn["answer"])
        if asked_back:
            understood = corpus.plain_words(asked_back["words"]) == corpus.plain_words(order)
            turn = person.ask("Yes." if understood else "No.")
        if re.search(wanted, turn["answer"]):
            return "after a yes" if asked_back else how, turns
        if not asked_back and not turn["answer"].startswith(NOTHING_DONE):
            break  # something else was done
    return "", turns


@pytest.mark.parametrize("voice", VOICES)
def test_twenty_orders_said_in_a_kitchen_are_done(desktop, voice):
    with Assistant(desktop, SETTINGS) as assistant:
        assistant.wait_until_complete()
        person = Person(desktop, assistant, voice)
        orders = {}
        for order, wanted in ORDERS.items():
            orders[order] = how, turns = told(person, order, wanted)
            print(f"{voice}: {order} {how or turns}", flush=True)  # noqa: T201
    assert {order: turns for order, (how, turns) in orders.items() if not how} == {}
    assert sum(how == "at once" for how, _ in orders.values()) >= LEAST_AT_ONCE


def test_a_chat_model_answers_and_its_follow_ups_are_taken_by_voice(desktop):
    talk = (
        (says("Leo Tolstoy wrote it. ", "It came out in 1869."), FOLLOW_UPS),
        (says("It is about Russia and Napoleon."), ("When did he die?",)),
        (says("He died in 1910."), ("Where was he buried?",)),
    )
    scripted = [one for answer, asked in talk for one in (answer, says("\n".join(asked)))]
    with served(ChatServer(*scripted)) as chat:
        settings = f'{SETTINGS}\n[chat_model]\nurl = "{chat.url}"\n'
        with Assistant(desktop, settings) as assistant:
            assistant.wait_until_complete()
            person = Person(desktop, assistant, "heart")
            for said, question, answer, follow_ups in (
                ("Who wrote War and Peace?", "peace?", "Leo Tolstoy", FOLLOW_UPS),
                ("The second one.", FOLLOW_UPS[1], "about Russia", ("When did he die?",)),
                ("When did he die?", "When did he die?", "1910", ("Where was he buried?",)),
            ):
                turn = person.ask(said)
                assert turn["question"].lower().endswith(question.lower())
                assert answer in turn["answer"]
                wait_for(
                    lambda wanted=list(follow_ups): assistant.status()["suggestions"] == wanted,
                    "the model's follow-ups are offered",
                )
        asked = [one.body["messages"][-1]["content"] for one in chat.asked]
    assert asked[2] == FOLLOW_UPS[1]
