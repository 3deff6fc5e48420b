"""`doctor`: examines what the assistant needs."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from voice_assistant.cli.status import report
from voice_assistant.cli.terminal import interruption, standard_input
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.errors import AssistantError, NotRunning, StorageError, sentences
from voice_assistant.runtime.doctor import doctor
from voice_assistant.settings import loading
from voice_assistant.system import paths
from voice_assistant.system.own_command import typeable
from voice_assistant.system.private_files import opener
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.settings.schema import Settings
    from voice_assistant.settings.sections.speech import SpeakerSettings


def examine(*, as_json: bool, bundle: str | None, speak: bool) -> int:
    """Print, or also say, what works and what to do about the rest; return 1 if a part fails."""
    settings = loading.load(paths.config_file())
    try:
        missing = report().missing
    except NotRunning:
        missing = None
    findings = interruption.run(doctor.examine(settings, missing))
    if bundle:
        _write(Path(bundle), doctor.bundle(findings, settings))
    elif as_json:
        show_json(findings)
    else:
        for one in findings:
            print(f"{'ok ' if one.ok else 'BAD'} {one.name}: {printable(one.text)}")
            if one.mend:
                print(f"    {typeable(printable(one.mend))}")
        if not standard_input.is_piped() and standard_input.agrees(
            _("Record two seconds, and hear them?"), usual=False
        ):
            interruption.run(_play_back(settings))
    if speak:
        interruption.run(say(doctor.spoken(findings), settings))
    return 0 if all(one.ok for one in findings) else 1


async def say(text: str, settings: Settings, speaker: SpeakerSettings | None = None) -> None:
    """Say a text by this machine's voice.

    Args:
        text: the text.
        settings: all settings.
        speaker: the loudspeaker, if it is another one than that of the settings.
    """
    from voice_assistant.engines.voices.installed import find_voice
    from voice_assistant.sound.speaker import Speaker
    from voice_assistant.speech.narration import Narration
    from voice_assistant.speech.own_voice import speak

    voice = find_voice(settings.embedded)
    if voice is None:
        print(_("This machine has no voice."))
        return
    with contextlib.closing(Speaker(speaker or settings.speaker)) as loud:
        await speak(text, voice, Narration(settings.speech.speed), loud)


async def _play_back(settings: Settings) -> None:
    print(_("Speak …"))
    try:
        await doctor.play_back(settings)
    except AssistantError as error:
        print(printable(sentences(error.title, error.hint)))


def _write(file: Path, text: str) -> None:
    """Show what a file will hold, then write it; in a terminal the user is asked before."""
    print(printable(text))
    question = _("Write this into {file}?", file=file)
    if not standard_input.is_piped() and not standard_input.agrees(question, usual=False):
        return
    try:
        with open(file, "w", encoding="utf-8", opener=opener) as opened:
            opened.write(text)
    except OSError as error:
        raise StorageError(
            _("{file} cannot be written: {strerror}", file=file, strerror=error.strerror),
            _("Choose another file."),
        ) from error
    print(_("{file} holds what is shown above.", file=file))
