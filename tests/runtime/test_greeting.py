from __future__ import annotations

import asyncio

import pytest
from fakes import until

from voice_assistant.desktop.hotkey.keys import TALK
from voice_assistant.errors import HotkeyError, SpeakerError
from voice_assistant.runtime import greeting
from voice_assistant.settings.sections.desktop import HotkeySettings
from voice_assistant.subscribers.missing_parts import MissingParts


async def test_nobody_is_greeted_before_every_part_is_known_to_work_or_not():
    missing, said = MissingParts(), []
    greeted = asyncio.create_task(
        greeting.greet(
            HotkeySettings(mode="hold"), [TALK, "speaker"], missing, [said.append, said.append]
        )
    )
    missing.clear_problem(TALK)
    await asyncio.sleep(0.02)
    assert said == []
    missing.report_problem("speaker", SpeakerError("There is no speaker"))
    await greeted
    assert said == ["Hold Ctrl+Alt+Space while you speak. Tap it twice to stop everything."] * 2


async def test_a_key_that_does_not_work_is_not_named():
    missing, said = MissingParts(), []
    missing.report_problem(TALK, HotkeyError("Another program has the key"))
    await greeting.greet(HotkeySettings(), [TALK], missing, [said.append])
    assert said == [""]


async def test_a_part_that_never_tells_holds_up_the_greeting_for_a_while_only(monkeypatch):
    monkeypatch.setattr(greeting, "START_S", 0.01)
    said = []
    await greeting.greet(HotkeySettings(keys=""), ["tray"], MissingParts(), [said.append])
    assert said == [""]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("hold", "Hold F9 while you speak."),
        ("toggle", "Press F9 and speak; a silence ends your question."),
        ("hybrid", "Hold F9 while you speak, or tap it and speak."),
    ],
)
def test_each_way_to_talk_is_told(mode, said):
    told = greeting.how_to_talk(HotkeySettings(keys="f9", mode=mode))
    assert told == f"{said} Tap it twice to stop everything."


class Offers(list):
    def offer(self, kind, title, body, *choices, unasked) -> None:
        self.append((kind, title, [choice.command.anew for choice in choices]))


async def test_each_update_of_the_code_is_offered_once():
    offers, commit = Offers(), ["1 (a)"]
    watching = asyncio.create_task(
        greeting.offer_update(offers, lambda: commit[0], lambda: "1 (a)", look_s=0.001)
    )
    await asyncio.sleep(0.02)
    assert offers == []
    commit[0] = "1 (b)"
    await until(lambda: offers)
    await asyncio.sleep(0.02)
    watching.cancel()
    assert offers == [("update", "There is an update, 1 (b)", [True])]
