"""Markdown as plain text, for displays that show no markup, such as notifications."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

LONGEST = 20_000
"""Letters: a longer text is shown as it is written, because parsing it takes too long."""

_UNCLOSED = re.compile(r"\*\*|__|~~|`+")
_HALF_ADDRESS = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*$")
_MARKS = "*_~`"  # at the end of a text they close what is closed anyway, or are half a mark
_RULER = "———"


def plain(markdown: str) -> str:
    """Return the words of `markdown`, with lists and paragraphs as lines.

    The beginning of a text that is still being written becomes the beginning of the result: marks
    whose end has not come yet are left out, too.
    """
    if len(markdown) > LONGEST:
        return markdown
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415  (see _parser)

    beginning = _HALF_ADDRESS.sub(r"\1", markdown.rstrip(_MARKS))
    return "\n".join(_lines(SyntaxTreeNode(_parser().parse(beginning)))).strip()


@cache
def _parser() -> MarkdownIt:
    """Return the parser, which takes 20 ms to load."""
    from markdown_it import MarkdownIt  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # An item of a nested list is indented and no code; a line under another is no heading.
    return parser.disable(["code", "lheading"])


def _lines(node: SyntaxTreeNode) -> Iterator[str]:
    match node.type:
        case "inline":
            yield "".join(_words(node))
        case "fence" | "code_block":
            yield node.content.rstrip("\n")
        case "hr":
            yield _RULER
        case "bullet_list" | "ordered_list":
            first = int(node.attrs.get("start", 1))
            for number, item in enumerate(node.children, first):
                mark = "• " if node.type == "bullet_list" else f"{number}. "
                text = "\n".join(_lines(item))
                yield mark + text.replace("\n", "\n  ")
        case "tr":
            yield " | ".join("\n".join(_lines(cell)) for cell in node.children)
        case _:
            blocks = ("\n".join(_lines(child)) for child in node.children)
            yield ("\n\n" if node.type == "root" else "\n").join(blocks)


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        match child.type:
            case "text":
                yield _UNCLOSED.sub("", child.content)
            case "code_inline":
                yield child.content
            case "softbreak" | "hardbreak":
                yield "\n"
            case "image":
                yield child.content
            case _:
                yield from _words(child)
