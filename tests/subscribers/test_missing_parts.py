"""Each problem is a warning once, until its part works again."""

from __future__ import annotations

from voice_assistant.errors import (
    AssistantError,
    MicrophoneError,
    MicrophoneReplaced,
    SpeakerError,
)
from voice_assistant.subscribers.missing_parts import MissingParts

NO_MICROPHONE = MicrophoneError("There is no microphone", "Connect one.")
NO_SPEAKER = SpeakerError("There is no speaker", "Connect one.")


class Warned(list):
    def __call__(self, title: str, hint: str) -> None:
        self.append((title, hint))


def test_a_part_that_stays_missing_is_one_warning():
    missing = MissingParts(warned := Warned())
    for _ in range(3):
        missing.report_problem("microphone", NO_MICROPHONE)
    assert warned == [("There is no microphone", "Connect one.")]


def test_settings_keep_their_names_for_whoever_types_them():
    missing = MissingParts(warned := Warned())
    missing.report_problem("key", AssistantError("hotkey.stop is taken", "Change hotkey.stop."))
    assert warned == [("hotkey.stop is taken", "Change hotkey.stop.")]
    assert missing.problems == {"hotkey.stop is taken": "Change hotkey.stop."}
    assert missing.lines == ("hotkey.stop is taken. Change hotkey.stop.",)
    assert missing.titles == ("hotkey.stop is taken",)
    assert missing.first_title(["key"]) == "hotkey.stop is taken"


def test_a_part_that_is_missing_again_is_a_warning_again():
    missing = MissingParts(warned := Warned())
    for _ in range(2):
        missing.report_problem("speaker", NO_SPEAKER)
        missing.clear_problem("speaker")
    assert [title for title, _ in warned] == ["There is no speaker"] * 2


def test_a_cause_that_several_parts_share_is_one_warning_and_one_line():
    missing = MissingParts(warned := Warned())
    for part in ("tray", "notifications"):
        missing.report_problem(part, AssistantError("There is no session bus", "Log in anew."))
    assert len(warned) == len(missing.titles) == len(missing.lines) == 1
    missing.clear_problem("tray")
    assert missing.titles == ("There is no session bus",)
    missing.clear_problem("notifications")
    assert missing.titles == ()


def test_the_newest_error_of_a_part_is_the_one_that_is_shown():
    missing = MissingParts()
    missing.report_problem("speaker", NO_SPEAKER)
    missing.report_problem("speaker", SpeakerError("The speaker was lost"))
    assert missing.lines == ("The speaker was lost.",)


def test_followers_hear_of_every_report():
    missing = MissingParts()
    seen: list[tuple[str, ...]] = []
    missing.on_report(lambda: seen.append(missing.titles))
    missing.report_problem("speaker", NO_SPEAKER)
    missing.clear_problem("speaker")
    missing.clear_problem("microphone")
    assert seen == [("There is no speaker",), (), ()]


def test_a_part_is_known_once_it_was_reported_as_working_or_not():
    missing = MissingParts()
    missing.report_problem("speaker", NO_SPEAKER)
    assert not missing.are_known(["speaker", "microphone"])
    missing.clear_problem("microphone")
    assert missing.are_known(["speaker", "microphone"])
    assert missing.first_title(["microphone", "speaker"]) == "There is no speaker"
    assert missing.first_title(["microphone"]) == ""
    assert (missing.works("speaker"), missing.works("microphone")) == (False, True)


def test_a_microphone_that_is_replaced_by_another_is_told_and_keeps_nobody_from_asking():
    missing = MissingParts()
    missing.report_problem("microphone", MicrophoneReplaced("There is no headset", "Plug it in."))
    assert missing.titles == ("There is no headset",)
    assert missing.first_title(["microphone"]) == ""
    missing.report_problem("microphone", MicrophoneError("No microphone was found"))
    assert missing.first_title(["microphone"]) == "No microphone was found"
