"""The talk view in a real browser: the talk button, files, ratings, sources, forms, starters."""

from __future__ import annotations

from pathlib import Path

import msgspec
from fakes import until
from helpers.companion.opened import opened
from playwright.async_api import expect

from voice_assistant import commands
from voice_assistant.api.models import Parameters
from voice_assistant.events import (
    Answered,
    Asked,
    Citation,
    Failed,
    Form,
    FormButton,
    FormField,
    FormFilled,
    HeardSoFar,
    Idle,
    Listening,
    Text,
)

GIVE = """([place, event, name, content]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([content], name));
  const about = { bubbles: true, cancelable: true };
  document.querySelector(place).dispatchEvent(event === "drop"
    ? new DragEvent(event, { ...about, dataTransfer: transfer })
    : new ClipboardEvent(event, { ...about, clipboardData: transfer }));
}"""
STEAL = """fetch("/command", {
  method: "POST", body: JSON.stringify({ command: "ask", text: "x", files: ["/etc/passwd"] }),
}).then((answer) => answer.json())"""


async def test_the_talk_button_is_held_or_tapped(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        button = page.get_by_role("button", name="Talk", exact=True)
        await button.hover()
        await page.mouse.down()
        await until(lambda: window.posted)
        await page.wait_for_timeout(500)
        await page.mouse.up()
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Press(), commands.Release()]
        window.posted.clear()
        await page.mouse.down()
        await page.mouse.up()
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Press(), commands.Tap()]
        window.posted.clear()
        window.status(phase="listening")
        await page.get_by_role("button", name="Finish").click()
        await until(lambda: window.posted)
        assert window.posted == [commands.Release()]


async def test_words_are_shown_while_they_are_said_and_go_if_they_are_no_question(
    browser, tmp_path
):
    async with opened(browser, tmp_path) as (window, page):
        window.tell(Listening(turn=1), HeardSoFar(turn=1, text="What is"))
        await expect(page.locator(".question")).to_have_text("What is …")
        await expect(page.get_by_role("button", name="Edit")).to_have_count(0)
        window.tell(Asked(turn=1, question="What is this?", source="voice"))
        await expect(page.locator(".question span")).to_have_text("What is this?")
        await expect(page.get_by_role("button", name="Edit")).to_have_count(1)
        window.tell(Idle(turn=1), Listening(turn=2), HeardSoFar(turn=2, text="uh"))
        await expect(page.locator(".turn")).to_have_count(2)
        window.tell(Idle(turn=2))
        await expect(page.locator(".turn")).to_have_count(1)


