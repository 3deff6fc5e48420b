"""The one list of all that follow the events of turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.backend.refused_key import RefusedKey
from voice_assistant.subscribers.alarm_notification import AlarmNotification
from voice_assistant.subscribers.level_meter import LevelMeter
from voice_assistant.subscribers.notification import TurnNotification
from voice_assistant.subscribers.waiting_sound import WaitingSound

if TYPE_CHECKING:
    from voice_assistant.events import Subscriber
    from voice_assistant.runtime.core import Core
    from voice_assistant.runtime.display import Display
    from voice_assistant.turns.assistant import Assistant


def subscribers_for(core: Core, display: Display, assistant: Assistant) -> list[Subscriber]:
    """Return all subscribers, in the order in which each event reaches them.

    Raises:
        ConfigError: a package is not installed that the settings need.
    """
    settings, services, face = core.settings, core.services, display.face
    return [
        core.recorder,
        core.ratings,
        core.older,
        display.board,
        display.recent,
        LevelMeter(lambda: core.microphone.level_dbfs, face.tray.show_level),
        TurnNotification(face.notifications, words=settings.notifications.words),
        AlarmNotification(display.notices),
        display.tap_hint,
        services.sounds,
        *_barge_in(core, assistant),
        WaitingSound(services.sounds.wait, settings.sounds.waiting_s),
        RefusedKey(core.apps.forget_keys),
        core.checks,  # after `RefusedKey`: the checks then ask the backend without the refused key
    ]


def _barge_in(core: Core, assistant: Assistant) -> list[Subscriber]:
    """Return the subscriber that lets the user speak into answers, if that is wished."""
    settings = core.settings
    if settings.hands_free.barge_in == "off":
        return []  # and load nothing
    from voice_assistant.audio.played_sound import PlayedSound  # noqa: PLC0415
    from voice_assistant.audio.talk_over import talk_over  # noqa: PLC0415
    from voice_assistant.hearing.barge_in import BargeIn  # noqa: PLC0415

    played = PlayedSound()
    core.speaker.tell(played)
    finder = talk_over(loudspeaker=settings.hands_free.barge_in == "loudspeaker")
    skip_s = settings.microphone.pre_roll_s
    return [BargeIn(core.microphone, played, finder, assistant.talk_over, skip_s)]
