"""Finds text that models write beside their answer: thinking, tool calls, signs of chat formats.

The tables are data: to know one more tag, add its name.
"""
# ruff: noqa: RUF001 - the bars and brackets of models are meant

from __future__ import annotations

import re
from typing import NamedTuple

THINKING = (
    *("think", "thinking", "thought", "thoughts", "reasoning", "reason", "reflection"),
    *("reflect", "scratchpad", "deliberation", "chain_of_thought", "inner_monologue"),
    *("internal_monologue", "internal_thoughts", "inner_thoughts", "antthinking"),
    *("antml:thinking", "seed:think", "cot", "monologue", "thinking_process", "thought_process"),
    *("reasoning_process", "internal_reasoning", "inner_thought", "self_reflection"),
    "search_quality_reflection",
)
"""Names of tags around thinking."""

THINKING_FIRST = ("analysis", "rationale", "planning", "brainstorm", "brainstorming")
"""Names of tags around thinking, but only where an answer begins with one and goes on behind it:
else they may hold the answer itself."""

WRAPPERS = ("final", "final_response", "response", "reply", "output", "result")
"""Names of tags around a whole answer; elsewhere they are words."""

TOOLS = (
    *("tool_call", "tool_calls", "toolcall", "tool_use", "tool_code", "tool_output"),
    *("tool_response", "tool_responses", "tool_result", "tool_results", "function_call"),
    *("function_calls", "function_response", "function_result", "function_results"),
    *("function", "invoke", "minimax:tool_call", "antml:function_calls", "antml:invoke"),
    *("use_mcp_tool", "mcp_tool_call"),
)
"""Names of tags around calls of tools, and around what the tools returned."""

_ANY_THINKING = "|".join(map(re.escape, THINKING))
_NAMES = f"{_ANY_THINKING}|{'|'.join(map(re.escape, TOOLS))}"
_KNOWN = (*THINKING, *TOOLS, *THINKING_FIRST, *WRAPPERS)
_ATTRIBUTES = r"(?:[\s=][^<>]{0,400}?)?"
_LONGEST_TAG = 500
"""Letters: text with a tag's name that is not closed within this length is not a tag."""

_BARS = "[|｜]"
OPENING = re.compile(rf"<(?P<name>{_NAMES}){_ATTRIBUTES}(?P<empty>/)?>", re.IGNORECASE)
"""A tag that begins thinking or a tool's block; an `empty` tag also ends it."""
CLOSING = re.compile(
    rf"</\s?(?P<name>{_NAMES}|{'|'.join(WRAPPERS)})\s?>"
    rf"|\[/(?P<bracket>THINK|THINKING|REASONING|TOOL_CALLS)\]|◁/(?P<moon>think)▷",
    re.IGNORECASE,
)
_UNFINISHED_TAG = re.compile(r"<(/?)\s?([\w:]*)(?:([\s=/])[^<>]*)?\Z")
_BRACKETED = re.compile(
    r"\[(?P<name>THINK|THINKING|REASONING|TOOL_CALLS?|TOOL_RESULTS|AVAILABLE_TOOLS)\]",
    re.IGNORECASE,
)
_MOON = re.compile("◁think▷")
_LITERALS = (
    *("[think]", "[/think]", "[thinking]", "[/thinking]", "[reasoning]", "[/reasoning]"),
    *("[tool_call]", "[tool_calls]", "[/tool_calls]", "[tool_results]", "[available_tools]"),
    *("◁think▷", "◁/think▷"),
    *("<answer>", "</answer>", "<final_answer>", "</final_answer>"),
    *(
        "<end_of_turn>",
        "<start_of_turn>",
        "</end_of_turn>",
        "</start_of_turn>",
        "<eos>",
        "<bos>",
        "<pad>",
    ),
    *("<unk>", "[inst]", "[/inst]"),
)

_FIRST = re.compile(
    rf"<(?P<name>{'|'.join((*THINKING_FIRST, *WRAPPERS))}){_ATTRIBUTES}>", re.IGNORECASE
)

