"""Turns Markdown into the words that a person would read aloud."""
# ruff: noqa: RUF001 - the punctuation of Chinese is meant

from __future__ import annotations

import re

from voice_assistant.text.addresses import TOKEN, end_of_url, host_of, is_data
from voice_assistant.text.foreign_markup import without_foreign_markup
from voice_assistant.text.formulas import typeset_words, with_formulas_read
from voice_assistant.text.markdown_words import ELEMENT, words_of
from voice_assistant.text.printable import printable
from voice_assistant.text.stand_ins import stand_ins
from voice_assistant.text.visible import visible

# Collapsed or for machines, not said. In code it is spoken of: put it into a `<script>`.
_HIDDEN = re.compile(
    r"(?<!`)(?:<(details|script|style|svg)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z))",
    re.DOTALL | re.IGNORECASE,
)
_TIMES = re.compile(r"(?<=\d) ?\* ?(?=\d)")
# 10<sup>6</sup> is not 106, nor is 10**6.
_POWER = re.compile(
    r"(?<![^\W\d_]{2})<sup>(?=[-+−]?\d)|(?<=[0-9A-Za-z)])(?:\*\*|[ ]\*\*[ ])(?=\d+(?![\d*]))"
)
_TAGS = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|`[^`\n]*`)"
    r"|<(?P<slash>/?)(?P<name>[a-zA-Z][\w:-]*)(?:\s[^<>]*?)?(?P<alone>/?)>",
    re.DOTALL,
)
_READING = re.compile(r"<(rt|rp)>[^<]{0,80}</\1>", re.IGNORECASE)
"""How the letters before it are read: whoever speaks knows that."""

_SPOILER = re.compile(
    r">!(?=\S)([^\n]{1,300}?)(?<=\S)!<|\[/?spoiler(?:=[^\]\n]{0,80})?\]", re.IGNORECASE
)
# Pandoc's signs: m^2^, CO~2~. Behind a word it is the number of a source.
_RAISED = re.compile(r"(?<![^\W\d_]{3})(?<=[\w)])\^(-?\d{1,3})\^")
_LOWERED = re.compile(r"(?<=[A-Za-z)])~(\d{1,3}|[a-z])~(?!~)")
_RAISED_SOURCE = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?\"”’)\]]))"
    r"<sup>\s*(?:<a\b[^<>]*>)?\[?\d{1,3}(?:[,\s–-]+\d{1,3})*\]?(?:</a>)?\s*</sup>",
    re.IGNORECASE,
)
_DEFINITION = re.compile(
    r"^[ >]{0,6}\[[^\]\n]{1,200}\]:[ \t]*<?(?:[a-z]{2,12}:|www\.|[./#])\S*"
    r"(?:[ \t]+[\"'(][^\n]*)?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_BY_REFERENCE = re.compile(
    r"(?<![`\w\\])\[(?!\^|cite|citation|source|oaicite|ref[:_ ]|doc\d)"
    r"(?=[^\]\n]{0,200}[^\W\d_])([^\[\]`\n]{2,200})\]\[[^\[\]\n]{0,40}\]"
)
_IN_ANGLES = re.compile(r"<((?:https?://|mailto:|www\.)[^\s<>]*)>", re.IGNORECASE)

# Signs that only draw: lines and boxes.
_TILDES = re.compile(r"^[ \t>]*(?P<signs>~{3,})(?P<info>[^~\n]*)$", re.MULTILINE)
_RULER = re.compile(r"^[ \t>]*(?:={3,}|\+[-=+ ]{2,}|[#*_=~ -]{5,})[ \t]*$", re.MULTILINE)
_DRAWN = re.compile(r"[\u2500\u2501\u2504-\u2550\u2552-\u259f\u25a0-\u25b2\u25b4-\u25ff]+")
_BARS = str.maketrans("│┃║", "|||")
_LETTER = (
    "[^\\W\\d_¹²³⁴-⁹⁰\u2160-\u2188\u2460-\u24ff\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]"
)
_PLAIN_WORDS = re.compile(
    rf"\s*(?P<words>(?:(?!www\.){_LETTER}{{1,40}}(?:'{_LETTER}{{1,20}})?"
    r"(?:[,;.!?。，！？、][ ]?|[ ]|$))+)\s*"
)
"""Most sentences have nothing that is to be read in another way: no digit, and no sign."""

