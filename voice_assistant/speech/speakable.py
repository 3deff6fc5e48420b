"""What of an answer is said aloud, and in which portions."""
# ruff: noqa: RUF001 - the punctuation of Chinese and of print is meant

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_CLOSERS = r"[\"'”’»)\]}*_~`」』）】》〉]*"
_CANDIDATE = re.compile(rf"\n|(?P<marks>[.!?…؟।。！？｡]+){_CLOSERS}")
_VISIBLE = re.compile(r"\S")
_FULL_WIDTH = frozenset("。！？｡")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")

# Before a full stop: the word of which it is a part.
_ABBREVIATION = re.compile(
    r"""(?: (?<![^\W\d_]) (?: dr | mr | mrs | ms | prof | st | gen | sen | rep | gov | capt | lt
                | col | sgt | rev | hon | vs | cf | approx | e\.g | i\.e | jan | feb | aug | sept
                | oct | nov | dec | bzw | ca | nr | mme | mlle | sr | sra )
          | (?<!\w) (?-i: [A-Z] )             # J. Smith, and the whole of U.S., z.B.
        ) \.$""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED = re.compile(r"(?<![^\W\d_])(?:no|nos|fig|vol|p|pp|ch|sec|art|eq|v)\.$", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\s*(?:[>*+#-]\s+)*\d{1,9}\.$")

# What is one portion whatever it holds: from its first line to the line that closes it.
_BLOCKS = (
    (re.compile(r"\s*`{3}"), re.compile(r"\n[ \t>]*`{3,}[ \t]*(?=\n|$)")),
    (re.compile(r"\s*~{3}"), re.compile(r"\n[ \t>]*~{3,}[ \t]*(?=\n|$)")),
    (re.compile(r"\s*<think>"), re.compile(r"</think>")),
    (re.compile(r"\s*<details\b"), re.compile(r"</details>")),
    (re.compile(r"\s*\\\["), re.compile(r"\\\]")),
    (re.compile(r"\s*\$\$"), re.compile(r"\$\$")),
)
_BLOCK_SIGNS = "`~<\\$"


class Sentences:
    """The sentences of a text that is still being written.

    However the text is cut, the sentences are the same, and joined they are the text again, less
    white space at its end. White space between two sentences belongs to the second. Fenced code,
    a model's `<think>` part and a table are each one sentence; a line's end ends one too.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._seen = 0

    def feed(self, delta: str) -> list[str]:
        """The sentences that `delta` makes whole."""
        self._pending += delta
        return self._take(final=False)

    def pause(self) -> list[str]:
        """No more has come for a while: what could be a whole sentence is taken for one."""
        text = self._pending.rstrip()
        ends = [
            found for found in _CANDIDATE.finditer(text, self._seen) if found.end() == len(text)
        ]
        if not ends or self._pending.lstrip()[0] in _BLOCK_SIGNS + "|" or _is_part(text, " "):
            return []
        self._pending = self._pending[len(text) :]
        self._seen = 0
        return [text]

    def finish(self) -> list[str]:
        """The text is whole: what is left of it."""
        whole = self._take(final=True)
        if self._pending.strip():
            whole.append(self._pending)
        self._pending = ""
        return whole

    def _take(self, *, final: bool) -> list[str]:
        whole = []
        while (end := self._end(final=final)) is not None:
            whole.append(self._pending[:end])
            self._pending = self._pending[end:]
            self._seen = 0
        return whole

    def _end(self, *, final: bool) -> int | None:
        """Where the first pending sentence ends; None if that cannot be told yet."""
        first = _VISIBLE.search(self._pending)
        if first is None:
            return None
        start = first.start()
        if self._pending[start] in _BLOCK_SIGNS:
            if not final and len(self._pending) - start < len("<details>"):
                return None
            for opening, closing in _BLOCKS:
                if opened := opening.match(self._pending):
                    closed = closing.search(self._pending, opened.end())
                    return closed.end() if closed and (final or self._after(closed)) else None
        table = self._pending[start] == "|"
        for found in _CANDIDATE.finditer(self._pending, max(start, self._seen)):
            self._seen = found.start()
            if table and found["marks"]:
                continue
            ends = self._ends_row(found, final=final) if table else self._ends(found, final=final)
            if ends is None:
                return None
            if ends:
                return found.end() if found["marks"] else found.start()
        self._seen = len(self._pending)
        return None

    def _after(self, found: re.Match[str]) -> str:
        return self._pending[found.end() :]

    def _ends_row(self, found: re.Match[str], *, final: bool) -> bool | None:
        """Whether a table ends with this row: the next line is none of its own."""
        after = self._after(found).lstrip(" \t")
        if not after:
            return True if final else None
        return after[0] != "|"

    def _ends(self, found: re.Match[str], *, final: bool) -> bool | None:
        """Whether a sentence ends with these marks, or this line; None: more must be known."""
        marks = found["marks"]
        after = self._after(found)
        if marks is None or (after and _FULL_WIDTH & set(marks)):
            return True
        following = after.lstrip(" \t\u00a0")
        if not following:
            return True if final else None
        before = self._pending[: found.start("marks") + len(marks)]
        if not after[0].isspace():
            ended = marks[-1] in "!?" or (marks == "." and _CJK.match(before[-2:]))
            return bool(ended and _CJK.match(after))
        return not (following[0].islower() or (marks == "." and _is_part(before, following)))


def _is_part(before: str, following: str) -> bool:
    """Whether the full stop that ends `before` is part of an abbreviation or a list's number."""
    if following[0].isdigit() and _NUMBERED.search(before):
        return True
    return bool(_ABBREVIATION.search(before) or _LIST_NUMBER.fullmatch(before))


# Collapsed or thought, not said.
_HIDDEN = re.compile(r"<(think|details|script|style)\b.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_FORMULA = re.compile(r"\\\[.*?\\\]|\$\$.*?\$\$", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
_FOOTNOTE = re.compile(r"\[\^?\d+\](?!\()")
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
_WORD = re.compile(r"[^\W_]")


def speakable(markdown: str) -> str:
    """What a person would read aloud of a piece of Markdown; "" where there is nothing to say.

    Emphasis, headings, quotes and lists lose their signs (a numbered item keeps its number), links
    and images are their text, bare addresses their host. Tables are read row by row, each cell
    after its column's name. Code and formulas are named, not read; emoji, footnote marks and a
    model's thinking are left out.
    """
    text = _FORMULA.sub(" formula ", _HIDDEN.sub(" ", markdown)).strip()
    said = "\n".join(_said(_parse(text)))
    return said if _WORD.search(said) else ""


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
    text = _FOOTNOTE.sub("", _TASK.sub("", text))
    text = _LOOSE_MARKUP.sub("", _URL.sub(r"\1", text))
    return " ".join(_EMOJI.sub(" ", text).split())