async def test_files_are_dropped_pasted_and_chosen_and_go_with_the_question(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        (tmp_path / "chosen.txt").write_text("chosen")
        await page.evaluate(GIVE, ["#turns", "drop", "../../notes: mine.txt", "dropped"])
        await expect(page.locator("#files li")).to_have_count(1)
        await page.evaluate(GIVE, ["#question", "paste", "image.png", "png"])
        await expect(page.locator("#files li")).to_have_count(2)
        await page.locator("#add-files").set_input_files(tmp_path / "chosen.txt")
        await expect(page.locator("#files li")).to_have_count(3)
        await page.get_by_role("button", name="Remove image.png").click()
        await expect(page.locator("#files li span")).to_have_text(["notes_ mine.txt", "chosen.txt"])
        await page.fill("#question", "what is in them?")
        await page.press("#question", "Enter")
        await until(lambda: window.posted)
        [asked] = window.posted
        assert asked.text == "what is in them?"
        assert [Path(file).read_text() for file in asked.files] == ["dropped", "chosen"]
        await expect(page.locator("#files li")).to_have_count(0)
    assert not any(Path(file).exists() for file in asked.files)


async def test_a_page_cannot_name_files_of_this_machine(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        refused = await page.evaluate(STEAL)
        assert refused["title"] == "The file is no longer here"
        assert window.posted == []


def answered(window, **more):
    window.tell(
        Asked(turn=1, question="who?", source="text"),
        Answered(turn=1, text="Me.", message_id="1", conversation_id="", complete=True, **more),
        Idle(turn=1),
    )


async def test_the_last_answer_is_rated_and_the_rating_is_taken_back(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        answered(window)
        window.status(can_rate=True)
        good = page.get_by_role("button", name="Good answer")
        await good.click()
        await until(lambda: window.posted)
        window.status(can_rate=True, rating="good")
        await expect(good).to_have_attribute("aria-pressed", "true")
        await good.click()
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Rate(rating="good"), commands.Rate(rating="")]


async def test_what_was_not_answered_is_asked_again(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        failed = Failed(
            turn=1, title="No network", hint="", code="x", question="who?", recording="r.wav"
        )
        window.tell(Asked(turn=1, question="who?", source="voice"), failed, Idle(turn=1))
        window.tell(Asked(turn=2, question="what?", source="text"), Text(turn=2, delta="It"))
        half = Answered(turn=2, text="It", message_id="2", conversation_id="", complete=False)
        window.tell(half, Idle(turn=2))
        again = page.get_by_role("button", name="Ask again", exact=True)
        await expect(again).to_have_count(2)
        await again.first.click()
        await again.last.click()
        await until(lambda: len(window.posted) == 2)
        assert window.posted == [commands.Retry(recording="r.wav"), commands.Ask(text="what?")]


async def test_sources_and_files_of_an_answer_are_shown(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        source = Citation(document="manual.pdf", collection="Manuals", content="<b>Press</b> it.")
        files = ("https://dify.example/out/plan.pdf?sign=1", "javascript:alert(1)")
        answered(window, sources=(source,), files=files)
        await page.locator("summary", has_text="Sources (1)").click()
        await expect(page.locator(".sources blockquote")).to_have_text("<b>Press</b> it.")
        links = page.locator(".files a")
        await expect(links).to_have_text(["File 1: plan.pdf"])
        await expect(links).to_have_attribute("rel", "noopener noreferrer")


async def test_a_form_of_the_app_is_filled_in_and_answered_by_a_button(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        form = Form(
            turn=1,
            title="Booking",
            text="**Shall** I?",
            ask="Choose.",
            buttons=(FormButton("yes", "Approve"), FormButton("no", "Decline")),
            fields=(
                FormField("why", "text", value="no reason"),
                FormField("room", "choice", options=("small", "large")),
                FormField("plan", "file"),
            ),
        )
        window.tell(Asked(turn=1, question="Book it", source="text"), form)
        await expect(page.locator(".app-form strong")).to_have_text("Shall")
        await page.get_by_label("why").fill("a party")
        await page.get_by_label("room").select_option("large")
        file = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"the plan"}
        await page.get_by_label("plan", exact=True).set_input_files(file)
        await page.get_by_role("button", name="Approve").click()
        await until(lambda: window.posted)
        [why, room, plan, button] = window.posted[0].items
        assert (why, room, button) == ("why=a party", "room=large", "yes")
        assert Path(plan.removeprefix("plan=@")).read_text() == "the plan"
        window.tell(FormFilled(turn=1, said="Approve"))
        await expect(page.locator(".app-form")).to_have_count(0)


async def test_opening_starters_and_required_inputs_of_the_app_come_first(browser, tmp_path):
    async with opened(browser, tmp_path) as (window, page):
        form = [
            {"text-input": {"variable": "city", "label": "City", "required": True}},
            {"select": {"variable": "tone", "label": "Tone", "options": ["plain", "formal"]}},
            {"number": {"variable": "age", "label": "Age"}},
            {"file": {"variable": "plan", "label": "Plan"}},
        ]
        window.parameters = msgspec.convert(
            {
                "opening_statement": "I am **Ada**.",
                "suggested_questions": ["Who are you?", ""],
                "user_input_form": form,
            },
            Parameters,
        )
        await page.reload()
        await expect(page.locator("#opening strong")).to_have_text("Ada")
        await page.get_by_role("button", name="Who are you?").click()
        await until(lambda: window.posted)
        assert window.posted == [commands.Ask(text="Who are you?", source="suggestion")]
        await page.get_by_label("City (required)").fill("Paris")
        await page.get_by_label("Tone", exact=True).select_option("formal")
        await page.get_by_label("Age", exact=True).fill("42")
        await page.get_by_role("button", name="Keep").click()
        await expect(page.locator("#inputs .note")).to_contain_text("Kept.")
        kept = {"city": "Paris", "tone": "formal", "age": 42}
        assert window.live.now.backend.inputs == kept
        await expect(page.get_by_label("Plan", exact=True)).to_have_count(0)
