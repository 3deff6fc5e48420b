"""The summary of an answer's speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from voice_assistant.errors import AssistantError


class SpokenSummary(NamedTuple):
    """The summary of one speech.

    Attributes:
        seconds: seconds of speech that were heard.
        complete: whether every word was spoken.
        stream_s: seconds of the stream's own audio.
        text_to_audio_s: seconds that were requested from the server.
        local_s: seconds that this machine's own voice spoke.
        problem: why words are missing.
    """

    seconds: float
    complete: bool
    stream_s: float
    text_to_audio_s: float
    local_s: float
    problem: AssistantError | None
