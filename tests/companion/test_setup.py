"""The setup in a real browser: each step is tried, kept, and can be left out."""

from __future__ import annotations

import pytest
from fakes import until
from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant import commands
from voice_assistant.errors import NoKeyring, Unauthorized, Unreachable
from voice_assistant.settings.sections.desktop import HotkeySettings


async def go_to(page, step):
    await page.locator("#steps").get_by_role("button", name=step).click()
    await expect(page.locator("#step h2")).to_contain_text(step)
    await expect(page.locator("#step h2")).to_be_focused()


async def test_the_first_start_opens_the_setup_and_each_step_can_be_left_out(browser, tmp_path):
    async with opened(browser, tmp_path, "setup") as (window, page):
        titles = []
        while "Done" not in (title := await page.locator("#step h2").inner_text()):
            titles.append(title.partition(": ")[2])
            await page.get_by_role("button", name="Next").press("Enter")
            await expect(page.locator("#step h2")).not_to_have_text(title)
        assert titles == [
            *("Who answers", "Microphone", "Speaker", "Talk key", "Way of talking"),
            *("Voice and speed", "Reading", "Start at login"),
        ]
        await page.get_by_role("button", name="Begin to talk").press("Enter")
        await expect(page.locator("#question")).to_be_visible()
        assert not window.live.file.exists()


async def test_a_server_is_asked_before_it_is_kept_and_a_refusal_can_be_overruled(
    browser, tmp_path
):
    async with opened(browser, tmp_path, "setup") as (window, page):
        window.trials.refusal = Unauthorized(
            "The server does not accept the API key", "Look at it."
        )
        await page.get_by_label("A Dify app").check()
        await page.get_by_label("Address of the app's API").fill("https://dify.example/v1")
        await page.get_by_label("Key of the app", exact=True).fill("app-1")
        await page.get_by_role("button", name="Ask the server").click()
        told = page.locator("#step .note").last
        await expect(told).to_contain_text(
            "does not accept the API key. Copy it anew from the page"
        )
        window.trials.refusal = NoKeyring("This desktop has no keyring", "Install `one`.")
        await page.get_by_role("button", name="Ask the server").click()
        await expect(told.locator("code")).to_have_text("one")
        await expect(page.get_by_role("button", name="Keep the key in the set")).to_be_visible()
        window.trials.refusal = Unreachable("No server")
        await page.get_by_role("button", name="Ask the server").click()
        await page.get_by_role("button", name="Keep them all the same").click()
        await expect(told).to_contain_text("Test app")
        asked = ("https://dify.example/v1", "app-1", "")
        assert window.trials.servers == [*[(*asked, False)] * 3, (*asked, True)]


async def test_a_chat_model_that_runs_here_is_found_and_chosen(browser, tmp_path):
    async with opened(browser, tmp_path, "setup") as (window, page):
        await page.get_by_label("with a chat model").check()
        await page.get_by_role("button", name="Use llama3 of Ollama").click()
        await expect(page.locator("#step > .note")).to_have_text("llama3 answers after a restart.")
        kept = window.live.file.read_text()
        assert 'url = "http://127.0.0.1:11434/v1"' in kept
        assert 'model = "llama3"' in kept


async def test_microphone_speaker_and_voice_are_tried(browser, tmp_path):
    async with opened(browser, tmp_path, "setup") as (window, page):
        await go_to(page, "Microphone")
        await page.get_by_label("The microphone", exact=True).select_option("Webcam")
        await expect(page.locator("#step .note").first).to_have_text("Kept, and in use.")
        assert window.live.now.microphone.device == "Webcam"
        await page.get_by_role("button", name="Speak", exact=True).click()
        await expect(page.locator("#step > .note")).to_have_text("You said: “what time is it”")
        await go_to(page, "Speaker")
        await page.get_by_role("button", name="Hear a sentence").click()
        await expect(page.locator("#step > .note")).to_contain_text("Was it heard?")
        await go_to(page, "Voice and speed")
        await page.get_by_label("The voice", exact=True).select_option("hibari/heart")
        await expect(page.locator("#step .note").first).to_contain_text("after a restart")
        await page.get_by_role("button", name="Hear it").click()
        await expect(page.locator("#step > .note")).to_contain_text("Was it heard?")
        assert window.trials.said == [("", "", ""), ("", "hibari", "heart")]


