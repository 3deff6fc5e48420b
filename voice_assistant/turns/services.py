"""What a turn works with, handed over as one value by whoever builds the program."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.engines.recognition.on_this_machine import recognize_here
from voice_assistant.hearing.transcription import Recognisers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from voice_assistant.audio.format import Pcm
    from voice_assistant.backend.capabilities import Capabilities
    from voice_assistant.backend.conversation import Conversation
    from voice_assistant.engines.voices.program import Voice
    from voice_assistant.hearing.recordings import Recordings
    from voice_assistant.ports import (
        Backend,
        Microphone,
        Problems,
        Speaker,
        SpeechDetector,
        SpeechFile,
    )
    from voice_assistant.settings.schema import Settings
    from voice_assistant.speech.earcon_player import EarconPlayer
    from voice_assistant.speech.player import Player
    from voice_assistant.speech.prosody import Prosody


@dataclass(frozen=True, kw_only=True)
class TurnServices:
    """What a turn works with.

    Attributes:
        connect: the backend, as soon as it can be asked; raises BackendError or ConfigError.
        capabilities: what the backend's app can do.
        microphone: where questions come from.
        speaker: where answers go.
        player: what the listener steers.
        voice: speaks what the server does not; None where there is none.
        recordings: keeps what was said until it is answered.
        conversation: which one the question belongs to.
        settings: all of them.
        sounds: the short ones.
        saved: makes a speaker that writes a file, and plays on a speaker where one is given.
        local_words: the words of a recording, found out on this machine.
        ears: listen to one recording.
        problems: gets the error of a device that a turn goes on without.
        prosodies: of the backend's voices, by name, as far as they were heard. Not kept across
            restarts: one answer tells it anew, and meanwhile the server may have another voice.
        unannounced_thinking: addresses of apps whose last answer began with thinking, and with no
            sign of it before the thinking's end.
    """

    connect: Callable[[], Awaitable[Backend]]
    capabilities: Capabilities
    microphone: Microphone
    speaker: Speaker
    player: Player
    voice: Voice | None
    recordings: Recordings
    conversation: Conversation
    settings: Settings
    sounds: EarconPlayer
    saved: Callable[[Path, Speaker | None], SpeechFile]
    problems: Problems
    local_words: Callable[[Pcm], Awaitable[str]] = recognize_here
    ears: Callable[[], SpeechDetector] = Endpointing
    prosodies: dict[str, Prosody] = field(default_factory=dict)
    unannounced_thinking: set[str] = field(default_factory=set)

    @property
    def recognisers(self) -> Recognisers:
        """Who finds out the words of a recording."""
        return Recognisers(
            connect=self.connect,
            capabilities=self.capabilities,
            here=self.local_words,
            wished=self.settings.speech_to_text,
            silence_s=self.settings.backend.silence_s,
        )

    async def words_of(self, pcm: Pcm) -> str:
        """The words of a recording that is complete.

        Raises:
            NothingHeard: there are no words in it.
            AssistantError: the words are not found out.
        """
        ears = self.ears()
        await asyncio.to_thread(ears.feed, pcm)
        upload = self.recordings.upload(pcm)
        return await self.recognisers.words_of(upload, pcm, ears.speech_s)
