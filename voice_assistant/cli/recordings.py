"""`recordings`: lists, plays, answers and deletes the recordings on this disk."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.hearing.archive import Archive
from voice_assistant.settings import loading
from voice_assistant.system import paths
from voice_assistant.system.plain_files import told
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def show(*, as_json: bool) -> int:
    """List the recordings, newest first."""
    every = _archive().every()
    if as_json:
        shown = [
            {
                "number": number,
                "name": kept.name,
                "began": kept.began.isoformat(),
                "seconds": round(kept.seconds, 3),
                "answered": kept.answered,
                "words": kept.words,
                "file": str(kept.file),
            }
            for number, kept in enumerate(every, 1)
        ]
        show_json(shown)
        return 0
    if not every:
        print(_("There are no recordings."))
    for number, kept in enumerate(every, 1):
        state = "" if kept.answered else _("  not answered")
        began = f"{kept.began:%Y-%m-%d %H:%M:%S}"
        words = "".join(sign if sign.isprintable() else " " for sign in kept.words)
        said = f"  {words}" if words else ""
        print(f"{number:>3}  {began}  {kept.seconds:6.1f} s  {kept.name}{state}{said}")
    return 0


def play(which: str) -> int:
    """Play a recording."""
    interruption.run(_play(_archive().find(which).file))
    return 0


async def _play(file: Path) -> None:
    from voice_assistant.audio.codec.files import read_speech
    from voice_assistant.audio.format import SPEECH_RATE_HZ
    from voice_assistant.sound.speaker import Speaker

    settings = loading.load(paths.config_file())
    with contextlib.closing(Speaker(settings.speaker)) as speaker:
        playback = speaker.play()
        await playback.write(read_speech(file), SPEECH_RATE_HZ)
        await playback.finish()


def retry(which: str, *, as_json: bool) -> int:
    """Answer a recording, and show the turn; return the exit status."""
    from voice_assistant.cli.one_turn import carry_out
    from voice_assistant.commands import Retry

    return carry_out(Retry(recording=_archive().find(which).name), as_json=as_json)


def delete(names: Sequence[str], *, every: bool) -> int:
    """Delete some recordings, or all."""
    archive = _archive()
    chosen = archive.every() if every else [archive.find(name) for name in names]
    for kept in chosen:
        with told(_("{file} cannot be removed", file=kept.file)):
            archive.delete(kept.file)
    return 0


def _archive() -> Archive:
    return Archive(paths.data_dir() / "recordings")
