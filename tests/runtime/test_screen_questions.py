"""A question about the screen: its picture is shown, and goes nowhere without consent."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from types import SimpleNamespace

from fakes import until

from voice_assistant.commands import Announce, Ask, Consent, LookAtScreen
from voice_assistant.desktop import viewer
from voice_assistant.errors import DeviceError
from voice_assistant.runtime.screen_questions import ScreenQuestions

PICTURE = b"\x89PNG"


@contextlib.asynccontextmanager
async def asking(monkeypatch, take):
    """What is asked about the screen, what was posted, offered and shown."""
    posted, offered, shown, closed = [], [], [], []
    monkeypatch.setattr(viewer, "show", shown.append)
    notices = SimpleNamespace(offer=lambda *offer: offered.append(offer), close=closed.append)
    questions = ScreenQuestions(posted.append, notices, take)
    task = asyncio.create_task(questions.run())
    yield questions, posted, offered, shown, closed
    task.cancel()
    await asyncio.wait([task])


async def test_the_picture_is_shown_and_the_question_asked_only_by_consent(monkeypatch):
    async def take(part):
        assert part == "window"
        return PICTURE

    async with asking(monkeypatch, take) as (questions, posted, offered, shown, closed):
        questions.look(LookAtScreen(question="what is wrong", part="window"))
        await until(lambda: posted)
        ((_, title, body, *buttons),) = offered
        assert (title, body) == ("Shall this picture of your screen be sent?", "what is wrong")
        assert [type(command) for command in posted] == [Announce], "nothing is asked yet"
        (file,) = shown
        assert Path(file).read_bytes() == PICTURE
        assert [one.command for one in buttons] == [Consent(), Consent(given=False)]
        for _ in range(2):
            questions.answer(Consent())
        assert posted[1:] == [Ask(text="what is wrong", source="voice", files=(str(file),))], "once"
        assert closed
        questions.look(LookAtScreen(part="window"))
        await until(lambda: len(posted) == 3)
        assert offered[1][2] == "What is on my screen?"
        assert not Path(file).exists(), "the one before is deleted"
        questions.answer(Consent(given=False))
        assert not Path(shown[1]).exists(), "a refused one, too"
        questions.answer(Consent())
        assert len(posted) == 3


async def test_a_desktop_without_pictures_is_told(monkeypatch):
    async def take(part):
        raise DeviceError("No picture of the screen can be taken", "Use a terminal.")

    async with asking(monkeypatch, take) as (questions, posted, offered, shown, _):
        questions.look(LookAtScreen())
        await until(lambda: posted)
        assert posted == [Announce(text="No picture of the screen can be taken.")]
        assert offered == [("screen", "No picture of the screen can be taken", "Use a terminal.")]
        assert shown == []