# Signs of chat formats: <|im_end|>, <|channel|>analysis<|message|>
SPECIAL = re.compile(
    rf"<{_BARS}(?P<name>[^|｜<>\n]{{1,60}}){_BARS}>|</?(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>|\[/?INST\]"
)
_ANSWER = re.compile("</?(?:final_)?answer>", re.IGNORECASE)
"""Around the answer itself, where a prompt asks for thinking and answer in tags."""
_UNFINISHED_SPECIAL = re.compile(rf"<{_BARS}[^|｜<>\n]{{0,60}}{_BARS}?\Z")
_ROLES = ("assistant", "system", "model", "user", "tool")
_ROLE = re.compile(rf"(?:{'|'.join(_ROLES)})?\n?")
_CHANNEL = re.compile(r"<\|channel\|>\s*(?P<name>\w*)[^<]{0,120}<\|message\|>")
_UNFINISHED_CHANNEL = re.compile(r"<\|channel\|>[^<]{0,130}(?:<[|a-z]{0,10})?\Z")
_END_OF_CHANNEL = re.compile(r"<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)")
_ENDS = re.compile(r"\A/|(?:\A|_)end(?:_|\Z)")
_BEGINS = re.compile(r"(?:\A|(?<=_))(?:begin|start)(?=_|\Z)")
_THINKS = re.compile(r"think|thought|reason")
_CALLS = re.compile(r"tool|function|action|python_tag|plugin|interpreter")

# Dify 0.15.3 makes of <think>: <details style="..." open> <summary> Thinking... </summary>
_DETAILS = re.compile(
    r"<details\b[^<>]{0,400}>\s{0,40}<summary\b[^<>]{0,200}>(?P<title>[^<]{0,200})</summary>",
    re.IGNORECASE,
)
_UNFINISHED_DETAILS = re.compile(
    r"<details\b[^<>]*(?:>\s*(?:<[^<>]*(?:>[^<]*(?:<[^<>]*)?)?)?)?\Z", re.IGNORECASE
)
_TITLE_OF_THINKING = re.compile(
    r"think|thought|reason|deliberat|nachdenk|denkt|gedank|réflexion|raisonn|pensamiento|pensando"
    r"|pensiero|思考|推理|思维|思維|생각|추론|размышл|рассужд|мысл",
    re.IGNORECASE,
)

_END_OF_THINKING = re.compile(
    rf"</\s?(?:{_ANY_THINKING})\s?>|\[/(?:THINK|THINKING|REASONING)\]|◁/think▷"
    rf"|<{_BARS}[^|｜<>\n]{{0,30}}(?:/|end)[^|｜<>\n]{{0,30}}(?:think|thought|reason)"
    rf"[^|｜<>\n]{{0,30}}{_BARS}>",
    re.IGNORECASE,
)
_END_OF_DETAILS = re.compile("</details>", re.IGNORECASE)
_END_OF_CALLS = re.compile(r"\[/TOOL_CALLS?\]|\}\s*\]|\n(?=[^\s\[\]{}\"])", re.IGNORECASE)
_END_OF_MESSAGE = rf"<{_BARS}(?:eom_id|eot_id|im_end|end|call){_BARS}>"

_WORD_BEFORE = re.compile(r"[\w,;:] \Z")
_WORD_AFTER = re.compile(r" [^\W\d_]|[.,;:!?)]")
_QUOTES_BEFORE, _QUOTES_AFTER = "\"'“‘«„「『(", "\"'”’»“」』)"


class Mark(NamedTuple):
    """A sign that does not belong to the answer's words.

    Attributes:
        length: the sign's letters.
        until: the end of the block that the sign begins; None if the sign begins no block.
        bare: whether the sign ends thinking whose begin was not sent: all text before is thinking.
        doubtful: whether the block is the answer after all, if nothing follows it.
    """

    length: int
    until: re.Pattern[str] | None = None
    bare: bool = False
    doubtful: bool = False


UNDECIDED = Mark(0)
"""Stands for a mark that cannot be decided before more of the text is known."""


def mark_at(  # noqa: PLR0911 (each kind of mark is a way out)
    text: str, at: int, *, before: str, final: bool, first: bool = False
) -> Mark | None:
    """Find the mark that begins at one of `<`, `[` and `◁`.

    Args:
        text: the answer, or a part of it.
        at: the place in the text.
        before: the letters before that place; two are enough.
        final: whether the text is complete.
        first: whether the answer has no visible words before that place.

    Returns:
        The mark; None if there is no mark; `UNDECIDED` if that is not known yet.
    """
    if closing := CLOSING.match(text, at):
        after = text[closing.end() : closing.end() + 2]
        known = final or len(after) >= 2 or not _may_be_word(before)  # noqa: PLR2004 - as `is_word` looks at
        if not known:
            return UNDECIDED
        if is_word(before, after):
            return None
        thinks = bool(_END_OF_THINKING.match(text, at))
        return Mark(closing.end() - at, bare=thinks)
    found = (_at_begin(text, at) if first else None) or _opening(text, at, final=final)
    if found and found is not UNDECIDED and text[at] in "<[" and text[at + 1 : at + 2] not in "|｜":
        after = text[at + found.length : at + found.length + 2]
        if len(after) < 2 and not final:  # noqa: PLR2004 - as `is_word` looks at
            return UNDECIDED
        if is_word(before, after):
            return None
    if found is None and not final:
        return UNDECIDED if _unfinished(text[at : at + _LONGEST_TAG + 1]) else None
    return found


