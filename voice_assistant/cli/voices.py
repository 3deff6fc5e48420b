"""`voices`: lists and plays the voices of this machine."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal

from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.engines.voices.listing import Listed, voices
from voice_assistant.errors import InputError
from voice_assistant.runtime.setup.trials import SENTENCE
from voice_assistant.settings import loading
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.system import paths
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.engines.voices.voice import Voice

Engine = Literal["auto", "hibari", "flite", "espeak-ng", "say", "sapi"]


def show(*, as_json: bool) -> int:
    """List the voices; the one that is in use has a star."""
    used = find_voice(loading.load(paths.config_file()).embedded)
    name = used.name if used else ""
    found = voices()
    if as_json:
        show_json([{**one._asdict(), "used": name == _name(one)} for one in found])
        return 0
    if not found:
        print(_("No voice was found."))
    for one in found:
        print(
            f"{'*' if name == _name(one) else ' '} {one.engine:<10} {one.voice:<16} {one.language}"
        )
    return 0


def play(engine: Engine | None, voice: str, text: str) -> int:
    """Let a voice say a sentence: the voice that is in use, unless another one is named."""
    used = loading.load(paths.config_file()).embedded
    found = find_voice(EmbeddedSettings(engine=engine, voice=voice) if engine else used)
    if found is None:
        raise InputError(
            _("This machine has no such voice"),
            _("`voices list` shows the voices of this machine."),
        )
    interruption.run(_play(found, text or SENTENCE))
    return 0


def _name(listed: Listed) -> str:
    return f"{listed.engine} {listed.voice}"


async def _play(voice: Voice, text: str) -> None:
    from voice_assistant.sound.speaker import Speaker

    settings = loading.load(paths.config_file())
    with contextlib.closing(Speaker(settings.speaker)) as speaker:
        playback = speaker.play()
        async with contextlib.aclosing(voice.speak(text)) as blocks:
            async for pcm, rate_hz in blocks:
                await playback.write(pcm, rate_hz)
        await playback.finish()
