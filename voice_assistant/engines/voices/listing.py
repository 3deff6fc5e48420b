"""Lists the voices of this machine, as the settings name them."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Literal, NamedTuple

from voice_assistant.engines.voices.hibari import hibari_voices
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.errors import ConfigError
from voice_assistant.settings.sections.backend import EmbeddedSettings
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voice_assistant.engines.voices.voice import Voice
    from voice_assistant.settings.sections.backend import BackendSettings

_PATIENCE_S = 5.0
_MOST_NAMED = 8
_NO_SPEECH = "awb_time"
"""A voice of flite that can only tell the time."""


class Listed(NamedTuple):
    """A voice.

    Attributes:
        engine: the value of `embedded.engine`.
        voice: the value of `embedded.voice`.
        language: the code of its language.
    """

    engine: Literal["hibari", "flite", "espeak-ng", "say"]
    voice: str
    language: str


def voices() -> list[Listed]:
    """Return all voices that this machine has; those of the best engine come first."""
    return [*_hibari(), *_flite(), *_espeak(), *_say()]


def check_voices(embedded: EmbeddedSettings, backend: BackendSettings) -> None:
    """Check that this machine has the voices that the settings name.

    Raises:
        ConfigError: it does not have one of them; the hint lists those that it has.
    """
    there = {name for one in voices() for name in (one.voice, f"{one.engine} {one.voice}")}
    used = find_voice(embedded)
    is_there = used is not None and used.name.partition("+")[0] in there  # a variant: "en+f3"
    if embedded.voice and there and not is_there:
        raise _unknown("embedded.voice", embedded.voice)
    if backend.kind == "embedded" and backend.voice and there and backend.voice not in there:
        raise _unknown("backend.voice", backend.voice)


def _unknown(key: str, voice: str) -> ConfigError:
    engines: dict[str, list[str]] = {}
    for one in voices():
        engines.setdefault(one.engine, []).append(one.voice)
    listed = "; ".join(
        f"{engine}: {', '.join(names[:_MOST_NAMED])}{' …' * (len(names) > _MOST_NAMED)}"
        for engine, names in engines.items()
    )
    return ConfigError(
        _("This machine has no voice {voice!r}, which {key} names", voice=voice, key=key),
        _("`voices list` shows those that there are: {listed}.", listed=listed),
    )


class NamedVoices:
    """Finds voices by the names of the list, such as "slt" or "flite slt", and keeps them."""

    def __init__(self) -> None:
        self._found: dict[str, Voice | None] = {}

    async def get(self, name: str) -> Voice | None:
        """Return the voice of a name; None if this machine has no such voice."""
        if name not in self._found:
            self._found[name] = await asyncio.to_thread(_named, name)
        return self._found[name]


def _named(name: str) -> Voice | None:
    for one in voices():
        if name in (one.voice, f"{one.engine} {one.voice}"):
            return find_voice(EmbeddedSettings(engine=one.engine, voice=one.voice))
    return None


def _hibari() -> Iterator[Listed]:
    for voice in hibari_voices():
        yield Listed("hibari", voice, "en")


def _flite() -> Iterator[Listed]:
    told = _output("flite", "-lv").partition("Voices available:")[2]
    for voice in sorted(set(told.split()) - {_NO_SPEECH}):
        yield Listed("flite", voice, "en")


def _espeak() -> Iterator[Listed]:
    for line in _output("espeak-ng", "--voices").splitlines()[1:]:
        _, code, *_ = line.split()
        yield Listed("espeak-ng", code, code.partition("-")[0])


def _say() -> Iterator[Listed]:
    told = _output("say", "-v", "?") if sys.platform == "darwin" else ""
    for voice, language in re.findall(r"^(.+?) +([a-z]{2,3})_\S+ +#", told, re.MULTILINE):
        yield Listed("say", voice, language)


def _output(program: str, *arguments: str) -> str:
    """Return what a program prints; nothing where it is missing or hangs."""
    if not (found := shutil.which(program)):
        return ""
    try:
        done = subprocess.run(
            [found, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
