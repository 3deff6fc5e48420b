"""The examinations of the doctor: one for each part, in the order of a turn."""

from __future__ import annotations

import asyncio
import importlib
import os
import platform
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.audio.level import rms_dbfs
from voice_assistant.backend.link import embedded_server, link_for, shown
from voice_assistant.desktop.hotkey import check_keys
from voice_assistant.engines.voices.installed import find_voice
from voice_assistant.errors import ConfigError, MicrophoneError, StorageError
from voice_assistant.runtime.setup.trials import introduced
from voice_assistant.runtime.supervision.checks import check_voice
from voice_assistant.settings.kept_switch import MICROPHONE_OFF, KeptSwitch
from voice_assistant.sound import devices, portaudio, sound_server
from voice_assistant.sound.microphone import Microphone
from voice_assistant.system import local_form, paths
from voice_assistant.system.plain_files import is_missing, told
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voice_assistant.settings.schema import Settings
    from voice_assistant.sound.portaudio import Kind

LISTEN_S = 2.0
MOST_AHEAD_S = 120.0
"""How far a server's clock may differ: keys and files of servers are valid for minutes."""

ROOM_BYTES = 200_000_000
LIBRARIES = ("numpy", "sounddevice", "rtmixer", "soundfile", "soxr", "httpx", "PIL", "starlette")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


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


def microphone_of(settings: Settings) -> Microphone:
    """Return a microphone to try; a mute of the user holds for it, too."""
    microphone = Microphone(settings.microphone)
    microphone.mute(on=KeptSwitch(paths.state_dir() / MICROPHONE_OFF).on)
    return microphone


async def _python(_settings: Settings) -> str:
    system = f"{platform.system()} {platform.release()}"
    return _("{version} on {system}", version=platform.python_version(), system=system)


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
                await _unheard(settings) or _("Is it muted? Look in the sound settings."),
            )
    found = _(
        "{name}; the loudest sound within {seconds:g} s was {below:.0f} dB below the loudest "
        "possible one",
        name=name,
        seconds=LISTEN_S,
        below=-max(levels, default=-96.0),
    )
    return f"{found}. {await _unheard(settings)}".removesuffix(". ")


async def _unheard(settings: Settings) -> str:
    """Return a sentence about the channels of the microphone that are not heard, "" without one."""
    device = settings.microphone.device
    channels = await asyncio.to_thread(sound_server.unheard_channels, device)
    if not channels:
        return ""
    return _(
        "These of its channels are not heard: {channels}. Plug the microphone into another socket.",
        channels=", ".join(channels),
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
    data = paths.data_dir()
    folder = next(one for one in (data, *data.parents) if not is_missing(one))
    with told(_("{path} cannot be used", path=folder)):
        free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES:
        raise StorageError(
            _("Only {size:.0f} MB are free at {folder}", size=free / 1e6, folder=folder),
            _("Delete what you no longer need there."),
        )
    return _("{size} GB free", size=local_form.number(free / 1e9, 1))


async def _voice(settings: Settings) -> str:
    voice = await asyncio.to_thread(find_voice, settings.embedded)
    if voice is None:
        raise ConfigError(_("This machine has no voice"), _("Install flite or espeak-ng."))
    await check_voice(settings)
    return voice.name


CHECKS: tuple[Check, ...] = (
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
