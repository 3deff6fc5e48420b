"""What of an answer is said aloud: Markdown as a person would read it."""
# ruff: noqa: RUF001 - the punctuation of Chinese is meant

from __future__ import annotations

import html
import re
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.text.formulas import readable
from voice_assistant.text.languages import script_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# Collapsed or thought, not said. In code it is spoken of: put it into a `<script>`.
_HIDDEN = re.compile(
    r"(?<!`)(?:<(think|details|script|style)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(
    r"""(?P<code>`+[^`\n]*`+)
      | \\\[(?P<shown>.*?)\\\] | (?<!\$)\$\$(?P<in_two>[^$]+)\$\$(?!\$)
      | \\begin\{.*\\end\{\w+\*?\} | \\\((?P<in_brackets>.*?)\\\)
      | (?<![A-Za-z0-9$\\])\$(?=\S)(?P<in_one>[^$\n`]+?)(?<=\S)\$(?![A-Za-z0-9$])""",
    re.DOTALL | re.VERBOSE,
)
_TIMES = re.compile(r"(?<=\d) ?\* ?(?=\d)")
# 10<sup>6</sup> is not 106, nor is 10**6.
_POWER = re.compile(
    r"(?<![^\W\d_]{2})<sup>(?=[-+−]?\d)|(?<=[0-9A-Za-z)])(?:\*\*|[ ]\*\*[ ])(?=\d+(?![\d*]))"
)
_TAG = re.compile(r"</?(?P<name>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>|<![^>]*>")
_ELEMENT = re.compile(
    r"|a|abbr|b|big|blockquote|br|center|cite|code|d[dlt]|del|details|div|em|figcaption|figure|font"
    r"|h[1-6r]|i|img|input|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|span|strike|strong|sub|summary|sup"
    r"|table|tbody|t[dhr]|tfoot|thead|think|time|tt|u|ul|var",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[\[\]]")  # of code: x[2]
_FOOTNOTE = re.compile(
    r"\[(?:\^[^\]\s]+|[1-9]\d*)\](?!\():?|【[^】]*†[^】]*】|(?<=\S)【\d+】(?!\w)"
)
_CITED = re.compile(r"\d\d?")  # the words of a link to a source
# Settings → Privacy, and Settings > Privacy, which is no comparison
_THEN = re.compile(
    r"(?<=\S) *[→⇒] *|(?<=[^\W\d_][^\W\d_”\"」】]) +> +(?=[“\"「【]?[A-Z\u4e00-\u9fff][\w-])"
)
_NEXT_CELL = re.compile(r" +\| +")  # where rows of a table have no bars around them
_BULLET = re.compile(r"^[•◦▪●‣·–—→*]\s+")
_TASK = re.compile(r"^\[[ xX]\] ")
_URL = re.compile(
    r"(?<![A-Za-z0-9])(?:https?://|www\.)(?:www\.)?([\w.-]*\w)(?::\d+)?(?:[/?#][^\s<>()（）。，]*\w/?)?"
)
# Emphasis whose other half is in another sentence. A sign between two spaces or in a name stays.
_LOOSE_MARKUP = re.compile(r"(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|\*{2,}|~~|`+")
# A joiner elsewhere is part of a word, in Sinhala for example.
_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff"
    "\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]\u200d?)+"
)
_ORPHAN = re.compile(r" (?=[,.](?: |$))")  # what an emoji or a footnote mark left behind
_WORD = re.compile(r"[^\W_]")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)


class _Named(NamedTuple):
    """What is said of that which nobody would read."""

    code: str
    formula: str
    yes: str
    no: str


_ENGLISH = _Named("code block", "formula", "yes", "no")
_NAMED = {
    "ja": _Named("コードブロック", "数式", "あり", "なし"),
    "ko": _Named("코드 블록", "수식", "예", "아니요"),
    "ru": _Named("блок кода", "формула", "да", "нет"),
    "zh": _Named("代码块", "公式", "是", "否"),
}
_ENDS = (".", "!", "?", "。", "！", "？")
_YES = re.compile("[✅✔✓☑]\ufe0f?")
_NO = re.compile("[❌✗✘✖❎]\ufe0f?")


