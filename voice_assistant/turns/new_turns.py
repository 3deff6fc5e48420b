"""The turns that begin, by action and command."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from voice_assistant.commands import Ask, Back, Dictate, Retry
from voice_assistant.turns.command_table import GoesOn, TalkedOver, Understood, Woken
from voice_assistant.turns.command_word import CommandWord
from voice_assistant.turns.dictation import Dictation
from voice_assistant.turns.occasion import Occasion
from voice_assistant.turns.picked_up import PickedUp
from voice_assistant.turns.question import Question
from voice_assistant.turns.repetition import Repetition
from voice_assistant.turns.spoken_question import SpokenQuestion
from voice_assistant.turns.stored_question import StoredQuestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant import events
    from voice_assistant.commands import AnyCommand
    from voice_assistant.hearing.going_on import GoingOn
    from voice_assistant.turns.announcements import Announcements
    from voice_assistant.turns.circumstances import Circumstances
    from voice_assistant.turns.command_table import Action, Internal
    from voice_assistant.turns.floor import Floor
    from voice_assistant.turns.services import TurnServices
    from voice_assistant.turns.turn import Turn
    from voice_assistant.turns.understanding import Understanding

    MakeTurn = Callable[[events.Handler, int], Turn]

OVERHEARD_S = 2.0
"""Seconds in which somebody who seemed to speak into an answer must really speak."""
AGAIN_S = 2.0
"""Seconds in which somebody who was not understood may begin to say it again."""


class NewTurns:
    """Chooses the turn that an action begins.

    Args:
        services: what the turns work with.
        floor: the turns that are not over.
        circumstances: what was said before.
        understanding: finds command words in what is said.
        announcements: what is to be announced.
        go_on: called when the user goes on after a sentence that seemed complete.
    """

    def __init__(
        self,
        services: TurnServices,
        floor: Floor,
        circumstances: Circumstances,
        understanding: Understanding,
        announcements: Announcements,
        *,
        go_on: Callable[[GoingOn], None],
    ) -> None:
        self._services = services
        self._floor = floor
        self._circumstances = circumstances
        self._meaning = understanding.meaning
        self._announcements = announcements
        self._listening = partial(
            SpokenQuestion, services, meaning=understanding.meaning, go_on=go_on
        )
        self._interrupting = partial(self._listening, barge_in=floor.drop_before)

    def of(  # noqa: PLR0911  (a case for each action)
        self, action: Action, command: AnyCommand | Internal
    ) -> MakeTurn | None:
        """Return what makes the turn that an action begins; None if the action begins none."""
        services = self._services
        match action, command:
            case "ask", Ask():
                return partial(Question, services, command=command, meaning=self._meaning)
            case "obey", Understood():
                return partial(CommandWord, services, understood=command)
            case "retry", Retry(recording=name, new=new):
                return partial(StoredQuestion, services, name=name, new=new)
            case "dictate", Dictate(held=held):
                over_answer = self._floor.turn is not None
                return partial(Dictation, services, held=held, over_answer=over_answer)
            case "pick_up", _:
                return partial(PickedUp, services)
            case "repeat", _:
                return partial(Repetition, services, sentence=isinstance(command, Back))
            case "announce", _:
                return self._announcements.next_turn()
        return self._of_listening(action, command)

    def _of_listening(
        self, action: Action, command: AnyCommand | Internal
    ) -> partial[SpokenQuestion] | None:
        attention, turn = self._services.attention, self._floor.turn
        rings = turn is not None and turn.rings
        match action, command:
            case "listen", _:
                return self._listening
            case "barge_in", _:
                return self._interrupting
            case "attend", _:
                asks = self._circumstances.asks or self._circumstances.consent_asked
                occasion = Occasion(attend_s=attention.patience_s(asks=asks))
            case "talk_over", TalkedOver(microphone=microphone):
                occasion = Occasion(
                    attend_s=OVERHEARD_S,
                    overheard=microphone,
                    over_alarm=rings,
                    in_pause=turn is not None and turn.paused,
                    spoken=turn.sentence if turn else "",
                )
            case "listen_again", _:
                occasion = Occasion(attend_s=AGAIN_S, again=True, over_alarm=rings)
            case "go_on", GoesOn(going_on=going_on):
                occasion = Occasion(attend_s=OVERHEARD_S, going_on=going_on)
            case "wake", Woken(microphone=microphone):
                occasion = Occasion(attend_s=attention.begin_s, overheard=microphone, woken=True)
                return partial(self._listening, occasion=occasion)
            case _:
                return None
        return partial(self._interrupting, occasion=occasion)
