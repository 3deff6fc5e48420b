"""The steps of the setup: the one in a terminal and the one in the window both follow them."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """What a new user decides, and could as well leave as it is.

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
        "Who answers",
        "The embedded backend needs no account: it knows the time, timers, sums, units, lists and "
        "more. A chat model on this machine, or a Dify app, answers everything else.",
        {
            "backend.kind": "Who answers",
            "backend.url": "The address of the Dify app's API",
            "chat_model.url": "The address of a chat model",
        },
    ),
    Step(
        "microphone",
        "Microphone",
        "Choose your microphone, then say a sentence: its words come back.",
        {"microphone.device": "The microphone"},
    ),
    Step(
        "speaker",
        "Speaker",
        "Choose where answers are heard, then listen to a sentence.",
        {"speaker.device": "The speaker"},
    ),
    Step(
        "key",
        "Talk key",
        "Hold this key and speak, wherever you are. Choose another one if a program needs it.",
        {"hotkey.keys": "The talk key"},
    ),
    Step(
        "way",
        "Way of talking",
        "Hold the key while you speak, or tap it and let your silence end the question.",
        {
            "hotkey.mode": "How to talk",
            "microphone.end_after_silence_s": "Seconds of silence that end a question",
            "hands_free.slow_speaker": "I speak slowly, or pause to think",
            "hands_free.conversation": "Listen again after each answer, without a key",
        },
    ),
    Step(
        "voice",
        "Voice and speed",
        "This voice speaks for the embedded backend, and wherever an app has no voice of its own.",
        {
            "embedded.engine": "The kind of voice",
            "embedded.voice": "The voice",
            "speech.speed": "How fast answers are spoken",
        },
    ),
    Step(
        "reading",
        "Reading",
        "Answers can be read as well as heard: in the window, as large captions, and in "
        "notifications.",
        {
            "speech.enabled": "Speak the answers",
            "captions.enabled": "Show captions above all windows",
            "captions.size_px": "The size of their letters, in pixels",
            "notifications.enabled": "Show answers in notifications",
            "notifications.words": "Show their words there, which others may see",
        },
    ),
)
"""All steps that are settings, in their order. The start at login comes after them."""

TITLES = {key: title for step in STEPS for key, title in step.titles.items()}
"""The names of these settings for people."""
