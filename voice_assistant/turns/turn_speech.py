"""The speech of one turn: it is held for other turns, and steered by the listener."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.commands import Back, Pause, Repeat, Resume, Skip
from voice_assistant.speech import own_voice
from voice_assistant.speech.marks import Marks, ReadMarks
from voice_assistant.speech.narration import Narration
from voice_assistant.text.spoken_part import spoken_part
from voice_assistant.turns.answer.speech import AnswerSpeech

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant import events
    from voice_assistant.commands import AnyCommand
    from voice_assistant.ports import Speaker
    from voice_assistant.turns.services import TurnServices


class TurnSpeech:
    """Speaks the texts of one turn.

    Args:
        services: what the turn works with.
        handle: called with the events of the speech.

    Attributes:
        services: what the turn works with; replaced when another profile answers.
        narration: what is spoken now, or was spoken last.
    """

    def __init__(self, services: TurnServices, handle: events.Handler) -> None:
        self.services = services
        self.narration = Narration()
        self._emit = handle
        self._aside = Narration()

    @property
    def speaker(self) -> Speaker | None:
        """The speaker, or the screen reader; None if the user wants no speech."""
        services = self.services
        if not services.settings.speech.enabled:
            return None
        return services.read_aloud() or services.speaker

    @property
    def held(self) -> bool:
        """Whether the turn is held for another one."""
        return self.narration.held

    def hold(self) -> None:
        """Stop speaking for another turn."""
        self.narration.hold()
        self._aside.hold()

    def hold_at_sentence_end(self, then: Callable[[], None]) -> None:
        """Hold at the end of the sentence that is being spoken, then call `then`."""
        self.narration.hold_at_sentence_end(then)

    def unhold(self) -> None:
        """End the hold, and speak on."""
        self.narration.unhold()
        self._aside.unhold()

    def steer(self, command: AnyCommand) -> None:
        """Carry out a listener's command, if something is being spoken."""
        narration = self.narration
        if not narration.running:
            return
        match command:
            case Pause(toggle=True) if narration.paused:
                narration.resume()
            case Pause():
                narration.pause()
            case Resume():
                narration.resume()
            case Repeat():
                narration.restart()
            case Skip():
                narration.skip()
            case Back():
                narration.back()

    def narrate(self, narration: Narration) -> Narration:
        """Make `narration` the turn's speech from now on, held if the turn is; return it."""
        if self.held:
            narration.hold()
        self.narration = narration
        return narration

    def renew(self) -> Narration:
        """Return a new narration, which is the turn's from now on."""
        return self.narrate(Narration())

    async def say(self, text: str) -> None:
        """Speak `text` in the voice of the answers.

        Raises:
            BackendError: the backend cannot be reached.
            ConfigError: the backend cannot be asked.
        """
        services = self.services
        await services.sounds.over()
        if speaker := self.speaker:
            backend = await services.connect()
            speech = AnswerSpeech(services, self._emit, backend, speaker, self.narration)
            speech.text(spoken_part(text))
            speech.ended()
            await speech.run()

    async def say_here(self, text: str) -> None:
        """Speak `text` by this machine's own voice: the server may be what has failed.

        While the turn is held, this waits: the user may be speaking into the microphone.
        """
        services, speaker = self.services, self.speaker
        voice = Marks() if isinstance(speaker, ReadMarks) else services.voice
        if voice and speaker:
            services.player.begin(self.renew())
            await services.sounds.over()
            await own_voice.say(text, voice, self.narration, speaker, services.problems)

    async def say_aside(self, text: str) -> None:
        """Speak a few words while the answer is waited for; not while the turn is held."""
        services, speaker = self.services, self.speaker
        if self.held or not speaker:
            return
        if isinstance(speaker, ReadMarks):
            await speaker.read(text)
        elif services.voice:
            self._aside = Narration(aside=True)
            await own_voice.say(text, services.voice, self._aside, speaker, services.problems)
