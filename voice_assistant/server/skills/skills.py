"""Questions in, answers out: what can be answered without a model."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills import (
    alarms,
    arithmetic,
    asking_back,
    cancelling,
    consent,
    dates,
    machine,
    model_choice,
    music,
    notes,
    opening,
    pausing,
    stopwatch,
    sums,
    talk,
    timing,
    units,
    zones,
)
from voice_assistant.server.skills.correction import corrected, which_number
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.offers import offer
from voice_assistant.server.skills.regret import regret
from voice_assistant.server.skills.reply import (
    FRESH,
    WISH,
    Answer,
    Asked,
    Match,
    Means,
    Memory,
    NotUnderstood,
    Reply,
    Unanswered,
)
from voice_assistant.server.skills.verbatim import PLACE, commands
from voice_assistant.server.skills.words import negated, plain
from voice_assistant.system import local_time
from voice_assistant.text.letters import letters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

ANSWERS: dict[str, Callable[[Asked], Answer | Awaitable[Answer]]] = {
    "time": dates.time,
    "time_there": zones.time_there,
    "time_there_too": zones.time_there_too,
    "time_ahead": dates.time_ahead,
    "date": dates.date,
    "is_weekday": dates.is_weekday,
    "date_ahead": dates.date_ahead,
    "weekday_of": dates.weekday_of,
    "days_until": dates.days_until,
    "time_until": alarms.time_until,
    "period": dates.period,
    "calculate": sums.calculate,
    "calculate_more": sums.calculate_more,
    "power": sums.power,
    "roots": sums.roots,
    "added": sums.added,
    "taken_from": sums.taken_from,
    "fraction": sums.fraction,
    "percent": sums.percent,
    "percentage": sums.percentage,
    "tip": sums.tip,
    "percent_change": sums.percent_change,
    "multiple": sums.multiple,
    "convert": units.convert,
    "convert_mixed": units.convert_mixed,
    "convert_degrees": units.convert_degrees,
    "convert_more": units.convert_more,
    "timer_start": timing.start,
    "timer_put": timing.put,
    "timer_two": timing.two,
    "timer_unclear": timing.unclear,
    "timer_nothing": timing.nothing,
    "timer_change": timing.change,
    "timer_pause": pausing.pause,
    "timer_resume": pausing.resume,
    "timer_how_long": asking_back.how_long,
    "alarm_when": asking_back.at_what_time,
    "remind_when": asking_back.remind_when,
    "timer_left": timing.left,
    "timer_list": timing.listing,
    "timer_cancel": cancelling.cancel,
    "remind": timing.remind,
    "alarm": alarms.alarm,
    "alarm_change": alarms.change,
    "enough": cancelling.enough,
    "repeat": talk.repeat,
    "spell": talk.spell,
    "help": talk.help_,
    "list_add": notes.add,
    "list_read": notes.read,
    "list_remove": notes.remove,
    "list_clear": notes.clear,
    "note_add": notes.note,
    "note_read": notes.read,
    "note_remove": notes.remove_note,
    "stopwatch_start": stopwatch.start,
    "stopwatch_read": stopwatch.read,
    "stopwatch_stop": stopwatch.stop,
    "stopwatch_reset": stopwatch.reset,
    "battery": machine.battery,
    "disk": machine.disk,
    "memory": machine.memory,
    "volume": machine.volume,
    "mute": machine.mute,
    "brightness": machine.brightness,
    "music_steer": music.steer,
    "music_playing": music.playing,
    "open_program": opening.open_program,
    "open_page": opening.open_page,
    "yes": consent.yes,
    "no": consent.no,
    "hello": talk.hello,
    "courtesy": talk.courtesy,
    "model_use": model_choice.use,
    "model_leave": model_choice.leave,
    "model_which": model_choice.which,
    "model_how": model_choice.how,
    "coin": talk.coin,
    "dice": talk.dice,
    "chance": talk.chance,
}
"""Who answers which intent of the templates."""


CHANGES = frozenset(
    (
        *("timer_start", "timer_put", "timer_two", "timer_change", "timer_cancel"),
        *("timer_pause", "timer_resume"),
        *("remind", "alarm", "alarm_change"),
    )
)
"""What a sentence that says "not" never does."""

KEEPS = CHANGES | frozenset(
    (
        *("list_add", "list_remove", "note_add", "stopwatch_stop", "stopwatch_reset"),
        *("model_use", "model_leave"),
    )
)
"""What words that may have been misheard do only after a "yes"; other answers do no harm, or ask by
themselves."""

LONGEST = 300
"""Letters of a question that could be a command."""


class Skills:
    """Everything that the embedded backend knows.

    Args:
        means: what the skills may read and change.
        now: the local time.
        rng: where coins and dice get their luck from.
    """

    def __init__(
        self,
        means: Means,
        *,
        now: Callable[[], dt.datetime] = local_time.now,
        rng: random.Random | None = None,
    ) -> None:
        self._means = means
        self._now = now
        self._random = rng or random.SystemRandom()
        self._matcher: Matcher | None = None
        self._loading = asyncio.Lock()

    async def warm(self) -> None:
        """Load the templates, so that the first question need not wait for them (0.2 s)."""
        await self._loaded()

    async def reply(
        self, question: str, memory: Memory, certainty: Certainty = Certainty.TYPED
    ) -> Reply | Unanswered:
        """Return the answer to a question.

        Words that may have been misheard are asked back if they change something, or are not
        understood.

        Args:
            question: the words.
            memory: the memory of the conversation.
            certainty: how surely the words were heard; words that come again are sure.
        """
        matcher = await self._loaded()
        again = letters(question) in ("", letters(memory.details.get(WISH, "")))
        unsure = certainty is Certainty.UNSURE and not again
        try:
            asked, answer = await self._answered(matcher, question, memory, unsure=unsure)
        except NotUnderstood:
            if not unsure:
                return Unanswered(question)
            asked, answer = memory.question, _asked_back(question, memory)
        if answer.instead:
            return await self.reply(answer.instead, memory.after(""))
        about = answer if answer.topic else memory.after("")
        known = Memory(about.topic, about.details, answer.text, question=asked)
        return Reply(answer.text, answer.suggestions, known)

    def regret(
        self, question: str, memory: Memory, certainty: Certainty, offered: str = ""
    ) -> Reply:
        """Return what is said to a question that nobody can answer.

        Args:
            question: a question that `reply` leaves unanswered.
            memory: the memory of the conversation.
            certainty: whether the question was heard.
            offered: the server of a chat model that could be used; "" without one.
        """
        if sentence := offer(question):
            answer = consent.do_you_mean(sentence, memory)
            known = Memory(
                answer.topic, answer.details, answer.text, memory.lost + 1, memory.question
            )
            return Reply(answer.text, answer.suggestions, known)
        answer = regret(question, certainty, memory.lost, offered)
        lost = memory.after(answer.text, lost=memory.lost + 1)
        return Reply(answer.text, answer.suggestions, lost)

    async def _loaded(self) -> Matcher:
        async with self._loading:
            if self._matcher is None:
                self._matcher = await asyncio.to_thread(_warm_matcher)
        return self._matcher

    async def _answered(
        self, matcher: Matcher, question: str, memory: Memory, *, unsure: bool
    ) -> tuple[str, Answer]:
        """Return the question as it is meant, corrections included, and its answer.

        Raises:
            NotUnderstood: see `_answer`.
        """
        try:
            question = asking_back.completed(question, memory, matcher) or question
            return question, await self._answer(matcher, question, memory, unsure=unsure)
        except NotUnderstood:
            meant = corrected(question, memory.question)
            if not meant:
                raise
        if len(meant) > 1:
            return memory.question, which_number(meant)
        answer = await self._answer(matcher, meant[0], memory)
        if answer.details.get(FRESH) == "set" and memory.details.get(FRESH) == "set":
            for timer_id in memory.details["timers"].split():
                self._means.timers.cancel(timer_id)
        return meant[0], answer

    async def _answer(
        self, matcher: Matcher, question: str, memory: Memory, *, unsure: bool = False
    ) -> Answer:
        """Return the answer; ask back before words that are `unsure` change something.

        Raises:
            NotUnderstood: no template fits, or what fits makes no sense.
        """
        if len(question) > LONGEST:
            raise NotUnderstood
        if tokens := arithmetic.typed(question):
            return sums.typed(tokens, memory)
        if "which" in memory.details and (chosen := self._chosen(question, memory)):
            return chosen
        for command in commands(question):
            words = plain(command.text)
            match = matcher.match(words)
            if match is None or not match.keeps(PLACE, command.words):
                continue
            log.debug("understood %r as %s", question, match)
            asked = self._asked(match.with_words(PLACE, command.words), memory)
            if match.intent in CHANGES and negated(words.text):
                return timing.nothing(asked)
            if unsure and match.intent in KEEPS:
                return consent.did_you_say(question, memory)
            answer = ANSWERS[match.intent](asked)
            return answer if isinstance(answer, Answer) else await answer
        raise NotUnderstood

    def _chosen(self, question: str, memory: Memory) -> Answer | None:
        """Return what is said to the answer to "Which one: …?"; None if it is no answer to that."""
        return cancelling.choose(self._asked(Match("choice"), memory), question)

    def _asked(self, match: Match, memory: Memory) -> Asked:
        return Asked(match, memory, self._now(), self._random, self._means)


def _asked_back(question: str, memory: Memory) -> Answer:
    """Return what is said to words that may have been misheard and are not understood."""
    if sentence := offer(question):
        return consent.do_you_mean(sentence, memory)
    return consent.did_you_say(question, memory)


def _warm_matcher() -> Matcher:
    """Return a matcher that has matched once: hassil compiles the templates only then (0.2 s)."""
    matcher = Matcher()
    matcher.match(plain("hello"))
    return matcher