def is_word(before: str, after: str) -> bool:
    """Return whether a tag between these letters is a word: "the <think> tag", "(<think>)"."""
    if before[-1:] and after[:1] and before[-1] in _QUOTES_BEFORE and after[0] in _QUOTES_AFTER:
        return True
    return bool(_WORD_BEFORE.search(before) and _WORD_AFTER.match(after))


def _may_be_word(before: str) -> bool:
    """Return whether a tag behind these letters is a word, if the right ones follow."""
    return before.endswith(tuple(_QUOTES_BEFORE)) or bool(_WORD_BEFORE.search(before))


def _at_begin(text: str, at: int) -> Mark | None:
    """Return the mark of a tag that is one only where an answer begins with it."""
    if not (found := _FIRST.match(text, at)):
        return None
    length, name = found.end() - at, found["name"].lower()
    return Mark(length) if name in WRAPPERS else Mark(length, _end_of(name), doubtful=True)


def _opening(text: str, at: int, *, final: bool) -> Mark | None:  # noqa: PLR0911 (each kind is a way out)
    if found := OPENING.match(text, at):
        length = found.end() - at
        if found["empty"]:
            return Mark(length)
        name = found["name"].lower()
        return Mark(length, _END_OF_THINKING if name in THINKING else _end_of(name))
    if found := _BRACKETED.match(text, at):
        thinks = not found["name"].upper().startswith(("TOOL", "AVAIL"))
        return Mark(found.end() - at, _END_OF_THINKING if thinks else _END_OF_CALLS)
    if found := _MOON.match(text, at):
        return Mark(found.end() - at, _END_OF_THINKING)
    if found := _DETAILS.match(text, at):
        if _TITLE_OF_THINKING.search(found["title"]):
            return Mark(found.end() - at, _END_OF_DETAILS)
        return None
    if found := _CHANNEL.match(text, at):
        final_one = found["name"] == "final"
        return Mark(found.end() - at, None if final_one else _END_OF_CHANNEL)
    if found := _ANSWER.match(text, at):
        return Mark(found.end() - at)
    if found := SPECIAL.match(text, at):
        return _special(text, found, final=final)
    return None


def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</\s?{re.escape(name)}\s?>", re.IGNORECASE)


def _special(text: str, found: re.Match[str], *, final: bool) -> Mark:  # noqa: PLR0911 (each kind is a way out)
    """Return the mark of a chat format's sign, with the role that follows some signs."""
    at, end = found.span()
    name = (found["name"] or "start").replace("▁", "_").lower()
    if name == "channel" and not final and _UNFINISHED_CHANNEL.match(text, at):
        return UNDECIDED
    if _ENDS.search(name):
        return Mark(end - at, bare=bool(_THINKS.search(name)))
    if _THINKS.search(name):
        return Mark(end - at, _END_OF_THINKING)
    if _CALLS.search(name):
        closing = re.escape(_BEGINS.sub("end", name)).replace("_", "[_▁]")
        own = rf"<{_BARS}/?{closing}{_BARS}>"
        until = own if _BEGINS.search(name) else f"{own}|{_END_OF_MESSAGE}"
        return Mark(end - at, re.compile(until, re.IGNORECASE))
    if name in {"start", "im_start", "start_header_id", "start_of_role"}:
        follows = text[end : end + 10]
        if not final and any(role.startswith(follows) for role in _ROLES):
            return UNDECIDED
        role = _ROLE.match(text, end)
        return Mark((role.end() if role else end) - at)
    return Mark(end - at)


def _unfinished(tail: str) -> bool:  # noqa: PLR0911 (each kind is a way out)
    """Return whether the text's end may be the begin of a mark."""
    if len(tail) > _LONGEST_TAG:
        return False
    lower = tail.lower()
    if any(literal.startswith(lower) for literal in _LITERALS):
        return True
    if _UNFINISHED_SPECIAL.match(tail) or _UNFINISHED_CHANNEL.match(tail):
        return True
    if found := _UNFINISHED_TAG.match(lower):
        closes, name, more = found[1], found[2], found[3]
        if name == "details" and more and not closes:
            return True
        if more:
            return name in _KNOWN
        return any(known.startswith(name) for known in (*_KNOWN, "details"))
    return bool(_UNFINISHED_DETAILS.match(tail))
