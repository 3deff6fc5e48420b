"""Notes, lists, the stopwatch, and the machine itself: what is said, and what is done."""

from __future__ import annotations

import pytest


def texts(talk, name):
    return [entry.text for entry in talk.lists.entries(name)]


@pytest.mark.parametrize(
    ("question", "entries"),
    [
        ("add milk to the shopping list", ["milk"]),
        (
            "please put milk, eggs and rye bread on my grocery list",
            ["milk", "eggs", "rye bread"],
        ),
        ("Add 2 apples to the shopping list.", ["2 apples"]),
        ("add 7-Up to the shopping list", ["7-Up"]),
    ],
)
async def test_an_entry_of_the_shopping_list_keeps_its_words(talk, question, entries):
    await talk.say(question)
    assert texts(talk, "shopping list") == entries


async def test_an_entry_of_another_list_stays_whole(talk):
    said = await talk.say("add call 0170 123 and pay $5.50 to my to-do list")
    assert said == "Call 0170 123 and pay $5.50 is on the to-do list."
    assert texts(talk, "to-do list") == ["call 0170 123 and pay $5.50"]


async def test_a_list_is_read_and_entries_come_off(talk):
    assert await talk.say("what's on my shopping list") == "The shopping list is empty."
    await talk.say("add milk and almond butter to the shopping list")
    said = "The shopping list has 2 entries: milk, almond butter."
    assert await talk.say("what is on the shopping list?") == said
    assert await talk.say("remove butter from the shopping list") == (
        "Almond butter is off the shopping list."
    )
    assert (
        await talk.say("take tea off my shopping list") == "There is no tea on the shopping list."
    )
    assert texts(talk, "shopping list") == ["milk"]


async def test_a_long_list_is_not_read_to_its_end(talk):
    for number in range(12):
        talk.lists.add("shopping list", f"thing {number}")
    assert (await talk.say("read my shopping list")).endswith("thing 9, and 2 more.")


@pytest.mark.parametrize("answer", ["no", "what time is it", "cancel", "yes and no"])
async def test_nothing_is_deleted_without_a_yes(talk, answer):
    await talk.say("add milk and eggs to the shopping list")
    assert await talk.say("clear the shopping list") == "Delete all 2 entries of the shopping list?"
    assert talk.suggestions == ("Yes", "No")
    await talk.say(answer)
    await talk.say("yes")
    assert texts(talk, "shopping list") == ["milk", "eggs"]


async def test_a_yes_deletes_what_was_asked_about(talk):
    await talk.say("add milk to the shopping list")
    await talk.say("empty the shopping list")
    assert await talk.say("yes please") == "The shopping list is empty now."
    assert texts(talk, "shopping list") == []


async def test_notes_are_kept_word_for_word(talk):
    assert await talk.say("Take a note: the code is 007.") == "Noted: the code is 007."
    await talk.say("note that I owe Bob $5.50")
    assert await talk.say("read my notes") == (
        "There are 2 notes. 1: the code is 007. 2: I owe Bob $5.50."
    )
    assert await talk.say("delete the last note") == "Delete the note: I owe Bob $5.50?"
    assert await talk.say("yes") == "The last note is deleted."
    assert await talk.say("delete all notes") == "Delete the only note?"
    assert await talk.say("yes") == "All notes are deleted."
    assert await talk.say("do I have any notes?") == "There are no notes."


@pytest.mark.parametrize(
    "question",
    [
        *("don't add milk to the shopping list", "add to the shopping list", "note"),
        *("take a note", "remember to breathe", "add milk"),
    ],
)
async def test_words_that_are_no_entry_are_not_written_down(talk, question):
    await talk.say(question)
    assert texts(talk, "shopping list") == texts(talk, "notes") == []


async def test_the_stopwatch_goes_on_and_back(talk):
    assert await talk.say("what does the stopwatch say") == "The stopwatch does not run."
    assert await talk.say("start the stopwatch") == "The stopwatch runs."
    talk.stopwatch.seconds = 12.34
    assert await talk.say("start the stop watch") == "The stopwatch runs already: 12.3 seconds."
    assert await talk.say("how long has the stopwatch been running") == "12.3 seconds."
    talk.stopwatch.seconds = 3725.4
    assert await talk.say("stop the stopwatch") == "Stopped at 1 hour 2 minutes 5 seconds."
    assert await talk.say("resume the stopwatch") == (
        "The stopwatch goes on from 1 hour 2 minutes 5 seconds."
    )
    assert await talk.say("reset the stopwatch") == "The stopwatch runs from zero."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how full is the battery?", "The battery is at 80 percent and charging."),
        ("is my battery charging", "The battery is at 80 percent and charging."),
        ("how much disk space is left", "120 of 500 gigabytes are free on the disk."),
        ("how much free memory do I have", "6.2 of 16 gigabytes of memory are free."),
        ("what is the volume", "The volume is at 40 percent."),
        ("set the volume to 35%", "The volume is at 35 percent."),
        ("turn up the volume", "The volume is at 50 percent."),
        ("turn the volume down by 50 percent", "The volume is at 0 percent."),
        ("mute the sound", "The sound is off."),
        ("unmute the speakers", "The sound is on."),
        ("make the screen brighter", "The brightness is at 100 percent."),
        ("set the brightness to 50 percent", "The brightness is at 50 percent."),
        ("how bright is the screen", "The brightness is at 95 percent."),
        ("turn the volume up to 80", "The volume is at 80 percent."),
        ("turn up the volume by 20", "The volume is at 60 percent."),
        ("reduce the volume to 20 percent", "The volume is at 20 percent."),
        ("turn the sound back on", "The sound is on."),
        ("decrease the brightness by 20 percent", "The brightness is at 75 percent."),
        ("turn the brightness all the way up", "The brightness is at 100 percent."),
        ("how much space is on my hard drive", "120 of 500 gigabytes are free on the disk."),
        ("how much memory is being used", "6.2 of 16 gigabytes of memory are free."),
        ("set the volume to 200 percent", "It goes from 0 to 100 percent. Nothing is changed."),
    ],
)
async def test_the_machine_is_asked_and_set(talk, question, answer):
    assert await talk.say(question) == answer


