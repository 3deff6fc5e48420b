"""All settings, each declared once: type, default, range, meaning, and when it takes effect.

The range errors, `config/default.toml` and the JSON schema are made from these declarations
(`catalogue`, `documentation`).
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal

import msgspec

SLOWEST, FASTEST = 0.5, 3.0
"""How fast answers can be said."""

VolumeLevel = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
"""1.0 is as loud as the device plays."""

SpeedFactor = Annotated[float, msgspec.Meta(ge=SLOWEST, le=FASTEST)]
"""1.0 is the speed at which answers arrive."""

HotkeyMode = Literal["hold", "toggle", "hybrid"]


class Effect(enum.Enum):
    """When a changed setting takes effect in an assistant that is running."""

    AT_ONCE = "at once"
    AFTER_RESTART = "after a restart"


def _says(description: str, effect: Effect = Effect.AFTER_RESTART) -> msgspec.Meta:
    """What the documentation says about a setting."""
    return msgspec.Meta(
        description=description,
        extra={"effect": effect},
        extra_json_schema={"x-takes-effect": effect.value},
    )


def _changes(description: str) -> msgspec.Meta:
    """What the documentation says about a setting that can change while the assistant runs."""
    return _says(description, Effect.AT_ONCE)


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class BackendSettings(_Section, frozen=True):
    """Who answers. `api_key` is only ever read by `credentials.py`."""

    kind: Annotated[
        Literal["embedded", "dify"],
        _says(
            'Who answers: "embedded" (this machine; no account is needed) or "dify" (a Dify chat '
            "app, see `url`)."
        ),
    ] = "embedded"
    url: Annotated[
        str,
        _says(
            'The address of the app\'s API, with "/v1" at its end, such as '
            '"https://api.dify.ai/v1". Only used with kind = "dify".'
        ),
    ] = ""
    user: Annotated[
        str,
        _says(
            "Your name on the server: conversations belong to it. Empty: a random name is made "
            "once and kept."
        ),
    ] = ""
    api_key: Annotated[
        str,
        _says(
            "The app's API key. Other places are safer: `voice-assistant config set-key` puts the "
            "key into the system's keyring. A key in this file is only read when nobody else can "
            "read the file (mode 0600)."
        ),
    ] = ""
    api_key_command: Annotated[
        str,
        _says(
            'A command that prints the API key on its first line, such as "pass show dify". The '
            "command is not run by a shell, and cannot ask you anything in a terminal."
        ),
    ] = ""
    silence_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=3600.0),
        _says("An answer is given up after this many seconds without a single byte of it."),
    ] = 25.0
    queue_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=3600.0),
        _says(
            "A busy server takes a question and lets it wait for its turn: for at most this many "
            "seconds. After 5 seconds you are told that it waits."
        ),
    ] = 180.0
    inputs: Annotated[
        dict[str, Any],
        _changes(
            "Values for the inputs that the app asks for before a conversation, such as "
            '{ city = "Paris" }: `voice-assistant app parameters` lists them.'
        ),
    ] = {}
    profile: Annotated[
        str,
        _says(
            "The name of a profile that answers in place of this section, until another one is "
            "chosen: see [profiles] at the end. Empty: this section."
        ),
    ] = ""


class ProfileSettings(BackendSettings, frozen=True):
    """Another app or server that can answer: the same settings as those of [backend]."""

    kind: Annotated[
        Literal["embedded", "dify"],
        _says('Who answers: "dify", unless this is "embedded".'),
    ] = "dify"


class HotkeySettings(_Section, frozen=True):
    """The global talk key, and more keys."""

    keys: Annotated[
        str,
        _changes(
            "Hold this key and speak. Modifiers are ctrl, alt, shift and super; then comes a key "
            'by its name: "space", "f9", "a". Empty: no key (the commands `press`, `release` and '
            "`toggle` always work)."
        ),
    ] = "ctrl+alt+space"
    mode: Annotated[
        HotkeyMode,
        _changes(
            '"hold": the assistant listens while the key is down. "toggle": one press begins; the '
            "next one ends, or a silence does (microphone.end_after_silence_s). "
            '"hybrid": a tap (see `tap_s`) works as "toggle", a longer press as "hold".'
        ),
    ] = "hybrid"
    tap_s: Annotated[
        float,
        msgspec.Meta(ge=0.05, le=5.0),
        _changes("A press that is shorter than this many seconds is a tap."),
    ] = 0.4
    stop: Annotated[
        str,
        _changes(
            'More keys, such as "ctrl+alt+p", for what the tray and the command line can do as '
            "well; empty: no key. This one ends the answer."
        ),
    ] = ""
    pause: Annotated[str, _changes("Pauses the answer, and continues it.")] = ""
    repeat: Annotated[str, _changes("Says the last answer again.")] = ""
    new: Annotated[str, _changes("Begins a new conversation.")] = ""
    follow_up_1: Annotated[str, _changes("Asks the first of the follow-up questions.")] = ""
    follow_up_2: Annotated[str, _changes("Asks the second one.")] = ""
    follow_up_3: Annotated[str, _changes("Asks the third one.")] = ""
    skip: Annotated[str, _changes("Continues with the next sentence.")] = ""
    back: Annotated[str, _changes("Says this sentence, or the last one, again.")] = ""
    rate_good: Annotated[str, _changes("Rates the last answer as good.")] = ""
    rate_bad: Annotated[str, _changes("Rates the last answer as bad.")] = ""
    conversation: Annotated[str, _changes("Switches conversation mode on or off.")] = ""
    mute: Annotated[
        str, _changes("Closes the microphone, whatever key is pressed; pressed again, opens it.")
    ] = ""
    profile: Annotated[
        str, _changes("Lets the next profile answer (see [profiles]); the assistant restarts.")
    ] = ""
    off_the_record: Annotated[
        str, _changes("Keeps nothing in the record from now on; pressed again, keeps it again.")
    ] = ""


class MicrophoneSettings(_Section, frozen=True):
    """Where speech comes from."""

    device: Annotated[
        str,
        _changes(
            "The device: a part of its name as `voice-assistant devices` shows it. Empty: the "
            "system's default. The default also replaces a device that is not there, and the "
            "assistant says so."
        ),
    ] = ""
    pre_roll_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=2.0),
        _says(
            "Seconds before the press that are recorded too, for people who speak before they "
            "press; try 0.5. The microphone is then always open, and the tray shows that. What it "
            "hears stays in memory for these seconds and goes nowhere unless the key is pressed. "
            "0.0: the microphone is only open while you speak."
        ),
    ] = 0.0
    tail_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=5.0),
        _changes(
            "Seconds that are still recorded after the release, so that no last syllable is cut."
        ),
    ] = 0.2
    max_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=1800.0),
        _changes("The longest recording in seconds; at this length it ends and is sent."),
    ] = 120.0
    end_after_silence_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=60.0),
        _changes(
            'Where no key is held ("toggle", a tap, the tray), a question ends after this many '
            "seconds of silence: 0.7 (for quick talkers), 1.5, 3, 5 or 10 (for thinkers), or any "
            "other number. 0: silence never ends it."
        ),
    ] = 1.5
    held_silence_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=1800.0),
        _changes(
            "While the key is held, a recording ends by itself after this many seconds of silence, "
            "as if the key were released: some desktops lose the release of a key. 0: never."
        ),
    ] = 30.0
    voice_activity: Annotated[
        Literal["webrtc", "silero"],
        _says(
            'What tells a voice from noise: "webrtc", or "silero" for loud places (it needs '
            "300 times the processor time: 3 % of a core while the assistant listens)."
        ),
    ] = "webrtc"


class SpeechToTextSettings(_Section, frozen=True):
    """Who finds out which words were said."""

    local: Annotated[
        Literal["never", "fallback", "always"],
        _changes(
            'Whether this machine itself turns speech into words (English): "never" (the server '
            'does it), "fallback" (where the server cannot do it or cannot be reached) or "always".'
        ),
    ] = "never"


class HandsFreeSettings(_Section, frozen=True):
    """Talking without keys."""

    command_words: Annotated[
        bool,
        _changes(
            'Understand words such as "stop", "slower", "repeat that" or "the second one" here, '
            "whoever answers, and send nothing. false: everything that was said is a question."
        ),
    ] = True
    barge_in: Annotated[
        Literal["off", "loudspeaker", "headphones"],
        _says(
            "Speak into an answer: it pauses at once and listens; it goes on if there were no "
            'words. "loudspeaker": the assistant\'s own voice is removed from what the microphone '
            "hears (this needs the Python package pywebrtc-audio, and 1 % of a core while it "
            'speaks). "headphones": the microphone does not hear it, or the device removes it. The '
            'microphone is then open while the assistant speaks. "off": only keys interrupt.'
        ),
    ] = "off"
    slow_speaker: Annotated[
        bool,
        _changes(
            "For people who speak slowly or pause to think: the assistant waits twice as long, and "
            "a pause of 3 seconds never ends a question. The tray can change this, too."
        ),
    ] = False
    conversation: Annotated[
        bool,
        _says(
            "Conversation mode: after each spoken answer the assistant listens again for a while, "
            "without a key. The tray, a key and `voice-assistant conversation` switch it until the "
            "assistant ends."
        ),
    ] = False
    conversation_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=120.0),
        _changes(
            "Seconds in which you may begin to speak in conversation mode; twice as many after an "
            "answer that ends with a question. Then it is over, without a sound."
        ),
    ] = 6.0


class ConversationSettings(_Section, frozen=True):
    """How long a conversation goes on."""

    idle_minutes: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=525600.0),
        _says(
            "A new conversation begins with the first question after so many minutes without one. "
            "0: never; a conversation goes on until `voice-assistant new`."
        ),
    ] = 30.0


class RecordingSettings(_Section, frozen=True):
    """Recordings of questions on this disk."""

    keep_days: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=3650.0),
        _changes(
            "A recording is deleted as soon as its words are known. This setting keeps it for so "
            "many days longer. A recording whose words are not known is kept until it is tried "
            "again or deleted (at most 100 recordings, or 1 GB)."
        ),
    ] = 0.0


class HistorySettings(_Section, frozen=True):
    """The record of questions and answers on this disk."""

    enabled: Annotated[
        bool,
        _says(
            "Keep a record of all questions and answers on this disk, for you alone: "
            "`voice-assistant history` shows and searches it. `history off`, or the tray, keeps "
            "nothing until `history on` or a restart."
        ),
    ] = True
    keep_days: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=36500.0),
        _says("Days that a turn is kept in the record. 0: for ever."),
    ] = 0.0


class SpeakerSettings(_Section, frozen=True):
    """Where speech goes."""

    device: Annotated[
        str,
        _changes(
            "The device: a part of its name as `voice-assistant devices` shows it. Empty: the "
            "system's default."
        ),
    ] = ""
    volume: Annotated[
        VolumeLevel,
        _changes(
            "1.0 is the loudest. A volume chosen in the tray or by a command is kept, also after a "
            "restart, until the value here is changed."
        ),
    ] = 1.0
    wake_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=5.0),
        _says(
            "A loudspeaker that the sound server has put to sleep (HDMI, Bluetooth, some USB ones) "
            "swallows the beginning of what it plays. Speech begins this many seconds later on "
            "such a device; 0 for one that wakes up at once."
        ),
    ] = 0.7


class SoundSettings(_Section, frozen=True):
    """The short sounds at start and end of listening."""

    enabled: Annotated[
        bool, _changes("Play a short sound when listening begins and when it ends.")
    ] = True
    volume: Annotated[VolumeLevel, _changes("1.0 is the loudest.")] = 0.5
    waiting_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=60.0),
        _says(
            "A soft sound every so many seconds while the answer to a spoken question is waited "
            "for. 0.0: no such sound."
        ),
    ] = 3.0


class SpeechSettings(_Section, frozen=True):
    """Speaking of answers."""

    enabled: Annotated[bool, _changes("Speak the answers.")] = True
    speed: Annotated[
        SpeedFactor,
        _changes(
            "How fast answers are said; the pitch stays. A speed chosen later is kept in the same "
            "way as the volume."
        ),
    ] = 1.0
    local_voice: Annotated[
        bool,
        _changes(
            "A voice of this machine says what the server does not speak, in the language of the "
            "answer (flite for English, espeak-ng for others, the system's voices on macOS and "
            "Windows). It also says what went wrong with a spoken question."
        ),
    ] = True


class AlarmSettings(_Section, frozen=True):
    """Timers, alarms and reminders that are due."""

    ring_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=3600.0),
        _says(
            "Seconds for which a timer rings and says its name again, until you stop it: by the "
            "talk key, the button, or `voice-assistant stop`. 0.0: it is said once."
        ),
    ] = 300.0
    snooze_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=86_400.0),
        _says("Seconds until it rings again after the button Snooze or `voice-assistant snooze`."),
    ] = 300.0


class TraySettings(_Section, frozen=True):
    """The tray icon."""

    enabled: Annotated[bool, _says("Show the icon.")] = True


class NotificationSettings(_Section, frozen=True):
    """Notifications."""

    enabled: Annotated[bool, _changes("Show question, answer and follow-up questions.")] = True
    words: Annotated[
        bool,
        _says(
            "Show the words of questions and answers; false: only that there is an answer, where "
            "others see your screen."
        ),
    ] = True


class EmbeddedSettings(_Section, frozen=True):
    """The embedded backend."""

    engine: Annotated[
        Literal["auto", "hibari", "flite", "espeak-ng", "say", "sapi"],
        _says(
            'The voice of the embedded backend: "hibari" (a small network; English), "flite", '
            '"espeak-ng", "say" (of macOS), "sapi" (of Windows), or "auto": the system\'s own on '
            "macOS and Windows; elsewhere the first of hibari, flite and espeak-ng that is there. "
            "Other languages than English are read by espeak-ng."
        ),
    ] = "auto"
    voice: Annotated[
        str,
        _says(
            'A voice of that engine, such as "heart" for hibari or "slt" for flite: `voices list` '
            "shows them. Empty: the best voice of the engine."
        ),
    ] = ""


class ChatModelSettings(_Section, frozen=True):
    """The chat model that answers what the embedded backend cannot.

    `api_key` is only ever read by `credentials.py`.
    """

    url: Annotated[
        str,
        _says(
            "The address of a server with OpenAI's API, such as Ollama, LM Studio, llama.cpp or "
            'vLLM, with "/v1" at its end: "http://127.0.0.1:11434/v1". Empty: a server on this '
            'machine is used once you say "use the chat model".'
        ),
    ] = ""
    model: Annotated[
        str, _says("The model's name. Empty: the first model that the server lists.")
    ] = ""
    api_key: Annotated[
        str,
        _says(
            "The server's API key, if it needs one. VOICE_ASSISTANT_CHAT_MODEL_KEY and "
            "`voice-assistant config set-key --chat-model` are safer places. A key in this file is "
            "only read when nobody else can read the file (mode 0600)."
        ),
    ] = ""
    api_key_command: Annotated[
        str, _says("A command that prints the API key, like that of the section backend.")
    ] = ""
    window_tokens: Annotated[
        int,
        msgspec.Meta(ge=0, le=10_000_000),
        _says(
            "How many tokens the model reads at once: the talk so far is cut to that. 0: what the "
            "server says, else 4096."
        ),
    ] = 0
    sees_pictures: Annotated[
        bool,
        _says("The model reads pictures, although its server does not say so."),
    ] = False
    instructions: Annotated[
        str,
        msgspec.Meta(max_length=4000),
        _says('What the model should know or heed, such as "I live in Berlin".'),
    ] = ""


class LogSettings(_Section, frozen=True):
    """The log."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        _changes(
            '"debug", "info", "warning" or "error". Words that were said are only written at '
            '"debug".'
        ),
    ] = "info"


class Settings(_Section, frozen=True):
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
    tray: TraySettings = TraySettings()
    notifications: NotificationSettings = NotificationSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()
    chat_model: ChatModelSettings = ChatModelSettings()
    log: LogSettings = LogSettings()
    profiles: dict[str, ProfileSettings] = {}
