"""Tabs of all ages, restarts, and answers of any size: refused or caught up, and nothing stuck."""

from __future__ import annotations

import asyncio

import httpx
from fakes import until
from helpers.companion.opened import opened
from helpers.companion.served import served
from playwright.async_api import expect

from voice_assistant import commands
from voice_assistant.events import Answered, Asked, Idle, Text


def answered(window, turn, text="Because."):
    window.tell(
        Asked(turn=turn, question="why", source="text"),
        Answered(turn=turn, text=text, message_id="", conversation_id="", complete=True),
        Idle(turn=turn),
    )


async def test_a_second_tab_shows_the_same_and_both_may_ask(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        other = await page.context.new_page()
        await other.goto(page.url)
        answered(window, 1)
        for tab in (page, other):
            await expect(tab.locator(".answer")).to_have_text("Because.")
            await tab.fill("#question", "and then?")
            await tab.press("#question", "Enter")
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Ask(text="and then?")] * 2


async def test_a_tab_of_yesterday_says_how_to_go_on(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        await page.context.clear_cookies()
        await page.get_by_role("button", name="Repeat").click()
        await expect(page.get_by_role("alert")).to_contain_text("This window has expired")
        assert window.posted == []
        refused = "Failed to load resource: the server responded with a status of 403"
        page.problems[:] = [one for one in page.problems if not one.startswith(refused)]


async def test_the_page_comes_back_after_a_restart_and_misses_nothing(browser, tmp_path):
    context = await browser.new_context()
    page = await context.new_page()
    async with served(tmp_path) as window:
        await page.goto(await window.address())
        answered(window, 5)
        await expect(page.locator(".answer")).to_have_text("Because.")
    await expect(page.locator("#phase")).to_have_text("Not connected")
    async with served(tmp_path) as window:
        await page.click("nav a[href='#captions']")
        answered(window, 1, "It is so.")
        await expect(page.locator("#caption-answer")).to_have_text("It is so.", timeout=15_000)
        await page.click("nav a[href='#talk']")
        await expect(page.locator(".answer")).to_have_text("It is so.", timeout=15_000)
        await expect(page.locator("#phase")).to_have_text("Ready")
        await page.get_by_role("button", name="Repeat").click()
        await until(lambda: window.posted == [commands.Repeat()])
    await context.close()


async def test_an_answer_of_a_megabyte_is_shown_and_the_page_goes_on(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.tell(Asked(turn=1, question="all?", source="text"))
        for _ in range(100):
            window.tell(Text(turn=1, delta="**word** " * 1100))
        answered(window, 1, "**word** " * 110_000)
        answered(window, 2)
        await expect(page.locator(".answer").nth(1)).to_have_text("Because.", timeout=20_000)
        length = await page.locator(".answer").first.evaluate("one => one.textContent.length")
        assert length > 990_000
        await page.get_by_role("button", name="Repeat").click()
        await until(lambda: window.posted)


async def test_a_page_whose_assistant_was_ended_for_good_says_so_and_keeps_what_was_typed(
    browser, tmp_path
):
    context = await browser.new_context()
    page = await context.new_page()
    async with served(tmp_path) as window:
        await page.goto(await window.address())
        await expect(page.locator("#phase")).to_have_text("Ready")
        window.window.end_for_good()
    await expect(page.locator("#phase")).to_have_text("Ended")
    await page.fill("#question", "why?")
    await page.press("#question", "Enter")
    await expect(page.locator("#alerts")).to_contain_text("The assistant was ended. Start it")
    await expect(page.locator("#question")).to_have_value("why?")
    await context.close()


async def test_a_request_that_its_browser_breaks_off_is_no_bug(tmp_path, caplog):
    async with served(tmp_path) as window, httpx.AsyncClient() as client:
        entered = await client.get(await window.address())
        url = entered.url
        cookie = entered.headers["set-cookie"].partition(";")[0]
        reader, writer = await asyncio.open_connection(url.host, url.port)
        head = f"Host: {url.netloc.decode()}\r\nOrigin: http://{url.netloc.decode()}\r\n"
        writer.write(f"POST /command HTTP/1.1\r\n{head}Cookie: {cookie}\r\n".encode())
        writer.write(b"Content-Length: 50\r\nExpect: 100-continue\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"  # the body is waited for
        writer.close()
        await writer.wait_closed()
        assert (await client.get(url.join("/words"))).status_code == 200
    assert not [record for record in caplog.records if record.exc_info]
