"""Examines everything that the assistant needs: one line each, and what to do about a failure."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import platform
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from voice_assistant import __version__
from voice_assistant.audio.format import SPEECH_RATE_HZ
from voice_assistant.audio.level import rms_dbfs
from voice_assistant.backend.link import embedded_server, link_for, shown
from voice_assistant.desktop.hotkey import check_keys
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.errors import AssistantError, ConfigError, MicrophoneError, StorageError
from voice_assistant.runtime.trials import introduced
from voice_assistant.settings.documentation import settings_toml
from voice_assistant.settings.kept_switch import MICROPHONE_OFF, KeptSwitch
from voice_assistant.sound import devices, portaudio, sound_server
from voice_assistant.sound.microphone import Microphone
from voice_assistant.sound.speaker import Speaker
from voice_assistant.system import local_form, paths
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from voice_assistant.settings.schema import Settings
    from voice_assistant.sound.portaudio import Kind

LISTEN_S = 2.0
MOST_AHEAD_S = 120.0
"""How far a server's clock may differ: keys and files of servers are valid for minutes."""

PATIENCE_S = 20.0
"""The longest time for one examination; a first connection through a slow proxy takes seconds."""

_END = re.compile(r"\. |\u3002")
"""The end of a title, in English and in Chinese."""
ROOM_BYTES = 200_000_000
LIBRARIES = ("numpy", "sounddevice", "rtmixer", "soundfile", "soxr", "httpx", "PIL", "starlette")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Finding(msgspec.Struct, frozen=True):
    """What the examination of one part has found.

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


class Check(NamedTuple):
    """One examination.

    Attributes:
        name: the part that is examined.
        look: returns what was found; raises an AssistantError for a part that does not work.
        step: the step of the setup in which it can be mended, "" for none.
    """

    name: str
    look: Callable[[Settings], Awaitable[str]]
    step: str = ""


async def examine(settings: Settings, missing: Sequence[str] | None) -> list[Finding]:
    """Return what is found about each part, in the order of a turn.

    Args:
        settings: the settings in use.
        missing: the problems that the running assistant reports; None: no assistant runs.
    """
    return [
        *[await _finding(check, settings) for check in _CHECKS],
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
    return " ".join(f"{one.name}: {one.text}. {one.mend}" for one in failed)


def microphone_of(settings: Settings) -> Microphone:
    """Return a microphone to try; a mute of the user holds for it, too."""
    microphone = Microphone(settings.microphone)
    microphone.mute(on=KeptSwitch(paths.state_dir() / MICROPHONE_OFF).on)
    return microphone


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
    """The doctor of a running assistant; see `companion.house.Doctor`.

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
        """Return what is found about each part."""
        return await examine(self._settings(), self._missing())

    async def report(self) -> str:
        """Return a text for a report to others."""
        return bundle(await self.findings(), self._settings())

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


async def _python(_settings: Settings) -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.release()}"


async def _libraries(_settings: Settings) -> str:
    for name in LIBRARIES:
        try:
            await asyncio.to_thread(importlib.import_module, name)
        except (ImportError, OSError) as error:
            raise ConfigError(
                _("{name} cannot be loaded: {error}", name=name, error=error),
                _("Run `sh packaging/run.sh` again."),
            ) from error
    return ", ".join(LIBRARIES)


async def _sound_server(_settings: Settings) -> str:
    nodes = await asyncio.to_thread(sound_server.sources)
    return _("none; devices are used directly") if nodes is None else "PulseAudio or PipeWire"


async def _microphone(settings: Settings) -> str:
    name = await _device("input", settings.microphone.device)
    async with microphone_of(settings).capture() as capture:
        asyncio.get_running_loop().call_later(LISTEN_S, capture.stop)
        levels = [rms_dbfs(block) async for block in capture]
        if capture.silent:
            raise MicrophoneError(
                _("{name} delivers only silence", name=name),
                _("Is it muted? Look in the sound settings."),
            )
    return _(
        "{name}; the loudest sound within {seconds:g} s was {below:.0f} dB below the limit",
        name=name,
        seconds=LISTEN_S,
        below=-max(levels, default=-96.0),
    )


async def _speaker(settings: Settings) -> str:
    return await _device("output", settings.speaker.device)


async def _device(kind: Kind, wanted: str) -> str:
    found = await asyncio.to_thread(portaudio.wait, kind, devices.available, kind, wanted)
    return found.name


async def _key(settings: Settings) -> str:
    check_keys(settings.hotkey)
    session = os.environ.get("XDG_SESSION_TYPE") or platform.system()
    return f"{settings.hotkey.keys or _('none')} ({settings.hotkey.mode}, {session})"


async def _portal(_settings: Settings) -> str:
    if os.environ.get("XDG_SESSION_TYPE") != "wayland":
        return _("not needed: this is no Wayland session")
    from voice_assistant.desktop.hotkey import portal  # noqa: PLC0415  (Linux alone has a bus)

    return _("version {version}", version=await portal.version())


async def _keyring(_settings: Settings) -> str:
    def name() -> str:
        import keyring  # noqa: PLC0415  (slow, and rarely needed)

        found = keyring.get_keyring()
        return str(found.name) if found.priority > 0 else ""  # the one that stands for none has 0

    return await asyncio.to_thread(name) or _("none; only the key of a Dify app needs one")


async def _backend(settings: Settings) -> str:
    with tempfile.TemporaryDirectory() as data:  # the running one keeps its own
        async with link_for(settings, embedded_server(settings, Path(data))) as link:
            client = await link.connect()
            began_s = time.monotonic()
            about = await introduced(client)
            took_ms = (time.monotonic() - began_s) * 1000
            ahead_s = client.server_ahead_s
    if ahead_s is not None and abs(ahead_s) > MOST_AHEAD_S:
        raise ConfigError(
            _(
                "The clocks of {name} and of this machine differ by {ahead_s:.0f} s",
                name=shown(link.name),
                ahead_s=abs(ahead_s),
            ),
            _("Set the clock of this machine: `timedatectl set-ntp true`."),
        )
    return _(
        "{name}: {about}; answers within {took_ms:.0f} ms",
        name=shown(link.name),
        about=about,
        took_ms=took_ms,
    )


async def _proxies(_settings: Settings) -> str:
    names = [name for name in PROXIES for name in (name, name.upper()) if os.environ.get(name)]
    return ", ".join(names) or _("no variable is set")


async def _disk(_settings: Settings) -> str:
    folder = next(one for one in (paths.data_dir(), *paths.data_dir().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES:
        raise StorageError(
            _("Only {size:.0f} MB are free at {folder}", size=free / 1e6, folder=folder),
            _("Make room."),
        )
    return _("{size} GB free", size=local_form.number(free / 1e9, 1))


async def _voice(settings: Settings) -> str:
    voice = await asyncio.to_thread(find_voice, settings.embedded)
    if voice is None:
        raise ConfigError(_("This machine has no voice"), _("Install flite or espeak-ng."))
    return voice.name


_CHECKS: tuple[Check, ...] = (
    Check("Python", _python),
    Check(N_("Libraries"), _libraries),
    Check(N_("Sound server"), _sound_server),
    Check(N_("Microphone"), _microphone, "microphone"),
    Check(N_("Speaker"), _speaker, "speaker"),
    Check(N_("Talk key"), _key, "key"),
    Check(N_("Portal for keys"), _portal),
    Check(N_("Keyring"), _keyring),
    Check(N_("Who answers"), _backend, "answers"),
    Check(N_("Proxies"), _proxies),
    Check(N_("Disk"), _disk),
    Check(N_("Voice of this machine"), _voice, "voice"),
)
