"""The window in a real browser."""

from __future__ import annotations

import asyncio
import json
import os

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from fakes import until
from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant import commands, translation
from voice_assistant.events import Answered, Asked, Failed, Idle, Listening, Suggested, Text
from voice_assistant.settings.schema import Settings

VIEWS = ("talk", "captions", "history", "settings", "setup", "doctor")
ANSWER = (
    "Paris is the **capital** of France. See [the map](https://example.org/map).\n\n"
    "| City | People |\n|---|---|\n| Paris | 2 million |\n\n```\nprint('hello')\n```\n"
)
PROFILE = """
[backend]
profile = "work"
[profiles.work]
url = "https://dify.example/v1"
"""
SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder for pictures of all views."""


def answered(window, turn=1, answer=ANSWER):
    window.tell(
        Asked(turn=turn, question="What is the capital of France?", source="text"),
        Text(turn=turn, delta=answer),
        Answered(turn=turn, text=answer, message_id="", conversation_id="", complete=True),
        Suggested(turn=turn, questions=("And of Spain?", "How old is it?", "Who founded it?")),
        Idle(turn=turn),
    )


async def test_question_and_answer_grow_and_follow_ups_are_numbered(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.tell(
            Listening(turn=1),
            Asked(turn=1, question="What is the capital of France?", source="voice"),
            Text(turn=1, delta="Paris is the **capi"),
        )
        await expect(page.locator(".answer")).to_contain_text("Paris is the **capi")
        answered(window)
        await expect(page.locator(".answer strong")).to_have_text("capital")
        await expect(page.locator(".question")).to_contain_text("What is the capital of France?")
        follow_ups = page.locator(".follow-ups button")
        await expect(follow_ups).to_have_text(
            ["1. And of Spain?", "2. How old is it?", "3. Who founded it?"]
        )
        await follow_ups.nth(1).click()
        await until(lambda: window.posted)
        assert window.posted == [commands.Ask(text="How old is it?", source="suggestion")]


async def test_enter_asks_shift_enter_breaks_and_a_question_can_be_corrected(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        answered(window)
        await page.get_by_role("button", name="Edit and ask again").click()
        box = page.locator("#question")
        await expect(box).to_have_value("What is the capital of France?")
        await box.press("End")
        await box.press("Shift+Enter")
        await box.type("And of Spain?")
        await box.press("Enter")
        await until(lambda: window.posted)
        assert window.posted == [commands.Ask(text="What is the capital of France?\nAnd of Spain?")]
        await expect(box).to_have_value("")


async def test_every_button_gives_its_command(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.status(phase="speaking")
        await expect(page.locator("#phase")).to_have_text("Speaking")
        for name in ("Talk", "Stop", "Pause", "Back", "Skip", "Repeat", "New conversation"):
            await page.get_by_role("button", name=name, exact=True).press("Enter")
        await page.locator("#speed").press("ArrowRight")
        await page.locator("#volume").press("ArrowLeft")
        await until(lambda: len(window.posted) == 9)
        assert set(window.posted) == {
            *(commands.Toggle(), commands.Stop(), commands.Pause(toggle=True), commands.Back()),
            *(commands.Skip(), commands.Repeat(), commands.New()),
            *(commands.Speed(factor=1.05), commands.Volume(level=0.95)),
        }


async def test_the_phase_and_what_went_wrong_are_told(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.status(phase="listening", level_dbfs=-20.0)
        await expect(page.locator("#phase")).to_have_text("Listening")
        await expect(page.locator("#talk-button")).to_have_text("Finish")
        await expect(page.locator("#level")).to_have_js_property("value", -20)
        window.status(phase="error")
        window.tell(Failed(turn=2, title="No network", hint="Connect.", code="x", question="Why?"))
        await expect(page.locator(".turn.failed .note")).to_have_text("No network. Connect.")


async def test_a_talk_is_shown_from_its_end(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        for turn in range(1, 30):
            answered(window, turn=turn)
        await expect(page.locator(".turn")).to_have_count(29)
        await page.evaluate("scrollTo(0, 0)")
        await page.click("nav a[href='#history']")
        await page.click("nav a[href='#talk']")
        last = page.locator(".turn").last.locator(".follow-ups button").last
        await expect(last).to_be_in_viewport()


async def test_who_reads_at_the_end_stays_at_the_end_and_who_reads_above_stays_there(
    browser, tmp_path
):
    async with opened(browser, tmp_path) as (window, page):
        for turn in range(1, 8):
            answered(window, turn=turn)
        await expect(page.locator(".turn")).to_have_count(7)
        last = page.locator(".turn").last.locator(".follow-ups button").last
        await expect(last).to_be_in_viewport()
        await page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        answered(window, turn=8)
        await expect(page.locator(".turn")).to_have_count(8)
        assert await page.evaluate("scrollY") == 0


IN_SIGHT = """() => {
  const one = document.activeElement, place = one.getBoundingClientRect();
  const at = (y) => document.elementFromPoint(place.left + place.width / 2, y);
  return [place.top + 2, place.bottom - 2].every((y) => one === at(y) || one.contains(at(y)));
}"""


@pytest.mark.parametrize("height", [640, 500])
async def test_what_has_the_focus_is_hidden_by_nothing(browser, tmp_path, height):
    look = {"viewport": {"width": 640, "height": height}, "reduced_motion": "reduce"}
    async with opened(browser, tmp_path, **look) as (window, page):
        for turn in range(1, 7):
            answered(window, turn=turn)
        await expect(page.locator(".turn")).to_have_count(6)
        await page.get_by_text("More", exact=True).click()
        await page.evaluate("document.querySelector('#turns').focus()")
        hidden = []
        for _ in range(30):
            await page.keyboard.press("Tab")
            await page.evaluate("new Promise(requestAnimationFrame)")
            if not await page.evaluate(IN_SIGHT):
                hidden.append(await page.evaluate("document.activeElement.textContent"))
        assert hidden == []


async def test_the_sections_of_the_settings_can_be_gone_to(browser, tmp_path):
    async with opened(browser, tmp_path, "settings") as (_, page):
        await page.get_by_role("navigation", name="Sections").get_by_text("Captions").click()
        await expect(page.locator("#setting-captions-enabled")).to_be_in_viewport()
        await expect(page.locator("legend", has_text="Captions")).to_be_focused()


async def test_a_search_shows_its_findings_alone_and_knows_the_names_in_the_file(browser, tmp_path):
    async with opened(browser, tmp_path, "settings") as (_, page):
        await page.get_by_label("Find a setting").fill("pre_roll")
        await expect(page.locator("#section-list li:visible")).to_have_text(["Microphone"])
        await expect(page.locator("#settings-found")).to_have_text("1 setting is shown.")
        for other in ("#key", "#profiles-card"):
            await expect(page.locator(other)).to_be_hidden()
        await page.get_by_label("Find a setting").fill("dify")
        await expect(page.locator("#key")).to_be_visible()
        await page.get_by_label("Find a setting").fill("")
        await expect(page.locator("#profiles-card")).to_be_visible()


NAMES = ("hibari", "flite", "espeak-ng", "USB Microphone", "Webcam", "HDMI")
"""Values that are names by themselves."""


async def test_settings_are_told_by_names_for_people_and_not_by_those_of_the_file(
    browser, tmp_path
):
    async with opened(browser, tmp_path, "settings") as (_, page):
        options = await page.eval_on_selector_all(
            "#sections option", "all => all.map(one => [one.value, one.text])"
        )
        assert {value for value, text in options if value == text} == set(NAMES)
        way = page.locator("#setting-hotkey-mode-help")
        await expect(way).to_contain_text(
            "“Press to begin, press again or be silent to end”: one press begins; the next one "
            "ends, or a silence does (“Seconds of silence that end a question”)."
        )
        told = await page.locator("#sections .help").all_inner_texts()
        file_words = ("true", "false", '"hold"', "tap_s", "kind = ", "local = ")
        assert [(one, word) for one in told for word in file_words if word in one] == []


@pytest.mark.parametrize("view", ["talk", "captions"])
async def test_the_sentence_being_spoken_is_marked(browser, tmp_path, view):
    marked = "[...(CSS.highlights.get('spoken') ?? [])].map(range => range.toString()).join()"
    async with opened(browser, tmp_path, view) as (window, page):
        answered(window)
        window.sentence = "Paris is the capital of France."
        window.status(phase="speaking")
        await until_in(page, marked, "Paris is the capital of France")
        window.sentence = "See the map."
        await until_in(page, marked, "See the map")
        window.sentence = ""
        window.status(phase="idle")
        await until_in(page, marked, "")


async def until_in(page, expression, value):
    while await page.evaluate(expression) != value:
        await asyncio.sleep(0.02)


async def test_markup_of_a_server_does_nothing(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        answered(
            window,
            answer="<img src=x onerror=alert(1)> [click](javascript:alert(2)) "
            "![spy](https://spy.example/x.png) <script>alert(3)</script>",
        )
        await expect(page.locator(".answer")).to_contain_text("onerror=alert(1)")
        assert await page.locator(".answer img, .answer script").count() == 0
        links = await page.locator(".answer a").evaluate_all("all => all.map(a => a.href)")
        assert links == ["https://spy.example/x.png"]


async def test_a_page_that_was_away_gets_everything_and_goes_on(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        answered(window)
        await expect(page.locator(".turn")).to_have_count(1)
        await page.goto("about:blank")
        answered(window, turn=2)
        await page.go_back()
        await expect(page.locator(".turn")).to_have_count(2)


async def test_a_setting_is_changed_at_once_and_a_wrong_one_is_refused_beside_it(browser, tmp_path):
    async with opened(browser, tmp_path, "settings") as (window, page):
        speed = page.locator("#setting-speech-speed")
        await speed.fill("1.5")
        await speed.press("Tab")
        await expect(page.locator("#setting-speech-speed-note")).to_have_text("Kept, and in use.")
        assert window.live.now.speech.speed == 1.5
        assert "speed = 1.5" in window.live.file.read_text()
        await page.locator("#setting-microphone-pre_roll_s").fill("0.5")
        await page.locator("#setting-microphone-pre_roll_s").press("Tab")
        note = page.locator("#setting-microphone-pre_roll_s-note")
        await expect(note).to_have_text("Kept. It takes effect after a restart.")
        await page.get_by_role("button", name="Usual value of: How fast").click()
        await expect(speed).to_have_value("1")
        assert window.live.now.speech.speed == 1
        await page.get_by_label("Find a setting").fill("pre roll")
        await expect(page.locator("#sections .setting:visible")).to_have_count(1)
        await page.get_by_label("Find a setting").fill("")
        await speed.fill("9")
        await speed.press("Tab")
        note = page.locator("#setting-speech-speed-note")
        await expect(note).to_have_text(
            "“How fast answers are spoken” is 9. It goes from 0.5 to 3."
        )
        await expect(speed).to_have_attribute("aria-invalid", "true")
        assert window.live.now.speech.speed == 1


async def test_what_is_changed_elsewhere_is_shown_and_what_is_being_typed_stays(browser, tmp_path):
    async with opened(browser, tmp_path, "settings") as (window, page):
        speed, volume = (
            page.locator("#setting-speech-speed"),
            page.locator("#setting-speaker-volume"),
        )
        await volume.fill("0.")
        window.live.file.write_text("[speech]\nspeed = 1.5\n[speaker]\nvolume = 0.5\n")
        window.live.read_again()
        await expect(speed).to_have_value("1.5")
        await expect(volume).to_have_value("0.")
        await expect(page.get_by_role("button", name="Usual value of: How fast")).to_be_visible()


async def test_the_page_speaks_the_language_that_is_chosen_elsewhere(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        window.live.follow(lambda _, now: translation.choose(now.interface.language))
        window.live.follow(window.feed.settings_changed)
        try:
            window.live.file.write_text('[interface]\nlanguage = "zh_CN"\n')
            window.live.read_again()
            await expect(page.locator("#phase")).to_have_text("就绪")
            await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        finally:
            translation.choose(translation.AUTO)


async def test_while_a_profile_answers_its_own_settings_are_changed(browser, tmp_path):
    (tmp_path / "config.toml").write_text(PROFILE)
    async with opened(browser, tmp_path) as (window, page):
        window.live.now = window.live.from_file()
        await page.click("nav a[href='#settings']")
        await expect(page.locator("legend", has_text="Who answers: work")).to_be_visible()
        window.live.now = Settings()
        window.feed.settings_changed()
        sections = page.get_by_role("navigation", name="Sections").get_by_role("button")
        await expect(sections.first).to_have_text("Who answers")
        window.live.now = window.live.from_file()
        window.feed.settings_changed()
        await expect(sections.first).to_have_text("Who answers: work")
        patience = page.locator("#setting-backend-silence_s")
        await patience.fill("60")
        await patience.press("Tab")
        await expect(page.locator("#setting-backend-silence_s-note")).to_have_text(
            "Kept, and in use."
        )
        await patience.fill("0")
        await patience.press("Tab")
        await expect(page.locator("#setting-backend-silence_s-note")).to_contain_text(
            "“Seconds that a silent server is waited for” is 0."
        )
        kept = window.live.from_file()
        assert (kept.backend.silence_s, kept.profiles["work"].silence_s) == (60.0, 60.0)
        window.live.file.write_text(window.live.file.read_text().replace('= "work"', '= ""'))
        assert window.live.from_file().backend.silence_s == 25.0


@pytest.mark.parametrize("view", VIEWS)
async def test_every_view_is_accessible_in_light_and_dark_and_forced_colours(
    browser, tmp_path, view
):
    async with opened(
        browser, tmp_path, view, viewport={"width": 320, "height": 200}, reduced_motion="reduce"
    ) as (window, page):
        answered(window)
        window.status(
            restart_for=("backend.url",),
            missing=("No network. Try `ping`.",),
            muted=True,
            timers=(("Tea is done.", 0.0),),
        )
        await page.wait_for_selector(".turn", state="attached")
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if view == "settings":
            await page.wait_for_selector("fieldset")
        if view == "setup":
            await page.wait_for_selector("#step h2")
        if view == "doctor":
            await page.wait_for_selector("#findings li")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320
        await page.evaluate(AXE_SCRIPT)
        for colours in ("light", "dark", "forced"):
            await page.emulate_media(
                color_scheme="dark" if colours == "dark" else "light",
                forced_colors="active" if colours == "forced" else "none",
            )
            found = await page.evaluate("axe.run()")
            told = [
                (one["id"], one["help"], [node["html"][:120] for node in one["nodes"]])
                for one in found["violations"]
            ]
            assert told == [], json.dumps(told, indent=1)
            if SHOTS:
                await page.screenshot(path=f"{SHOTS}/{view}-{colours}-320.png", full_page=True)
                await page.set_viewport_size({"width": 1280, "height": 800})
                await page.screenshot(path=f"{SHOTS}/{view}-{colours}-1280.png")
                await page.set_viewport_size({"width": 320, "height": 200})


async def test_profiles_are_used_added_and_deleted(browser, tmp_path):
    async with opened(browser, tmp_path, "settings") as (window, page):
        window.status(profile="default", profiles=("default", "work"))
        await page.get_by_role("button", name="Use: work").click()
        await until(lambda: window.posted == [commands.UseProfile(name="work")])
        await page.get_by_role("button", name="Delete: work").click()
        await expect(page.locator("#profiles-note")).to_have_text("work is deleted.")
        assert window.trials.deleted == ["work"]
        await page.locator("summary", has_text="Add a Dify app").click()
        await page.get_by_label("Name of the profile").fill("home")
        await page.get_by_label("Address of its API").fill("https://dify.example/v1")
        await page.get_by_label("Its key").fill("app-2")
        await page.keyboard.press("Enter")
        await expect(page.locator("#profiles-note")).to_contain_text("accepts the key")
        assert window.trials.servers == [("https://dify.example/v1", "app-2", "home", False)]
