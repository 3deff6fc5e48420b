"""`demo`: one complete spoken turn against the embedded backend, on any machine."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from voice_assistant import events
from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import own_stderr, warn
from voice_assistant.cli.terminal.printing import Printer
from voice_assistant.settings import schema
from voice_assistant.system import logs
from voice_assistant.translation import _

QUESTION = Path(__file__).parent / "question.wav"
"""A spoken question, made with flite's voice slt."""


def demo(audio: str | None, *, as_json: bool) -> int:
    """Recognise, answer and speak a recorded question; return the exit status."""
    with own_stderr():
        logs.start("error")
        return interruption.run(_demo(Path(audio) if audio else QUESTION, as_json=as_json))


async def _demo(question: Path, *, as_json: bool) -> int:
    from voice_assistant.errors import SpeakerError
    from voice_assistant.runtime import without_daemon
    from voice_assistant.sound.files import FileMicrophone, WavSpeaker
    from voice_assistant.sound.speaker import Speaker

    settings = schema.Settings()
    microphone = FileMicrophone(question, pace=True)
    device = Speaker()
    speaker: Speaker | WavSpeaker = device
    file: Path | None = None
    try:
        device.check()
    except SpeakerError:
        file = _free_wav()
        speaker = WavSpeaker(file)
    printer = Printer(as_json=True) if as_json else Stages(str(file or _("the speaker")))
    with (
        contextlib.closing(speaker),
        tempfile.TemporaryDirectory(prefix="voice-assistant-demo-") as data,
    ):
        turn = without_daemon.talk_alone(
            settings, microphone, speaker, Path(data), printer.handle, warn
        )
        await printer.follow(turn)
    if file and file.stat().st_size:
        print(_("There is no speaker; the spoken answer is in {file}", file=file), file=sys.stderr)
    elif file:
        file.unlink()  # nothing was spoken
    return printer.status


class Stages(Printer):
    """Shows each stage of the turn with its time.

    Args:
        where: the speaker or file that plays the answer.
    """

    def __init__(self, where: str) -> None:
        super().__init__(as_json=False)
        self._where = where

    def _show(self, event: events.AnyEvent) -> None:
        match event:
            case events.Listening():
                self._stage(event, "listening", _("a spoken question goes into the microphone"))
            case events.Transcribing():
                self._stage(event, "transcribing", "")
            case events.Asked(question=question):
                self._stage(event, "heard", question)
            case events.Answered(text=text):
                self._stage(event, "answered", text)
            case events.Speaking():
                self._stage(event, "speaking", _("to {where}", where=self._where))
            case events.Spoken(seconds=seconds, stream_s=stream_s):
                how = _("while it was written") if stream_s else _("requested afterwards")
                self._stage(
                    event, "spoken", _("{seconds:.1f} seconds, {how}", seconds=seconds, how=how)
                )
            case events.Suggested(questions=questions):
                for question in questions:
                    self._stage(event, "follow-up", question)
            case events.Failed():
                super()._show(event)
            case _:
                pass

    def _stage(self, event: events.AnyEvent, name: str, what: str) -> None:
        print(f"{event.t_ms / 1000:7.2f} s  {name:<13} {what}".rstrip(), flush=True)


def _free_wav() -> Path:
    descriptor, name = tempfile.mkstemp(prefix="voice-assistant-", suffix=".wav")
    os.close(descriptor)
    return Path(name)
