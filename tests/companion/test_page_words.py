"""The page in the user's language: all of its words, and none of them as markup."""

# ruff: noqa: RUF001  (Chinese punctuation)

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant.events import Answered, Asked, Citation, Idle
from voice_assistant.history.record_file import history_file
from voice_assistant.history.recorded_turn import RecordedTurn, Stages
from voice_assistant.history.store import Store
from voice_assistant.translation import AUTO, choose

READY = {
    "talk": ".turn .tools button",
    "captions": "#caption",
    "history": "#found summary",
    "settings": "fieldset",
    "setup": "#step h2",
    "doctor": "#findings li",
}
"""What each view shows when all of it is there."""

ENGLISH = """() => [...document.querySelectorAll("title, body *")]
  .filter((one) => !one.closest("[translate='no'], pre") && !(one.text && one.text === one.value))
  .flatMap((one) => [
    ...[...one.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE)
      .map((child) => child.data),
    ...["aria-label", "placeholder"].map((name) => one.getAttribute(name) ?? ""),
  ])
  .map((text) => text.trim())
  .filter((text) => /[A-Za-z]{2}/.test(text) && !/[\\u4e00-\\u9fff]/.test(text))"""
"""The texts and labels without a Chinese sign."""

OF_THE_TEST = {
    *("default", "English", "heart (hibari, en)"),
    *("✓ Microphone", "USB", "✗ Speaker", "No speaker was found", "Connect one."),
}
"""Names, and what the test's machine says."""


@pytest.fixture
def chinese():
    """The user's language is Chinese."""
    choose("zh_CN")
    yield
    choose(AUTO)


async def test_every_view_is_chinese_for_a_chinese_user_and_accessible(browser, tmp_path, chinese):
    stages = Stages(listening=20, recorded=1500, words=1600, text=2000, audio=2100, answered=3000)
    turn = RecordedTurn(
        began_s=1e9,
        question="为什么",
        answer="因为",
        origin="text",
        state="complete",
        stages=stages,
    )
    with Store(history_file()) as store:
        store.write(turn)
    async with opened(browser, tmp_path) as (window, page):
        await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        cited = Citation(document="手册", collection="", content="")
        window.tell(
            Asked(turn=1, question="为什么", source="text"),
            Answered(
                turn=1,
                text="因为",
                message_id="m",
                conversation_id="",
                complete=True,
                sources=(cited,),
            ),
            Idle(turn=1),
        )
        window.status(restart_for=("backend.url",), can_rate=True)
        await page.evaluate(AXE_SCRIPT)
        left = set()
        for view, ready in READY.items():
            await page.click(f"nav a[href='#{view}']")
            await page.wait_for_selector(ready, state="attached")
            left |= set(await page.evaluate(ENGLISH))
            found = await page.evaluate("axe.run()")
            assert [(view, one["id"], one["help"]) for one in found["violations"]] == []
            if view == "setup":
                for step in await page.locator("#steps button").all():
                    await step.click()
                    await expect(page.locator("#step h2")).to_contain_text(await step.inner_text())
                    left |= set(await page.evaluate(ENGLISH))
        assert sorted(left - OF_THE_TEST) == []


async def test_a_chosen_language_is_shown_at_once_and_english_is_as_it_is_written(
    browser, tmp_path, chinese
):
    choose("en")
    async with opened(browser, tmp_path, "settings") as (_, page):
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.get_by_label("Find a setting")).to_be_visible()
        choose("zh_CN")  # as the daemon does when the setting is kept
        await page.get_by_label("Language", exact=True).select_option("zh_CN")
        await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        await expect(page.get_by_label("查找设置")).to_be_visible()


async def test_values_in_words_are_text_and_have_no_places(browser, tmp_path, chinese):
    async with opened(browser, tmp_path, "settings") as (window, page):
        name = "<b>{name}</b> $& {label}"
        window.status(profile="default", profiles=("default", name))
        await expect(page.locator("#profiles strong").last).to_have_text(name)
        await expect(page.get_by_role("button", name=f"删除：{name}")).to_be_visible()
        assert await page.locator("#profiles b").count() == 0
