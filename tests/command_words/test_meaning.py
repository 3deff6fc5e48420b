"""Which utterances are a command for the assistant itself, and when."""

from __future__ import annotations

from typing import get_args

import pytest

from voice_assistant.command_words.language import Name, Vocabulary, vocabularies
from voice_assistant.command_words.meaning import Meaning, Situation, meaning_of
from voice_assistant.command_words.spoken import spoken_over_alarms, spoken_over_answers
from voice_assistant.commands import (
    Back,
    Conversation,
    Mute,
    New,
    OffRecord,
    Pause,
    Rate,
    Repeat,
    Resume,
    Skip,
    Snooze,
    Speed,
    Stop,
    Volume,
    Window,
)

FOLLOW_UPS = ("Why is the sky blue?", "And at night?")

ANSWERING = Situation(answering=True, answered=True, volume=0.5, speed=1.0)
RINGING = Situation(answering=True, rings=True, rings_there=True)
ANSWERED = Situation(answered=True, follow_ups=FOLLOW_UPS, heard="what is light")
NOTHING = Situation()
EMBEDDED = Situation(rings_there=True)
ASKED_BACK = Situation(answered=True, follow_ups=FOLLOW_UPS, asks=True)


@pytest.mark.parametrize(
    ("words", "situation", "command"),
    [
        ("Stop.", ANSWERING, Stop()),
        ("stop, please!", ANSWERING, Stop()),
        ("Okay, stop talking.", ANSWERING, Stop()),
        ("Never mind.", ANSWERING, Stop()),
        ("cancel", ANSWERING, Stop()),
        ("Stop, stop, stop!", ANSWERING, Stop()),
        ("No no, stop.", ANSWERING, Stop()),
        ("停一下", ANSWERING, Stop()),
        ("停。", ANSWERING, Stop()),
        ("好的。别说了。", ANSWERING, Stop()),
        ("wait", ANSWERING, Pause()),
        ("Hold on...", ANSWERING, Pause()),
        ("Wait, wait!", ANSWERING, Pause()),
        ("Hang on a second.", ANSWERING, Pause()),
        ("等一下好吗", ANSWERING, Pause()),
        ("暂停", ANSWERING, Pause()),
        ("go on", ANSWERING, Resume()),
        ("Continue, please.", ANSWERING, Resume()),
        ("继续", ANSWERING, Resume()),
        ("next", ANSWERING, Skip()),
        ("下一句", ANSWERING, Skip()),
        ("back", ANSWERING, Back()),
        ("上一句。", ANSWERING, Back()),
        ("Repeat that.", ANSWERED, Repeat()),
        ("Could you say that again, please?", ANSWERED, Repeat()),
        ("Sorry, I didn't catch that.", ANSWERED, Repeat()),
        ("I didn't catch that.", ANSWERED, Repeat()),
        ("请再说一遍", ANSWERED, Repeat()),
        ("the last sentence again", ANSWERED, Back()),
        ("最后一句", ANSWERED, Back()),
        ("Slower.", NOTHING, Speed(factor=0.75)),
        ("慢一点", NOTHING, Speed(factor=0.75)),
        ("speak faster", NOTHING, Speed(factor=1.25)),
        ("快點", NOTHING, Speed(factor=1.25)),
        ("Louder!", ANSWERING, Volume(level=0.7)),
        ("大声一点", ANSWERING, Volume(level=0.7)),
        ("too loud", ANSWERING, Volume(level=0.3)),
        ("小声点", ANSWERING, Volume(level=0.3)),
        ("louder", NOTHING, Volume(level=1.0)),
        ("New conversation.", NOTHING, New()),
        ("Open the setup, please.", NOTHING, Window(view="setup")),
        ("show your settings", ANSWERING, Window(view="settings")),
        ("打开助手窗口", NOTHING, Window()),
        ("Good answer!", ANSWERED, Rate(rating="good")),
        ("That was a bad answer.", ANSWERED, Rate(rating="bad")),
        ("conversation mode", NOTHING, Conversation(on=True)),
        ("stop listening", NOTHING, Conversation(on=False)),
        ("Mute yourself.", NOTHING, Mute(on=True, told=True)),
        ("Off the record, please.", NOTHING, OffRecord(on=True)),
        ("不要记录", NOTHING, OffRecord(on=True)),
        ("on the record again", NOTHING, OffRecord(on=False)),
        ("新对话", NOTHING, New()),
        ("Stop!", RINGING, Stop()),
        ("Okay.", RINGING, Stop()),
        ("Thank you.", RINGING, Stop()),
        ("Okay, thanks.", RINGING, Stop()),
        ("Turn it off, please.", RINGING, Stop()),
        ("好的", RINGING, Stop()),
        ("Snooze.", RINGING, Snooze()),
        ("Wait a moment.", RINGING, Snooze()),
        ("Mm-hm.", RINGING, None),
        ("okay", ANSWERING, None),
    ],
)
def test_a_whole_utterance_is_a_command_where_it_makes_sense(words, situation, command):
    meaning = meaning_of(words, situation)
    assert (meaning and meaning.command) == command


