"""Carries out the commands that begin no turn: profile, record, mute, conversation mode."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from voice_assistant.commands import (
    About,
    Ask,
    Choose,
    Consent,
    Conversation,
    Copy,
    FollowUp,
    LookAtScreen,
    Mute,
    OffRecord,
    OpenFiles,
    Rate,
    SlowSpeaker,
    UseProfile,
    Wake,
    Window,
)
from voice_assistant.desktop import clipboard
from voice_assistant.desktop.hotkey import how_to_talk
from voice_assistant.errors import AssistantError
from voice_assistant.runtime.live_settings import change_setting
from voice_assistant.settings import profiles
from voice_assistant.settings.editing import declared
from voice_assistant.settings.kept_switch import MICROPHONE_OFF, KeptSwitch
from voice_assistant.system import paths
from voice_assistant.translation import _

if TYPE_CHECKING:
    from voice_assistant.hearing.attention import Attention
    from voice_assistant.history.recorder import Recorder
    from voice_assistant.ports import Warn
    from voice_assistant.runtime.core import Core
    from voice_assistant.runtime.display import Display
    from voice_assistant.runtime.live_settings import LiveSettings
    from voice_assistant.sound.microphone import Microphone
    from voice_assistant.speech.earcon_player import EarconPlayer
    from voice_assistant.subscribers.status_board import StatusBoard
    from voice_assistant.turns.assistant import Assistant

log = logging.getLogger(__name__)


def hand_on_commands(assistant: Assistant, core: Core, display: Display) -> None:
    """Let each command that begins no turn be carried out; a mute holds after a restart."""
    microphone, settings = core.microphone, core.settings
    attention, sounds = core.services.attention, core.services.sounds
    muting = KeptSwitch(paths.state_dir() / MICROPHONE_OFF)
    microphone.mute(on=muting.on)
    warn = partial(display.notices.offer, "profile")
    how = how_to_talk(settings.hotkey)
    hand_on = assistant.hand_on
    hand_on(About, lambda _: display.notices.about(display.board.status(), how))
    hand_on(Conversation, partial(converse, attention, sounds))
    hand_on(Copy, partial(_copy, partial(display.notices.offer, "clipboard")))
    hand_on(FollowUp, partial(_follow_up, assistant, display.board))
    hand_on(Consent, display.screen.answer)
    hand_on(LookAtScreen, display.screen.look)
    hand_on(Mute, partial(mute, microphone, sounds, muting))
    hand_on(OffRecord, partial(keep_off_the_record, core.recorder, sounds))
    hand_on(OpenFiles, core.files.open)
    hand_on(Rate, core.ratings.rate)
    hand_on(SlowSpeaker, lambda command: _change("hands_free.slow_speaker", command.on))
    hand_on(Choose, lambda command: _change(command.setting, command.value))
    hand_on(UseProfile, partial(use_profile, core.live, warn))
    hand_on(Wake, partial(wait_for_wake_word, attention, sounds))
    hand_on(Window, display.window.open)


def _copy(warn: Warn, command: Copy) -> None:
    """Copy a text; programs that keep it may take a while to start."""

    def done(future: asyncio.Future[None]) -> None:
        if isinstance(error := future.exception(), AssistantError):
            warn(error.title, error.hint)

    work = asyncio.get_running_loop().run_in_executor(None, clipboard.copy, command.text)
    work.add_done_callback(done)


def _follow_up(assistant: Assistant, board: StatusBoard, command: FollowUp) -> None:
    """Ask one of the follow-up questions that are shown, if there are so many."""
    questions = dict(enumerate(board.status().suggestions, 1))
    if question := questions.get(command.number):
        assistant.post(Ask(text=question, source="suggestion"))


def use_profile(live: LiveSettings, warn: Warn, command: UseProfile) -> None:
    """Keep the choice of a profile, which answers from the next question on."""
    try:
        name = profiles.choose(live.from_file(), command.name or profiles.after(live.now))
        live.read_again()
    except AssistantError as error:
        warn(error.title, error.hint)
        return
    if profiles.in_use(live.now) != name:
        warn(
            _("The profile {name} is chosen, but does not answer", name=name),
            _("The variable VOICE_ASSISTANT_URL names the server that answers: unset it."),
        )


def wait_for_wake_word(attention: Attention, sounds: EarconPlayer, command: Wake) -> None:
    """Begin or end to wait for the wake word, with a sound."""
    on = not attention.wakes if command.on is None else command.on
    if _change("hands_free.wake_word", on):
        sounds.switch(on=on)


def _change(key: str, value: object) -> bool:
    """Write the choice into the settings file, from where it is read at once; tell whether."""
    try:
        change_setting(paths.config_file(), declared(key), value)
    except AssistantError as error:
        log.warning("%s is not changed: %s. %s", key, error.title, error.hint)
        return False
    return True


def mute(microphone: Microphone, sounds: EarconPlayer, muting: KeptSwitch, command: Mute) -> None:
    """Close the microphone for good, or open it again, with a sound unless words have told it."""
    muting.turn(command.on)
    microphone.mute(on=muting.on)
    if not command.told:
        sounds.mute(on=muting.on)


def converse(attention: Attention, sounds: EarconPlayer, command: Conversation) -> None:
    """Begin or end conversation mode, with a sound."""
    attention.turn(command.on)
    sounds.switch(on=attention.on)


def keep_off_the_record(recorder: Recorder, sounds: EarconPlayer, command: OffRecord) -> None:
    """Begin or end to be off the record, with a sound."""
    recorder.switch(off=not recorder.off if command.on is None else command.on)
    sounds.switch(on=recorder.off)
