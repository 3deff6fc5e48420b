"""Files and speech in both directions: endpoints 11, 12, 13."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from pathlib import Path

import msgspec

from voice_assistant.api.models.common import Body, Model


class Upload(msgspec.Struct, frozen=True):
    """A file to send.

    Attributes:
        content: the file's bytes, a path of a file, or a source that still makes the bytes (sent
            while they are made, with chunked transfer encoding; used once).
        name: the file name for the server; only `files/upload` uses it.
        mime: the part's Content-Type; `audio-to-text` checks only this. All servers accept
            "audio/wav" and "audio/mp3"; 1.14.0 refuses "audio/mpeg".
        progress: called, while a file is sent, with the bytes so far and with its size.
    """

    content: bytes | Path | AsyncIterable[bytes]
    name: str
    mime: str
    progress: Callable[[int, int], None] = lambda _sent, _size: None


class UploadedFile(Model, frozen=True):
    """A file on the server. `size` is in bytes; newer servers send `source_url`."""

    id: str
    name: str = ""
    size: int = 0
    extension: str = ""
    mime_type: str = ""
    created_by: str = ""
    created_at: int = 0
    source_url: str = ""


class Transcript(Model, frozen=True):
    """The words of a recording. A response without `text` is an error.

    Attributes:
        text: the words; "" without words.
        sure: False if the recogniser may have misheard. Only the embedded backend tells; the words
            of other servers count as sure.
        guessed: True if the words are unlikely to be those that were said.
        perhaps: the command that may have been said instead of unsure words; "" without one.
    """

    text: str
    sure: bool = True
    guessed: bool = False
    perhaps: str = ""


class SpeechRequest(Body, frozen=True):
    """A text or an answer to speak; if both are given, servers speak the answer (`message_id`).

    `voice` is a name that the server's provider knows; it is in no document, and in the public
    source of all versions (api/controllers/service_api/app/audio.py). "" is the app's own voice.
    """

    text: str = ""
    message_id: str = ""
    voice: str = ""


class SpeechBody(SpeechRequest, frozen=True, kw_only=True):
    """The body of a request for speech. 0.15.3 and 1.14.0 ignore `streaming`."""

    user: str
    streaming: bool = False
