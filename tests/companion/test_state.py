"""What the window shows and switches beside the conversation, as the tray and notifications do."""

from __future__ import annotations

import re
import time

from fakes import until
from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant import commands
from voice_assistant.events import Announced, Idle, Speaking


async def test_what_does_not_work_is_told_in_every_view(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        state = page.locator("#state")
        await expect(state).to_be_hidden()
        window.status(not_ready="No microphone", missing=("No microphone. Connect one.",))
        await expect(page.locator("#phase")).to_have_text("Not ready")
        for view in ("talk", "captions", "history"):
            await page.click(f"nav a[href='#{view}']")
            await expect(state).to_contain_text("No microphone. Connect one.")
        await state.get_by_role("link", name="Doctor").click()
        await page.wait_for_selector("[data-view='doctor']")
        window.status(not_ready="", missing=())
        await expect(state).to_be_hidden()
        await expect(page.locator("#phase")).to_have_text("Ready")


async def test_a_microphone_that_is_off_and_a_record_that_is_not_kept_are_told_and_undone(
    browser, tmp_path
):
    async with opened(browser, tmp_path) as (window, page):
        window.status(muted=True, off_the_record=True)
        await expect(page.locator("#phase")).to_have_text("The microphone is switched off")
        await page.get_by_role("button", name="Switch the microphone on").click()
        await page.get_by_role("button", name="Keep them again").click()
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Mute(on=False), commands.OffRecord(on=False)]


async def test_every_switch_of_the_tray_is_here(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.status(unanswered=True, wake_word=True, wake_phrase="hey house")
        await page.get_by_text("More", exact=True).click()
        names = ("Conversation mode", "Wake word: hey house", "Slow speaker", "Microphone off")
        more = ("Off the record", "Ask about my screen", "Try the last recording again")
        for name in (*names, *more):
            await page.get_by_role("button", name=name, exact=True).click()
        await until(lambda: len(window.posted) == len((*names, *more)))
        assert window.posted == [
            *(commands.Conversation(on=True), commands.Wake(on=False)),
            *(commands.SlowSpeaker(on=True), commands.Mute(on=True), commands.OffRecord(on=True)),
            *(commands.LookAtScreen(), commands.Retry()),
        ]
        await expect(page.get_by_role("button", name="Wake word")).to_have_attribute(
            "aria-pressed", "true"
        )
        window.status(unanswered=False, timers=(("Pasta", 1_900_000_000.0), ("Tea", time.time())))
        await expect(page.get_by_role("button", name="Try the last")).to_have_count(0)
        timers = page.locator("#timers li")
        await expect(timers.first).to_contain_text("Mar 17")
        await expect(timers.last).to_have_text(re.compile(r"^\d+:\d\d [AP]M Tea$"))


async def test_an_alarm_is_stopped_or_snoozed_and_a_picture_is_sent_by_consent(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.tell(Announced(turn=1, text="Tea is done.", rings=True), Speaking(turn=1))
        await page.get_by_role("button", name="Snooze").click()
        window.tell(Idle(turn=1))
        await expect(page.get_by_role("button", name="Snooze")).to_have_count(0)
        window.tell(Announced(turn=2, text="Shall I send it?", asks_consent=True), Idle(turn=2))
        await page.get_by_role("button", name="Do not send it").click()
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Snooze(), commands.Consent(given=False)]
        window.tell(Announced(turn=3, text="Your timer is done."), Idle(turn=3))
        await expect(page.get_by_role("button", name="Send it", exact=True)).to_have_count(0)


async def test_a_button_that_would_do_nothing_says_so_and_keeps_the_focus(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.status(phase="speaking")
        stop = page.get_by_role("button", name="Stop", exact=True)
        await expect(stop).to_have_attribute("aria-disabled", "false")
        await stop.press("Enter")
        await until(lambda: window.posted == [commands.Stop()])
        window.status(phase="idle")
        await expect(stop).to_have_attribute("aria-disabled", "true")
        await expect(stop).to_be_focused()
        for name in ("Stop", "Pause", "Back", "Skip", "Repeat"):
            await page.get_by_role("button", name=name, exact=True).press("Enter")
        await until(lambda: len(window.posted) > 1)
        assert window.posted == [commands.Stop(), commands.Repeat()]
