"""The services of a turn: one value, made by the program's composition."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voice_assistant.audio.endpointing import Endpointing
from voice_assistant.engines.recognition.recognizer import Recognizer
from voice_assistant.hearing.live_words import LiveWords
from voice_assistant.hearing.recognisers import Recognisers
from voice_assistant.turns.answer.late_answers import LateAnswers
from voice_assistant.turns.answer.thoughtful_apps import ThoughtfulApps

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from voice_assistant.api.models import Transcript
    from voice_assistant.audio.format import Pcm
    from voice_assistant.backend.capabilities import Capabilities
    from voice_assistant.backend.conversation import Conversation
    from voice_assistant.engines.recognition.command_grammar import Commands
    from voice_assistant.engines.voices.voice import Voice
    from voice_assistant.hearing.attention import Attention
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
    from voice_assistant.speech.marks import ReadMarks
    from voice_assistant.speech.player import Player
    from voice_assistant.speech.prosody import Prosody


async def no_words() -> AsyncGenerator[str, None]:
    """Yield nothing: words are known when all were spoken."""
    nothing: tuple[str, ...] = ()
    for words in nothing:
        yield words


async def not_told(_transcript: Transcript) -> None:
    """Tell nothing: nobody wants to know."""


def not_typed(_text: str) -> bool:
    """Type nothing: there is no window."""
    return False


def not_copied(_text: str) -> None:
    """Copy nothing: there is no clipboard."""


async def at_once() -> None:
    """Wait for nothing."""


@dataclass(kw_only=True)
class TurnServices:
    """The services that a turn works with.

    Attributes:
        app_name: the backend's name, for people.
        connect: returns the backend as soon as it can be asked; raises BackendError or
            ConfigError.
        capabilities: what the backend's app can do.
        microphone: records questions.
        speaker: plays answers.
        player: applies the listener's commands to answers that are being spoken.
        voice: speaks the sentences that the server does not; None if this machine has no voice.
        recordings: keeps each recorded question until it is answered.
        conversation: the conversation that the question belongs to.
        settings: all settings in use; replaced when the user changes one.
        sounds: plays the short sounds.
        saved: makes a speaker that writes a file, and also plays on a speaker if one is given.
        attention: whether the assistant listens again after its answers.
        local_words: finds the words of a recording on this machine.
        recognizer: recognises speech while it is spoken, on this machine; None: words come later.
        server_words: yields the words so far of a recording that is sent; raises BackendError.
        tell_heard: tells a server with our own recogniser what that has heard here; raises
            BackendError.
        ears: makes the speech detector of one recording.
        problems: gets the error of a device that a turn goes on without.
        prosodies: how each of the backend's voices speaks, by the voice's name. They are not kept
            across restarts: one answer is enough to learn them, and the server may have another
            voice by then.
        recorded: waits until what was said is in the record, or for half a second.
        late: looks for answers that were given up.
        waits_for_forms: whether somebody can answer a form with which an app asks.
        profiled: returns the services with which the profile of a name answers; raises ConfigError.
        thoughtful: the apps whose answers begin with thinking that nothing announces.
        read_aloud: returns the speaker by which a screen reader says the answers, None if the
            assistant speaks itself.
        type_text: types a line into the window with the focus; returns whether it can. Blocks.
        copy_text: copies a text to the clipboard; raises DeviceError. Blocks.
        told_once: what the user was told, and need not be told again.
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
    attention: Attention
    local_words: Callable[[Pcm], Awaitable[Transcript]] = field(
        default_factory=lambda: Recognizer().recognize
    )
    recognizer: Recognizer | None = None
    server_words: Callable[[], AsyncGenerator[str, None]] = no_words
    tell_heard: Callable[[Transcript], Awaitable[None]] = not_told
    ears: Callable[[], SpeechDetector] = Endpointing
    prosodies: dict[str, Prosody] = field(default_factory=dict)
    recorded: Callable[[], Awaitable[None]] = at_once
    waits_for_forms: bool = True
    late: LateAnswers = field(default_factory=LateAnswers)
    thoughtful: ThoughtfulApps = field(default_factory=ThoughtfulApps)
    told_once: set[str] = field(default_factory=set)
    type_text: Callable[[str], bool] = not_typed
    copy_text: Callable[[str], None] = not_copied
    read_aloud: Callable[[], ReadMarks | None] = lambda: None
    app_name: str = ""
    profiled: Callable[[str], TurnServices] | None = None

    def of_profile(self, name: str) -> TurnServices:
        """Return the services with which a profile answers; "" for the one in use.

        Raises:
            ConfigError: there is no such profile.
        """
        return self.profiled(name) if name and self.profiled else self

    def live_words(
        self, expected: Commands | None = None, *, here: bool = False
    ) -> LiveWords | None:
        """Return what finds the words of a recording while it is made; None if that is off.

        Args:
            expected: the commands that may be said; None: those of the backend.
            here: this machine finds the words, whatever the settings say.
        """
        wanted = here or self.settings.hears_along
        if not (wanted and self.recognizer and self.recognizer.available()):
            return None
        return LiveWords(self.recognizer, expected)

    def hears_here(self) -> bool:
        """Return whether the words of a recording can be found without leaving this machine."""
        available = self.recognizer is not None and self.recognizer.available()
        return available or self.settings.backend.kind == "embedded"

    @property
    def recognisers(self) -> Recognisers:
        """Return the recognisers that find the words of a recording."""
        return Recognisers(
            connect=self.connect,
            capabilities=self.capabilities,
            here=self.local_words,
            wished=self.settings.speech_to_text,
            silence_s=self.settings.backend.silence_s,
            embedded=self.settings.backend.kind == "embedded",
        )

    async def words_of(self, pcm: Pcm) -> Transcript:
        """Return the words of a complete recording.

        Raises:
            NothingHeard: the recording has no words.
            AssistantError: the words cannot be found.
        """
        ears = self.ears()
        await asyncio.to_thread(ears.feed, pcm)
        upload = await asyncio.to_thread(self.recordings.upload, pcm)
        return await self.recognisers.words_of(upload, pcm, ears.speech_s)
