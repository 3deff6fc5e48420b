"""Files and speech, both ways: endpoints 11, 12, 13."""

from __future__ import annotations

from collections.abc import AsyncIterable
from pathlib import Path

import msgspec

from voice_assistant.api.models.common import Body, Model


class Upload(msgspec.Struct, frozen=True):
    """A file to send.

    Attributes:
        content: its bytes, a file that holds them, or a source that still makes them (sent as it
            is made, with chunked transfer encoding; used once).
        name: the file name to tell the server; only `files/upload` looks at it.
        mime: the part's Content-Type, the only thing `audio-to-text` looks at. All servers take
            "audio/wav" and "audio/mp3"; 1.14.0 refuses "audio/mpeg".
    """

    content: bytes | Path | AsyncIterable[bytes]
    name: str
    mime: str


class UploadedFile(Model, frozen=True):
    """A file the server has. `size` is in bytes; `source_url` comes from newer servers."""

    id: str
    name: str = ""
    size: int = 0
    extension: str = ""
    mime_type: str = ""
    created_by: str = ""
    created_at: int = 0
    source_url: str = ""


class Transcript(Model, frozen=True):
    """The words of a recording; "" where there are none. A body without `text` is no transcript."""

    text: str


class SpeechRequest(Body, frozen=True):
    """What is to be spoken: a text, or an answer (`message_id` wins where both are given)."""

    text: str = ""
    message_id: str = ""


class SpeechBody(SpeechRequest, frozen=True, kw_only=True):
    """The same as it is sent. `streaming` changes nothing on 0.15.3 and 1.14.0."""

    user: str
    streaming: bool = False
