"""All sections of the settings file, in the order of the file."""

from __future__ import annotations

import msgspec

from voice_assistant.settings.sections.backend import (
    BackendSettings,
    ChatModelSettings,
    ConversationSettings,
    EmbeddedSettings,
    ProfileSettings,
)
from voice_assistant.settings.sections.declaration import Section
from voice_assistant.settings.sections.desktop import (
    CaptionSettings,
    HotkeySettings,
    InterfaceSettings,
    NotificationSettings,
    TraySettings,
)
from voice_assistant.settings.sections.hearing import (
    HandsFreeSettings,
    MicrophoneSettings,
    SpeechToTextSettings,
)
from voice_assistant.settings.sections.records import (
    HistorySettings,
    LogSettings,
    RecordingSettings,
)
from voice_assistant.settings.sections.speech import (
    AlarmSettings,
    SoundSettings,
    SpeakerSettings,
    SpeechSettings,
)


class Settings(Section, frozen=True):
    """The settings of voice-assistant.

    Attributes:
        profiles: more apps or servers, by their names; see `profiles`.
    """

    backend: BackendSettings = BackendSettings()
    hotkey: HotkeySettings = HotkeySettings()
    microphone: MicrophoneSettings = MicrophoneSettings()
    speech_to_text: SpeechToTextSettings = SpeechToTextSettings()
    hands_free: HandsFreeSettings = HandsFreeSettings()
    conversation: ConversationSettings = ConversationSettings()
    recordings: RecordingSettings = RecordingSettings()
    history: HistorySettings = HistorySettings()
    speaker: SpeakerSettings = SpeakerSettings()
    sounds: SoundSettings = SoundSettings()
    speech: SpeechSettings = SpeechSettings()
    alarms: AlarmSettings = AlarmSettings()
    interface: InterfaceSettings = InterfaceSettings()
    tray: TraySettings = TraySettings()
    notifications: NotificationSettings = NotificationSettings()
    captions: CaptionSettings = CaptionSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()
    chat_model: ChatModelSettings = ChatModelSettings()
    log: LogSettings = LogSettings()
    profiles: dict[str, ProfileSettings] = msgspec.field(default_factory=dict)

    @property
    def hears_along(self) -> bool:
        """Whether the assistant's own process finds the words of questions, beside the server."""
        wakes = self.hands_free.wake_word and self.hands_free.wake_detector == "recogniser"
        return wakes or self.speech_to_text.local != "never"
