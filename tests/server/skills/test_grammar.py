"""The recogniser's grammar says what the templates say."""

from __future__ import annotations

import random
import re

import pytest

from voice_assistant.engines.recognition.command_grammar import Commands
from voice_assistant.server.skills.grammar import Automaton, grammar
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.skills import ANSWERS
from voice_assistant.server.skills.templates import templates
from voice_assistant.server.skills.words import plain


def transitions(fsg):
    """For each state the words and the next states; "" goes to the end."""
    following = {}
    for state, target, word in re.findall(
        r"^TRANSITION (\d+) (\d+) 1\.0 ?(\S*)$", fsg, re.MULTILINE
    ):
        following.setdefault(int(state), []).append((word, int(target)))
    return following


def sentences(fsg):
    """All sentences of a grammar, shortest way first."""
    following = transitions(fsg)
    found, waiting = set(), [((), 0)]
    for words, state in waiting:
        for word, target in following.get(state, []):
            if word:
                waiting.append(((*words, word), target))
            else:
                found.add(" ".join(words))
    return found


def said(template, rules=None, lists=None):
    return sentences(Automaton(rules or {}, lists or {}).fsg(template))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one", {"one"}),
        ("one two", {"one two"}),
        ("(one|two) three", {"one three", "two three"}),
        ("[one] two", {"two", "one two"}),
        ("[one|two] three", {"three", "one three", "two three"}),
        ("minute[s]", {"minute", "minutes"}),
        ("[[a] b] c", {"c", "b c", "a b c"}),
        ("it's <time>|now", {"it's late", "it's later", "now"}),
        ("{number} {number:other}", {"one one", "one two", "two one", "two two"}),
        ("a|a b|a b c", {"a", "a b", "a b c"}),
        ("a (b|c) d|a b e", {"a b d", "a c d", "a b e"}),
    ],
)
def test_a_template_becomes_its_sentences(template, expected):
    assert said(template, {"time": "late[r]"}, {"number": ["one", "two"]}) == expected


def test_equal_endings_are_shared():
    many = "|".join(f"w{n} and then the same long end of it" for n in range(50))
    states = transitions(Automaton({}, {}).fsg(many))
    assert len(states) == 10


def test_the_grammar_is_small_enough_to_be_fast():
    assert grammar().count("TRANSITION") < 8000


def test_whatever_the_grammar_lets_one_say_is_understood():
    following = transitions(grammar())
    luck = random.Random(1)  # noqa: S311  (the same sentences each time)
    matcher = Matcher()
    lost = []
    for _ in range(1500):
        words, state = [], 0
        while True:
            word, state = luck.choice(following[state])
            if not word:
                break
            words.append(word)
        if matcher.match(plain(" ".join(words))) is None:
            lost.append(" ".join(words))
    assert lost == []


def test_the_grammar_knows_what_is_spoken_and_not_what_is_only_typed():
    commands = Commands(grammar(), lambda word: word)
    for question in (
        "what time is it",
        "please set a timer for one hour and thirty minutes",
        "what is two hundred and five divided by three point five",
        "how many feet are in a mile",
        "spell anything",
        "what day is december the twenty fifth",
    ):
        assert commands.longest(question) == question
    for question in (
        "5 km in miles",
        "a random number",
        "what",
        "five pints in miles",
    ):
        assert commands.longest(question) == ""


def test_every_intent_has_its_skill():
    assert set(templates()["intents"]) == set(ANSWERS)


def test_the_recogniser_knows_every_word_of_the_grammar():
    pocketsphinx = pytest.importorskip("pocketsphinx")
    decoder = pocketsphinx.Decoder(loglevel="FATAL", lm=None)
    words = {word for following in transitions(grammar()).values() for word, _ in following}
    assert [word for word in sorted(words - {""}) if not decoder.lookup_word(word)] == []
