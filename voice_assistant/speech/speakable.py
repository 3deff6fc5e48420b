"""What of an answer is said aloud: Markdown as a person would read it."""
# ruff: noqa: RUF001 - the punctuation of Chinese is meant

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# Collapsed or thought, not said.
_HIDDEN = re.compile(
    r"<(think|details|script|style)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_FORMULA = re.compile(
    r"\\\[.*?\\\]|\$\$.*?\$\$|\\begin\{.*\\end\{\w+\*?\}"
    r"|\\\((?P<in_brackets>.*?)\\\)|(?<![\w$\\`])\$(?=\S)(?P<in_dollars>[^$\n`]*?)(?<=\S)\$(?![\w`])",
    re.DOTALL,
)
_READABLE_FORMULA = re.compile(r"[^\\^_{}]*")
_TIMES = re.compile(r"(?<=\d) ?\* ?(?=\d)")
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
_FOOTNOTE = re.compile(r"\[(?:\^[^\]\s]+|\d+)\](?!\():?")
_BULLET = re.compile(r"^[•◦▪●‣·–—]\s+")
_TASK = re.compile(r"^\[[ xX]\] ")
_URL = re.compile(
    r"(?<![A-Za-z0-9])(?:https?://|www\.)(?:www\.)?([\w.-]*\w)(?::\d+)?(?:[/?#][^\s<>()（）。，]*\w/?)?"
)
# Emphasis whose other half is in another sentence. A sign between two spaces or in a name stays.
_LOOSE_MARKUP = re.compile(r"(?<!\w)[*_~]+(?=\S)|(?<=\S)[*_~]+(?!\w)|\*{2,}|~~|`+")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff"
    "\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+"
)
_ORPHAN = re.compile(r" (?=[,.](?: |$))")  # what an emoji or a footnote mark left behind
_WORD = re.compile(r"[^\W_]")


def speakable(markdown: str) -> str:
    """What a person would read aloud of a piece of Markdown; "" where there is nothing to say.

    Emphasis, headings, quotes and lists lose their signs (a numbered item keeps its number), links
    and images are their text, bare addresses their host. Tables are read row by row, each cell
    after its column's name. Code and formulas are named, not read; emoji, footnote marks and a
    model's thinking are left out.
    """
    text = _FORMULA.sub(_formula, _HIDDEN.sub(" ", markdown)).strip()
    text = _TIMES.sub(" × ", text)
    said = "\n".join(_said(_parse(text)))
    return said if _WORD.search(said) else ""


def _formula(found: re.Match[str]) -> str:
    """A formula within a line is read if it has none of TeX's signs, as in $x = 5$."""
    inside = found["in_brackets"] or found["in_dollars"]
    return inside if inside and _READABLE_FORMULA.fullmatch(inside) else " formula "


def _parse(text: str) -> SyntaxTreeNode:
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - see _parser

    return SyntaxTreeNode(_parser().parse(text))


@cache
def _parser() -> MarkdownIt:
    """The parser: loaded when the first answer is spoken, for it takes 20 ms."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - see above

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # An item of a nested list is indented and no code; a line under another is no heading.
    return parser.disable(["code", "lheading"])


def _said(node: SyntaxTreeNode) -> Iterator[str]:
    """What each block within `node` says."""
    match node.type:
        case "inline":
            if words := _plain("".join(_inline(node))):
                yield words
        case "list_item":
            said = [words for child in node.children for words in _said(child)]
            yield f"{node.info}. " * bool(node.info) + "\n".join(said)
        case "table":
            yield from _rows(node)
        case "fence":
            yield "code block"
        case "html_block":
            yield _plain(_TAG.sub(" ", node.content))
        case _:
            for child in node.children:
                yield from _said(child)


def _rows(table: SyntaxTreeNode) -> Iterator[str]:
    cells = [
        [_plain("".join(_inline(cell))) for cell in row.children]
        for part in table.children
        for row in part.children
    ]
    names, *rows = cells
    for row in rows or [names]:
        pairs = zip(names, row, strict=False)
        yield ", ".join(
            f"{name}: {cell}" if rows and name else cell for name, cell in pairs if cell
        )


def _inline(node: SyntaxTreeNode) -> Iterator[str]:
    """The words within a line."""
    match node.type:
        case "text" | "code_inline":
            yield node.content
        case "softbreak" | "hardbreak":
            yield " "
        case "html_inline":
            yield " " * node.content.startswith("<br")
        case _:
            for child in node.children:
                yield from _inline(child)


def _plain(text: str) -> str:
    text = _FOOTNOTE.sub("", _BULLET.sub("", _TASK.sub("", text)))
    text = _LOOSE_MARKUP.sub("", _URL.sub(r"\1", text))
    return _ORPHAN.sub("", " ".join(_EMOJI.sub(" ", text).split()))
