"""Which words are chosen, by a network that holds what the test says for likely."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assistant.engines.recognition.beam_search import Heard, freely, within
from voice_assistant.engines.recognition.beginnings import begins_with
from voice_assistant.engines.recognition.command_grammar import END as OVER
from voice_assistant.engines.recognition.command_grammar import (
    OPEN,
    Beginning,
    Commands,
    Grammar,
    beginning_with,
)
from voice_assistant.engines.recognition.decoding import words_of
from voice_assistant.engines.recognition.moonshine import END, Together

SPACE = "\u2581"
WORDS = ("set", "sat", "a", "the", "timer", "tenor", "all", "spell", "cat", "cats")
TOKENS = ["", "", "", *(SPACE + word for word in WORDS)]
UNLIKELY = -40.0
TWO_SECONDS = np.zeros(32_000, np.int16)


class Network:
    """Says what it was told to hear; `heard` gives the nats of each word at each place."""

    tokens = TOKENS

    def __init__(self, *heard):
        self._heard = heard

    def encode(self, pcm, around_s=0.3):
        return np.full(1, around_s)

    def decoding(self, *ways):
        return Decoding(self._heard)

    def is_text(self, token):
        return token > END

    def text(self, tokens):
        return "".join(TOKENS[token] for token in tokens).replace(SPACE, " ").strip()


class Decoding:
    def __init__(self, heard):
        self._heard = heard
        self._at = 0

    def begin(self):
        return self._row()[None]

    def go_on(self, tokens, texts=(0,)):
        self._at += 1
        return np.tile(self._row(), (len(tokens), 1))

    def _row(self):
        row = np.full(len(TOKENS), UNLIKELY)
        if self._at >= len(self._heard):
            row[END] = 0.0
            return row
        for word, nats in self._heard[self._at].items():
            row[TOKENS.index(SPACE + word) if word else END] = nats
        return row


SPOKEN = Grammar(
    [{"set": 1, "spell": 4}, {"a": 2, "all": 2}, {"timer": 3}, {OVER: 5}, {OPEN: 3}, {}]
)
DESTROYING = Grammar([{"set": 1}, {"all": 2}, {"timer": 3}, {OVER: 4}, {}])
COMMANDS = Commands(SPOKEN, DESTROYING)


def heard(network, commands=COMMANDS):
    return words_of(network, TWO_SECONDS, commands).text


def saying(first, second, third):
    return Network(first, second, third)


def test_words_that_are_a_command_are_kept():
    assert heard(saying({"set": -1, "sat": -9}, {"a": 0}, {"timer": 0})) == "set a timer"


@pytest.mark.parametrize(("nats", "words"), [(-6.9, "set a timer"), (-7.1, "sat a timer")])
def test_a_command_that_was_nearly_heard_is_taken(nats, words):
    assert heard(saying({"set": nats, "sat": 0}, {"a": 0}, {"timer": 0})) == words


def test_long_speech_is_no_command_that_was_nearly_heard():
    network = saying({"set": -1, "sat": 0}, {"a": 0}, {"timer": 0})
    assert words_of(network, np.resize(TWO_SECONDS, 176_000), COMMANDS).text == "sat a timer"


@pytest.mark.parametrize(("nats", "words"), [(-2.9, "set all timer"), (-3.1, "sat all timer")])
def test_a_destructive_command_must_be_heard_more_surely(nats, words):
    assert heard(saying({"set": nats, "sat": 0}, {"all": 0}, {"timer": 0})) == words


def test_any_word_may_stand_where_the_grammar_is_open():
    network = Network({"spell": -2, "sat": 0}, {"cat": 0})
    assert heard(network) == "spell cat"


LIST = Commands(
    spoken=Grammar([{"set": 1}, {"cat": 2}, {OVER: 3}, {}]),
    open_ended=Grammar([{"set": 1}, {OPEN: 2}, {OVER: 3, OPEN: 2}, {}]),
)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"set": 0}, {"cats": 0, "cat": -1.9}, "set cat"),  # the word of the list was meant
        ({"set": 0}, {"cats": 0, "cat": -2.1}, "set cats"),
        ({"sat": 0, "set": -4}, {"cats": 0, "cat": -6}, "set cats"),
        ({"sat": 0, "set": -8}, {"cats": 0, "cat": -9}, "sat cats"),
    ],
)
def test_any_words_make_a_command_unless_one_of_the_list_was_nearly_heard(first, second, words):
    assert heard(Network(first, second), LIST) == words


def test_without_commands_the_words_stay():
    assert heard(saying({"set": -1, "sat": 0}, {"a": 0}, {"timer": 0}), Commands()) == "sat a timer"


def test_a_much_shorter_command_is_not_what_was_said():
    long = [{"sat": 0, "spell": -1}, {"the": 0, "cat": -1}, *[{"the": 0, "": -1}] * 5]
    assert heard(Network(*long)) == "sat the the the the the the"


@pytest.mark.parametrize(
    ("first", "sure"),
    [
        ({"set": -3.1, "sat": -9}, True),  # a command: 0.46 for each of four tokens
        ({"set": -3.3, "sat": -9}, False),
        ({"set": -3.1, "sat": -3.0}, True),
        ({"set": -3.3, "sat": -3.0}, False),
        ({"set": -9, "sat": -0.7}, True),  # no command: 0.84
        ({"set": -9, "sat": -0.9}, False),
    ],
)
def test_words_are_sure_where_the_network_is(first, sure):
    heard = words_of(saying(first, {"a": 0}, {"timer": 0}), TWO_SECONDS, COMMANDS)
    assert heard.sure is sure


class Picky(Network):
    """Holds "the" for certain behind "set", and for less likely behind "sat"."""

    def decoding(self, *ways):
        return PickyDecoding(self._heard)


class PickyDecoding(Decoding):
    def go_on(self, tokens, texts=(0,)):
        rows = super().go_on(tokens, texts)
        if self._at == 1:
            for row, token in zip(rows, tokens, strict=True):
                row[TOKENS.index(SPACE + "the")] = -0.5 if TOKENS[token] == SPACE + "sat" else 0.0
        return rows


@pytest.mark.parametrize(("first", "words"), [(-1.0, "set the cat"), (-0.1, "sat the cat")])
def test_where_words_are_unsure_likelier_ones_are_looked_for(first, words):
    network = Picky({"sat": first, "set": -1.1}, {"the": 0}, {"cat": 0})
    assert heard(network, Commands()) == words


class Moody(Network):
    """Hears the command only with a certain silence around it."""

    def __init__(self, around_s, first):
        super().__init__(first, {"a": 0}, {"timer": 0})
        self._around_s = around_s

    def decoding(self, *ways):
        heard = self._heard if ways[0][0] == self._around_s else ({"the": -3.0}, {"cat": 0})
        return Decoding(heard)


@pytest.mark.parametrize(
    ("around_s", "nats", "words"),
    [
        (0.05, -4.9, "set a timer"),
        (0.6, -4.9, "set a timer"),
        (0.6, -5.1, "sat a timer"),  # the words of the surest look
        (0.4, -1.0, "the cat"),
    ],
)
def test_an_unsure_sound_is_looked_at_in_other_ways(around_s, nats, words):
    assert heard(Moody(around_s, {"set": nats, "sat": 0})) == words


def test_a_long_sound_is_looked_at_once():
    long = np.resize(TWO_SECONDS, 112_000)
    assert words_of(Moody(0.6, {"set": 0}), long, COMMANDS).text == "the cat"


def test_likelier_words_leave_out_nothing():
    long = [{"sat": -0.3, "": -1.0}, *[{"the": -0.5, "": -0.6}] * 5]
    assert heard(Network(*long), Commands()).startswith("sat the the")


@pytest.mark.parametrize(("nats", "guessed"), [(-2.6, False), (-2.9, True)])
def test_words_are_guessed_where_each_is_improbable(nats, guessed):
    heard = words_of(saying({"sat": nats}, {"a": 0}, {"timer": 0}), TWO_SECONDS, COMMANDS)
    assert (heard.sure, heard.guessed) == (False, guessed)


@pytest.mark.parametrize(
    ("first", "perhaps"),
    [
        ({"set": -12.9, "sat": -1}, "set a timer"),
        ({"set": -13.1, "sat": -1}, ""),
        ({"set": -12.9, "sat": -0.1}, ""),  # the words are sure
    ],
)
def test_a_command_that_unsure_words_may_have_been_is_told(first, perhaps):
    found = words_of(saying(first, {"a": 0}, {"timer": 0}), TWO_SECONDS, COMMANDS)
    assert (found.text, found.perhaps) == ("sat a timer", perhaps)


def test_a_destructive_command_is_told_where_it_was_not_heard_surely():
    network = saying({"set": -4.1, "sat": -1}, {"all": 0}, {"timer": 0})
    assert words_of(network, TWO_SECONDS, COMMANDS).perhaps == "set all timer"


def test_several_ways_to_encode_a_sound_are_one_on_average():
    ways = Together([Decoding([{"set": -1}, {"a": -2}]), Decoding([{"set": -3}, {"a": -6}])])
    assert ways.begin()[0, TOKENS.index(SPACE + "set")] == -2
    assert ways.go_on([5, 6], [0, 0])[:, TOKENS.index(SPACE + "a")].tolist() == [-4, -4]


def test_nothing_is_nothing():
    assert heard(Network()) == ""


def test_a_network_that_repeats_itself_is_ended():
    assert freely(Network(*[{"the": 0}] * 500), None, 10).text.split() == ["the"] * 10


SAT_A_TIMER = Heard("sat a timer", 0.0, 4)


@pytest.mark.parametrize(("nats", "words"), [(-0.5, "set a timer"), (-0.7, "set timer")])
def test_a_command_that_leaves_out_less_may_be_less_likely(nats, words):
    either = Grammar([{"set": 1}, {"a": 2, "timer": 3}, {"timer": 3}, {OVER: 4}, {}])
    network = Network({"set": 0}, {"timer": 0, "a": nats}, {"": 0, "timer": 0})
    assert within(network, [None], either, SAT_A_TIMER, 20.0).text == words


def test_the_likeliest_of_several_commands_is_found():
    network = Network({"set": -1, "spell": -1.5}, {"a": -4, "cat": 0}, {"timer": -4, "": 0})
    found = within(network, [None], SPOKEN, SAT_A_TIMER, 20.0)
    assert (found.text, found.log_probability) == ("spell cat", -1.5)
    assert within(network, [None], SPOKEN, SAT_A_TIMER, 2.0) is None


@pytest.mark.parametrize(
    ("heard", "begins"),
    [
        ([{"set": -0.1}, {"a": -0.1}, {"timer": -0.1}], Beginning.GOES_ON),
        ([{"set": -2.0, "sat": -0.2}, {"a": -0.1}, {"cat": -0.1}], Beginning.GOES_ON),
        ([{"set": -0.1}, {"a": -0.1}, {"": -0.1}], Beginning.PHRASE),
        ([{"set": -0.1}, {"a": -0.1}, {"": -0.1, "timer": -3.0}], Beginning.PHRASE),
        ([{"set": -0.1}, {"a": -9.0}, {"timer": -0.1}], Beginning.OTHER),
        ([{"sat": -0.1}, {"set": -0.1}, {"a": -0.1}], Beginning.OTHER),
        ([{"set": -0.1}], Beginning.OTHER),
        ([], Beginning.OTHER),
    ],
)
def test_a_phrase_is_found_where_it_begins_what_is_said(heard, begins):
    assert begins_with(Network(*heard), np.zeros(1), beginning_with("set a")) is begins


@pytest.mark.parametrize(
    ("heard", "whole", "begins"),
    [
        ([{"cat": 0.0}], True, True),
        ([{"cat": 0.0}], False, False),  # it may become "cats"
        ([{"cat": 0.0}, {"the": 0.0}], False, True),
        ([{"cat": -3.0, "cats": 0.0}, {"the": 0.0}], True, False),
        ([{"cat": -0.4, "cats": 0.0}, {"the": 0.0}], True, True),  # an s of the next word
        ([{"cat": -3.4, "sat": -0.1}], True, False),
        ([{"cat": -4.4, "sat": -1.0}], True, True),  # it may as well be the noise
        ([{"cat": -2.9, "sat": -0.1}], True, True),
    ],
)
def test_a_phrase_is_a_whole_word(heard, whole, begins):
    phrase = beginning_with("cat")
    beginning = begins_with(Network(*heard), np.zeros(1), phrase, whole=whole)
    assert (beginning is not Beginning.OTHER) is begins
