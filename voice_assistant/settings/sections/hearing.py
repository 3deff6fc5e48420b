"""Settings of hearing: the microphone, and talking without keys."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from voice_assistant.settings.sections.declaration import Section, at_once, needs_restart


class MicrophoneSettings(Section, frozen=True):
    """Settings of the microphone."""

    device: Annotated[
        str,
        at_once(
            "The device: a part of its name as `voice-assistant devices` shows it. Empty: the "
            "system's default. The default also replaces a device that is not there, and the "
            "assistant says so."
        ),
    ] = ""
    pre_roll_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=2.0),
        needs_restart(
            "Seconds before the press that are recorded too, for people who speak before they "
            "press; try 0.5. The microphone is then always open, and the tray shows that. What it "
            "hears stays in memory for these seconds and goes nowhere unless the key is pressed. "
            "0.0: the microphone is only open while you speak."
        ),
    ] = 0.0
    tail_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=5.0),
        at_once(
            "Seconds that are still recorded after the release, so that no last syllable is cut."
        ),
    ] = 0.2
    max_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=1800.0),
        at_once("The longest recording in seconds; at this length it ends and is sent."),
    ] = 120.0
    end_after_silence_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=60.0),
        at_once(
            'Where no key is held ("toggle", a tap, the tray), a question ends after this many '
            "seconds of silence: 0.7 (for quick talkers), 1.5, 3, 5 or 10 (for thinkers), or any "
            "other number. 0: silence never ends it."
        ),
    ] = 1.5
    nothing_said_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=1800.0),
        at_once(
            "Where no key is held, a recording ends, and nothing is asked, after this many seconds "
            "in which nobody speaks; after 0.4 times as many while an answer waits. 0: never."
        ),
    ] = 10.0
    held_silence_s: Annotated[
        float,
        msgspec.Meta(ge=0.0, le=1800.0),
        at_once(
            "While the key is held, a recording ends by itself after this many seconds of silence, "
            "as if the key were released: some desktops lose the release of a key. 0: never."
        ),
    ] = 30.0
    voice_activity: Annotated[
        Literal["webrtc", "silero"],
        needs_restart(
            'What tells a voice from noise: "webrtc", or "silero" for loud places (it needs '
            "300 times the processor time: 3 % of a core while the assistant listens)."
        ),
    ] = "webrtc"


class SpeechToTextSettings(Section, frozen=True):
    """Settings of the recognition of speech."""

    local: Annotated[
        Literal["never", "fallback", "always"],
        at_once(
            'Whether this machine itself turns speech into words (English): "never" (the server '
            'does it), "fallback" (where the server cannot do it or cannot be reached) or "always".'
        ),
    ] = "never"
    live_words: Annotated[
        bool,
        at_once(
            "Show the words while you speak, where this machine finds them: with the embedded "
            'backend, or where `local` is "always". It costs up to a third of a core meanwhile.'
        ),
    ] = True


class HandsFreeSettings(Section, frozen=True):
    """Talking without keys."""

    command_words: Annotated[
        bool,
        at_once(
            'Understand words such as "stop", "slower", "repeat that" or "the second one" here, '
            "whoever answers, and send nothing. Otherwise everything that was said is a question."
        ),
    ] = True
    barge_in: Annotated[
        Literal["off", "loudspeaker", "headphones"],
        at_once(
            "Speak into an answer: it pauses at once and listens; it goes on if there were no "
            'words. "loudspeaker": the assistant\'s own voice is removed from what the microphone '
            "hears, which it learns to do within the first seconds of speech. "
            '"headphones": the microphone does not hear it, or the device removes it. The '
            'microphone is then open while the assistant speaks. "off": only keys interrupt.'
        ),
    ] = "off"
    slow_speaker: Annotated[
        bool,
        at_once(
            "For people who speak slowly or pause to think: the assistant waits twice as long, and "
            "a pause of 3 seconds never ends a question. The tray can change this, too."
        ),
    ] = False
    conversation: Annotated[
        bool,
        at_once(
            "Conversation mode: after each spoken answer the assistant listens again for a while, "
            "without a key. The tray, a key and `voice-assistant conversation` switch it until the "
            "assistant ends."
        ),
    ] = False
    conversation_s: Annotated[
        float,
        msgspec.Meta(ge=1.0, le=120.0),
        at_once(
            "Seconds in which you may begin to speak in conversation mode and after the wake word; "
            "twice as many after an answer that ends with a question. Then it is over, without a "
            "sound."
        ),
    ] = 6.0
    wake_word: Annotated[
        bool,
        at_once(
            'Wait for a phrase that begins a question, such as "computer, what time is it". The '
            "microphone is then open whenever nothing goes on, and the tray shows that; what is "
            "said without the phrase stays in memory for 2 seconds and goes nowhere. The tray and "
            "`voice-assistant wake` change this, too."
        ),
    ] = False
    wake_phrase: Annotated[
        str,
        msgspec.Meta(pattern="^[A-Za-z]+(?: [A-Za-z]+)*$", min_length=4, max_length=40),
        at_once(
            "The phrase: English words of letters and blanks. It has to begin what you say. A word "
            "of three syllables that nobody begins a sentence with is best."
        ),
    ] = "computer"
    wake_detector: Annotated[
        Literal["recogniser", "micro"],
        at_once(
            'What hears the phrase: "recogniser" (the network that turns speech into words on this '
            'machine; it takes any phrase), or "micro" (a tenth of the processor time; it needs '
            'the Python package pymicro-wakeword, and knows "alexa", "hey jarvis", "hey mycroft" '
            'and "okay nabu").'
        ),
    ] = "recogniser"
