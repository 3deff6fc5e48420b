"""An app that takes no questions is told before anybody looks for words."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from fakes import FakeBackend, FakeMicrophone, until, utter
from helpers.audio.wav_files import write_wav
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, SILENT, staged

from voice_assistant.api.models import AppInfo, Transcript
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Ask, Press
from voice_assistant.errors import WrongApp

LOCAL = ["never", "fallback", "always"]


class Workflow(FakeBackend):
    """A server whose app is a workflow; an older one does not tell so."""

    def __init__(self, mode="workflow") -> None:
        super().__init__(script=ANSWER, can=SILENT)
        self.mode = mode

    async def info(self):
        return AppInfo(name="app", mode=self.mode)

    @asynccontextmanager
    async def chat(self, request, **options):
        self.asked.append(request)
        raise WrongApp("The app behind this key cannot chat", status=400)
        yield


@asynccontextmanager
async def talking(backend, local):
    heard = []

    async def here(pcm):
        heard.append(pcm)
        return Transcript(text="a question")

    settings = settings_with(f'speech_to_text.local="{local}"')
    microphone = FakeMicrophone(utter("a long question" * 9))
    async with staged(
        backend=backend, settings=settings, local_words=here, microphone=microphone
    ) as stage:
        yield stage, heard


@pytest.mark.parametrize("local", LOCAL)
async def test_a_spoken_question_is_refused_while_the_key_is_held(local):
    backend = Workflow()
    async with talking(backend, local) as (stage, heard):
        stage.post(Press())  # and never let go
        await stage.turn_over()
        (failed,) = stage.failures()
        assert failed.code == "wrong_app"
        assert "chatflow" in failed.hint
        assert len(stage.recordings()) == 1, "what was said is kept for the right app"
    assert (heard, backend.uploads, backend.asked) == ([], [], [])


@pytest.mark.parametrize("local", LOCAL)
async def test_a_recorded_question_is_refused_before_its_words_are_looked_for(local, tmp_path):
    backend = Workflow()
    async with talking(backend, local) as (stage, heard):
        write_wav(tmp_path / "q.wav", utter("hello there"), SPEECH_RATE_HZ)
        stage.post(Ask(audio=str(tmp_path / "q.wav")))
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["wrong_app"]
    assert (heard, backend.uploads, backend.asked) == ([], [], [])


async def test_a_typed_question_is_refused_before_it_is_asked():
    backend = Workflow()
    async with talking(backend, "never") as (stage, _):
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        assert [failed.code for failed in stage.failures()] == ["wrong_app"]
    assert backend.asked == []


@pytest.mark.parametrize("local", LOCAL)
async def test_a_server_that_does_not_tell_its_kind_has_told_it_by_its_first_refusal(local):
    backend = Workflow(mode="")
    async with talking(backend, local) as (stage, heard):
        stage.post(Ask(text="hello"))
        await stage.turn_over()
        stage.events.clear()
        stage.post(Press())
        await until(lambda: stage.kinds()[-1:] == ["idle"])
        assert [failed.code for failed in stage.failures()] == ["wrong_app"]
    assert (heard, backend.uploads, len(backend.asked)) == ([], [], 1)
