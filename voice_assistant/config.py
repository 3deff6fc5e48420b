"""Settings: typed, with the code's defaults equal to `config/default.toml`.

Read from the file that `paths.config_file` names; `VOICE_ASSISTANT_URL` and `VOICE_ASSISTANT_USER`
win over it, and a URL in the environment means a Dify backend.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from voice_assistant.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


SLOWEST, FASTEST = 0.5, 3.0
"""How fast answers can be said."""


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


HotkeyMode = Literal["hold", "toggle", "hybrid"]


class BackendSettings(_Section, frozen=True):
    """Who answers. `api_key` is only ever read by `credentials.py`."""

    kind: Literal["embedded", "dify"] = "embedded"
    url: str = ""
    user: str = ""
    api_key: str = ""
    api_key_command: str = ""
    silence_s: float = 25.0
    inputs: dict[str, Any] = {}


class HotkeySettings(_Section, frozen=True):
    """The global talk key, and more keys."""

    keys: str = "ctrl+alt+space"
    mode: HotkeyMode = "hold"
    stop: str = ""
    pause: str = ""
    repeat: str = ""
    skip: str = ""
    back: str = ""


class MicrophoneSettings(_Section, frozen=True):
    """Where speech comes from."""

    device: str = ""
    pre_roll_s: float = 0.0
    tail_s: float = 0.2
    max_s: float = 120.0
    end_after_silence_s: float = 1.5
    voice_activity: Literal["webrtc", "silero"] = "webrtc"


class SpeechToTextSettings(_Section, frozen=True):
    """Who finds out what was said."""

    local: Literal["never", "fallback", "always"] = "never"


class RecordingSettings(_Section, frozen=True):
    """What was said, on this disk."""

    keep_days: float = 0.0


class SpeakerSettings(_Section, frozen=True):
    """Where speech goes."""

    device: str = ""
    volume: float = 1.0


class SoundSettings(_Section, frozen=True):
    """The short sounds at start and end of listening."""

    enabled: bool = True
    volume: float = 0.5


class SpeechSettings(_Section, frozen=True):
    """Speaking of answers."""

    enabled: bool = True
    speed: float = 1.0
    local_voice: bool = True


class TraySettings(_Section, frozen=True):
    """The tray icon."""

    enabled: bool = True


class NotificationSettings(_Section, frozen=True):
    """Notifications."""

    enabled: bool = True


class EmbeddedSettings(_Section, frozen=True):
    """The embedded backend."""

    engine: Literal["auto", "flite", "espeak-ng", "say", "sapi"] = "auto"
    voice: str = ""


class LogSettings(_Section, frozen=True):
    """The log."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(_Section, frozen=True):
    """All settings."""

    backend: BackendSettings = BackendSettings()
    hotkey: HotkeySettings = HotkeySettings()
    microphone: MicrophoneSettings = MicrophoneSettings()
    speech_to_text: SpeechToTextSettings = SpeechToTextSettings()
    recordings: RecordingSettings = RecordingSettings()
    speaker: SpeakerSettings = SpeakerSettings()
    sounds: SoundSettings = SoundSettings()
    speech: SpeechSettings = SpeechSettings()
    tray: TraySettings = TraySettings()
    notifications: NotificationSettings = NotificationSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()
    log: LogSettings = LogSettings()


def load(file: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `file` (which need not exist) and of the environment.

    Raises:
        ConfigError: the file cannot be read, is no TOML, has an unknown key or a wrong value.
    """
    settings = parse(_read(file), str(file))
    return _with_environment(settings, environ)


def parse(text: str, name: str) -> Settings:
    """The settings in the TOML `text`; `name` is said in errors.

    Raises:
        ConfigError: no TOML, an unknown key or a wrong value.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}", "Correct that line.") from error
    _refuse_unknown(table, Settings, name, "")
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `$.")
        raise ConfigError(
            f"{name}: {where.rstrip('`') or 'a value'} is wrong: {reason}",
            "`voice-assistant config show --default` shows every setting with its meaning.",
        ) from error
    _check(settings, name)
    return settings


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{file} cannot be read: {error}", "Check the file and its permissions."
        ) from error


def _refuse_unknown(
    table: dict[str, Any], kind: type[msgspec.Struct], name: str, prefix: str
) -> None:
    known = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in table.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean {prefix}{close[0]}?" if close else f"Known: {', '.join(known)}."
            raise ConfigError(f"{name}: there is no setting {prefix}{key}", hint)
        section = known[key]
        if (
            isinstance(section, type)
            and issubclass(section, msgspec.Struct)
            and isinstance(value, dict)
        ):
            _refuse_unknown(value, section, name, f"{prefix}{key}.")


def _check(settings: Settings, name: str) -> None:
    ranges = {
        "backend.silence_s": (settings.backend.silence_s, 1.0, 3600.0),
        "microphone.pre_roll_s": (settings.microphone.pre_roll_s, 0.0, 2.0),
        "microphone.tail_s": (settings.microphone.tail_s, 0.0, 5.0),
        "microphone.max_s": (settings.microphone.max_s, 1.0, 1800.0),
        "microphone.end_after_silence_s": (settings.microphone.end_after_silence_s, 0.0, 60.0),
        "recordings.keep_days": (settings.recordings.keep_days, 0.0, 3650.0),
        "speech.speed": (settings.speech.speed, SLOWEST, FASTEST),
        "speaker.volume": (settings.speaker.volume, 0.0, 1.0),
        "sounds.volume": (settings.sounds.volume, 0.0, 1.0),
    }
    for key, (value, low, high) in ranges.items():
        if not low <= value <= high:
            raise ConfigError(f"{name}: {key} is {value:g}", f"It goes from {low:g} to {high:g}.")
    if settings.backend.url and not settings.backend.url.startswith(("http://", "https://")):
        raise ConfigError(
            f"{name}: backend.url is {settings.backend.url!r}",
            'An address begins with "https://", such as "https://api.dify.ai/v1".',
        )


def _with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    backend = settings.backend
    if url := environ.get("VOICE_ASSISTANT_URL"):
        backend = msgspec.structs.replace(backend, kind="dify", url=url)
    if user := environ.get("VOICE_ASSISTANT_USER"):
        backend = msgspec.structs.replace(backend, user=user)
    settings = msgspec.structs.replace(settings, backend=backend)
    _check(settings, "VOICE_ASSISTANT_URL" if url else "settings")
    if backend.kind == "dify" and not backend.url:
        raise ConfigError(
            'backend.kind is "dify" and backend.url is missing',
            "Set backend.url, or VOICE_ASSISTANT_URL, to the address your Dify app shows.",
        )
    return settings
