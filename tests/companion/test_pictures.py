"""The pictures and files of answers in a real browser."""

from __future__ import annotations

import base64
from pathlib import Path

from helpers.companion.opened import opened
from helpers.replay import replay, response
from playwright.async_api import expect

from voice_assistant.events import Answered, Asked, Begun, Idle, Text
from voice_assistant.history.record_file import history_file
from voice_assistant.history.recorded_turn import RecordedTurn
from voice_assistant.history.store import Store

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ROUTES = {
    "GET /cat.png": response(200, PNG, "text/html"),  # whatever the server calls it
    "GET /plan.pdf": response(200, b"%PDF-1", "application/pdf"),
    "GET /page.png": response(200, b"<script>alert(1)</script>", "image/png"),
}
WIDTH = "image => image.naturalWidth"


def answered(window, server, text, *files, turn=1):
    window.tell(
        Asked(turn=turn, question="a cat?", source="text", app=server.url),
        Begun(turn=turn, message_id="m1", conversation_id="c"),
        Text(turn=turn, delta=text),
        Answered(
            turn=turn, text=text, message_id="m1", conversation_id="c", complete=True, files=files
        ),
        Idle(turn=turn),
    )


def recorded(server, **more):
    with Store(history_file()) as store:
        return store.write(
            RecordedTurn(
                **{"began_s": 1e9, "origin": "text", "state": "complete", "question": "a cat?"}
                | {"app": f"{server.url} (work)", "message_id": "m1"}
                | more
            )
        )


async def test_a_picture_is_shown_once_it_is_wished_and_then_kept_with_the_turn(browser, tmp_path):
    async with replay(ROUTES) as server, opened(browser, tmp_path) as (window, page):
        address = f"{server.url}/cat.png"
        number = recorded(server)
        answered(window, server, f"Here: ![a cat]({address})")
        await expect(page.get_by_role("link", name="Picture: a cat")).to_have_attribute(
            "href", address
        )
        assert server.requests == []
        await page.get_by_role("button", name="Show: Picture: a cat").click()
        image = page.get_by_role("img", name="a cat")
        await expect(image).to_be_visible()
        await expect(image).to_have_js_property("naturalWidth", 1)
        assert [one.path for one in server.requests] == ["/cat.png"]
        with Store(history_file()) as store:
            copies = store.kept_files.copies(store.turn(number))
        assert [one.read_bytes() for one in copies.values()] == [PNG]


async def test_the_pictures_of_a_trusted_app_are_shown_at_once(browser, tmp_path):
    (tmp_path / "config.toml").write_text("[backend]\ntrust_pictures = true\n")
    async with replay(ROUTES) as server, opened(browser, tmp_path) as (window, page):
        window.live.read_again()
        recorded(server)
        answered(window, server, "![a cat](/cat.png) and ![no picture](/page.png)", "/cat.png")
        await expect(page.get_by_role("img", name="a cat")).to_have_js_property("naturalWidth", 1)
        await expect(page.locator(".files img")).to_have_js_property("naturalWidth", 1)
        await expect(page.locator(".answer .note")).to_contain_text("This is no picture")


async def test_other_files_are_saved_also_long_after_their_address_has_expired(browser, tmp_path):
    async with replay(ROUTES) as server, opened(browser, tmp_path) as (window, page):
        recorded(server, answer="Here.", answer_files=(f"{server.url}/plan.pdf?sign=1",))
        await page.click("nav a[href='#history']")
        for _ in range(2):
            async with page.expect_download() as download:
                await page.get_by_role("link", name="File 1: plan.pdf").click()
            saved = await download.value
            assert saved.suggested_filename == "plan.pdf"
            assert Path(await saved.path()).read_bytes() == b"%PDF-1"
        assert len(server.requests) == 1
        assert window.posted == []
