"""The doctor view in a real browser."""

from __future__ import annotations

from pathlib import Path

from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant import commands


async def test_a_failure_leads_to_its_step_of_the_setup(browser, tmp_path):
    async with opened(browser, tmp_path, "doctor") as (_, page):
        await expect(page.locator("#doctor-note")).to_have_text("1 of 2 needs your help.")
        await page.get_by_role("link", name="Mend it in the setup").click()
        await expect(page.locator("#step h2")).to_have_text("3 of 9: Speaker")


async def test_two_seconds_are_played_back_and_a_report_is_shown_before_it_is_saved(
    browser, tmp_path
):
    async with opened(browser, tmp_path, "doctor") as (window, page):
        await page.get_by_role("button", name="Record two seconds").click()
        await expect(page.locator("#doctor-note")).to_have_text("Did you hear yourself?")
        assert window.doctor.played_back == 1
        await page.get_by_role("button", name="Show a report").click()
        await expect(page.locator("#report h2")).to_be_focused()
        await expect(page.locator("#report-text")).to_contain_text("ok  Microphone: <USB>")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Save it").click()
        saved = Path(await (await download.value).path()).read_text()
        assert saved == await window.doctor.report()


async def test_a_muted_microphone_is_switched_on(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        found = await window.doctor.findings()
        window.doctor.findings = lambda: _later(
            [{"name": "Microphone", "ok": False, "text": "It is off", "step": "microphone"}, *found]
        )
        window.status(muted=True)
        await page.click("nav a[href='#doctor']")
        async with page.expect_response("**/command"):
            mend = page.locator("#findings").get_by_role("button", name="Switch the microphone on")
            await mend.click()
        assert window.posted == [commands.Mute(on=False)]


async def _later(value):
    return value
