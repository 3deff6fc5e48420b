"""The one list of all that follow the events of turns."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from voice_assistant.backend.refused_key import RefusedKey
from voice_assistant.runtime.read_aloud import silenced_reader
from voice_assistant.sound.other_streams import OtherStreams
from voice_assistant.subscribers.alarm_notification import AlarmNotification
from voice_assistant.subscribers.dictation_notice import DictationNotice
from voice_assistant.subscribers.level_meter import LevelMeter
from voice_assistant.subscribers.notification import TurnNotification
from voice_assistant.subscribers.other_sound import OtherSound
from voice_assistant.subscribers.paused_by_voice import PauseReminder
from voice_assistant.subscribers.waiting_sound import WaitingSound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voice_assistant.commands import AnyCommand
    from voice_assistant.events import Subscriber
    from voice_assistant.runtime.core import Core
    from voice_assistant.runtime.display import Display
    from voice_assistant.runtime.hands_free import HandsFree
    from voice_assistant.subscribers.other_sound import Others


def subscribers_for(
    core: Core, display: Display, hands_free: HandsFree, post: Callable[[AnyCommand], None]
) -> list[Subscriber]:
    """Return all subscribers, in the order in which each event reaches them."""
    settings, services, face = core.settings, core.services, display.face
    notification = TurnNotification(
        face.notifications,
        settings.notifications,
        lambda: services.player.sentence,
        display.notices.remind,
    )
    core.live.follow(lambda _, now: notification.use(now.notifications))
    return [
        core.recorder,
        core.ratings,
        core.files,
        core.older,
        display.board,
        display.recent,
        LevelMeter(lambda: core.microphone.level_dbfs, face.tray.show_level),
        notification,
        AlarmNotification(display.notices),
        DictationNotice(display.notices),
        display.tap_hint,
        display.captions,
        services.sounds,
        hands_free,
        _other_sound(core),
        silenced_reader(services),
        WaitingSound(services.sounds.wait, settings.sounds.waiting_s),
        PauseReminder(post),
        RefusedKey(core.apps.forget_keys),
        core.checks,  # after `RefusedKey`: the checks then ask the backend without the refused key
    ]


def _other_sound(core: Core) -> OtherSound:
    """Return what has other programs be quiet, as far as this platform's can be steered."""
    streams = OtherStreams(lambda: core.live.now.speaker.device)
    players: list[Others] = []
    if sys.platform == "linux":
        from voice_assistant.desktop.players import Players  # noqa: PLC0415  (not elsewhere)

        players.append(Players())

    def hushed() -> Sequence[Others]:
        match core.live.now.speaker.other_sound:
            case "pause":
                return [*players, streams]
            case "duck":
                return [streams]
            case "off":
                return []

    return OtherSound([streams, *players], hushed)  # players go on once they are loud again
