"""The parts that the routes work with; they are built once, when the server starts."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

from voice_assistant.engines.voices.listing import NamedVoices
from voice_assistant.server.heard import Heard
from voice_assistant.server.live_words import Followers

if TYPE_CHECKING:
    from starlette.requests import Request

    from voice_assistant.engines.recognition.recognizer import Recognizer
    from voice_assistant.engines.voices.voice import Voice
    from voice_assistant.server.chat_model.chosen import ChosenModel
    from voice_assistant.server.follow_ups import FollowUps
    from voice_assistant.server.skills import Skills
    from voice_assistant.server.store.annotations import Annotations
    from voice_assistant.server.store.files import Files
    from voice_assistant.server.store.history import History
    from voice_assistant.server.store.timers import Timers


@dataclasses.dataclass(frozen=True)
class Writing:
    """An answer that is being written.

    Attributes:
        user: the user who asked.
        stop: set to end the answer now.
    """

    user: str
    stop: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)


@dataclasses.dataclass(frozen=True)
class Parts:
    """The parts of one server.

    Attributes:
        chat_model: answers what no skill can.
        recognizer: None if speech cannot be recognised on this machine.
        voice: None if this machine has no speech engine.
        named_voices: the other voices of this machine.
        heard: the words that were recognised lately.
        followers: those who want the words of recordings while these arrive.
        writing: the answers that are being written, by their task id.
        closing: set when the server wants to end; then all streams end too.
    """

    history: History
    annotations: Annotations
    files: Files
    timers: Timers
    skills: Skills
    chat_model: ChosenModel
    follow_ups: FollowUps
    recognizer: Recognizer | None
    voice: Voice | None
    named_voices: NamedVoices = dataclasses.field(default_factory=NamedVoices)
    heard: Heard = dataclasses.field(default_factory=Heard)
    followers: Followers = dataclasses.field(default_factory=Followers)
    writing: dict[str, Writing] = dataclasses.field(default_factory=dict)
    closing: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)


def parts_of(request: Request) -> Parts:
    """Return the parts of the server that got this request."""
    parts: Parts = request.app.state.parts
    return parts
