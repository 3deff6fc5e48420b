"""The recogniser's grammar says what the templates say."""

from __future__ import annotations

from fractions import Fraction

import pytest

from voice_assistant.engines.recognition.command_grammar import OPEN
from voice_assistant.server.skills.grammar import Automaton, commands, said_lists, said_rules
from voice_assistant.server.skills.intent_table import ANSWERS
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.templates import templates
from voice_assistant.server.skills.words import plain


def transitions(grammar):
    """For each state the words and the next states; "" goes to the end."""
    return {
        state: [(word.replace(OPEN, "anything"), target) for word, target in steps.items()]
        for state, steps in enumerate(grammar.steps)
        if steps
    }


def sentences(grammar):
    """All sentences of a grammar, shortest way first."""
    following = transitions(grammar)
    found, waiting = set(), [((), 0)]
    for words, state in waiting:
        for word, target in following.get(state, []):
            if word:
                waiting.append(((*words, word), target))
            else:
                found.add(" ".join(words))
    return found


def walked(following):
    """Sentences that together take every transition, and never the same way twice."""
    left = {state: list(range(len(steps))) for state, steps in following.items()}
    to_go = {}  # how many transitions that nobody took begin at a state or behind it

    def behind(state):
        if state not in to_go:
            to_go[state] = len(left.get(state, ())) + sum(
                behind(target) for _, target in following.get(state, [])
            )
        return to_go[state]

    found = []
    while behind(0):
        words, state = [], 0
        while state in following:
            steps, unused = following[state], left[state]
            best = max(range(len(steps)), key=lambda at: (at in unused, behind(steps[at][1])))
            if best in unused:
                unused.remove(best)
            word, state = steps[best]
            words.append(word)
        found.append(" ".join(filter(None, words)))
        to_go.clear()
    return found


def spoken_templates():
    return [
        sentence
        for intent in templates()["intents"].values()
        for data in intent["data"]
        if data.get("metadata", {}).get("spoken", True)
        for sentence in data["sentences"]
    ]


def said(template, rules=None, lists=None):
    return sentences(Automaton(rules or {}, lists or {}).grammar(template))


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
    states = transitions(Automaton({}, {}).grammar(many))
    assert len(states) == 10


def test_the_grammar_is_small_enough_to_be_fast():
    assert sum(map(len, commands().spoken.steps)) < 10_000


def test_a_walk_takes_every_transition():
    following = transitions(Automaton({}, {}).grammar("a|a b|a (b|c) d [e|f] g"))
    taken = set()
    for sentence in walked(following):
        state = 0
        for word in (*sentence.split(), ""):
            taken.add((state, word))
            state = dict(following[state])[word]
    assert taken == {(state, word) for state, steps in following.items() for word, _ in steps}


@pytest.fixture(scope="module")
def matcher():
    return Matcher()


@pytest.mark.parametrize("template", spoken_templates())
def test_whatever_the_grammar_lets_one_say_is_understood(template, matcher):
    """Each transition of the template's automaton is taken: each word at each of its places."""
    following = transitions(Automaton(said_rules(), said_lists()).grammar(template))
    spoken = walked(following)
    assert spoken
    assert [one for one in spoken if matcher.match(plain(one)) is None] == []


@pytest.mark.parametrize(
    ("spoken", "numbers"),
    [
        ("one hundred and two and nine", (102, 9)),
        ("nine and one hundred and two", (9, 102)),
        ("one thousand and two", (1000, 2)),
        ("two hundred and five hundred and six", (200, 506)),
        ("twelve hundred and thirty and thirty nine hundred eight", (1230, 3908)),
        ("one and two", (1, 2)),
        ("one hundred and two to two hundred and six", (102, 206)),
        ("two and a half and five", (Fraction(5, 2), 5)),
    ],
)
def test_between_stand_two_numbers(spoken, numbers):
    assert plain(f"pick a number between {spoken}").numbers == numbers


@pytest.mark.parametrize("unit", ["mile", "kilometer"])
@pytest.mark.parametrize("before", ["to", "in", "and to", "what about in"])
def test_a_speed_an_hour_is_understood_wherever_it_is_offered(unit, before, matcher):
    match = matcher.match(plain(f"{before} {unit}s an hour"))
    assert match.intent == "convert_more"
    assert match.slots == (("to", f"{unit} per hour"),)


def test_courtesies_change_nothing(matcher):
    for courtesy in templates()["courtesies"]:
        assert matcher.match(plain(f"{courtesy} what time is it")).intent == "time"


def test_the_grammar_knows_what_is_spoken_and_not_what_is_only_typed():
    spoken = commands().spoken
    for question in (
        "what time is it",
        "please set a timer for one hour and thirty minutes",
        "what is two hundred and five divided by three point five",
        "how many feet are in a mile",
        "spell anything",
        "what day is december the twenty fifth",
    ):
        assert spoken.accepts(question)
    for question in (
        "5 km in miles",
        "a random number",
        "what",
        "five pints in miles",
    ):
        assert not spoken.accepts(question)


def test_every_intent_has_its_skill():
    assert set(templates()["intents"]) == set(ANSWERS)


def test_the_destructive_intents_are_known():
    found = commands()
    for question in ("cancel all timers", "please delete the pizza timer", "Turn off the timer."):
        assert found.destroying.accepts(question)
        assert found.spoken.accepts(question)
    assert not found.destroying.accepts("set a timer for ten minutes")
