"""Questions in, answers out: what can be answered without a model."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
from typing import TYPE_CHECKING

from voice_assistant.server.skills import arithmetic, dates, sums, talk, timing, units
from voice_assistant.server.skills.grammar import grammar
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.reply import Answer, Asked, Memory, NotUnderstood, Reply
from voice_assistant.server.skills.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.server.timers import Timers

log = logging.getLogger(__name__)

ANSWERS: dict[str, Callable[[Asked], Answer]] = {
    "time": dates.time,
    "date": dates.date,
    "date_ahead": dates.date_ahead,
    "weekday_of": dates.weekday_of,
    "days_until": dates.days_until,
    "period": dates.period,
    "calculate": sums.calculate,
    "calculate_more": sums.calculate_more,
    "power": sums.power,
    "roots": sums.roots,
    "percent": sums.percent,
    "percent_change": sums.percent_change,
    "multiple": sums.multiple,
    "convert": units.convert,
    "convert_degrees": units.convert_degrees,
    "convert_more": units.convert_more,
    "timer_start": timing.start,
    "timer_change": timing.change,
    "timer_left": timing.left,
    "timer_list": timing.listing,
    "timer_cancel": timing.cancel,
    "remind": timing.remind,
    "repeat": talk.repeat,
    "spell": talk.spell,
    "help": talk.help_,
    "hello": talk.hello,
    "courtesy": talk.courtesy,
    "coin": talk.coin,
    "dice": talk.dice,
    "chance": talk.chance,
}
"""Who answers which intent of `intents.yaml`."""


LONGEST = 300
"""Letters of a question that could be a command."""


class Skills:
    """Everything that the embedded backend knows.

    Args:
        timers: the timers that it may set.
        now: the local time.
        rng: where coins and dice get their luck from.
    """

    def __init__(
        self,
        timers: Timers,
        *,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now().astimezone(),
        rng: random.Random | None = None,
    ) -> None:
        self._timers = timers
        self._now = now
        self._random = rng or random.SystemRandom()
        self._matcher: Matcher | None = None
        self._loading = asyncio.Lock()

    async def warm(self) -> None:
        """Load the templates, so that the first question need not wait for them (0.2 s)."""
        await self._loaded()

    async def reply(self, question: str, memory: Memory) -> Reply:
        """The answer to a question, typed or heard. Answers everything, if only with regret."""
        matcher = await self._loaded()
        try:
            answer = self._answer(matcher, question, memory)
        except NotUnderstood:
            regret = talk.unknown(question, memory)
            lost = Memory(memory.topic, memory.details, regret.text, memory.lost + 1)
            return Reply(regret.text, regret.suggestions, lost)
        about = answer if answer.topic else memory
        known = Memory(about.topic, about.details, answer.text)
        return Reply(answer.text, answer.suggestions, known)

    def grammar(self) -> str:
        """Every command that may be spoken, as an FSG: for the recogniser."""
        return grammar()

    async def _loaded(self) -> Matcher:
        async with self._loading:
            if self._matcher is None:
                self._matcher = await asyncio.to_thread(Matcher)
        return self._matcher

    def _answer(self, matcher: Matcher, question: str, memory: Memory) -> Answer:
        """What is said.

        Raises:
            NotUnderstood: no template fits, or what fits makes no sense.
        """
        if len(question) > LONGEST:
            raise NotUnderstood
        if tokens := arithmetic.typed(question):
            return sums.typed(tokens, memory)
        match = matcher.match(plain(question))
        if match is None:
            raise NotUnderstood
        log.debug("understood %r as %s", question, match)
        asked = Asked(match, memory, self._now(), self._timers, self._random)
        return ANSWERS[match.intent](asked)
