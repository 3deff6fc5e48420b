"""The words of a question, found out by the server or by this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeMicrophone, FakeRecognizer, read, until, utter
from helpers.audio.wav_files import write_wav
from helpers.settings.varied import settings_with
from helpers.turns.staging import ANSWER, DeafEars, server, staged

import voice_assistant.cli
from voice_assistant.api.models import Transcript
from voice_assistant.audio.codec.files import read_speech
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.commands import Ask, Press, Release, Retry
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.errors import (
    BackendError,
    ConfigError,
    Forbidden,
    MissingEndpoint,
    NotConfigured,
    RateLimited,
    Rejected,
    ServerBug,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unreachable,
    UnsupportedAudio,
)
from voice_assistant.events import Asked

SAID = utter("a long question")
QUESTION = Path(voice_assistant.cli.__file__).parent / "question.wav"
DEAF = (NotConfigured("It hears nothing"), Unreachable("No network"), TimedOut("No answer"))
REFUSALS = (
    NotConfigured("It hears nothing", status=400),
    Rejected("The provider failed", status=400),
    Forbidden("It may not hear", status=403),
    MissingEndpoint("It has no ears", status=404),
    TooLarge("It hears little", status=413),
    UnsupportedAudio("It hears no MP3", status=415),
    RateLimited("It listens to others", status=429),
    ServerBug("It fell over", status=500),
    ServerBug("It starts again", status=503),
    ServerBug("It says something else", status=200),
)


class LocalEars:
    """Recognises what fakes utter."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def __call__(self, pcm) -> Transcript:
        self.heard.append(read(pcm).strip("\0"))
        return Transcript(text=self.heard[-1])


async def talk(local: str, backend, *, ears=None, microphone=None):
    """A spoken turn: what was asked, what failed, what was heard here, what is kept."""

    async def play():
        here = LocalEars()
        async with staged(
            backend=backend,
            settings=settings_with(f'speech_to_text.local="{local}"'),
            local_words=here,
            microphone=microphone or FakeMicrophone(SAID),
            **({"ears": ears} if ears else {}),
        ) as stage:
            stage.post(Press())
            await until(stage.heard_all)
            await stage.settle()
            stage.post(Release())
            await stage.turn_over()
            failed = [failure.code for failure in stage.failures()]
            return stage.questions(), failed, here.heard, len(stage.recordings())

    return await play()


@pytest.mark.parametrize("problem", DEAF)
async def test_where_the_server_cannot_hear_this_machine_does_if_wished(problem):
    heard_here = await talk("fallback", server(script=ANSWER, words=[problem]))
    assert heard_here == (["a long question"], [], ["a long question"], 0)
    assert await talk("never", server(script=ANSWER, words=[problem])) == (
        [],
        [problem.code],
        [],
        1,
    )


@pytest.mark.parametrize("problem", REFUSALS)
async def test_whatever_a_server_refuses_with_this_machine_listens_without_a_second_upload(problem):
    backend = server(script=ANSWER, words=[problem])
    heard_here = await talk("fallback", backend)
    assert heard_here == (["a long question"], [], ["a long question"], 0)
    assert len(backend.uploads) == 1


async def test_where_the_server_hears_it_is_asked():
    assert await talk("fallback", server(script=ANSWER)) == (["a question"], [], [], 0)


@pytest.mark.parametrize(
    "problem", [Unauthorized("Wrong key", status=401), ConfigError("There is no key")]
)
async def test_a_failure_that_the_local_recogniser_cannot_mend_stays_a_failure(problem):
    assert await talk("fallback", server(script=ANSWER, words=[problem])) == (
        [],
        [problem.code],
        [],
        1,
    )


async def test_if_wished_nothing_of_the_voice_leaves_the_machine():
    backend = server(script=ANSWER)
    assert await talk("always", backend) == (["a long question"], [], ["a long question"], 0)
    assert backend.uploads == []


@pytest.mark.parametrize(
    ("kind", "words", "uploads"),
    [("embedded", "what was heard here", 0), ("dify", "a question", 1)],
)
async def test_what_is_heard_along_is_not_heard_again_by_our_own_backend(kind, words, uploads):
    backend = server(script=ANSWER)
    wished = (
        'speech_to_text.local="fallback"',
        f'backend={{kind="{kind}", url="http://127.0.0.1/v1"}}',
    )
    microphone = FakeMicrophone(SAID)
    async with staged(
        backend=backend, settings=settings_with(*wished), microphone=microphone
    ) as stage:
        stage.parts.recognizer = FakeRecognizer("what was heard here")
        await stage.speak()
        await stage.turn_over()
        assert stage.questions() == [words]
    assert len(backend.uploads) == uploads


async def test_a_slip_of_the_finger_is_no_failure_where_the_server_is_deaf():
    backend = server(script=ANSWER, words=[DEAF[0]])
    short = FakeMicrophone(SAID[:1600])
    assert await talk("fallback", backend, ears=DeafEars, microphone=short) == ([], [], [], 0)


async def test_words_found_out_here_are_kept_until_the_server_answers_them():
    backend = server(script=[BackendError("No network", "")], words=[DEAF[1]])
    assert await talk("fallback", backend) == (
        ["a long question"],
        ["backend"],
        ["a long question"],
        1,
    )


@pytest.mark.parametrize("command", [Ask, Retry])
async def test_files_and_recordings_are_heard_here_too(command):
    here = LocalEars()
    backend = server(script=ANSWER, words=[DEAF[1]])
    async with staged(
        backend=backend, settings=settings_with('speech_to_text.local="fallback"'), local_words=here
    ) as stage:
        file = stage.parts.recordings.archive.new_file()
        write_wav(file, SAID, SPEECH_RATE_HZ)
        stage.post(Ask(audio=str(file)) if command is Ask else Retry())
        await stage.turn_over()
        assert stage.questions() == here.heard == ["a long question"]


@pytest.mark.parametrize("sure", [True, False])
@pytest.mark.parametrize("command", [None, Ask, Retry])
async def test_whether_words_are_sure_is_told_with_the_question(command, sure):
    heard = Transcript(text="a question", sure=sure)
    backend = server(script=ANSWER, words=[heard])
    async with staged(backend=backend, microphone=FakeMicrophone(SAID)) as stage:
        if command is None:
            await stage.speak()
        else:
            file = stage.parts.recordings.archive.new_file()
            write_wav(file, SAID, SPEECH_RATE_HZ)
            stage.post(Ask(audio=str(file)) if command is Ask else Retry())
        await stage.turn_over()
        asked = [event for event in stage.events if isinstance(event, Asked)]
        assert [(event.question, event.sure) for event in asked] == [("a question", sure)]


async def test_words_are_recognised_on_this_machine():
    async with Recognizer() as here:
        heard = await here.recognize(read_speech(QUESTION))
        assert heard == Transcript(text="What is twelve times seven?")
        assert (await here.recognize(SAID[:1600])).text == ""
