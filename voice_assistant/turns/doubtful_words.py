"""Tells whether words that were heard in an answer are probably not a person's. Pure.

What stays of the answer's echo, and a word that the answer half covers, are heard as words, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.hearing.echoed_words import echoed

if TYPE_CHECKING:
    from voice_assistant.api.models import Transcript
    from voice_assistant.command_words.meaning import Meaning
    from voice_assistant.turns.occasion import Occasion

SCRAP_WORDS, SCRAP_S = 2, 1.0
"""Words, and seconds of speech, of which nothing is asked if they were said into an answer and may
have been misheard: the answer stays paused for a moment, and a "stop" that was not understood can
be said again. Half covered, it was once heard as "Well, he's tight"."""

FAINT_DBFS = -35.0
"""The level of what was said into an answer below which a guess is no command: what stays of an
echo was taken for "Wait a minute" and the like at -39 to -49 dBFS, people have -18 to -24 dBFS."""


def doubt(
    found: Transcript,
    question: str,
    meaning: Meaning | None,
    occasion: Occasion,
    *,
    speech_s: float,
    voice_dbfs: float | None,
) -> str:
    """Return why these words are probably not what a person has said; "" if they are.

    Args:
        found: all that was heard.
        question: the words without the wake word.
        meaning: what they mean if they are a command.
        occasion: why the turn listened.
        speech_s: seconds of speech.
        voice_dbfs: the level of the speech, if there was any.
    """
    if not meaning and _is_scrap(found, question, occasion, speech_s):
        return "too little was understood of what was said into the answer"
    # Over an alarm, in a pause, and where nothing plays any more, there is no echo to hear.
    if not occasion.into_answer or occasion.over_alarm or occasion.in_pause:
        return ""
    faint = voice_dbfs is not None and voice_dbfs < FAINT_DBFS
    if faint and found.guessed and not occasion.again:
        return "what was heard is as faint as what stays of the answer's echo"
    # A command that was surely heard is obeyed: an answer may say what can be said to it.
    if not (meaning and found.sure) and echoed(question, occasion.spoken):
        return "what was heard is what the assistant has just said"
    return ""


def _is_scrap(found: Transcript, question: str, occasion: Occasion, speech_s: float) -> bool:
    """Return whether words are what a recogniser makes of one that was half covered."""
    unsure = occasion.into_answer and not found.sure
    return unsure and (len(question.split()) <= SCRAP_WORDS or speech_s < SCRAP_S)