def speakable(markdown: str, within: str = "") -> str:
    """What a person would read aloud of a piece of Markdown; "" where there is nothing to say.

    Emphasis, headings, quotes and lists lose their signs (a numbered item keeps its number), links
    and images are their text, bare addresses their host. Tables are read row by row, each cell
    after its column's name, a tick in a cell is a word. Simple formulas are read, others and code
    are named; tags of HTML, emoji, footnote marks, citations and a model's thinking are left out.

    Args:
        markdown: all of a sentence, or more.
        within: the text that it is a part of, where there is more; its letters tell by which words
            code is named.
    """
    words = _FORMULA.sub("", _CODE.sub("", within or markdown))
    named = _NAMED.get(script_of(words), _ENGLISH)
    text = _FORMULA.sub(partial(_formula, named), _HIDDEN.sub(" ", markdown)).strip()
    text = _TIMES.sub(" × ", _POWER.sub("^", text))
    said = "\n".join(_said(_parse(text), named))
    return said if _WORD.search(said) else ""


def _formula(named: _Named, found: re.Match[str]) -> str:
    """A simple formula is read, as in $x = 5$."""
    if found["code"]:
        return found[0]
    inside = found["shown"] or found["in_two"] or found["in_brackets"] or found["in_one"]
    said = readable(inside) if inside else None
    return f" {named.formula} " if said is None else said


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


def _said(node: SyntaxTreeNode, named: _Named) -> Iterator[str]:
    """What each block within `node` says."""
    match node.type:
        case "inline":
            if words := _plain("".join(_inline(node))):
                yield words
        case "list_item":
            said = [words for child in node.children for words in _said(child, named)]
            yield f"{node.info}. " * bool(node.info) + "\n".join(said)
        case "table":
            yield from _rows(node, named)
        case "fence":
            yield named.code
        case "html_block":
            if words := _plain(html.unescape(_TAG.sub(_tag, node.content))):
                yield words
        case _:
            for child in node.children:
                yield from _said(child, named)


def _rows(table: SyntaxTreeNode, named: _Named) -> Iterator[str]:
    cells = [
        [_cell("".join(_inline(cell)), named) for cell in row.children]
        for part in table.children
        for row in part.children
    ]
    names, *rows = cells
    for row in rows or [names]:
        pairs = zip(names, row, strict=False)
        said = ", ".join(
            f"{name}: {cell}" if rows and name else cell for name, cell in pairs if cell
        )
        if said:
            yield said if said.endswith(_ENDS) else f"{said}."


def _cell(text: str, named: _Named) -> str:
    """What a cell says: a tick alone is a word, a dash alone is nothing."""
    for sign, word in ((_YES, named.yes), (_NO, named.no)):
        if sign.fullmatch(text.strip()):
            return word
    words = _plain(text)
    return words if _WORD.search(words) else ""


def _inline(node: SyntaxTreeNode) -> Iterator[str]:
    """The words within a line."""
    match node.type:
        case "text":
            yield _FOOTNOTE.sub("", node.content)
        case "code_inline":
            yield _BRACKETS.sub(" ", _TAG.sub(r" \g<name> ", node.content)).strip()
        case "softbreak" | "hardbreak":
            yield " "
        case "html_inline":
            words = _TAG.sub(_tag, node.content)
            yield words if words.strip() or node.content.startswith("<br") else ""
        case "link" if _CITED.fullmatch("".join(child.content for child in node.children)):
            pass
        case _:
            for child in node.children:
                yield from _inline(child)


def _tag(found: re.Match[str]) -> str:
    """What is said of a tag: nothing. Other names in angle brackets are words: press <Enter>."""
    name, attributes = found["name"] or "", (found["attributes"] or "").rstrip("/ ")
    words = attributes if "=" not in attributes else ""
    if not _ELEMENT.fullmatch(name):
        return f" {name}{words} "
    return found[0] if words else " "  # a<b and c>d


def _plain(text: str) -> str:
    text = _BULLET.sub("", _TASK.sub("", text))
    text = _LOOSE_MARKUP.sub("", _URL.sub(r"\1", text))
    text = _NEXT_CELL.sub(", ", _THEN.sub(", ", text))
    return _ORPHAN.sub("", " ".join(_EMOJI.sub(" ", text).split()))
