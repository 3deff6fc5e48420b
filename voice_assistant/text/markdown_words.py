"""The words of parsed Markdown, block by block."""
# ruff: noqa: RUF001 - the punctuation of Chinese is meant

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING

from voice_assistant.text.stand_ins import stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_TAG = re.compile(r"</?(?P<name>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>|<![^>]*>")
ELEMENT = re.compile(
    r"|a|abbr|b|big|blockquote|br|center|cite|code|d[dlt]|del|details|div|em|figcaption|figure|font"
    r"|h[1-6r]|i|img|input|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|span|strike|strong|sub|summary|sup"
    r"|table|tbody|t[dhr]|tfoot|thead|time|tt|u|ul|var"
    r"|ruby|rb|speak|break|prosody|emphasis|say-as|phoneme"  # speech markup
    r"|math|m[ions]|mrow|mfrac|msup|msub|msubsup|msqrt|mroot|mtext|mstyle|mtable|mt[rd]|semantics",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[\[\]]")  # of code: x[2]
# Marks of sources, one kind a line.
_SOURCE = re.compile(
    r"""(?<!\b(?-i:[a-z]))\^?\[(?:\^[^\]\s]{1,60}|[1-9]\d*)\](?!\():?
      | (?<![=([,:])(?<!["\]]:[ ])(?<![=,*/+][ ])
        \[\^?\d{1,4}(?:\s?[,;–—-]\s?\^?\d{1,4}){1,20}\](?!\()
      | \[(?:cite|citation|source|sources|oaicite|ref)(?:[:_]|\s\d)[^\]\n]{0,80}\](?!\()
      | \[(?:doc|document|chunk)[ :_-]{0,2}\d{1,4}\](?!\()
      | 【[^】\n]*†[^】\n]*】 | (?<=\S)【\d[\d:,\s]*】(?!\w)
      | \ue200[^\ue201]*(?:\ue201|\Z) | [\ue200-\ue2ff]
      | (?:cite)?(?:turn\d{1,4}(?:search|news|view|fetch|file|image|product|maps|academia)\d{1,4})+
      | :contentReference\[[^\]\n]{0,60}\](?:\{[^}\n]{0,60}\})?
      | (?:(?<=[^\W\d_])|(?<=[.,;:!?"”’)\]]))\^\[?\d{1,3}(?:,\s?\d{1,3})*\]?\^
      | (?<=[^\W\d_]{3}[ ])\^\d{1,3}(?=[\s.,;:!?)]|\Z)
      | (?:(?<=[A-Za-zÀ-ɏͰ-ϿЀ-ӿ]{3})(?<!sin)(?<!cos)(?<!tan)(?<!log)|(?<=[.,;:!?"”’]))[¹²³⁴-⁹⁰]+
      | (?<=[\u3040-\u9fff])(?<!米)[¹²³⁴-⁹⁰]+(?=[。，、,.\s]|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_SOURCE = re.compile(
    r"\s?[(（\[](?:sources?|see|refs?|references?|quellen?|vgl|cf|fuentes?|fonti|来源|出典|출처|источники?)?"
    r"(?:(?<=\w)|[\s:：,;.–-])[\s:：,;.–-]*[)）\]](?![(\w])",
    re.IGNORECASE,
)
# Signs that only draw: bars of tables, marks around words.
_EDGE_BAR = re.compile(r"^[ \t]*\|+[ \t]*|[ \t]*\|+[ \t]*$")
_ROW_OF_SIGNS = re.compile(r"[-=_*~#]{4,}")
_PAIRED = re.compile(r"(?<!\w)(==|\+\+|\^\^|\|\|)(?=[^\s=+^|])([^\n]{1,300}?)(?<=\S)\1(?!\w)")
_LOOSE_MARK = re.compile(
    r"(?<![\w=<>!])==(?=[\w\"“*])|(?<=[\w.!?*])==(?![\w=])|\^\^"
    r"|(?<![\w|])\|\|(?=\w)|(?<=[\w.!?])\|\|(?![\w|])"
)
_CITED = re.compile(r"\d\d?")  # the words of a link to a source
# Settings → Privacy, and Settings > Privacy, which is no comparison
_THEN = re.compile(
    r"(?<=\S) *[→⇒] *|(?<=[^\W\d_][^\W\d_”\"」】]) +> +(?=[“\"「【]?[A-Z\u4e00-\u9fff][\w-])"
)
_NEXT_CELL = re.compile(r" +\| +")  # where rows of a table have no bars around them
_BULLET = re.compile(r"^[•◦▪●‣·∙⁃–—→⇒➔➜➤►▶*+-]\s+")
_TASK = re.compile(r"^\[[ xX]\] ")
# Emphasis whose other half is in another sentence. A sign between two spaces or in a name stays.
_LOOSE_MARKUP = re.compile(r"(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|\*{2,}|~~|`+")
# A joiner elsewhere is part of a word, in Sinhala for example.
_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff"
    "\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]\u200d?)+"
)
_ORPHAN = re.compile(r" (?=[,.](?: |$))")  # what an emoji or a footnote mark left behind
_WORD = re.compile(r"[^\W_]")
_ENDS = (".", "!", "?", "。", "！", "？")
_YES = re.compile("[✅✔✓☑]\ufe0f?")
_NO = re.compile("[❌✗✘✖❎]\ufe0f?")


def words_of(markdown: str, within: str) -> str:
    """Return the words of a piece of Markdown, a line for each block.

    Args:
        markdown: the piece; formulas and addresses are words already.
        within: the text that tells the language of the words for code and ticks.
    """
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - see _parser

    return "\n".join(_said(SyntaxTreeNode(_parser().parse(markdown)), within))


@cache
def _parser() -> MarkdownIt:
    """Return the parser; the first spoken answer loads it, because loading takes 20 ms."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - see above

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # An item of a nested list is indented and no code; a line under another is no heading.
    return parser.disable(["code", "lheading"])


def _said(node: SyntaxTreeNode, within: str) -> Iterator[str]:
    """Yield the words of each block within `node`."""
    match node.type:
        case "inline":
            if words := _plain("".join(_inline(node))):
                yield words
        case "list_item":
            said = [words for child in node.children for words in _said(child, within)]
            yield f"{node.info}. " * bool(node.info) + "\n".join(said)
        case "table":
            yield from _rows(node, within)
        case "fence":
            yield stand_ins(within).code
        case "html_block":
            if words := _plain(html.unescape(_TAG.sub(_tag, node.content))):
                yield words
        case _:
            for child in node.children:
                yield from _said(child, within)


def _rows(table: SyntaxTreeNode, within: str) -> Iterator[str]:
    cells = [
        [_cell("".join(_inline(cell)), within) for cell in row.children]
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


def _cell(text: str, within: str) -> str:
    """Return the words of a cell: a tick alone is a word, a dash alone is nothing."""
    for sign, yes in ((_YES, True), (_NO, False)):
        if sign.fullmatch(text.strip()):
            return stand_ins(within).yes if yes else stand_ins(within).no
    words = _plain(text)
    return words if _WORD.search(words) else ""


def _inline(node: SyntaxTreeNode) -> Iterator[str]:
    """Yield the words within a line."""
    match node.type:
        case "text":
            yield _SOURCE.sub("", node.content)
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
    """Return nothing for a tag; other names in angle brackets are words: press <Enter>."""
    name, attributes = found["name"] or "", (found["attributes"] or "").rstrip("/ ")
    words = attributes if "=" not in attributes else ""
    if not ELEMENT.fullmatch(name):
        return f" {name}{words} "
    return found[0] if words else " "  # a<b and c>d


def _plain(text: str) -> str:
    text = _BULLET.sub("", _TASK.sub("", text))
    text = _ROW_OF_SIGNS.sub(" ", _LOOSE_MARK.sub("", _PAIRED.sub(r"\2", text)))
    text = _EDGE_BAR.sub("", _LOOSE_MARKUP.sub("", text))
    text = _NO_SOURCE.sub("", _NEXT_CELL.sub(", ", _THEN.sub(", ", text)))
    return _ORPHAN.sub("", " ".join(_EMOJI.sub(" ", text).split()))
