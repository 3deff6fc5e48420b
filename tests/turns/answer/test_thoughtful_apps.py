from __future__ import annotations

import pytest
from helpers.turns.staging import IDS, server, staged

from voice_assistant import events
from voice_assistant.api.stream.events import Message, MessageEnd
from voice_assistant.commands import Ask
from voice_assistant.turns.answer.thoughtful_apps import MOST_APPS, ThoughtfulApps


def test_another_process_knows_them_and_an_answer_without_thinking_ends_it(tmp_path):
    file = tmp_path / "state" / "apps.json"
    apps = ThoughtfulApps(file)
    assert "http://a/v1" not in apps
    apps.note("http://a/v1", thought=False)
    assert not file.exists(), "nothing is worth a file"
    apps.note("http://a/v1", thought=True)
    apps.note("http://b/v1", thought=True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "http://a/v1" in ThoughtfulApps(file)
    ThoughtfulApps(file).note("http://a/v1", thought=False)
    assert "http://a/v1" not in ThoughtfulApps(file)
    assert "http://b/v1" in ThoughtfulApps(file)


def test_the_file_does_not_grow_without_end(tmp_path):
    apps = ThoughtfulApps(tmp_path / "apps.json")
    for number in range(MOST_APPS + 5):
        apps.note(str(number), thought=True)
    known = ThoughtfulApps(tmp_path / "apps.json")
    assert [str(number) in known for number in (0, 4, 5, MOST_APPS + 4)] == [False] * 2 + [True] * 2


@pytest.mark.parametrize("end", ["</think>", "</thinking>", "[/THINK]", "</THOUGHT>"])
async def test_what_one_process_learned_is_not_shown_or_spoken_by_the_next(tmp_path, end):
    file = tmp_path / "apps.json"
    pieces = ["Hm. ", "Short.\n", f"{end}\n\n", "The Nile."]
    for process in ("first", "second"):
        backend = server(
            script=[*(Message(answer=one, **IDS) for one in pieces), MessageEnd(**IDS)]
        )
        async with staged(backend=backend) as stage:
            stage.parts.thoughtful = ThoughtfulApps(file)
            stage.post(Ask(text="hello"))
            await stage.turn_over()
            texts = [event.delta for event in stage.events if isinstance(event, events.Text)]
        if process == "second":
            assert "".join(texts) == "The Nile."
            assert stage.shown() == "The Nile."
            assert backend.spoken == ["The Nile."]
