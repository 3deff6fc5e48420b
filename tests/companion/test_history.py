"""The history view in a real browser: the record, and the server's conversations."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import until
from helpers.companion.opened import opened
from helpers.replay import json, replay
from playwright.async_api import expect

from voice_assistant import commands
from voice_assistant.api.client import Client
from voice_assistant.companion.history_view import earlier_turns
from voice_assistant.history.record_file import history_file
from voice_assistant.history.recorded_turn import RecordedTurn, Stages
from voice_assistant.history.store import Store

STAGES = Stages(listening=20, recorded=1500, words=1600, text=2000, audio=2100, answered=3000)


@pytest.fixture
def record(_home):
    def keep(number, **more):
        with Store(history_file()) as store:
            fields = {"origin": "text", "state": "complete", "stages": STAGES, **more}
            for one in range(number):
                question, answer = f"question {one}", f"answer **{one}**"
                store.write(
                    RecordedTurn(began_s=1e9 + one, question=question, answer=answer, **fields)
                )

    return keep


async def test_turns_are_searched_paged_timed_and_deleted(browser, tmp_path, record):
    record(40, message_id="m")
    async with opened(browser, tmp_path, "history") as (window, page):
        cards = page.locator("#found .card")
        await expect(cards).to_have_count(30)
        await page.get_by_role("button", name="Show older turns").click()
        await expect(cards).to_have_count(40)
        await page.get_by_label("Search in questions").fill("question 17")
        await page.get_by_role("button", name="Search").click()
        await expect(cards).to_have_count(1)
        await page.locator("summary", has_text="How long it took").click()
        bars = page.locator(".bars progress")
        await expect(bars.nth(1)).to_have_attribute("aria-label", "Release to words: 0.10 s")
        await page.get_by_role("button", name="Good answer").click()
        await until(lambda: window.posted)
        assert window.posted == [commands.Rate(rating="good", turn=18)]
        await page.get_by_role("button", name="Delete: question 17").click()
        await page.get_by_role("button", name="Really delete: question 17?").click()
        await expect(page.locator("#found-note")).to_have_text("No turn was found.")


@pytest.mark.long
async def test_two_thousand_turns_are_read_page_by_page_each_once(browser, tmp_path, record):
    record(2000)
    async with opened(browser, tmp_path, "history") as (_, page):
        cards = page.locator("#found .card")
        for shown in range(30, 2000, 30):
            await expect(cards).to_have_count(shown)
            await page.locator("#more").click()
        await expect(cards).to_have_count(2000)
        await expect(page.locator("#more")).to_be_hidden()
        titles = await page.locator("#found h2").all_text_contents()
        assert titles == [f"question {number}" for number in reversed(range(2000))]
        await expect(page.locator("#found-note")).to_have_text("2000 turns are shown.")


async def test_the_shown_turns_are_saved_as_a_file(browser, tmp_path, record):
    record(2)
    async with opened(browser, tmp_path, "history") as (_, page):
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Markdown").click()
        saved = Path(await (await download.value).path()).read_text()
        assert saved.index("question 0") < saved.index("question 1")
        assert "answer **1**" in saved


async def test_a_conversation_is_continued_renamed_and_deleted(browser, tmp_path, record):
    record(1, conversation_id="c1")
    record(3)
    one = {"id": "c1", "name": "Trip", "updated_at": 1_700_000_000}

    def deleted():
        return [request.method for request in server.requests].count("DELETE")

    routes = {
        "GET /conversations": lambda _: json(200, {"data": [] if deleted() else [one]}),
        "POST /conversations/*/name": json(200, {**one, "name": "Journey"}),
        "DELETE /conversations/*": json(200, {"result": "success"}),
    }
    async with (
        replay(routes) as server,
        Client(server.url, "app-1", "me") as client,
        opened(browser, tmp_path) as (window, page),
    ):
        window.client = client
        await page.click("nav a[href='#history']")
        await page.locator("summary", has_text="Conversations").click()
        await page.get_by_role("button", name="Show: Trip").click()
        await expect(page.locator("#found .card")).to_have_count(1)
        await page.get_by_role("button", name="Rename: Trip").click()
        await page.get_by_label("New name of Trip").fill("Journey")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Continue: Journey").click()
        await until(lambda: window.posted)
        assert window.posted == [commands.Continue(conversation_id="c1")]
        await page.click("nav a[href='#history']")
        await page.locator("#conversations-place").evaluate("one => one.open = true")
        await page.get_by_role("button", name="Delete: Trip").click()
        await page.get_by_role("button", name="Really delete: Trip?").click()
        await expect(page.locator("#conversations li")).to_have_count(0)
    assert deleted() == 1


def test_a_conversation_goes_on_with_its_turns_of_the_record(record):
    record(3, conversation_id="c1", message_id="m")
    turns = earlier_turns("c1")
    assert [turn.question for turn in turns] == ["question 0", "question 1", "question 2"]
    assert turns[-1].number < 0
    assert earlier_turns("c1", without={"m"}) == []
    assert earlier_turns("c2") == earlier_turns("") == []