_REPEATED = re.compile(r"([^\w\s]{1,4}?)\1{15,}")
_TABLE = re.compile(
    r"^(?P<names>(?=[^\n]*\|)[^\n]*+)\n"
    r"(?P<rule>[ \t>]*+\|?+[ \t]*+:?+-++:?+[ \t]*+(?:\|[ \t]*+:?+-++:?+[ \t]*+)*+\|?+)[ \t]*+\n"
    r"(?P<rows>(?:(?=[^\n]*\|)[^\n]*+(?:\n|\Z))++)",
    re.MULTILINE,
)
_ROWS = re.compile(r"\s*(?:[ \t]*+\|(?=[^\n]*\w)[^\n]*+(?:\n|\Z)){2,}+")
"""Rows of a table that has no names for its columns, or whose names are far above."""

_BAR = re.compile(r"(?<!\\)\|")
_LONGEST_LINE = 1500
"""Letters: the Markdown parser takes more time for each letter of a longer line."""
_LONG_LINE = re.compile(rf"[^\n]{{{_LONGEST_LINE},}}")
_PIECE_OF_LINE = re.compile(r"[^\n]{1,1000}(?:(?=\s)|$)|[^\n]{1,1000}")
_NESTED = re.compile(
    r"^((?:[ \t]*(?:\d{1,9}[.)]|[-*+>])[ \t]+){4})(?:(?:\d{1,9}[.)]|[-*+>])[ \t]+)+", re.MULTILINE
)
_A_LINK = 500
_WORD = re.compile(r"[^\W_]")


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
    text = without_foreign_markup(text)
    text = _SPOILER.sub(r"\1", _without_pairs(text) if "<" in text else text)
    if "$" in text or "\\" in text:
        text = with_formulas_read(typeset_words(text), lambda: stand_ins(words).formula)
    text = _LOWERED.sub(r"\1", _RAISED.sub(r"^\1", text))
    text = _POWER.sub("^", _RAISED_SOURCE.sub("", _without_addresses(text)).strip())
    text = _in_short_lines(_without_rulers(_TIMES.sub(" × ", text)))
    if _ROWS.fullmatch(text) and not _TABLE.search(text):
        text = f"| |\n|-|\n{text.strip()}"
    said = words_of(_TABLE.sub(_with_all_columns, text), words)
    return said if _WORD.search(said) else ""


def _without_pairs(text: str) -> str:
    """Return the text without pairs of tags that no HTML has: they are names of its parts.

    A tag without its other half is a word ("press <Enter>"). Code and HTML stay as they are.
    """
    text = _READING.sub("", text)
    tags = [tag for tag in _TAGS.finditer(text) if not tag["code"]]
    pairs = {tag["name"] for tag in tags if tag["slash"]} & {
        tag["name"] for tag in tags if not tag["slash"]
    }

    def said(tag: re.Match[str]) -> str:
        if tag["code"] or ELEMENT.fullmatch(tag["name"]):
            return tag[0]
        return " " if tag["name"] in pairs or tag["alone"] else tag[0]

    return _TAGS.sub(said, text)


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
    fence: re.Match[str] | None = None  # that is open
    for line in _TILDES.finditer(text):
        if fence is None:
            fence = line
        elif len(line["signs"]) >= len(fence["signs"]) and not line["info"].strip():
            fence = None
    if fence and not fence["info"].strip():
        text = text[: fence.start()] + text[fence.end() :]
    text = _DRAWN.sub(" ", text.translate(_BARS))
    return _RULER.sub(lambda found: found[0] if "~" in found[0] else "", text)


def _with_all_columns(table: re.Match[str]) -> str:
    """Return the table with as many columns as its longest row: a parser drops the cells beyond."""
    rows = [row.strip().strip("|") for row in (table["names"], *table["rows"].splitlines())]
    columns = [len(_BAR.findall(row)) for row in rows]
    more = max(columns) - columns[0]
    if not more:
        return table[0]
    names, rule = (table[part].rstrip().removesuffix("|") for part in ("names", "rule"))
    return f"{names}|{' |' * more}\n{rule}|{'-|' * more}\n{table['rows']}"


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
