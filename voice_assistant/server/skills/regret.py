"""Says that a question cannot be answered: honestly, in two short sentences, then in one."""

from __future__ import annotations

import re

from voice_assistant.server.heard import Certainty
from voice_assistant.server.skills.consent import read_back
from voice_assistant.server.skills.model_choice import SETUP, USE
from voice_assistant.server.skills.reply import Answer
from voice_assistant.server.skills.talk import EXAMPLES, HELP
from voice_assistant.text.languages import script_of

ALARM = re.compile(r"\b(?:alarm|wake|remind|reminder|get me up)\b", re.IGNORECASE)
REGULARLY = re.compile(
    r"\b(?:every|each|daily|weekly|monthly|hourly|yearly|annually|nightly|weekdays|weekends"
    r"|recurring|repeating|(?:once|twice|times) an?|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b",
    re.IGNORECASE,
)
REGULAR_EXAMPLE = "Wake me up every day at 7"
ALARM_EXAMPLES = ("Wake me up at 7 AM", "Remind me in ten minutes to stretch", HELP)
ENGLISH_ONLY = "我只听得懂英文。"
IN_ENGLISH = "可以用英文问时间、做计算、换算单位、设定闹钟和提醒。连接聊天模型就能用中文回答。"
"""Says in Chinese that English is understood; what can be asked in it; that a chat model may know
Chinese."""
ASKS = re.compile(
    r"\W*(?:please )?(?:(?:and|but|so|well) )?"
    r"(?:who|whose|whom|what|where|when|why|which|how|is|are|was|were|does|did|has|had"
    r"|tell me|explain|describe|define|look up|search|find out|(?:the )?(?:weather|news))\b",
    re.IGNORECASE,
)
"""How questions begin; other words are wishes."""


def regret(question: str, certainty: Certainty, times_before: int, offered: str = "") -> Answer:
    """Return what is said to a question that no skill understands.

    Args:
        question: the words.
        certainty: whether they were heard.
        times_before: how many questions in a row had no answer before this one.
        offered: the server of a chat model that could answer; "" without one.
    """
    words = read_back(question)
    suggestions = (USE if offered else SETUP, HELP, EXAMPLES[0])
    if script_of(question) == "zh":
        return Answer(ENGLISH_ONLY + ("" if times_before else IN_ENGLISH), suggestions)
    if ALARM.search(question) and REGULARLY.search(question):
        text = f"Nothing is set: I did not understand how often. Say: {REGULAR_EXAMPLE.lower()}."
        return Answer(text, (REGULAR_EXAMPLE, *ALARM_EXAMPLES[:2]))
    if ALARM.search(question):
        text = "Nothing is set: I did not find a time that I know. Say: wake me up at 7 AM."
        return Answer(text, ALARM_EXAMPLES)
    cannot = f"I cannot {'look that up' if ASKS.match(question) else 'do that'} yet"
    if not words:
        text = "There was no question."
    elif times_before:
        text = f"{cannot}."
    elif certainty is Certainty.HEARD:
        text = f"I heard: {words}. {cannot}."
    else:
        text = f"{cannot}." if offered else f"{cannot}. Ask me what I can do."
    if offered and not times_before:
        text = f"{text} {offered} on this machine may know: say, use the chat model."
    return Answer(text, suggestions)
