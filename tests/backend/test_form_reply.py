"""What a form is answered with: the words that people say, buttons and values."""

from __future__ import annotations

import pytest

from voice_assistant.api.models import ChatFile, Form, FormAction, FormField
from voice_assistant.api.models.forms import OptionSource, TextSource
from voice_assistant.backend.form_reply import Filled, FormReply

YES, NO = FormAction("yes", "Yes", "primary"), FormAction("no", "No")
ORDER, LATER, CANCEL = FormAction("a1", "Order"), FormAction("a2", "Later"), FormAction("a3", "No!")
NOTE = FormField(output_variable_name="a_note")
SIZE = FormField(
    output_variable_name="size", type="select", option_source=OptionSource(value=("small", "large"))
)
DOC = FormField(output_variable_name="doc", type="file")


def reply(*buttons, fields=(), content="Shall I order 2 pizzas?", **more):
    return FormReply(Form(form_content=content, inputs=fields, actions=buttons, **more))


@pytest.mark.parametrize(
    ("words", "button"),
    [
        *(("Yes.", "yes"), ("yes please", "yes"), ("Okay", "yes"), ("The first.", "yes")),
        *(("the first one", "yes"), ("one", "yes"), ("Number two", "no"), ("2", "no")),
        *(("no", "no"), ("No, thanks.", "no"), ("the last one", "no"), ("I choose yes", "yes")),
        *(("second please", "no"), ("YES!", "yes"), ("the button No", "no")),
    ],
)
def test_words_press_a_button(words, button):
    assert reply(YES, NO).understands(words, dictated=False)
    assert reply(YES, NO).hear(words).action == button


@pytest.mark.parametrize(
    "words",
    ["what time is it", "yes or no", "maybe", "the third", "", "the weather", "first yes no"],
)
def test_words_that_mean_no_button_or_several_press_no_button(words):
    assert not reply(YES, NO).understands(words, dictated=True)
    assert reply(YES, NO).hear(words) == "Choose: Yes or No."


@pytest.mark.parametrize(
    ("words", "button"),
    [
        *(("order", "a1"), ("later please", "a2"), ("no", "a3"), ("the third", "a3")),
        *(("yes", None), ("order it later", None), ("please order it", "a1")),
    ],
)
def test_yes_and_no_count_only_where_they_are_unambiguous(words, button):
    told = reply(ORDER, LATER, CANCEL).hear(words)
    assert (told.action if isinstance(told, Filled) else None) == button


@pytest.mark.parametrize(
    ("buttons", "words", "button"),
    [
        ((FormAction("ok", "Approve"), FormAction("bad", "Reject")), "yes", "ok"),
        ((FormAction("ok", "Approve"), FormAction("bad", "Reject")), "no", "bad"),
        ((FormAction("x", "Accept all"), FormAction("y", "Accept some")), "yes", None),
        ((FormAction("x", "Red"), FormAction("y", "Blue")), "yes", None),
        ((FormAction("x", "Ja"), FormAction("y", "Nein")), "Nein!", "y"),
        ((FormAction("x", "同意"), FormAction("y", "拒绝")), "好的。", "x"),
        ((FormAction("x", "确认"), FormAction("y", "取消")), "不要", "y"),
    ],
)
def test_the_buttons_tell_what_yes_means(buttons, words, button):
    told = reply(*buttons).hear(words)
    assert (told.action if isinstance(told, Filled) else None) == button


def test_a_form_is_read_out_without_the_places_of_its_fields():
    one = reply(YES, NO, fields=(NOTE,), content="Is this right? {{#$output.a_note#}}\n\nSay so .")
    assert one.content == "Is this right?\n\nSay so."
    assert one.spoken == "Is this right?\n\nSay so.\n\nSay the a note, or choose: Yes or No."
    assert reply(ORDER, LATER, CANCEL).ask == "Choose: Order, Later or No!."


def test_other_words_are_the_text_of_a_field_and_then_a_button_is_chosen():
    one = reply(YES, NO, fields=(NOTE,))
    assert one.understands("two with cheese", dictated=True)
    assert not one.understands("two with cheese", dictated=False)
    assert one.hear(" two with cheese ") == "Choose: Yes or No."
    assert one.hear("yes") == Filled("yes", {"a_note": "two with cheese"}, "Yes")


@pytest.mark.parametrize("words", ["two", "2", "one"])
def test_a_number_may_be_the_text_of_a_field(words):
    one = reply(YES, NO, fields=(NOTE,))
    assert one.hear(words) == "Choose: Yes or No."
    assert one.hear("the first").values == {"a_note": words}


def test_with_one_button_the_text_is_all_that_is_wanted():
    assert reply(YES, fields=(NOTE,)).hear("hello") == Filled("yes", {"a_note": "hello"}, "Yes")


def test_a_button_may_be_pressed_without_the_text_which_has_its_first_value():
    constant = FormField(
        output_variable_name="a_note", default=TextSource(type="constant", value="none")
    )
    assert reply(YES, NO, fields=(NOTE,)).hear("no").values == {"a_note": ""}
    assert reply(YES, NO, fields=(constant,)).hear("no").values == {"a_note": "none"}
    resolved = reply(YES, NO, fields=(constant,), resolved_default_values={"a_note": "seen"})
    assert resolved.hear("yes").values == {"a_note": "seen"}


def test_a_choice_is_made_before_a_button():
    one = reply(YES, NO, fields=(SIZE,))
    assert one.ask == "Choose the size: small or large."
    assert one.press("yes") == "Choose the size: small or large."
    assert one.hear("the second") == Filled("yes", {"size": "large"}, "Yes")
    two = reply(YES, NO, fields=(SIZE,))
    assert two.hear("large please") == "Choose: Yes or No."
    assert two.hear("no") == Filled("no", {"size": "large"}, "No")


def test_a_file_is_wanted_by_a_command():
    one = reply(YES, NO, fields=(DOC,))
    assert "doc=@FILE" in one.ask
    assert "doc=@FILE" in one.hear("yes")
    file = ChatFile("document", "local_file", upload_file_id="f1")
    assert one.set("doc", file) == ""
    assert one.press("Yes") == Filled("yes", {"doc": file}, "Yes")


def test_an_unknown_button_or_field_is_reported():
    one = reply(YES, NO, fields=(SIZE,))
    assert one.set("colour", "red") == "The form has no field colour; it has size."
    assert one.set("size", "huge") == "size is one of: small, large."
    assert one.press("maybe").startswith("There is no button maybe. ")
    assert one.set("SIZE", "small") == ""
    assert one.press("YES").values == {"size": "small"}
