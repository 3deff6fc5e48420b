"""Marks of other languages of markup than Markdown: of wikis, of Pandoc, of documentation.

Models have learned all of them, and mix them into their answers.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)

_EMOTICON = (
    r"(?:[:;=]['’]?-?[)(DPpOo|/\\]+|<3+|\^_+\^|¯\\?_?\(ツ\)\\?_?/¯|\(╯[^)\n]{1,8}\)╯\s?︵\s?┻━┻)"  # noqa: RUF001
)

_MARKS: tuple[tuple[str, str], ...] = (
    (r"<\?xml[^<>]{0,200}\?>", ""),
    (r"<!\[CDATA\[(.{0,4000}?)\]\]>", r"\1"),
    # Sources and templates of a wiki, its links.
    (r"<ref\b[^<>/]{0,200}>[^<>]{0,1000}</ref>", ""),
    (r"<(cite|citation|sources?|refs?)\b[^<>]{0,200}>[\s\d,;–-]*</\1>", ""),  # noqa: RUF001
    (r"\{\{[^{}|\n]{1,80}\|[^{}\n]{0,1000}\}\}|\{%.{0,300}?%\}", ""),
    (r"\{\{\s*([\w .-]{1,80})\}\}", r"\1"),
    (r"\[\[(?:(?:cite|citation|source|ref)[:_ ]{1,2})?\d[\d,;\s–-]*\]\](?!\()", ""),  # noqa: RUF001
    (r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\](?!\()", r"\1"),
    # Sources of Pandoc and of the sciences; notes within a line.
    (r"\s?\[-?@[\w:.#$%&+?~/-]+(?:[,;][^\[\]\n]{0,200})?\]", ""),
    (r"\s?\[[^\W\d_][^\[\]\d\n;]{1,60}(?:, | et al\.,? )(?:1[89]|20)\d\d[a-z]?\](?!\()", ""),
    (r"\s?\[(?:[^\W\d_][^\[\]\d\n;]{1,60} (?:1[89]|20)\d\d[a-z]?(?:; |(?=\]))){2,20}\]", ""),
    (r"\^\[(?!\d{1,3}\])([^\[\]\n]{1,300})\]", r" (\1)"),
    (r"(?:(?<=[\w.,;:!?\s])[†‡]+|(?<=[.!?])§)(?=[\s.,;:!?)]|\Z)", ""),
    (r"(?<=[\w.,;:!?])⁽[⁰¹²³⁴-⁹]{1,3}⁾", ""),
    (r"(?<=[.!?])(?:\[[a-z]\]|\{\d{1,3}(?:,\s?\d{1,3}){0,9}\}|(?:\(\d{1,3}\))+)(?=\s|\Z)", ""),
    (r"(?:(?<=[.,;!?])|(?<=[.,;!?] ))\[\d{1,3}:\d{1,4}(?:†[^\]\n]{0,80})?\]", ""),
    (r"\[(?:quellen?|fuentes?|fonti?|来源|出典|출처|источники?)[\s:：]{0,2}\d[\d,\s]*\]", ""),  # noqa: RUF001
    # Boxes of documentation.
    (r"^[ \t]*:{3,}[ \t]*(?:\{[^{}\n]{0,100}\})?[ \t]*$", ""),
    (r"^[ \t]*:{3,}[ \t]*\{?\.?(\w[\w-]{1,30})\}?[ \t]*$", r"\1:"),
    (r"^([ \t>]*)\[!(\w{2,20})\][+-]?", r"\1\2:"),
    (r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+\w{2,20}[ \t]+\"([^\"\n]{1,200})\"[ \t]*$", r"\1:"),
    (r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+(\w{2,20})[ \t]*$", r"\1:"),
    (r"^\*\[[^\[\]\n]{1,60}\]:[^\n]*$", ""),
    (r"^:[ \t]+(?=\S)", ""),
    (r"[ \t]*\{[#.][\w .#=\"'-]{1,100}\}[ \t]*$", ""),
    (r"<img\b[^<>]{0,500}?\balt=\"([^\"<>]{1,200})\"[^<>]{0,500}>", r"\1"),
    # Signs.
    (r"(?<!\w)(?:tel|sms|callto):(?=\+?\d)", ""),
    (r"\\(?:ce|boxed)\{([^{}\n]{1,200})\}", r"\1"),
    (r"(?<![\w:]):(?:[a-z][a-z0-9_+-]{1,40}|[+-]1|100):(?![\w:])", ""),
    (rf"(?<!\S){_EMOTICON}(?=[\s.,!?]|\Z)", ""),
    (r"(?<!\w)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?!\w)", ""),
    ("[\u00ad\u200b\u2060\ufeff]", ""),
)
"""Patterns, and what is read instead. None of them is long, so that none takes long."""

_ALL = tuple((re.compile(mark, re.MULTILINE | re.IGNORECASE), said) for mark, said in _MARKS)
_MAYBE = re.compile(r"[\[{<:\\†‡⁽(!^=;\u00ad\u200b\u2060\ufeff¯+?-]")

_STARS = re.compile("(★{1,10})(☆{0,9})")
_DRESSED = re.compile(
    "[\u2160-\u2188\u2460-\u24ff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]+"
)
"""Letters and digits in circles, of Rome, of full width, bold: no letters for most voices."""


def without_foreign_markup(text: str) -> str:
    """Return the text without the marks of other languages of markup; code stays as it is."""
    text = _DRESSED.sub(lambda found: normalize("NFKC", found[0]), text)
    text = _STARS.sub(_rating, text)
    if not _MAYBE.search(text):
        return text
    parts, begin = [], 0
    for code in _CODE.finditer(text):
        parts += [_without(text[begin : code.start()]), code[0]]
        begin = code.end()
    return "".join([*parts, _without(text[begin:])])


def _without(text: str) -> str:
    for mark, said in _ALL:
        text = mark.sub(said, text)
    return text


def _rating(found: re.Match[str]) -> str:
    """Return stars as a number, where some of them are empty, or more than one is full."""
    full, empty = len(found[1]), len(found[2])
    if full == 1 and not empty:
        return found[0]
    return f"{full}/{full + empty}" if empty else str(full)
