"""The words for people: marked in the code, complete and right in every catalogue."""

from __future__ import annotations

import itertools
import string

import pytest
from helpers.translation.messages import (
    catalogue,
    in_code,
    others,
    shadowed,
    unmarked,
    unmarked_in_page,
)

from voice_assistant import translation
from voice_assistant.settings.catalogue import every_setting
from voice_assistant.translation import AUTO, LANGUAGES, _, choose, into, language, ngettext


@pytest.fixture
def chosen():
    """Whatever a test chooses, the next one begins with the environment's language."""
    yield choose
    choose(AUTO)


@pytest.mark.parametrize("other", others())
def test_a_catalogue_has_exactly_the_messages_of_the_code(other) -> None:
    """Run `python tests/helpers/translation/messages.py`, and translate what it adds."""
    assert {english(one) for one in catalogue(other) if one.id} == {
        one.many or one.text for one in in_code()
    }


NOT_TRANSLATED = (
    "api/http/authorization.py: Bearer {}",
    "cli/voices.py: It is a quarter past seven.",  # in the language of the voice
    "runtime/setup/trials.py: It is a quarter past seven.",
    "desktop/entry.py: # Written by voice-assistant;",  # files that programs read
    "desktop/user_service.py: # Written by voice-assistant;",
    "engines/models/catalogue.py: Apache-2.0",
    "runtime/doctor/examinations.py: PulseAudio or PipeWire",
    "settings/documentation.py: Settings of voice-assistant",  # of the JSON schema
    "system/logs.py: The log {}",  # there is no terminal any more that could show it
)


def test_every_sentence_for_people_is_marked() -> None:
    assert [one for one in unmarked() if not one.startswith(NOT_TRANSLATED)] == []


NO_WORDS = {
    *("Enter", "Tab", "Control", "Alt", "Shift", "Meta", "Files"),  # names of browsers
    *("nav a", "card bad", "note bad", "noopener noreferrer", "at once"),
    "English",  # a language is written in itself
}


def test_every_word_of_the_page_is_marked() -> None:
    assert {one.partition(": ")[2].strip('"`') for one in unmarked_in_page()} == NO_WORDS


@pytest.mark.parametrize("other", others())
def test_every_message_is_translated_and_none_is_fuzzy(other) -> None:
    messages = [one for one in catalogue(other) if one.id]
    assert [one.id for one in messages if not all(translations(one))] == []
    assert [one.id for one in messages if one.fuzzy] == []


@pytest.mark.parametrize("other", others())
def test_a_translation_has_the_places_of_its_message(other) -> None:
    differing = [
        one.id
        for one in catalogue(other)
        if one.id and any(places(text) != places(english(one)) for text in translations(one))
    ]
    assert differing == []


@pytest.mark.parametrize("other", others())
def test_a_translation_names_the_same_commands(other) -> None:
    differing = [
        one.id
        for one in catalogue(other)
        if one.id and any(commands(text) != commands(english(one)) for text in translations(one))
    ]
    assert differing == []


@pytest.mark.parametrize("other", others())
def test_a_translated_meaning_quotes_the_values_of_its_setting_as_the_file_has_them(other) -> None:
    """By that the window puts the values' names in their places."""
    translated = catalogue(other)
    lacking = [
        (one.key, word)
        for one in every_setting()
        for word in one.choices
        if f'"{word}"' in one.description
        and f'"{word}"' not in translated.get(one.description).string
    ]
    assert lacking == []


def test_chinese_has_no_western_punctuation_after_a_sign() -> None:
    odd = [
        one.string
        for one in catalogue("zh_CN")
        for text in translations(one)
        for sign, after in itertools.pairwise(text)
        if one.id and "\u4e00" <= sign <= "\u9fff" and after in ",.;:?!()"
    ]
    assert odd == []


def test_the_values_of_a_message_fit_its_places() -> None:
    assert [
        one
        for one in in_code()
        if one.values is not None and {name for name, *rest in places(one.text)} != one.values
    ] == []


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_SG.utf8"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8@euro"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en_GB:zh_CN"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": ""}, "zh_CN"),
    ],
)
def test_the_environment_names_the_language(environ, wanted) -> None:
    assert language(environ) == wanted


def test_a_chosen_language_wins_and_changes_words_at_once(chosen) -> None:
    chosen("zh_CN")
    assert language({"LANG": "en_US.UTF-8"}) == "zh_CN"
    assert _("Ready") == "就绪"
    assert _("Not ready: {reason}", reason="{0}") == "尚未就绪：{0}"  # noqa: RUF001
    chosen("en")
    assert _("Ready") == "Ready"


def test_one_and_many_differ_where_a_language_has_both(chosen) -> None:
    one, many = (
        "It was made on {date} and is {n} second long.",
        "It was made on {date} and is {n} seconds long.",
    )
    assert ngettext(one, many, 1, date="today") == "It was made on today and is 1 second long."
    assert ngettext(one, many, 2, date="today") == "It was made on today and is 2 seconds long."
    chosen("zh_CN")
    assert ngettext(one, many, 1, date="今天") == "录制于 今天，时长 1 秒。"  # noqa: RUF001


def test_a_message_that_no_catalogue_has_stays_english() -> None:
    assert into("zh_CN", "No catalogue has this.") == "No catalogue has this."


def test_every_language_of_the_settings_has_its_catalogue() -> None:
    assert {path.name for path in translation.LOCALES.iterdir()} == set(LANGUAGES) - {"en"}


def test_no_function_that_shows_words_has_another_use_for_their_name() -> None:
    """In a function that binds `_`, also by a loop, every `_(…)` calls what was bound."""
    assert list(shadowed()) == []


def english(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[1]


def translations(message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else message.string


def places(text: str) -> set[tuple[str, str, str | None]]:
    """The {places} of a message, each with its form; none if the message is shown as it is."""
    try:
        return {
            (name, form or "", conversion)
            for _text, name, form, conversion in string.Formatter().parse(text)
            if name is not None and name.isidentifier()
        }
    except ValueError:
        return set()


def commands(text: str) -> list[str]:
    return sorted(text.split("`")[1::2])
