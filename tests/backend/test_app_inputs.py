from __future__ import annotations

import pytest

from voice_assistant.api.models import ChatFile, InputField
from voice_assistant.backend.app_inputs import checked, wants_files, with_files
from voice_assistant.errors import ConfigError

NAME = InputField(kind="text-input", variable="name", label="Your name", required=True)
LANGUAGE = InputField(kind="select", variable="lang", required=True, options=("en", "zh"))
BIO = InputField(kind="paragraph", variable="bio", max_length=5)
AGE = InputField(kind="number", variable="age")
PICTURE = InputField(kind="file", variable="picture")
NEW_KIND = InputField(kind="mood-ring", variable="mood", required=True)
FORM = (NAME, LANGUAGE, BIO, AGE, PICTURE)
ENOUGH = {"name": "Ada", "lang": "en"}


@pytest.mark.parametrize(
    "given",
    [
        ENOUGH,
        ENOUGH | {"bio": "short"},
        ENOUGH | {"bio": ""},
        ENOUGH | {"age": 3},
        ENOUGH | {"age": 0},
        ENOUGH | {"age": "3.5"},
        ENOUGH | {"picture": {"type": "image", "url": "https://x.test/a.png"}},
        ENOUGH | {"something": "else"},
    ],
)
def test_inputs_that_the_app_takes_are_sent_unchanged(given):
    assert checked(FORM, given) == given


def test_all_that_is_missing_is_named_at_once_with_what_to_write():
    with pytest.raises(ConfigError) as caught:
        checked(FORM, {"name": "", "bio": "short"})
    assert caught.value.title == "The app asks for what is not set: name (Your name), lang"
    assert "[backend.inputs]" in caught.value.hint
    assert 'name = "..."' in caught.value.hint
    assert 'lang = "en" or "zh"' in caught.value.hint


def test_a_kind_of_input_that_is_not_known_yet_is_asked_for_too():
    with pytest.raises(ConfigError, match="mood"):
        checked((NEW_KIND,), {})
    assert checked((NEW_KIND,), {"mood": ["blue"]}) == {"mood": ["blue"]}


def test_a_number_is_asked_for_without_quotes():
    needed = InputField(kind="number", variable="age", required=True)
    with pytest.raises(ConfigError) as caught:
        checked((needed,), {})
    assert "age = 3" in caught.value.hint


@pytest.mark.parametrize(
    ("wrong", "title", "hint"),
    [
        ({"name": 3}, "name (Your name) is no text", '"3"'),
        ({"lang": "fr"}, "lang is 'fr'", "en, zh"),
        ({"bio": "longer"}, "bio is 6 characters long", "at most 5"),
        ({"age": "old"}, "wants a number", "3.5"),
        ({"age": True}, "wants a number", "3.5"),
    ],
)
def test_a_value_that_the_app_does_not_take_is_named(wrong, title, hint):
    with pytest.raises(ConfigError) as caught:
        checked(FORM, ENOUGH | wrong)
    assert title in caught.value.title
    assert hint in caught.value.hint


def test_a_required_input_has_the_value_that_its_form_shows_first():
    easy = InputField(kind="text-input", variable="city", required=True, default="Paris")
    optional = InputField(kind="text-input", variable="land", default="France")
    assert checked((easy, optional), {}) == {"city": "Paris"}
    assert checked((easy, optional), {"city": "Rome"}) == {"city": "Rome"}


def test_the_given_inputs_are_not_changed():
    given = {"name": "Ada"}
    easy = InputField(kind="text-input", variable="city", required=True, default="Paris")
    checked((easy,), given)
    assert given == {"name": "Ada"}


DOC = InputField(kind="file", variable="doc", label="The document", required=True)
MORE = InputField(kind="file-list", variable="more", max_length=2)
ONE, TWO, THREE, FOUR = (ChatFile("document", "local_file", upload_file_id=n) for n in "1234")


def sent(number: str) -> dict:
    return {"type": "document", "transfer_method": "local_file", "upload_file_id": number}


def test_a_file_that_comes_with_the_first_question_goes_into_the_input_for_it():
    inputs, left = with_files((DOC,), {"city": "Paris"}, (ONE,))
    assert inputs == {"city": "Paris", "doc": sent("1")}
    assert left == ()
    assert checked((DOC,), inputs) == inputs


def test_required_inputs_are_filled_first_and_what_is_left_stays_with_the_question():
    inputs, left = with_files((MORE, DOC), {}, (ONE, TWO, THREE, FOUR))
    assert inputs == {"doc": sent("1"), "more": [sent("2"), sent("3")]}
    assert left == (FOUR,)


def test_without_an_input_for_files_they_stay_with_the_question():
    words = tuple(field for field in FORM if field.kind != "file")
    assert with_files(words, ENOUGH, (ONE,)) == (ENOUGH, (ONE,))
    assert not wants_files(words, ENOUGH)
    assert wants_files((MORE,), {})
    assert not wants_files((DOC,), {"doc": sent("1")})


def test_a_required_file_that_is_missing_is_asked_for_with_the_question():
    with pytest.raises(ConfigError, match="asks for a file: doc") as caught:
        checked((DOC,), {})
    assert "ask --file" in caught.value.hint
