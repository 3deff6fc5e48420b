"""The window of a running assistant in a real browser."""

from __future__ import annotations

import itertools
import re
import shutil
import stat
from contextlib import contextmanager

import pytest
from bench import Desktop
from bench.sounds import RATE_HZ, contains, flite, load
from bench.waiting import wait_for
from helpers.e2e.assistant import FLITE, NO_FACE, NO_SOUNDS, SUM_ANSWER, Assistant, ask_aloud
from playwright.sync_api import expect, sync_playwright

MARKED = "[...(CSS.highlights.get('spoken') ?? [])].map((range) => range.toString()).join()"
LATE_S = 1.0
"""By how much the page may be behind the loudspeaker on a machine with other work."""


@pytest.fixture
def assistant():
    with Desktop(panel=False, notifications="") as desktop:
        browser = desktop.folder / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" > {desktop.folder}/opened\n')
        browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
        with Assistant(desktop, NO_SOUNDS + NO_FACE + FLITE, BROWSER=str(browser)) as assistant:
            assistant.wait_until_complete()
            yield assistant


@contextmanager
def opened_page(assistant):
    """The window, as the assistant opens it."""
    opened = assistant._desktop.folder / "opened"
    assistant.tell("window")
    wait_for(lambda: opened.exists() and opened.read_text(), "the browser is started")
    address = opened.read_text().strip()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page()
        page.goto(address)
        expect(page.locator("#phase")).to_have_text("Ready", timeout=20_000)
        try:
            yield page
        finally:
            chromium.close()


def test_a_question_is_answered_a_setting_holds_at_once_and_the_page_outlives_a_restart(
    assistant,
):
    with opened_page(assistant) as page:
        page.fill("#question", "what is twelve times seven")
        page.press("#question", "Enter")
        expect(page.locator(".answer")).to_have_text(SUM_ANSWER, timeout=20_000)
        expect(page.locator("#phase")).to_have_text("Ready", timeout=20_000)

        page.click("nav a[href='#settings']")
        page.fill("#setting-speech-speed", "2")
        page.press("#setting-speech-speed", "Tab")
        expect(page.locator("#setting-speech-speed-note")).to_have_text("Kept, and in use.")
        assert assistant.status()["speed"] == 2

        assistant.tell("restart")
        page.click("nav a[href='#talk']")
        expect(page.locator("#phase")).to_have_text("Ready", timeout=30_000)
        expect(page.locator(".answer")).to_have_text(SUM_ANSWER)  # the conversation goes on
        page.fill("#question", "what is two times three")
        page.press("#question", "Enter")
        expect(page.locator(".answer")).to_have_text(
            [SUM_ANSWER, "2 times 3 is 6."], timeout=20_000
        )


@pytest.mark.long
def test_the_captions_mark_each_sentence_while_it_is_heard(assistant):
    desktop = assistant._desktop
    with opened_page(assistant) as page, desktop.listen() as heard:
        page.click("nav a[href='#captions']")
        ask_aloud(desktop, assistant, "what can you do")
        marks = [("", 0)]  # the sentences that are marked, and the place in the sound

        def over():
            if (sentence := page.evaluate(MARKED)) != marks[-1][0]:
                marks.append((sentence, len(heard.pcm)))
            return len(marks) > 1 and page.locator("#phase").inner_text() == "Ready"

        wait_for(over, "the answer is spoken to its end", 90)
        expect(page.locator("#caption-question")).to_have_text("What can you do?")
        answer = page.locator("#caption-answer").inner_text()
        pcm = heard.pcm
    marks.append(("", len(pcm)))
    late = int(LATE_S * RATE_HZ)
    sentences = [
        (text, max(0, begin - late), end + late)
        for (text, begin), (_, end) in itertools.pairwise(marks)
        if text
    ]
    assert " ".join(f"{text}." for text, *_ in sentences) == answer.strip()
    assert len(sentences) > 1
    for text, begin, end in sentences:
        beside = pcm[end:] if text == sentences[0][0] else pcm[:begin]
        for clause in re.split("(?<=:) ", f"{text}."):  # the voice says each by itself
            sound = load(flite(clause))
            assert contains(pcm[begin:end], sound), clause
            assert not contains(beside, sound), clause
