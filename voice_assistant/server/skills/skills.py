"""Questions in, answers out: what can be answered without a model."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

from voice_assistant.errors import StorageError, sentences
from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills import (
    arithmetic,
    asking_back,
    choosing,
    consent,
    several,
    sums,
    timing,
)
from voice_assistant.server.skills.correction import corrected, which_number
from voice_assistant.server.skills.intent_table import ANSWERS, CHANGES, KEEPS
from voice_assistant.server.skills.matcher import Matcher
from voice_assistant.server.skills.offers import offer
from voice_assistant.server.skills.regret import regret
from voice_assistant.server.skills.reply import (
    FRESH,
    WISH,
    Answer,
    Asked,
    Means,
    Memory,
    NotUnderstood,
    Reply,
    Unanswered,
)
from voice_assistant.server.skills.words import negated, plain
from voice_assistant.system import local_time
from voice_assistant.text.letters import letters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

log = logging.getLogger(__name__)

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
        self,
        question: str,
        memory: Memory,
        certainty: Certainty = Certainty.TYPED,
        perhaps: str = "",
    ) -> Reply | Unanswered:
        """Return the answer to a question.

        Words that may have been misheard are asked back if they change something, or are not
        understood. A chat model copes with some wrong words: where there is one, only guessed
        words that are not understood are asked back.

        Args:
            question: the words.
            memory: the memory of the conversation.
            certainty: how surely the words were heard; words that come again are sure.
            perhaps: the command that may have been said instead of unsure words; "" without one.
        """
        matcher = await self._loaded()
        again = letters(question) in ("", letters(memory.details.get(WISH, "")))
        unsure = certainty in (Certainty.UNSURE, Certainty.GUESSED) and not again
        try:
            asked, answer = await self._answered(matcher, question, memory, unsure=unsure)
        except NotUnderstood:
            plausible = certainty is not Certainty.GUESSED and self._means.chat_model.access
            if not unsure or plausible:
                return Unanswered(question)
            asked, answer = memory.question, _asked_back(question, memory, perhaps)
        if answer.instead:
            return await self.reply(answer.instead, memory.after(""))
        return Reply(answer.text, answer.suggestions, _remembered(answer, memory, asked))

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
            return await self._each_answered(matcher, question, memory, unsure=unsure)
        if len(meant) > 1:
            return memory.question, which_number(meant)
        answer = await self._answer(matcher, meant[0], memory)
        if answer.details.get(FRESH) == "set" and memory.details.get(FRESH) == "set":
            for timer_id in memory.details["timers"].split():
                self._means.timers.cancel(timer_id)
        return meant[0], answer

    async def _each_answered(
        self, matcher: Matcher, question: str, memory: Memory, *, unsure: bool
    ) -> tuple[str, Answer]:
        """Return the last of several wishes in one utterance, and the answer to all of them.

        Raises:
            NotUnderstood: they are not clear, or one of them is not wanted.
        """
        if len(question) > LONGEST or negated(plain(question).text):
            raise NotUnderstood
        wishes = several.wishes(question, matcher)
        if unsure and any(wish.intent in KEEPS for wish in wishes):
            return question, consent.did_you_say(question, memory)
        answers: list[Answer] = []
        for wish in wishes:
            try:
                answers.append(await self._answer(matcher, wish.words, memory))
            except NotUnderstood:
                if not answers:
                    raise
                answers.append(Answer(f"I cannot do this: {consent.read_back(wish.words)}."))
            memory = _remembered(answers[-1], memory, wish.words)
        if not answers:
            raise NotUnderstood
        answers.sort(key=lambda answer: choosing.WHICH in answer.details)
        if choosing.WHICH in answers[-1].details:  # what was asked is to be answered next
            memory = _remembered(answers[-1], memory, memory.question)
        text = " ".join(answer.text for answer in answers)
        answer = Answer(text, answers[-1].suggestions, memory.topic, memory.details)
        return memory.question, answer

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
        if choosing.WHICH in memory.details and (
            chosen := choosing.choice(question, self._means.timers.list(), memory)
        ):
            return await self._chosen(matcher, chosen, memory)
        wish = matcher.wish(question)
        if wish is None:
            raise NotUnderstood
        log.debug("understood %r as %s", question, wish.match)
        asked = Asked(wish.match, memory, self._now(), self._random, self._means, question)
        if wish.match.intent in CHANGES and wish.negated:
            return timing.nothing(asked)
        if unsure and wish.match.intent in KEEPS:
            return consent.did_you_say(question, memory)
        try:
            answer = ANSWERS[wish.match.intent](asked)
        except StorageError as error:
            return Answer(sentences(error.title, error.hint))
        return answer if isinstance(answer, Answer) else await answer

    async def _chosen(self, matcher: Matcher, choice: Answer, memory: Memory) -> Answer:
        """Return the answer to the wish for which a timer was chosen."""
        if not choice.instead:
            return choice
        return await self._answer(matcher, choice.instead, _remembered(choice, memory, ""))


def _remembered(answer: Answer, memory: Memory, question: str) -> Memory:
    """Return the memory after the answer to this question."""
    about = answer if answer.topic else memory.after("")
    return Memory(about.topic, about.details, answer.text, question=question)


def _asked_back(question: str, memory: Memory, perhaps: str) -> Answer:
    """Return what is said to words that may have been misheard and are not understood."""
    if perhaps:
        return consent.did_you_say(perhaps, memory)
    if sentence := offer(question):
        return consent.do_you_mean(sentence, memory)
    return consent.did_you_say(question, memory)


def _warm_matcher() -> Matcher:
    """Return a matcher that has matched once: hassil compiles the templates only then (0.2 s)."""
    matcher = Matcher()
    matcher.match(plain("hello"))
    return matcher
