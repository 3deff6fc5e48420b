"""All that tray, notifications and keys can do is in the window, too."""

from __future__ import annotations

from fakes import until
from helpers.companion.opened import opened
from helpers.ways import AT_LOGIN, WAYS

from voice_assistant import commands
from voice_assistant.commands import PageCommand
from voice_assistant.events import Announced, Answered, Asked, Form, FormButton, Idle, Suggested

BEFORE = {
    commands.Consent: [Announced(turn=2, text="Shall I send it?", asks_consent=True)],
    commands.Snooze: [Announced(turn=2, text="Tea is done.", rings=True)],
    commands.Fill: [
        Asked(turn=2, question="Buy it", source="text"),
        Form(turn=2, title="", text="Sure?", buttons=(FormButton("yes", "Yes"),), ask="Say yes."),
    ],
}
"""What happens before a wish can be had."""

POSTED = {commands.Toggle: commands.Press, commands.FollowUp: commands.Ask}
"""What the window posts in place of what a key posts for the same wish."""

BY_ITSELF = {commands.Continue, commands.Copy, commands.Choose, commands.Window, commands.About}
"""Wishes that the page fulfils by itself, or by requests that tests of their own make."""


FILES = ("https://example.org/plan.pdf",)
ANSWERED = [
    Asked(turn=1, question="What?", source="text"),
    Answered(turn=1, text="So.", message_id="m", conversation_id="", complete=True, files=FILES),
    Suggested(turn=1, questions=("Why?",)),
    Idle(turn=1),
]


async def test_every_wish_has_its_place_and_a_click_there_is_what_the_tray_posts(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        can = dict.fromkeys(("can_rate", "unanswered", "unfinished"), True)
        window.status(phase="speaking", volume=0.5, profiles=("default", "work"), **can)
        window.tell(*ANSWERED)
        await page.click("#beside summary")
        for kind, way in WAYS.items():
            window.tell(*BEFORE.get(kind, ()))
            await page.evaluate(f"location.hash = '#{way.view}'")
            place = page.locator(f"{way.place}:not([aria-disabled='true'])").last
            await place.wait_for(state="attached")
            expected = POSTED.get(kind, kind)
            if kind in BY_ITSELF or expected not in PageCommand.__args__:
                continue
            window.posted.clear()
            if await place.get_attribute("type") == "range":
                await place.press("ArrowRight")
            else:
                await place.click()
            await until(lambda: window.posted)
            assert isinstance(window.posted[0], expected), kind
        await page.evaluate(f"location.hash = '#{AT_LOGIN.view}'")
        await page.locator(AT_LOGIN.place).wait_for()
