"""What a notification holds, for each kind of daemon."""

from __future__ import annotations

import pytest
from helpers.desktop.notified import question

from voice_assistant.commands import Window
from voice_assistant.desktop.notification_layout import DEFAULT, Abilities, laid_out

PLAIN = Abilities(frozenset({"body"}))
WITH_ACTIONS = Abilities(frozenset({"body", "actions"}))
WITH_LETTERS = Abilities(frozenset({"body", "actions"}), letters=True)


WHY, WHEN = question("Why?"), question("When?")


def labels(layout):
    return layout.actions[1::2]


def test_a_button_is_an_action_and_posts_its_command():
    layout = laid_out(WITH_ACTIONS, "So", "It is.", [WHY], opens=False)
    [key, label] = layout.actions
    assert (layout.title, layout.text, label) == ("So", "It is.", "Why?")
    assert layout.commands == {key: WHY.command}


def test_no_two_notifications_have_a_key_in_common():
    one, other = (laid_out(WITH_ACTIONS, "", "", [WHY, WHEN], opens=False) for _ in range(2))
    assert len({*one.commands, *other.commands}) == 4


@pytest.mark.parametrize(
    ("follow_ups", "extras", "shown"),
    [
        (0, ["ab", "c"], ["a", "b", "c"]),
        (1, [], ["?"]),
        (1, ["ab", "c"], ["1. ?", "a", "b"]),
        (2, ["ab", "c"], ["1. ?", "2. ?", "c"]),
        (3, ["c"], ["1. ?", "2. ?", "3. ?"]),
        (4, [], ["1. ?", "2. ?", "3. ?"]),
    ],
)
def test_choices_have_numbers_and_groups_of_further_buttons_are_shown_whole(
    follow_ups, extras, shown
):
    groups = [[question(label) for label in group] for group in extras]
    layout = laid_out(WITH_ACTIONS, "", "", [question("?")] * follow_ups, groups, opens=False)
    assert labels(layout) == shown


def test_a_click_on_the_notification_itself_opens_the_window():
    layout = laid_out(WITH_ACTIONS, "", "", [WHY], opens=True)
    assert layout.actions[:2] == [DEFAULT, "Open the window"]
    assert layout.commands[DEFAULT] == Window()


def test_a_daemon_with_letters_has_the_labels_in_the_text_and_no_action_beside_the_buttons():
    layout = laid_out(WITH_LETTERS, "", "It is.", [WHY, WHEN], opens=True)
    assert layout.text == "It is.\n1. Why?\n2. When?"
    assert labels(layout) == ["1. Why?", "2. When?"]
    assert labels(laid_out(WITH_LETTERS, "", "It is.", [], opens=True)) == ["Open the window"]


def test_a_daemon_without_actions_has_the_labels_in_the_text_alone():
    layout = laid_out(PLAIN, "1 < 2", "a & b", [WHY, WHEN], opens=True)
    assert layout == ("1 < 2", "a & b\n1. Why?\n2. When?", [], {})


def test_markup_is_shown_as_it_is_written():
    with_markup = Abilities(frozenset({"body", "body-markup"}))
    layout = laid_out(with_markup, "1 < 2", "<b>a & b</b>", [], opens=False)
    assert (layout.title, layout.text) == ("1 < 2", "&lt;b&gt;a &amp; b&lt;/b&gt;")


def test_letters_that_the_bus_refuses_are_left_out():
    layout = laid_out(WITH_ACTIONS, "W\0hy", "S\0o", [question("A\0nd?")], opens=False)
    assert "\0" not in "".join((layout.title, layout.text, *layout.actions))
