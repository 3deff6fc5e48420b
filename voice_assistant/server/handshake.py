"""The messages between the embedded backend and the process that starts it."""

from __future__ import annotations

import msgspec

from voice_assistant.server.chat_model.access import Access


class Greeting(msgspec.Struct):
    """The line that the child reads when it starts.

    Attributes:
        token: the token that clients must show.
        beat_s: seconds between two empty lines that the child writes to show that its event loop
            is alive.
        chat_model: the access to the chat model of the settings, with its key; None for none.
    """

    token: str
    beat_s: float = 5.0
    chat_model: Access | None = None


class Ready(msgspec.Struct):
    """The line that the child prints as soon as it serves."""

    url: str
    version: str
