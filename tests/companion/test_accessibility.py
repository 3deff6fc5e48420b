"""The page by keyboard, magnified, and read by a screen reader."""

from __future__ import annotations

import pytest
from fakes import until
from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant.events import Answered, Asked, Idle, Suggested, Text

MOST = 100
"""More controls than any view has."""

VIEWS = ("talk", "captions", "history", "settings", "setup", "doctor")
MISSED = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary")].filter((one) =>
    !one.disabled && one.checkVisibility() && one.type !== "radio" && !one.dataset.visited)
  .map((one) => one.outerHTML.slice(0, 100))"""
STICKY = """() => [...document.querySelectorAll("header, .dock")]
  .filter((one) => getComputedStyle(one).position === "sticky")
  .reduce((sum, one) => sum + one.offsetHeight, 0)"""
"""How much of the screen is always covered."""

FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  one.dataset.visited = "yes";
  const shown = one.type === "file" ? one.previousElementSibling : one;
  const style = getComputedStyle(shown);
  const { top, left, width, height } = shown.getBoundingClientRect();
  const [x, y] = [left + Math.min(width / 2, 40), top + Math.min(height / 2, 12)];
  const at = document.elementFromPoint(x, y);
  return {
    what: one.outerHTML.slice(0, 100),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: Boolean(at) && (shown.contains(at) || at.contains(shown)),
  };
}"""


def answered(window, text="Paris. It is **large**."):
    window.tell(
        Asked(turn=1, question="What is the capital?", source="text"),
        Text(turn=1, delta=text),
        Answered(turn=1, text=text, message_id="", conversation_id="", complete=True),
        Suggested(turn=1, questions=("And of Spain?",)),
        Idle(turn=1),
    )


@pytest.mark.parametrize("view", VIEWS)
async def test_every_control_is_reached_by_the_tab_key_and_its_focus_is_seen(
    browser, tmp_path, view
):
    small = {"viewport": {"width": 640, "height": 400}}  # 1280 by 800, magnified to 200 %
    async with opened(browser, tmp_path, view, **small, reduced_motion="reduce") as (window, page):
        answered(window, "A very long word: " + "Donaudampfschifffahrt" * 10)
        await page.wait_for_load_state("networkidle")
        if view == "settings":  # there are more than a hundred
            await page.get_by_label("Find a setting").fill("silence")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 640
        assert await page.evaluate(STICKY) <= 200
        await page.evaluate("document.querySelector('.skip').focus()")
        found = []
        while (one := await page.evaluate(FOCUSED)) and len(found) < MOST:
            found.append(one)
            await page.keyboard.press("Tab")
        assert [one for one in found if not (one["outlined"] and one["seen"])] == []
        assert await page.evaluate(MISSED) == []


async def test_a_screen_reader_is_told_question_and_sentences_once(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        told = page.locator("#announcer p")
        window.tell(Asked(turn=1, question="Why?", source="voice"))
        await expect(page.locator(".question")).to_be_visible()
        await expect(told).to_have_count(0)  # the assistant's own voice speaks
        await page.get_by_label("The screen reader reads answers").check()
        window.tell(Asked(turn=2, question="How?", source="voice"))
        for piece in ("One is", " so. Two", " is so. Thr", "ee is so."):
            window.tell(Text(turn=2, delta=piece))
        await expect(told.last).to_contain_text("Two is so.")
        # The stream ends, as over a sleep; the answer goes on, and the page comes back.
        await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
        window.feed.close()
        await until(lambda: not window.feed._pages)
        text = "One is so. Two is so. Three is so."
        window.tell(
            Answered(turn=2, text=text, message_id="", conversation_id="", complete=True),
            Idle(turn=2),
        )
        await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        await expect(told.last).to_have_text("Three is so.")
        assert " ".join("".join(await told.all_text_contents()).split()) == f"How?{text}"


async def test_errors_are_told_by_an_alert(browser, tmp_path):
    async with opened(browser, tmp_path) as (_, page):
        await page.route("**/command", lambda route: route.abort())
        await page.get_by_role("button", name="Repeat").click()
        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("The assistant does not answer")
        await page.unroute("**/command")
        await page.get_by_role("button", name="Repeat").click()
        await expect(alert).to_be_empty()
        page.problems.clear()
