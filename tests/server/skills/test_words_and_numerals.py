"""Letters, numerals, counting, tips and ages; it is Friday, November 20, 2026, 3:05 PM."""

from __future__ import annotations

import pytest

ANSWERS = {
    "tip on 45 dollars at 18 percent": "The tip is 8.1, together 53.1.",
    "what's the tip on $45 at 18%": "The tip is 8.1, together 53.1.",
    "tip 20 percent on 60": "The tip is 12, together 72.",
    "what is a 15 percent tip on a 40 dollar bill": "The tip is 6, together 46.",
    "how much should I tip on 45 dollars": (
        "A tip of 15 percent is 6.75, 18 percent 8.1, 20 percent 9."
    ),
    "how many days are left this year": "41 days until Thursday, December 31, 2026.",
    "how much of the year is left": "41 days until Thursday, December 31, 2026.",
    "how many days left in this month": "10 days until Monday, November 30, 2026.",
    "how many days until the end of the week": "2 days until Sunday, November 22, 2026.",
    "how many weeks are left this year": "5 weeks and 6 days until Thursday, December 31, 2026.",
    "how many letters in banana": "Banana has 6 letters.",
    "how many letters are there in the word banana?": "Banana has 6 letters.",
    "how many letters does Mississippi have": "Mississippi has 11 letters.",
    "how many letters are in New York": "New York has 7 letters.",
    "how many vowels in banana": "Banana has 3 vowels.",
    "how many consonants are in Rhythm": "Rhythm has 6 consonants.",
    "how many vowels in rhythm": "Rhythm has no vowels.",
    "how many r's are in strawberry": "Strawberry has the letter R 3 times.",
    "how many times does the letter s appear in Mississippi": (
        "Mississippi has the letter S 4 times."
    ),
    "how many letter b's in banana": "Banana has the letter B once.",
    "how many z's in banana": "Banana has no letter Z.",
    "how many letters in the alphabet": "The English alphabet has 26 letters.",
    "how many m in a km": "1 kilometer is 1,000 meters.",
    "what is 10 factorial": "10 factorial is 3,628,800.",
    "the factorial of 5": "5 factorial is 120.",
    "0 factorial": "0 factorial is 1.",
    "100 factorial": "That number is too long to be said.",
    "1000000000 factorial": "That number is too long to be said.",
    "volume down a bit": "The volume is at 30 percent.",
    "volume up a little": "The volume is at 50 percent.",
    "a little louder": "The volume is at 50 percent.",
    "you're welcome": "Good. What else can I do for you?",
    "you're most welcome": "Good. What else can I do for you?",
    "no problem": "Good. What else can I do for you?",
    "count to five": "One, two, three, four, five.",
    "count from ten down to eight": "Ten, nine, eight.",
    "count down from three to one": "Three, two, one.",
    "count backwards from three": "Three, two, one.",
    "count from 5 to 9 please": "Five, six, seven, eight, nine.",
    "count from 9 to 7": "Nine, eight, seven.",
    "count down to one from three": "Three, two, one.",
    "count to a hundred": "I count twenty numbers at most.",
    "count down from ten": "For 10 minutes, or 10 seconds?",
    "roman numeral for 14": "14 is XIV in Roman numerals, spelled X-I-V.",
    "what is 1999 in roman numerals": (
        "1,999 is MCMXCIX in Roman numerals, spelled M-C-M-X-C-I-X."
    ),
    "how do you write five in roman numerals": "5 is V in Roman numerals.",
    "what's 4000 in roman numerals": "Roman numerals are for 1 to 3,999.",
    "what is the roman numeral XIV": "XIV is 14.",
    "what does the roman numeral MCMXCIX mean": "MCMXCIX is 1,999.",
    "roman numeral i": "I is 1.",
    "MIX in roman numerals": "MIX is 1,009.",
    "12 in binary": "12 is 1 1 0 0 in binary.",
    "what's 1011 in binary": (
        "1,011 is 1 1 1 1 1 1 0 0 1 1 in binary. Read as binary, 1 0 1 1 is 11."
    ),
    "what is binary 1011": "Binary 1 0 1 1 is 11.",
    "convert 1011 from binary to decimal": "Binary 1 0 1 1 is 11.",
    "binary 102 in decimal": "A binary number has no digits but 0 and 1.",
    "255 in hex": "255 is F F in hexadecimal.",
    "how old is someone born in 1980": (
        "Who was born in 1980 is 45 or 46: 46 from this year's birthday on."
    ),
    "if I was born in 2000 how old am I": (
        "Who was born in 2000 is 25 or 26: 26 from this year's birthday on."
    ),
    "how old is a child born in 2026": "Who was born in 2026 is not one year old yet.",
    "how old is someone born on March 5 1980": "Who was born on Wednesday, March 5, 1980 is 46.",
    "how old is a person who was born on December 24, 1980": (
        "Who was born on Wednesday, December 24, 1980 is 45."
    ),
}


@pytest.mark.parametrize("question", ANSWERS)
async def test_words_and_numbers_are_asked_about_in_many_wordings(talk, question):
    assert await talk.say(question) == ANSWERS[question]


@pytest.mark.parametrize(
    "question",
    [
        "how many letters in my name",
        "how many letters in a word",
        "how many letters in B12",
        "half factorial",
        "minus 3 factorial",
        "count to 1.5",
        "count to zero",
        "how many letters are in banana and apple",
        "count down from one to ten",
        "roman numeral iiii",
        "roman numeral for 2.5",
        "what does the roman numeral hello mean",
        "1.5 in binary",
        "minus 2 in binary",
        "how old is someone born in 2050",
        "how old is someone born in 1066",
        "how old is someone born on February 30 1980",
        "how old is someone born on December 24 2026",
    ],
)
async def test_what_makes_no_sense_is_not_answered(talk, question):
    assert not await talk.understands(question)


async def test_every_roman_numeral_is_read_as_the_number_that_it_is_written_for(talk):
    for number in (1, 4, 9, 40, 90, 400, 900, 1444, 2026, 3888, 3999):
        numeral = (await talk.say(f"roman numeral for {number}")).split()[2]
        assert await talk.say(f"roman numeral {numeral}") == f"{numeral} is {number:,}."
