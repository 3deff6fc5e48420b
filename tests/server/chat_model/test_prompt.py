from __future__ import annotations

import datetime as dt

from helpers.server.talk import turn

from voice_assistant.server.chat_model import prompt

TODAY = dt.date(2026, 11, 30)


def test_the_instructions_are_for_speech_and_name_the_day():
    said = prompt.system(TODAY, "  I live in Berlin. ")["content"]
    assert "read aloud" in said
    assert said.endswith("Today is Monday, November 30, 2026. I live in Berlin.")


def test_the_latest_of_a_talk_comes_along_as_far_as_it_fits():
    before = [turn(f"question {number}", "word " * 30) for number in range(10)]
    one = sum(
        prompt.estimated_tokens({"content": text}) for text in (before[0].query, before[0].answer)
    )
    fitting = prompt.talk(before, one * 3 + 1)
    assert [message["content"] for message in fitting[::2]] == [
        "question 7",
        "question 8",
        "question 9",
    ]
    assert [message["role"] for message in fitting[:2]] == ["user", "assistant"]
    assert prompt.talk(before, -5) == []


def test_a_question_without_an_answer_is_left_out():
    assert prompt.talk([turn("broke off", "")], 1000) == []


def test_pictures_stand_beside_the_words():
    message = prompt.question("what is this", ["data:image/png;base64,AAAA"])
    assert [part["type"] for part in message["content"]] == ["text", "image_url"]
    assert prompt.estimated_tokens(message) > prompt.PICTURE_TOKENS


def test_letters_of_other_scripts_count_as_more_tokens():
    few = prompt.estimated_tokens(prompt.question("abcdefghi"))
    many = prompt.estimated_tokens(prompt.question("\u4f60" * 9))
    assert many - prompt.TOKENS_PER_MESSAGE == 3 * (few - prompt.TOKENS_PER_MESSAGE)
