"""Finds the blocks of a Markdown text: code, formulas and hidden parts, each with its end."""

from __future__ import annotations

import re

from voice_assistant.text.hidden import THINKING

HIDDEN = rf"(?:{'|'.join(map(re.escape, THINKING))}|details|script|style|svg)"
"""The names of the tags whose text is not shown."""

ITEM = re.compile(r"\s*(?:(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])[ \t]*)*")
"""The marks of quotations and list items before the first word of a line."""

# The beginning of each block, and its end. A block is one sentence, whatever is in it.
_BLOCKS = (
    (re.compile(rf"\s*<(?P<name>{HIDDEN})(?=[\s>/])", re.IGNORECASE), None),
    (re.compile(r"\s*<!--"), re.compile(r"-->")),
)
_FORMULAS = (
    (
        re.compile(r"\s*\\begin\{(?:(?P<environment>\w{1,20}\*?)\})?"),
        re.compile(r"\\end\{\w{1,20}\*?\}"),
    ),
    (re.compile(r"\s*\\\["), re.compile(r"\\\]")),
    (re.compile(r"\s*\$\$(?!\$)"), re.compile(r"\$\$")),
)
LONGEST_FORMULA = 2000
"""Letters: text that is not closed within this length is not a formula."""

_FENCE_LINE = re.compile(ITEM.pattern + r"(?P<signs>`{3,}|~{3,})(?P<info>[^\n]*)(?P<end>\n)?")
_RULER = re.compile(r"\n~{5,}[ \t]*\n|\s*~{4,}[ \t]*(?:\n[ \t]*(?:\n|\Z)|\Z)")
"""A line of tildes under a line of text, or above an empty one, is no fence."""

BLOCK_SIGNS = ("`", "~", "<", "\\", "$")
LEAST_BLOCK = len("<details>")
"""With fewer letters a beginning may still become another one."""

OPENED = re.compile(
    rf"(?<!`)(?:<(?P<name>{HIDDEN})(?=[\s>/])|<!--|(?<!\\)(?P<formula>\\\[))", re.IGNORECASE
)
"""Beginnings within a text; in code a tag is a word like others: "Use `<details>` for this."."""

UNDECIDED = re.compile("")
"""Stands for the end of a possible block: more of the text must be known."""

_OPENINGS = (
    re.compile(ITEM.pattern + "(?:`{3,}|~{3,})"),
    *(opening for opening, _ in (*_BLOCKS, *_FORMULAS)),
)
_OPTIONAL = frozenset(closing for _, closing in _FORMULAS)
_END_OF_COMMENT = re.compile(r"-->")


def closing_of(text: str, *, final: bool) -> re.Pattern[str] | None:
    """Return the pattern of the end of the block that the text begins with; None without a block.

    Args:
        text: the text, as far as it is known.
        final: whether no more text follows; until then `UNDECIDED` may be returned.
    """
    if fence := _FENCE_LINE.match(text):
        return _end_of_fence(text, fence, final=final)
    for opening, closing in _BLOCKS:
        if opened := opening.match(text):
            return closing or end_of(opened["name"])
    for opening, usual in _FORMULAS:
        closing = usual
        if opened := opening.match(text):
            if environment := opened.groupdict().get("environment"):
                closing = end_of_environment(environment)
            if closing.search(text, opened.end(), opened.end() + LONGEST_FORMULA):
                return closing
            known = final or len(text) - opened.end() > LONGEST_FORMULA
            return None if known else UNDECIDED
    return None


def opening_end(text: str) -> int | None:
    """Return where the opening of the block ends that a text begins with; None without a block."""
    matches = (opening.match(text) for opening in _OPENINGS)
    return next((opened.end() for opened in matches if opened), None)


def _end_of_fence(text: str, fence: re.Match[str], *, final: bool) -> re.Pattern[str] | None:
    """Return the pattern of the end of fenced code: as many signs as its begin has, or more."""
    signs, info = fence["signs"], fence["info"]
    if not fence["end"] and not final:
        return UNDECIDED
    if signs[0] in info:
        return None
    if signs[0] == "~" and not info.strip():
        if not final and len(text) <= fence.end():
            return UNDECIDED
        if _RULER.match(text):
            return None
    return re.compile(rf"\n[ \t>]*{signs[0]}{{{len(signs)},}}[ \t]*(?=\n|$)")


def is_optional(closing: re.Pattern[str]) -> bool:
    """Return whether a part is a block only if its end is found; code in tildes and formulas."""
    return closing in _OPTIONAL or "~{" in closing.pattern


def end_of(name: str | None) -> re.Pattern[str]:
    """Return the end of the text hidden in a tag of this name, or without a name in a comment."""
    return re.compile(rf"</{re.escape(name)}\s?>", re.IGNORECASE) if name else _END_OF_COMMENT


def end_of_environment(name: str) -> re.Pattern[str]:
    """Return the end of TeX's environment of this name: others may be within it, or follow."""
    return re.compile(rf"\\end\{{{re.escape(name)}\}}")


def is_unclosed(text: str, opened: re.Match[str]) -> bool:
    """Return whether a part that `OPENED` has found is not closed in the text."""
    if opened["formula"]:
        return "\\]" not in text[opened.end() :]
    return not end_of(opened["name"]).search(text, opened.end())