@pytest.mark.parametrize(
    ("words", "situation"),
    [
        ("stop the timer", ANSWERING),
        ("what time is it", ANSWERING),
        ("how do I stop a nosebleed", ANSWERING),
        ("slower than light", ANSWERING),
        ("next week", ANSWERING),
        ("no one", ANSWERED),
        ("what is the second one", ANSWERED),
        ("two plus two", ANSWERED),
        ("one question", ANSWERED),
        ("three", ANSWERED),
        ("yeah", ANSWERED),
        ("好的", ANSWERED),
        ("第三个", ANSWERED),
        ("two", NOTHING),
        ("the second one", NOTHING),
        ("go on", ANSWERED),
        ("continue", NOTHING),
        ("next", ANSWERED),
        ("back", ANSWERED),
        ("wait", ANSWERED),
        ("cancel", ANSWERED),
        ("repeat that", NOTHING),
        ("good answer", NOTHING),
        ("good", ANSWERED),
        ("stop", EMBEDDED),
        ("never mind", EMBEDDED),
        ("stop", ASKED_BACK),
        ("two", ASKED_BACK),
        ("二", ASKED_BACK),
        ("read the follow ups", NOTHING),
        ("", ANSWERED),
        ("...", ANSWERED),
        ("please", ANSWERED),
        ("请" * 2000, ANSWERED),
    ],
)
def test_everything_else_is_a_question(words, situation):
    assert meaning_of(words, situation) is None


@pytest.mark.parametrize("words", ["Mm-hm.", "okay", "I see", "好的"])
def test_words_such_as_mm_hm_let_the_answer_go_on(words):
    assert meaning_of(words, ANSWERING) == Meaning()


@pytest.mark.parametrize("words", ["stop", "never mind", "够了"])
def test_with_nothing_to_stop_a_stop_is_understood_and_not_sent(words):
    assert meaning_of(words, ANSWERED) == Meaning()


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ("one", 0),
        ("Two.", 1),
        ("2", 1),
        ("number two", 1),
        ("The second one, please.", 1),
        ("the first question", 0),
        ("follow-up 2", 1),
        ("第二个", 1),
        ("选第一个", 0),
        ("why is the sky blue", 0),
        ("And at night", 1),
    ],
)
def test_a_follow_up_is_chosen_by_its_number_or_its_words(words, index):
    assert meaning_of(words, ANSWERED) == Meaning(question=FOLLOW_UPS[index])


@pytest.mark.parametrize("words", ["the second one", "number two", "问题二"])
def test_what_only_chooses_does_so_after_a_question_too(words):
    assert meaning_of(words, ASKED_BACK) == Meaning(question=FOLLOW_UPS[1])


def test_follow_ups_are_read_out_with_their_numbers():
    said = "1: Why is the sky blue?\n2: And at night?"
    assert meaning_of("read the follow-ups", ANSWERED) == Meaning(reply=said)


@pytest.mark.parametrize(
    ("words", "situation", "reply"),
    [
        ("what did you hear?", ANSWERED, "I heard: what is light"),
        ("What did you hear?", NOTHING, "I have not heard anything yet."),
        ("你听到了什么", ANSWERED, "我听到的是\uff1awhat is light"),
    ],
)
def test_the_assistant_says_what_it_heard(words, situation, reply):
    assert meaning_of(words, situation) == Meaning(reply=reply)


@pytest.mark.parametrize("vocabulary", vocabularies())
def test_every_language_has_every_command_and_no_phrase_twice(vocabulary: Vocabulary):
    language = vocabulary.language
    assert set(language.phrases) == set(get_args(Name))
    assert all(language.phrases.values())
    phrases = [phrase for phrases in language.phrases.values() for phrase in phrases]
    assert len(phrases) == len(set(phrases))
    for name, phrases in language.phrases.items():
        assert {vocabulary.find(phrase) for phrase in phrases} == {name}


def test_languages_do_not_contradict_each_other():
    for vocabulary in vocabularies():
        for name, phrases in vocabulary.language.phrases.items():
            for phrase in phrases:
                found = {other.find(phrase) for other in vocabularies()} - {None}
                assert found == {name}, phrase


def test_what_steers_an_answer_is_expected_in_a_damaged_voice():
    spoken = spoken_over_answers().spoken
    assert all(map(spoken.accepts, ["Stop.", "slower", "Go on."]))
    assert not spoken.accepts("What time is it?")


def test_what_ends_an_alarm_is_expected_in_a_damaged_voice_and_nothing_else():
    spoken = spoken_over_alarms().spoken
    assert all(map(spoken.accepts, ["Stop.", "okay", "Snooze!", "Stop the alarm."]))
    assert not spoken.accepts("What was that?")
