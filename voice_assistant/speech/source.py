"""The sources of an answer's speech: the server, and this machine's voice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_assistant.audio.codec.decoder import SpeechDecoder
from voice_assistant.speech.prosody import UNHEARD, Prosody

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.engines.voices.voice import Voice
    from voice_assistant.ports import Backend
    from voice_assistant.speech.clip import Decoder
    from voice_assistant.speech.marks import Marks


@dataclass(frozen=True)
class Patience:
    """The silence in which a listener waits for the server to say a sentence.

    Attributes:
        voice_s: seconds if this machine's own voice can speak the sentence instead. Providers begin
            after a second or two, a server that makes speech on its own processor after up to six.
        nobody_s: seconds if this machine has no voice: the same as for the words of an answer
            (`silence_s`).
        doubt: the factor for both, once a sentence of this answer did not come in time.
    """

    voice_s: float = 8.0
    nobody_s: float = 25.0
    doubt: float = 1 / 3


@dataclass(frozen=True)
class SpeechSource:
    """The voices that speak one answer: the server's, and if the server fails, this machine's.

    Attributes:
        backend: the server; sentences are requested from it. None: `voice` speaks all of them.
        auto_play: whether the server says that the stream brings audio; None if it does not say.
        prosody: what was known of the server's voice before this answer.
        server_voice: the server's voice that sentences are requested in; "" for the app's own.
        voice: this machine's own voice; None if this machine has no voice.
        question: the question: in doubt the answer is in the question's language.
        decoder: makes a decoder for one stream of audio files.
        patience: how long a sentence is waited for.
        own: whether the server is the embedded backend.
    """

    backend: Backend | None
    auto_play: bool | None
    prosody: Prosody = UNHEARD
    server_voice: str = ""
    voice: Voice | Marks | None = None
    question: str = ""
    decoder: Callable[[], Decoder] = SpeechDecoder
    patience: Patience = Patience()
    own: bool = False
