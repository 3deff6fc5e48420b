"""A view of the window, opened in a real browser."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from helpers.companion.served import served

from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from helpers.companion.served import Served
    from playwright.async_api import Browser, Page

REFUSED = "Failed to load resource: the server responded with a status of 400"
"""What the browser says of a request that was refused on purpose."""


@asynccontextmanager
async def opened(
    browser: Browser, folder: Path, view: str = "", **look: Any
) -> AsyncIterator[tuple[Served, Page]]:
    """A window and its page, which shows `view`. No script of the page may fail meanwhile.

    What the page complains of is in `page.problems`, from where a test may take what it expects.

    Args:
        browser: the browser.
        folder: holds the settings and the session.
        view: the view; "" for the conversation.
        look: how Playwright's `new_context` shows pages.
    """
    async with served(folder) as window:
        context = await browser.new_context(**look)
        page = await context.new_page()
        problems: list[str] = []
        page.problems = problems
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: said.type == "error" and problems.append(said.text))
        await page.goto(await window.address(view))
        await page.wait_for_selector(f"#phase:has-text('{_('Ready')}')")
        if view:
            await page.wait_for_selector(f"[data-view='{view}']")
        try:
            yield window, page
            assert [one for one in problems if not one.startswith(REFUSED)] == []
        finally:
            await context.close()
