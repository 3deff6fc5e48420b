"""What the window costs: closed, at first paint, for each event, with 2,000 turns, in an answer.

    python tests/benchmarks/bench_window.py [--quick]

It needs Chromium, and a virtual desktop for the last part, which `--quick` leaves out.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from helpers.companion.served import served
from playwright.async_api import async_playwright
from playwright.sync_api import sync_playwright

from voice_assistant.events import Answered, Asked, Idle, Text
from voice_assistant.history.record_file import history_file
from voice_assistant.history.recorded_turn import RecordedTurn
from voice_assistant.history.store import Store

FLAGS = ("--no-sandbox", "--disable-gpu")
TURNS = 2000
"""Turns of the record that are loaded, page by page, and scrolled through."""
CLOSED = """
import sys, tracemalloc
import voice_assistant.runtime.daemon, voice_assistant.subscribers.missing_parts, asyncio
tracemalloc.start()
from voice_assistant.runtime.opening import Opening
from voice_assistant.subscribers.captions import Captions
from voice_assistant.subscribers.recent_events import RecentEvents
from voice_assistant.events import *
recent, captions = RecentEvents(), Captions(str, lambda: None, lambda: 4.0)
for turn in range(20):
    for event in [Asked(turn=turn, question="why", source="text"),
                  *[Text(turn=turn, delta="some words ") for _ in range(600)], Idle(turn=turn)]:
        recent.handle(event), captions.handle(event)
print(tracemalloc.get_traced_memory()[0] / 1e6,
      [one for one in sys.modules if "companion" in one or one == "starlette.applications"])
"""
WATCH = """new MutationObserver(() => (window.seen = Date.now())).observe(
  document.querySelector("#turns"), { childList: true, subtree: true, characterData: true })"""
PAGES = """async () => {
  const pages = [];
  const [found, more] = [document.querySelector("#found"), document.querySelector("#more")];
  while (!more.hidden) {
    const [before, began] = [found.children.length, performance.now()];
    more.click();
    while (found.children.length === before && !more.hidden)
      await new Promise((done) => setTimeout(done, 2));
    document.body.getBoundingClientRect(); // with its layout
    pages.push(performance.now() - began);
  }
  return pages;
}"""
SCROLL = """async (step) => {
  const frames = [];
  let last = performance.now();
  for (let top = 0; top < document.documentElement.scrollHeight; top += step) {
    scrollTo({ top, behavior: "instant" });
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - last);
    last = performance.now();
  }
  frames.sort((one, other) => one - other);
  const at = (share) => frames[Math.floor(frames.length * share)];
  return [frames.length, at(0.5), at(0.95)];
}"""


async def pages(folder: Path) -> None:
    """Measure in a browser."""
    async with async_playwright() as playwright, served(folder) as window:
        chromium = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        page = await (await chromium.new_context()).new_page()
        address = await window.address()
        began_s = time.monotonic()
        await page.goto(address)
        await page.wait_for_selector("#phase:has-text('Ready')")
        ready_ms = (time.monotonic() - began_s) * 1000
        paint = await page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
        )
        print(f"first paint: {paint:.0f} ms; connected: {ready_ms:.0f} ms after the address")
        await page.evaluate(WATCH)
        took = []
        for turn in range(1, 61):
            await asyncio.sleep(0.1)
            told_ms = time.time() * 1000
            window.tell(Asked(turn=turn, question=f"question {turn}", source="text"))
            while await page.evaluate("window.seen ?? 0") < told_ms - 1:
                await asyncio.sleep(0.005)
            took.append(await page.evaluate("window.seen") - told_ms)
        took.sort()
        print(f"an event in the page: median {took[30]:.0f} ms, 95 %: {took[57]:.0f} ms")
        began_s = time.process_time()
        window.tell(Asked(turn=99, question="long", source="text"))
        for _ in range(10_000):
            window.tell(Text(turn=99, delta="some words "))
            await asyncio.sleep(0)
        window.tell(
            Answered(turn=99, text="x" * 10, message_id="", conversation_id="", complete=True),
            Idle(turn=99),
        )
        print(f"10,000 events at once: {time.process_time() - began_s:.2f} s of CPU")
        keep_turns(TURNS)
        await page.click("nav a[href='#history']")
        await page.wait_for_selector("#found .card")
        pages_ms = sorted(await page.evaluate(PAGES))
        count = await page.locator("#found .card").count()
        print(
            f"{count} turns: a page of them in {statistics.median(pages_ms):.0f} ms, "
            f"the slowest in {pages_ms[-1]:.0f} ms"
        )
        for step in (300, 2000):
            steps, median, late = await page.evaluate(SCROLL, step)
            print(
                f"scrolled through in {steps} steps of {step} px: "
                f"a frame every {median:.0f} ms, 95 %: {late:.0f} ms"
            )
        await chromium.close()


def keep_turns(number: int) -> None:
    """Write turns into the record."""
    with Store(history_file()) as store:
        for one in range(number):
            store.write(
                RecordedTurn(
                    began_s=1e9 + one,
                    origin="text",
                    state="complete",
                    question=f"question {one}",
                    answer="An answer with **Markdown**, some words and a list:\n\n- a\n- b\n" * 5,
                )
            )


def answers(rounds: int = 8) -> None:
    """Compare the time to the first sound of an answer, with and without an open page."""
    from bench import Desktop  # noqa: PLC0415
    from helpers.e2e.assistant import NO_FACE, NO_SOUNDS, Assistant  # noqa: PLC0415

    with Desktop(panel=False, notifications="") as desktop:
        browser = desktop.folder / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" > {desktop.folder}/opened\n')
        browser.chmod(0o755)
        with Assistant(desktop, NO_SOUNDS + NO_FACE, BROWSER=str(browser)) as assistant:
            assistant.wait_until_complete()
            assistant.tell("window")
            opened = desktop.folder / "opened"
            while not (opened.exists() and opened.read_text()):
                time.sleep(0.05)
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=FLAGS
                )
                page = chromium.new_page()
                page.goto(opened.read_text().strip())
                here = page.url
                took: dict[bool, list[int]] = {True: [], False: []}
                for one in range(2 * rounds):
                    shown = bool(one % 2)
                    page.goto(here if shown else "about:blank")
                    said = assistant.tell("ask", "--json", "what is twelve times seven").stdout
                    events = {event["event"]: event for event in map(json.loads, said.splitlines())}
                    took[shown].append(events["speaking"]["t_ms"] - events["asked"]["t_ms"])
                chromium.close()
    alone_ms, beside_ms = (statistics.median(took[one]) for one in (False, True))
    print(
        f"question to sound: {alone_ms:.0f} ms, with the page {beside_ms:.0f} ms:"
        f" x{beside_ms / alone_ms:.2f}"
    )


if __name__ == "__main__":
    done = subprocess.run(
        [sys.executable, "-c", CLOSED], capture_output=True, text=True, check=True
    )
    print(f"not opened: MB, and modules of the window: {done.stdout.strip()}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        asyncio.run(pages(Path(folder)))
    if "--quick" not in sys.argv:
        answers()
