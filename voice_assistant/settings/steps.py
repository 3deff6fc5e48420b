"""The steps of the setup: the one in a terminal and the one in the window both follow them."""

from __future__ import annotations

from typing import NamedTuple

from voice_assistant.translation import N_


class Step(NamedTuple):
    """A decision of a new user, who may leave all as it is.

    Attributes:
        name: names the step in programs.
        title: names it for people.
        text: says what is decided.
        titles: the settings of the step, each with its name for people.
    """

    name: str
    title: str
    text: str
    titles: dict[str, str]


STEPS = (
    Step(
        "answers",
        N_("Who answers"),
        N_(
            "This machine itself needs no account: it knows the time, timers, "
            "sums, units, lists and more. A chat model on this machine, or a Dify "
            "app, answers everything else."
        ),
        {
            "backend.kind": N_("Who answers"),
            "backend.url": N_("The address of the Dify app's API"),
            "chat_model.url": N_("The address of a chat model"),
        },
    ),
    Step(
        "microphone",
        N_("Microphone"),
        N_("Choose your microphone, then say a sentence: its words come back."),
        {"microphone.device": N_("The microphone")},
    ),
    Step(
        "speaker",
        N_("Speaker"),
        N_("Choose where answers are heard, then listen to a sentence."),
        {"speaker.device": N_("The speaker")},
    ),
    Step(
        "key",
        N_("Talk key"),
        N_("Hold this key and speak, wherever you are. Choose another one if a program needs it."),
        {"hotkey.keys": N_("The talk key")},
    ),
    Step(
        "way",
        N_("Way of talking"),
        N_("Hold the key while you speak, or tap it and let your silence end the question."),
        {
            "hotkey.mode": N_("How to talk"),
            "microphone.end_after_silence_s": N_("Seconds of silence that end a question"),
            "hands_free.slow_speaker": N_("I speak slowly, or pause to think"),
            "hands_free.conversation": N_("Listen again after each answer, without a key"),
        },
    ),
    Step(
        "voice",
        N_("Voice and speed"),
        N_(
            "This voice speaks where this machine answers, and wherever an app has "
            "no voice of its own."
        ),
        {
            "embedded.engine": N_("The kind of voice"),
            "embedded.voice": N_("The voice"),
            "speech.speed": N_("How fast answers are spoken"),
        },
    ),
    Step(
        "reading",
        N_("Reading"),
        N_(
            "Answers can be read as well as heard: in the window, as large "
            "captions, and in notifications."
        ),
        {
            "speech.enabled": N_("Speak the answers"),
            "captions.enabled": N_("Show captions above all windows"),
            "captions.size_px": N_("The size of their letters, in pixels"),
            "notifications.enabled": N_("Show answers in notifications"),
            "notifications.words": N_("Show their words there, which others may see"),
        },
    ),
)
"""All steps that are settings, in their order. The start at login comes after them."""

TITLES = {key: title for step in STEPS for key, title in step.titles.items()}
"""The names of these settings for people."""
