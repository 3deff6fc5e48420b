"""Settings of what is heard: the loudspeaker, voices and sounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from voice_assistant.settings.sections.declaration import Section, at_once, needs_restart

SLOWEST, FASTEST = 0.5, 3.0
"""How fast answers can be said."""

VolumeLevel = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
"""1.0 is as loud as the device plays."""

SpeedFactor = Annotated[float, msgspec.Meta(ge=SLOWEST, le=FASTEST)]
"""1.0 is the speed at which answers arrive."""


class SpeakerSettings(Section, frozen=True):
    """Settings of the loudspeaker."""

    device: Annotated[
        str,
        at_once(
            "The device: a part of its name as `voice-assistant devices` shows it. Empty: the "
            "system's default."
        ),
    ] = ""
    volume: Annotated[
        VolumeLevel,
        at_once(
            "1.0 is the loudest. A volume chosen in the tray or by a command is kept, also after a "
            "restart, until the value here is changed."
        ),
    ] = 1.0
    wake_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=5.0),
        needs_restart(
            "A loudspeaker that the sound server has put to sleep (HDMI, Bluetooth, some USB ones) "
            "swallows the beginning of what it plays. Speech begins this many seconds later on "
            "such a device; 0 for one that wakes up at once."
        ),
    ] = 0.7
    other_sound: Annotated[
        Literal["pause", "duck", "off"],
        at_once(
            "What becomes of the sound of other programs while the assistant listens and speaks. "
            '"pause": media players are paused, and go on afterwards; what cannot be paused is '
            'quieter. "duck": all of it becomes quieter. "off": it stays as it is.'
        ),
    ] = "pause"


class SoundSettings(Section, frozen=True):
    """The short sounds at start and end of listening."""

    enabled: Annotated[
        bool, at_once("Play a short sound when listening begins and when it ends.")
    ] = True
    volume: Annotated[VolumeLevel, at_once("1.0 is the loudest.")] = 0.5
    waiting_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=60.0),
        needs_restart(
            "A soft sound every so many seconds while the answer to a spoken question is waited "
            "for. 0.0: no such sound."
        ),
    ] = 3.0


class SpeechSettings(Section, frozen=True):
    """Speaking of answers."""

    enabled: Annotated[bool, at_once("Speak the answers.")] = True
    spoken_by: Annotated[
        Literal["auto", "assistant", "screen_reader"],
        at_once(
            'Who speaks. "assistant": the assistant itself; what Orca says meanwhile is cut off. '
            '"screen_reader": the voice of your screen reader, '
            "through speech-dispatcher, after what the screen reader has to say: "
            'nobody hears two voices. "auto": the screen reader while Orca runs.'
        ),
    ] = "auto"
    speed: Annotated[
        SpeedFactor,
        at_once(
            "How fast answers are said; the pitch stays. A speed chosen later is kept in the same "
            "way as the volume."
        ),
    ] = 1.0
    local_voice: Annotated[
        bool,
        at_once(
            "A voice of this machine says what the server does not speak, in the language of the "
            "answer (flite for English, espeak-ng for others, the system's voices on macOS and "
            "Windows). It also says what went wrong with a spoken question."
        ),
    ] = True


class AlarmSettings(Section, frozen=True):
    """Timers, alarms and reminders that are due."""

    ring_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=3600.0),
        needs_restart(
            "Seconds for which a timer rings and says its name again, until you stop it: by the "
            "talk key, the button, or `voice-assistant stop`. 0.0: it is said once."
        ),
    ] = 300.0
    snooze_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=86_400.0),
        needs_restart(
            "Seconds until it rings again after the button Snooze or `voice-assistant snooze`."
        ),
    ] = 300.0