@pytest.mark.parametrize(
    ("pressed", "kept"), [("Control+Shift+KeyK", "ctrl+shift+k"), ("F9", "f9")]
)
async def test_a_key_is_chosen_by_pressing_it_and_is_then_seen(browser, tmp_path, pressed, kept):
    async with opened(browser, tmp_path, "setup") as (window, page):
        await go_to(page, "Talk key")
        await page.get_by_role("button", name="Choose it by pressing it").click()
        await page.keyboard.press(pressed)
        await expect(page.locator("#setting-hotkey-keys")).to_have_value(kept)
        await expect(page.locator("#setting-hotkey-keys-note")).to_have_text("Kept, and in use.")
        window.status(phase="listening")
        await expect(page.locator("#step > .note")).to_have_text("The key was seen. It works.")
        assert window.live.now.hotkey.keys == kept
        await until(lambda: window.posted)
        assert window.posted == [commands.Stop()]
        await page.click("nav a[href='#talk']")
        for phase, told in (("idle", "Ready"), ("listening", "Listening")):
            window.status(phase=phase)
            await expect(page.locator("#phase")).to_have_text(told)
        await page.get_by_role("button", name="Finish").click()
        await until(lambda: len(window.posted) > 1)
        assert window.posted == [commands.Stop(), commands.Release()], "the question goes on"


async def test_every_key_can_be_chosen_by_pressing_it(browser, tmp_path):
    async with opened(browser, tmp_path, "settings") as (window, page):
        await page.get_by_role("button", name="Choose it by pressing it: Pause").click()
        await page.keyboard.press("Control+Alt+KeyP")
        await expect(page.locator("#setting-hotkey-pause-note")).to_have_text("Kept, and in use.")
        assert window.live.now.hotkey.pause == "ctrl+alt+p"
        keys = set(HotkeySettings.__struct_fields__) - {"mode", "tap_s"}
        await expect(page.locator("[aria-label^='Choose it']")).to_have_count(len(keys))


async def test_the_way_to_talk_is_told_before_the_first_question_and_after_the_setup(
    browser, tmp_path
):
    async with opened(browser, tmp_path) as (window, page):
        window.status(how_to_talk="Hold Ctrl+Alt+Space while you speak.")
        await expect(page.locator("#beginning")).to_contain_text("Hold Ctrl+Alt+Space while")
        await page.click("nav a[href='#setup']")
        await go_to(page, "Done")
        await expect(page.locator("#step")).to_contain_text("Hold Ctrl+Alt+Space while you speak.")
        assert await page.evaluate("scrollY") == 0


async def test_a_step_is_read_aloud_and_the_start_at_login_is_kept(browser, tmp_path):
    async with opened(browser, tmp_path, "setup") as (window, page):
        await go_to(page, "Start at login")
        await page.get_by_label("Start the assistant when I log in").check()
        await expect(page.locator("#step .note")).to_have_text("It starts when you log in.")
        assert window.trials.login
        async with page.expect_response("**/setup/say"):
            await page.get_by_role("button", name="Read this aloud").click()
        assert window.trials.said[0][0].startswith("Start at login. The assistant can be there")


async def test_while_a_profile_answers_who_answers_is_not_changed_behind_its_back(
    browser, tmp_path
):
    async with opened(browser, tmp_path) as (window, page):
        window.status(profile="work", profiles=("default", "work"))
        await page.get_by_role("link", name="Setup").click()
        await expect(page.locator("#step")).to_contain_text("The profile work answers.")
        await page.get_by_role("button", name="Use: default").click()
        window.status(profile="default", profiles=("default", "work"))
        await expect(page.get_by_label("This machine alone")).to_be_checked()
        await until(lambda: window.posted)
        assert window.posted == [commands.UseProfile(name="default")]
