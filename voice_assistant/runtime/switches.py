"""Carries out the commands that concern no turn: profile, record, mute, conversation mode."""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import TYPE_CHECKING

from voice_assistant.commands import (
    About,
    Ask,
    Conversation,
    FollowUp,
    Mute,
    OffRecord,
    Quit,
    SlowSpeaker,
    UseProfile,
)
from voice_assistant.errors import AssistantError
from voice_assistant.runtime.composition import (
    OFF_THE_RECORD,
)
from voice_assistant.runtime.live_settings import change_setting
from voice_assistant.settings import profiles
from voice_assistant.settings.editing import declared
from voice_assistant.settings.kept_switch import KeptSwitch
from voice_assistant.system import paths

if TYPE_CHECKING:
    from voice_assistant.hearing.attention import Attention
    from voice_assistant.history.recorder import Recorder
    from voice_assistant.settings.schema import Settings
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.subscribers.notices import Notices
    from voice_assistant.subscribers.status_board import StatusBoard
    from voice_assistant.turns.assistant import Assistant

log = logging.getLogger(__name__)


def hand_on_choices(assistant: Assistant, settings: Settings, recorder: Recorder) -> None:
    """Let commands choose the profile, and whether a record is kept."""
    assistant.hand_on(OffRecord, partial(_off_the_record, recorder))
    assistant.hand_on(UseProfile, partial(_use_profile, settings, recorder, assistant))


def hand_on_what_is_shown(
    assistant: Assistant, board: StatusBoard, notices: Notices, how: str
) -> None:
    """Let commands ask a follow-up that is shown, and show the version and how to talk (`how`)."""
    assistant.hand_on(About, lambda _: notices.about(board.status(), how))
    assistant.hand_on(FollowUp, partial(_follow_up, assistant, board))


def hand_on_switches(assistant: Assistant, microphone: Microphone, attention: Attention) -> None:
    """Let commands switch the microphone and conversation mode; a mute holds after a restart."""
    muting = KeptSwitch(paths.state_dir() / "microphone-off")
    microphone.mute(on=muting.on)
    assistant.hand_on(Mute, partial(_mute, microphone, muting))
    assistant.hand_on(SlowSpeaker, _wait_for_slow_speakers)
    assistant.hand_on(Conversation, lambda command: attention.turn(command.on))


def _follow_up(assistant: Assistant, board: StatusBoard, command: FollowUp) -> None:
    """Ask one of the follow-up questions that are shown, if there are so many."""
    questions = dict(enumerate(board.status().suggestions, 1))
    if question := questions.get(command.number):
        assistant.post(Ask(text=question, source="suggestion"))


def _use_profile(
    settings: Settings, recorder: Recorder, assistant: Assistant, command: UseProfile
) -> None:
    """Keep the choice of a profile, and restart with it; what is off the record stays off it."""
    try:
        name = profiles.choose(settings, command.name or profiles.after(settings))
    except AssistantError as error:
        log.warning("the profile is not changed: %s. %s", error.title, error.hint)
        return
    if name != profiles.in_use(settings):
        if recorder.off:
            os.environ[OFF_THE_RECORD] = "1"
        assistant.post(Quit(anew=True))


def _wait_for_slow_speakers(command: SlowSpeaker) -> None:
    """Write the choice into the settings file, from where it is read at once."""
    try:
        change_setting(paths.config_file(), declared("hands_free.slow_speaker"), command.on)
    except AssistantError as error:
        log.warning("slow speaker is not changed: %s. %s", error.title, error.hint)


def _mute(microphone: Microphone, muting: KeptSwitch, command: Mute) -> None:
    muting.turn(command.on)
    microphone.mute(on=muting.on)


def _off_the_record(recorder: Recorder, command: OffRecord) -> None:
    recorder.switch(off=not recorder.off if command.on is None else command.on)
