"""A dictation: what is said is typed, and nobody is asked."""

from __future__ import annotations

import pytest
from fakes import FakeBackend, FakeMicrophone, until
from helpers.settings.varied import settings_with
from helpers.turns.kept_question import SAID, retry
from helpers.turns.staging import SILENT, server, staged
from helpers.turns.story import SENTENCES, STORY, heard, play, tell

from voice_assistant.commands import Dictate, Release, Tap
from voice_assistant.errors import DeviceError, Unreachable

NO_TAIL = settings_with("microphone.tail_s=0")


class Window:
    """The window with the focus, and the clipboard."""

    def __init__(self, *, typable: bool = True) -> None:
        self.typed: list[str] = []
        self.copied: list[str] = []
        self._typable = typable

    def type_text(self, text: str) -> bool:
        if self._typable:
            self.typed.append(text)
        return self._typable

    def parts(self) -> dict[str, object]:
        return {"type_text": self.type_text, "copy_text": self.copied.append}


async def dictate(stage) -> None:
    """Hold the key to dictate until all was said, and wait for the end of that turn."""
    before = stage.count("idle")
    stage.post(Dictate(held=True))
    await until(stage.heard_all)
    stage.post(Release())
    await until(lambda: stage.count("idle") > before)


def hears(words: str) -> FakeBackend:
    return FakeBackend(can=SILENT, words=[words])


@pytest.mark.parametrize(
    ("typable", "typed", "copied"),
    [(True, ["Straße, 你好"], []), (False, [], ["Straße, 你好"])],
    ids=["typed", "copied where nothing can be typed"],
)
async def test_the_words_are_handed_over_and_nothing_is_kept(typable, typed, copied):
    window, backend = Window(typable=typable), hears("Straße, 你好")
    async with staged(
        backend=backend, microphone=FakeMicrophone(SAID), settings=NO_TAIL, **window.parts()
    ) as stage:
        await dictate(stage)
        assert stage.kinds() == ["dictating", "listening", "transcribing", "dictated", "idle"]
        assert stage.events[-2].typed is typable
        assert stage.recordings() == []
    assert (window.typed, window.copied) == (typed, copied)
    assert backend.asked == []


async def test_a_tap_lets_a_silence_end_it_and_a_second_command_does_so_at_once():
    for script in ((Dictate(held=True), Tap(), Dictate(held=True)), (Dictate(), Dictate())):
        window = Window()
        microphone = FakeMicrophone(SAID)
        async with staged(
            backend=hears("one"), microphone=microphone, settings=NO_TAIL, **window.parts()
        ) as stage:
            *begin, end = script
            for command in begin:
                stage.post(command)
            await until(stage.heard_all)
            stage.post(end)
            await stage.turn_over()
        assert window.typed == ["one"]


async def test_what_a_server_hears_presses_no_key():
    window = Window()
    async with staged(
        backend=hears("rm\n-rf\t~\x1b[2J\x07\r\n"),
        microphone=FakeMicrophone(SAID),
        settings=NO_TAIL,
        **window.parts(),
    ) as stage:
        await dictate(stage)
    assert window.typed == ["rm -rf ~"]


@pytest.mark.parametrize("words", ["Stop.", "cancel", "Never mind!"])
async def test_taken_back_it_types_nothing(words):
    window = Window()
    async with staged(
        backend=hears(words), microphone=FakeMicrophone(SAID), settings=NO_TAIL, **window.parts()
    ) as stage:
        await dictate(stage)
        assert stage.kinds()[-2:] == ["commanded", "idle"]
        assert stage.recordings() == []
    assert window.typed == window.copied == []


async def test_a_recording_whose_words_are_not_found_is_copied_later_and_never_asked():
    class Down(FakeBackend):
        up = False

        async def audio_to_text(self, upload):
            if not self.up:
                raise Unreachable("The network is gone")
            return await super().audio_to_text(upload)

    window, backend = Window(), Down(can=SILENT, words=["one", "one"])
    async with staged(
        backend=backend, microphone=FakeMicrophone(SAID), settings=NO_TAIL, **window.parts()
    ) as stage:
        await dictate(stage)
        assert stage.kinds() == ["dictating", "listening", "transcribing", "failed", "idle"]
        assert [kept.dictation for kept in stage.parts.recordings.archive.every()] == [True]
        backend.up = True
        assert stage.kinds(await retry(stage)) == ["dictating", "transcribing", "dictated", "idle"]
        assert stage.recordings() == []
    assert (window.typed, window.copied) == ([], ["one"])
    assert backend.asked == []


async def test_words_that_can_go_nowhere_keep_their_recording():
    def refuse(text: str) -> None:
        raise DeviceError("There is no desktop", "Start one.")

    async with staged(
        backend=hears("one"), microphone=FakeMicrophone(SAID), settings=NO_TAIL, copy_text=refuse
    ) as stage:
        await dictate(stage)
        assert stage.kinds()[-2:] == ["failed", "idle"]
        assert len(stage.recordings()) == 1


async def test_an_answer_goes_on_after_a_dictation():
    window = Window()

    async def script(stage, speaker) -> None:
        await tell(stage, speaker)
        await dictate(stage)
        assert window.typed == ["into it"]
        speaker.release()
        await until(lambda: stage.count("idle") == 2)
        assert heard(speaker)[-1] == "".join(SENTENCES[1:])

    await play(
        script,
        backend=server(scripts=[STORY], words=["into it"]),
        settings=settings_with("microphone.tail_s=0"),
        microphone=FakeMicrophone(),
        **window.parts(),
    )
