"""Turns Markdown into the words that a person would read aloud."""
# ruff: noqa: RUF001 - the punctuation of Chinese is meant

from __future__ import annotations

import html
import re
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from voice_assistant.text.addresses import TOKEN, end_of_url, host_of, is_data
from voice_assistant.text.formulas import readable
from voice_assistant.text.languages import script_of
from voice_assistant.text.printable import printable
from voice_assistant.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

# Collapsed or for machines, not said. In code it is spoken of: put it into a `<script>`.
_HIDDEN = re.compile(
    r"(?<!`)(?:<(details|script|style|svg)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(
    r"""(?P<code>`+[^`\n]*`+)
      | (?P<opens>\\[\[(]|\\begin\{) | (?<!\$)\$\$(?P<in_two>[^$]+)\$\$(?!\$)
      | (?<![A-Za-z0-9$\\])\$(?=\S)(?P<in_one>[^$\n`]+?)(?<=\S)\$(?![A-Za-z0-9$])""",
    re.VERBOSE,
)
_CLOSES = {
    "\\[": re.compile(r"\\\]"),
    "\\(": re.compile(r"\\\)"),
    "\\begin{": re.compile(r"\\end\{\w{1,20}\*?\}"),  # the last one
}
_TIMES = re.compile(r"(?<=\d) ?\* ?(?=\d)")
# 10<sup>6</sup> is not 106, nor is 10**6.
_POWER = re.compile(
    r"(?<![^\W\d_]{2})<sup>(?=[-+−]?\d)|(?<=[0-9A-Za-z)])(?:\*\*|[ ]\*\*[ ])(?=\d+(?![\d*]))"
)
_UNWRAPPED = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|`[^`\n]*`)"
    r"|<(?P<name>[a-zA-Z][\w:-]*)(?:\s[^<>]*)?>(?P<inside>[^<]*)</(?P=name)\s?>",
    re.DOTALL,
)
"""A pair of tags; those that no HTML has are names of parts, which nobody reads aloud."""
_SPOILER = re.compile(
    r">!(?=\S)([^\n]{1,300}?)(?<=\S)!<|\[/?spoiler(?:=[^\]\n]{0,80})?\]", re.IGNORECASE
)
_TAG = re.compile(r"</?(?P<name>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>|<![^>]*>")
_ELEMENT = re.compile(
    r"|a|abbr|b|big|blockquote|br|center|cite|code|d[dlt]|del|details|div|em|figcaption|figure|font"
    r"|h[1-6r]|i|img|input|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|span|strike|strong|sub|summary|sup"
    r"|table|tbody|t[dhr]|tfoot|thead|time|tt|u|ul|var",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[\[\]]")  # of code: x[2]
# Marks of sources, one kind a line.
_SOURCE = re.compile(
    r"""\[(?:\^[^\]\s]{1,60}|[1-9]\d*)\](?!\():?
      | \[\^?\d{1,4}(?:\s?[,;–—-]\s?\^?\d{1,4}){1,20}\](?!\()
      | \[(?:cite|citation|source|sources|oaicite|ref)(?:[:_]|\s\d)[^\]\n]{0,80}\](?!\()
      | \[(?:doc|document|chunk)[ :_]{0,2}\d{1,4}\](?!\()
      | 【[^】\n]*†[^】\n]*】 | (?<=\S)【\d[\d:,\s]*】(?!\w)
      | \ue200[^\ue201]*(?:\ue201|\Z) | [\ue200-\ue2ff]
      | (?:cite)?(?:turn\d{1,4}(?:search|news|view|fetch|file|image|product|maps|academia)\d{1,4})+
      | :contentReference\[[^\]\n]{0,60}\](?:\{[^}\n]{0,60}\})?
      | (?:(?<=[^\W\d_])|(?<=[.,;:!?"”’)\]]))\^\[?\d{1,3}(?:,\s?\d{1,3})*\]?\^
      | (?:(?<=[A-Za-zÀ-ɏͰ-ϿЀ-ӿ]{3})(?<!sin)(?<!cos)(?<!tan)(?<!log)|(?<=[.,;:!?"”’]))[¹²³⁴-⁹⁰]+
      | (?<=[\u3040-\u9fff])(?<!米)[¹²³⁴-⁹⁰]+(?=[。，、,.\s]|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_RAISED_SOURCE = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?\"”’)\]]))"
    r"<sup>\s*(?:<a\b[^<>]*>)?\[?\d{1,3}(?:[,\s–-]+\d{1,3})*\]?(?:</a>)?\s*</sup>",
    re.IGNORECASE,
)
_NO_SOURCE = re.compile(
    r"\s?[(（\[](?:sources?|see|refs?|references?|quellen?|vgl|cf|fuentes?|fonti|来源|出典|출처|источники?)?"
    r"(?:(?<=\w)|[\s:：,;.–-])[\s:：,;.–-]*[)）\]](?![(\w])",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^[ >]{0,6}\[[^\]\n]{1,200}\]:[ \t]*<?(?:[a-z]{2,12}:|www\.|[./#])\S*"
    r"(?:[ \t]+[\"'(][^\n]*)?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BY_REFERENCE = re.compile(
    r"(?<![`\w\\])\[(?!\^|cite|source|doc\d)(?=[^\]\n]{0,200}[^\W\d_])([^\[\]`\n]{2,200})\]"
    r"\[[^\[\]\n]{0,40}\]"
)
_IN_ANGLES = re.compile(r"<((?:https?://|mailto:|www\.)[^\s<>]*)>", re.IGNORECASE)

# Signs that only draw: lines, boxes, marks around words.
_TILDES = re.compile(r"^[ \t>]*~{3,}(?P<info>[^~\n]*)$", re.MULTILINE)
_RULER = re.compile(r"^[ \t>]*(?:={3,}|\+[-=+ ]{2,}|[#*_=~ -]{5,})[ \t]*$", re.MULTILINE)
_DRAWN = re.compile(r"[\u2500\u2501\u2504-\u2550\u2552-\u259f\u25a0-\u25b2\u25b4-\u25ff]+")
_BARS = str.maketrans("│┃║", "|||")
_EDGE_BAR = re.compile(r"^[ \t]*\|+[ \t]*|[ \t]*\|+[ \t]*$")
_ROW_OF_SIGNS = re.compile(r"[-=_*~#]{4,}")
_PAIRED = re.compile(r"(?<!\w)(==|\+\+|\^\^|\|\|)(?=[^\s=+^|])([^\n]{1,300}?)(?<=\S)\1(?!\w)")
_LOOSE_MARK = re.compile(
    r"(?<![\w=<>!])==(?=[\w\"“*])|(?<=[\w.!?*])==(?![\w=])|\^\^"
    r"|(?<![\w|])\|\|(?=\w)|(?<=[\w.!?])\|\|(?![\w|])"
)

_LETTER = "[^\\W\\d_¹²³⁴-⁹⁰]"
_PLAIN_WORDS = re.compile(
    rf"\s*(?P<words>(?:(?!www\.){_LETTER}{{1,40}}(?:'{_LETTER}{{1,20}})?"
    r"(?:[,;.!?。，！？、][ ]?|[ ]|$))+)\s*"
)
"""Most sentences have nothing that is to be read in another way: no digit, and no sign."""

_REPEATED = re.compile(r"([^\w\s]{1,4}?)\1{15,}")
_LONGEST_LINE = 1500
"""Letters: the Markdown parser takes more time for each letter of a longer line."""
_LONG_LINE = re.compile(rf"[^\n]{{{_LONGEST_LINE},}}")
_PIECE_OF_LINE = re.compile(r"[^\n]{1,1000}(?:(?=\s)|$)|[^\n]{1,1000}")
_NESTED = re.compile(
    r"^((?:[ \t]*(?:\d{1,9}[.)]|[-*+>])[ \t]+){4})(?:(?:\d{1,9}[.)]|[-*+>])[ \t]+)+", re.MULTILINE
)
_A_LINK = 500
_CITED = re.compile(r"\d\d?")  # the words of a link to a source
# Settings → Privacy, and Settings > Privacy, which is no comparison
_THEN = re.compile(
    r"(?<=\S) *[→⇒] *|(?<=[^\W\d_][^\W\d_”\"」】]) +> +(?=[“\"「【]?[A-Z\u4e00-\u9fff][\w-])"
)
_NEXT_CELL = re.compile(r" +\| +")  # where rows of a table have no bars around them
_BULLET = re.compile(r"^[•◦▪●‣·∙⁃–—→*+-]\s+")
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
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)


class _Named(NamedTuple):
    """Words for code blocks, formulas and ticks, in one language."""

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
    """Return the words that a person would read aloud of a piece of Markdown; "" without words.

    Emphasis, headings, quotes and lists lose their signs (a numbered item keeps its number), links
    and images are their text, bare addresses their host. Tables are read row by row, each cell
    after its column's name, a tick in a cell is a word. Simple formulas are read, others and code
    are named; tags of HTML, emoji, footnote marks, citations and a model's thinking are left out.

    Args:
        markdown: a complete sentence, or more.
        within: the text around `markdown`, if there is more; its letters tell the language of the
            words for code.
    """
    if len(markdown) < _LONGEST_LINE and (plain := _PLAIN_WORDS.fullmatch(markdown)):
        return " ".join(plain["words"].split())
    words = within or markdown
    text = _HIDDEN.sub(" ", visible(printable("\n".join(markdown.splitlines())), begun=True))
    text = _SPOILER.sub(r"\1", _UNWRAPPED.sub(_unwrapped, text) if "</" in text else text)
    text = _with_formulas_read(text, words) if "$" in text or "\\" in text else text
    text = _POWER.sub("^", _RAISED_SOURCE.sub("", _without_addresses(text)).strip())
    text = _in_short_lines(_without_rulers(_TIMES.sub(" × ", text)))
    said = "\n".join(_said(_parse(text), words))
    return said if _WORD.search(said) else ""


@lru_cache(maxsize=4)
def _named(text: str) -> _Named:
    """Return the words for code, formulas and ticks in the language of a text."""
    words = _with_formulas_read(_CODE.sub("", text), None)
    return _NAMED.get(script_of(words), _ENGLISH)


def _with_formulas_read(text: str, words: str | None) -> str:
    """Return the text with simple formulas read, as in $x = 5$, and others named.

    Args:
        text: Markdown.
        words: the text that tells the language; None to leave formulas out.
    """
    read: list[str] = []
    at = 0
    ends: dict[str, int] = {}  # where a sign is next, or the text's end: each is sought once
    while found := _FORMULA.search(text, at):
        read.append(text[at : found.start()])
        at = found.end()
        inside = found["in_two"] or found["in_one"]
        if opens := found["opens"]:
            if ends.get(opens, 0) < at:
                found_ends = _CLOSES[opens].finditer(text, at)
                closed = [*found_ends][-1:] if opens == "\\begin{" else [*islice(found_ends, 1)]
                ends[opens] = closed[0].end() if closed else len(text) + 1
            end = ends[opens]
            if end > len(text) or (end - at > _LONGEST_FORMULA and opens != "\\begin{"):
                read.append(opens)
                continue
            inside, at = None if opens == "\\begin{" else text[at : end - 2], end
        if found["code"]:
            read.append(found[0])
        elif words is not None:
            said = readable(inside) if inside else None
            read.append(f" {_named(words).formula} " if said is None else said)
    return "".join([*read, text[at:]])


_LONGEST_FORMULA = 2000


def _without_addresses(text: str) -> str:
    """Return the text with hosts instead of addresses, and without data."""
    text = _IN_ANGLES.sub(r"\1", _BY_REFERENCE.sub(r"\1", _DEFINITION.sub("", text)))
    return TOKEN.sub(_address, text)


def _address(found: re.Match[str]) -> str:
    if found["url"]:
        return (
            host_of(found[0][: end_of_url(found) - found.start()])
            + found[0][end_of_url(found) - found.start() :]
        )
    if found["target"]:
        begins = found.string.rfind("[", max(0, found.start() - _A_LINK), found.start())
        return "](x)" if begins >= 0 else ""
    if found["tag"]:
        return f"{found[0].split()[0]}>"
    return found[0] if found["run"] and not is_data(found["run"]) else ""


def _without_rulers(text: str) -> str:
    """Return the text without drawn lines; the tildes of a fence stay."""
    fences = list(_TILDES.finditer(text))
    if len(fences) % 2 and not fences[-1]["info"].strip():
        text = text[: fences[-1].start()] + text[fences[-1].end() :]
    text = _DRAWN.sub(" ", text.translate(_BARS))
    return _RULER.sub(lambda found: found[0] if "~" in found[0] else "", text)


def _in_short_lines(text: str) -> str:
    """Return the text without signs that are repeated very often, and with long lines broken."""
    text = _NESTED.sub(r"\1", _REPEATED.sub(r"\1", text))
    if len(text) < _LONGEST_LINE:
        return text
    return _LONG_LINE.sub(
        lambda found: (
            found[0]
            if found[0].lstrip().startswith("|")
            else "\n\n".join(_PIECE_OF_LINE.findall(found[0]))
        ),
        text,
    )


def _parse(text: str) -> SyntaxTreeNode:
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - see _parser

    return SyntaxTreeNode(_parser().parse(text))


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
            yield _named(within).code
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
            return _named(within).yes if yes else _named(within).no
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


def _unwrapped(found: re.Match[str]) -> str:
    """Return what is between a pair of tags that no HTML has; code and HTML stay as they are."""
    own = not found["code"] and not _ELEMENT.fullmatch(found["name"])
    return f" {found['inside']} " if own else found[0]


def _tag(found: re.Match[str]) -> str:
    """Return nothing for a tag; other names in angle brackets are words: press <Enter>."""
    name, attributes = found["name"] or "", (found["attributes"] or "").rstrip("/ ")
    words = attributes if "=" not in attributes else ""
    if not _ELEMENT.fullmatch(name):
        return f" {name}{words} "
    return found[0] if words else " "  # a<b and c>d


def _plain(text: str) -> str:
    text = _BULLET.sub("", _TASK.sub("", text))
    text = _ROW_OF_SIGNS.sub(" ", _LOOSE_MARK.sub("", _PAIRED.sub(r"\2", text)))
    text = _EDGE_BAR.sub("", _LOOSE_MARKUP.sub("", text))
    text = _NO_SOURCE.sub("", _NEXT_CELL.sub(", ", _THEN.sub(", ", text)))
    return _ORPHAN.sub("", " ".join(_EMOJI.sub(" ", text).split()))
