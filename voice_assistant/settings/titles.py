"""The names of settings and of their sections for people, in English: `_` shows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.settings import steps
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from voice_assistant.settings.catalogue import Setting

SECTIONS = {
    "backend": N_("Who answers"),
    "hotkey": N_("Keys"),
    "microphone": N_("Microphone"),
    "speech_to_text": N_("Understanding speech"),
    "hands_free": N_("Hands-free"),
    "conversation": N_("Conversation"),
    "recordings": N_("Recordings"),
    "history": N_("Record"),
    "speaker": N_("Speaker"),
    "sounds": N_("Short sounds"),
    "speech": N_("Speech"),
    "alarms": N_("Timers and alarms"),
    "interface": N_("Language"),
    "tray": N_("Icon in the tray"),
    "notifications": N_("Notifications"),
    "captions": N_("Captions"),
    "embedded": N_("Voice of this machine"),
    "chat_model": N_("Chat model"),
    "log": N_("Log"),
}
"""The sections of the settings file."""

TITLES = {
    **steps.TITLES,
    "backend.user": N_("Your name on the server"),
    "backend.silence_s": N_("Seconds that a silent server is waited for"),
    "backend.queue_s": N_("Seconds that a busy server is waited for"),
    "backend.inputs": N_("What the app asks for before a conversation"),
    "backend.voice": N_("The voice of the answers"),
    "backend.trust_pictures": N_("Show the pictures of answers at once"),
    "backend.profile": N_("The profile that answers"),
    "hotkey.tap_s": N_("Seconds that a tap lasts at most"),
    "hotkey.dictate": N_("Dictation"),
    "hotkey.stop": N_("Stop"),
    "hotkey.pause": N_("Pause"),
    "hotkey.repeat": N_("Say it again"),
    "hotkey.new": N_("New conversation"),
    "hotkey.follow_up_1": N_("First follow-up question"),
    "hotkey.follow_up_2": N_("Second follow-up question"),
    "hotkey.follow_up_3": N_("Third follow-up question"),
    "hotkey.skip": N_("Next sentence"),
    "hotkey.back": N_("Previous sentence"),
    "hotkey.rate_good": N_("Good answer"),
    "hotkey.rate_bad": N_("Bad answer"),
    "hotkey.conversation": N_("Conversation mode"),
    "hotkey.mute": N_("Microphone off"),
    "hotkey.window": N_("Open the window"),
    "hotkey.type": N_("Type a question"),
    "hotkey.captions": N_("Captions"),
    "hotkey.profile": N_("Next profile"),
    "hotkey.screen": N_("Ask about my screen"),
    "hotkey.off_the_record": N_("Off the record"),
    "microphone.pre_roll_s": N_("Seconds that are recorded before the press"),
    "microphone.tail_s": N_("Seconds that are recorded after the release"),
    "microphone.max_s": N_("Seconds of the longest recording"),
    "microphone.nothing_said_s": N_("Seconds without a word that end listening"),
    "microphone.held_silence_s": N_("Seconds of silence that end a held key"),
    "microphone.voice_activity": N_("What tells a voice from noise"),
    "speech_to_text.local": N_("Turn speech into words on this machine"),
    "speech_to_text.live_words": N_("Show my words while I speak"),
    "hands_free.command_words": N_("Understand spoken commands"),
    "hands_free.barge_in": N_("Interrupt an answer by speaking"),
    "hands_free.conversation_s": N_("Seconds that the assistant listens by itself"),
    "hands_free.wake_word": N_("Wait for the wake word"),
    "hands_free.wake_phrase": N_("The wake word"),
    "hands_free.wake_detector": N_("What hears the wake word"),
    "conversation.idle_minutes": N_("Minutes without a question that end a conversation"),
    "recordings.keep_days": N_("Days that an answered recording is kept"),
    "history.enabled": N_("Keep questions and answers"),
    "history.keep_days": N_("Days that questions and answers are kept"),
    "speaker.volume": N_("Volume"),
    "speaker.wake_s": N_("Seconds until a sleeping speaker is awake"),
    "speaker.other_sound": N_("The sound of other programs meanwhile"),
    "sounds.enabled": N_("Play short sounds"),
    "sounds.volume": N_("Volume of the short sounds"),
    "sounds.waiting_s": N_("Seconds between two sounds of waiting"),
    "speech.spoken_by": N_("Who speaks"),
    "speech.local_voice": N_("Let this machine say what the server does not"),
    "alarms.ring_s": N_("Seconds that a timer rings"),
    "alarms.snooze_s": N_("Seconds of a snooze"),
    "interface.language": N_("Language"),
    "tray.enabled": N_("Show the icon"),
    "notifications.stay_s": N_("Seconds that an answer stays on the screen"),
    "notifications.do_not_disturb": N_("Be silent while the desktop is not to disturb"),
    "captions.place": N_("Place"),
    "captions.colours": N_("Colours"),
    "captions.stay_s": N_("Seconds that a caption stays"),
    "chat_model.model": N_("The model"),
    "chat_model.window_tokens": N_("Tokens that the model reads at once"),
    "chat_model.sees_pictures": N_("The model reads pictures"),
    "chat_model.instructions": N_("What the model should know"),
    "log.level": N_("What is written to the log"),
}
"""All settings that are no secret, by their names in the file."""


_KEY = re.compile(
    r"(?<![\w./\[])(?:`([a-z_]+\.?[a-z_0-9]+)`|([a-z_]+\.[a-z_0-9]+))(?![\w/])",
    re.ASCII,  # so that a Chinese word may stand beside it
)


def in_titles(text: str, section: str = "") -> str:
    """Return a text in which settings have their titles: “Volume”, not speaker.volume.

    The text is for displays; in a terminal, people want the names that the settings file has.

    Args:
        text: any text; other words with a point in them stay as they are.
        section: the section whose settings `text` may call by their names alone, in backquotes.
    """

    def named(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        title = TITLES.get(name) or TITLES.get(f"{section}.{name}")
        return _("“{title}”", title=_(title)) if title else found[0]

    return _KEY.sub(named, text)


def title(setting: Setting) -> str:
    """Return the title of a setting that is no secret, such as "Volume"."""
    return TITLES[setting.key]


def section_title(name: str) -> str:
    """Return the title of a section: "Hands-free" for "hands_free"."""
    return SECTIONS[name]
