"""Examines everything that the assistant needs: one line each, and what to do about a failure."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from voice_assistant import __version__
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.errors import AssistantError
from voice_assistant.runtime.doctor.examinations import CHECKS, LISTEN_S, microphone_of
from voice_assistant.settings.documentation import settings_toml
from voice_assistant.settings.titles import in_titles
from voice_assistant.sound.speaker import Speaker
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.runtime.doctor.examinations import Check
    from voice_assistant.settings.schema import Settings

PATIENCE_S = 20.0
"""The longest time for one examination; a first connection through a slow proxy takes seconds."""

_END = re.compile(r"\. |\u3002")
"""The end of a title, in English and in Chinese."""


class Finding(msgspec.Struct, frozen=True):
    """The result of the examination of one part.

    Attributes:
        name: the part.
        ok: whether the part works.
        text: what was found.
        mend: what to do about a part that does not work.
        step: the step of the setup in which it can be mended, "" for none.
    """

    name: str
    ok: bool
    text: str
    mend: str = ""
    step: str = ""


async def examine(
    settings: Settings, missing: Sequence[str] | None, checks: Sequence[Check] = CHECKS
) -> list[Finding]:
    """Return what is found about each part, in the order of the examinations.

    Args:
        settings: the settings in use.
        missing: the problems that the running assistant reports; None: no assistant runs.
        checks: the examinations.
    """
    return [
        *[await _finding(check, settings) for check in checks],
        *_reported(missing),
    ]


def bundle(findings: Sequence[Finding], settings: Settings) -> str:
    """Return a text for a report to others, without keys, names of the user, and spoken words."""
    backend = msgspec.structs.replace(settings.backend, user="", inputs={})
    told = settings_toml(msgspec.structs.replace(settings, backend=backend))
    lines = [
        f"voice-assistant {__version__}, {platform.platform()}",
        *(
            f"{'ok ' if one.ok else 'BAD'} {one.name}: {one.text}. {one.mend}".strip()
            for one in findings
        ),
        "",
        told,
    ]
    return "\n".join(lines).replace(str(Path.home()), "~")


def spoken(findings: Sequence[Finding]) -> str:
    """Return what was found, to be heard: what does not work, with what to do, or that all does."""
    failed = [one for one in findings if not one.ok]
    if not failed:
        return _("Everything works.")
    return in_titles(" ".join(f"{one.name}: {one.text}. {one.mend}" for one in failed))


async def play_back(settings: Settings) -> None:
    """Record for `LISTEN_S`, and play what was recorded.

    Raises:
        DeviceError: the microphone or the speaker does not work.
    """
    async with microphone_of(settings).capture() as capture:
        asyncio.get_running_loop().call_later(LISTEN_S, capture.stop)
        blocks = [block async for block in capture]
    with contextlib.closing(Speaker(settings.speaker)) as speaker:
        playback = speaker.play()
        for block in blocks:
            await playback.write(block, SPEECH_RATE_HZ)
        await playback.finish()


class Doctor:
    """The doctor of a running assistant; see `companion.program.Doctor`.

    Args:
        settings: returns the settings in use.
        missing: returns the problems that the assistant reports.
    """

    def __init__(
        self, settings: Callable[[], Settings], missing: Callable[[], Sequence[str]]
    ) -> None:
        self._settings = settings
        self._missing = missing

    async def findings(self) -> list[Finding]:
        """Return what is found about each part, in words for a display."""
        found = await examine(self._settings(), self._missing())
        return [
            msgspec.structs.replace(one, text=in_titles(one.text), mend=in_titles(one.mend))
            for one in found
        ]

    async def report(self) -> str:
        """Return a text for a report to others."""
        found = await examine(self._settings(), self._missing())
        return bundle(found, self._settings())

    async def play_back(self) -> None:
        """Record two seconds, and play them."""
        await play_back(self._settings())


async def _finding(check: Check, settings: Settings) -> Finding:
    name, step = _(check.name), check.step
    try:
        async with asyncio.timeout(PATIENCE_S):
            return Finding(name, ok=True, text=await check.look(settings))
    except AssistantError as error:
        return Finding(name, ok=False, text=error.title, mend=error.hint, step=step)
    except TimeoutError:
        return Finding(
            name,
            ok=False,
            text=_("no answer within {patience_s:g} s", patience_s=PATIENCE_S),
            mend=_("Try again."),
            step=step,
        )


def _reported(missing: Sequence[str] | None) -> list[Finding]:
    name = _("Running assistant")
    if missing is None:
        start = _("Start it with `voice-assistant run`.")
        return [Finding(name, ok=False, text=_("it does not run"), mend=start)]
    problems = [(*_END.split(line, maxsplit=1), "")[:2] for line in missing]
    return [Finding(name, ok=False, text=title, mend=hint) for title, hint in problems] or [
        Finding(name, ok=True, text=_("key, tray, notifications: nothing is missing"))
    ]