@pytest.mark.parametrize(
    "question",
    [
        "how full is the battery",
        "how much disk space is left",
        "free disk space",
        "how much memory is free",
        "set the volume to 5",
        "mute the sound",
        "make the screen darker",
    ],
)
async def test_a_part_that_is_missing_is_told(talk, question):
    talk.machine.parts.clear()
    assert await talk.say(question)
    assert not talk.memory.lost


@pytest.mark.parametrize(
    "questions",
    [
        ["add milk to the shopping list", "what is on my shopping list", "clear the shopping list"],
        ["remove milk from the shopping list", "take a note: call Bob", "read my notes"],
        ["start the stopwatch", "what does the stopwatch say", "stop the stopwatch"],
        [
            "how much memory is free",
            "what is the volume",
            "mute the sound",
            "make the screen darker",
        ],
        ["what time is it in Tokyo", "what percent of 80 is 12", "180 cm in feet and inches"],
        ["set an alarm for 7 am", "make it 15 minutes", "change the alarm to 8"],
    ],
)
async def test_everything_that_is_suggested_is_understood(talk, questions):
    for question in questions:
        await talk.say(question)
        for suggestion in talk.suggestions:
            assert await talk.understands(suggestion), (question, suggestion)


async def test_a_program_is_opened_after_a_yes(talk):
    assert await talk.say("Open Firefox.") == "Open Firefox?"
    assert talk.programs.started == []
    assert await talk.say("yes") == "Firefox opens."
    assert talk.programs.started == [("firefox",)]


async def test_of_two_programs_one_is_chosen(talk):
    assert await talk.say("open the editor") == "Which one: Text Editor or Image Editor?"
    assert await talk.say(talk.suggestions[1]) == "Open Image Editor?"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("the second one", "Open Image Editor?"),
        ("the image one", "Open Image Editor?"),
        ("Text Editor, please", "Open Text Editor?"),
        ("the last one", "Open Image Editor?"),
        ("the third one", "I cannot do that yet."),
        ("the editor", "I cannot do that yet."),
        ("what time is it", "It is 3:05 PM."),
    ],
)
async def test_which_program_is_answered_in_few_words(talk, answer, said):
    await talk.say("open the editor")
    assert (await talk.say(answer)).startswith(said)
    assert talk.programs.started == []


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("open wikipedia.org", "https://wikipedia.org"),
        ("please go to the website en.wikipedia.org/wiki/7", "https://en.wikipedia.org/wiki/7"),
        ("Open http://example.org/?a=1&b=2.", "http://example.org/?a=1&b=2"),
    ],
)
async def test_a_page_is_opened_after_a_yes(talk, question, address):
    assert (await talk.say(question)).startswith("Open ")
    assert talk.programs.started == []
    await talk.say("yes")
    assert talk.programs.started == [("xdg-open", address)]


@pytest.mark.parametrize(
    "question", ["open file:///etc/passwd", "open the window", "don't open firefox", "open -x.sh y"]
)
async def test_a_name_that_is_neither_program_nor_page_is_not_opened(talk, question):
    await talk.say(question)
    await talk.say("yes")
    assert talk.programs.started == []


async def test_the_list_is_the_shopping_list(talk):
    assert await talk.say("add milk to my list") == "Milk is on the shopping list."
    assert await talk.say("what's on the list?") == "The shopping list has one entry: milk."


@pytest.mark.parametrize(
    "question",
    ["what is on my shopping list", "is milk on the shopping list", "read my notes"],
)
async def test_lists_that_cannot_be_read_are_not_said_to_be_empty(talk, question):
    talk.lists.unread = True
    assert await talk.say(question) == "Your lists cannot be read. Try again."


async def test_timers_that_cannot_be_read_are_not_said_to_be_none(talk):
    talk.timers.unread = True
    told = await talk.say("what timers are set")
    assert told == "What was set before cannot be read from the disk. Try again later."
    await talk.say("set a timer for ten minutes")
    assert (await talk.say("what timers are set")).startswith("You have one timer")
