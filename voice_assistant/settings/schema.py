"""All settings: typed, with the code's defaults equal to `config/default.toml`."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

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
