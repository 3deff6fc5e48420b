"""Finds text that is not read letter by letter: addresses, link targets, attributes, data.

Each is one token: a text is not cut within a token, and none of its letters is spoken.
"""
# ruff: noqa: RUF001 - the punctuation of Chinese is meant

from __future__ import annotations

import re

NO_BLANKS = (
    "\u0e00-\u0eff\u0f00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff00-\uffef\U00020000-\U0003ffff"
)
"""Letters of scripts that put no blanks between words, and the signs among them."""

_LETTER = "[!#$%&'*+,\\-./0-9:;=?@A-Z\\[\\]^_`a-z{|}~\u00a1-\u024f\u0370-\u0dff]"
_FOREIGN = rf"(?<=[/=&?#_-])[{NO_BLANKS}]+?(?=[/?&#。，！？；：、（）「」\s)]|\Z)"
"""A part of a path in Chinese; Chinese directly behind Latin letters is not of the address."""

_REST = rf"(?:{_LETTER}|{_FOREIGN}|\((?:{_LETTER}|{_FOREIGN})*+\))*+"
_SCHEME = (
    r"(?:(?:https?|ftps?|wss?|file|blob|sandbox|attachment)://?|mailto:(?=\S)|www\.(?=[a-z0-9]))"
)
_BASE64_END = (
    r"(?:\r?\n(?=[A-Za-z0-9+/]*(?:[\d=+/]|(?-i:[a-z][A-Z])))[A-Za-z0-9+/]{1,76}"
    r"={0,2}(?=[\s)\"'>]|\Z))?+"
)
_BASE64_LINES = rf"(?:(?:\r?\n[A-Za-z0-9+/]{{40,}}+)*+{_BASE64_END}=*)"
_ATTRIBUTE = (
    r"""[\w:@.-]++ \s*+ = \s*+ (?> "[^"]*+" | '[^']*+' | [^\s"'<>=]++ )"""
    r"| (?:open|hidden|disabled|checked|controls|autoplay|loop|async|defer)(?=[\s/>])"
)
_IN_RUN = rf"[^\W{NO_BLANKS}]|[+/=%-]"

TOKEN = re.compile(
    rf"""(?P<data> (?<![A-Za-z0-9]) data:[a-z]+/[\w.+-]+[;,] [^\s<>"'()]*+ {_BASE64_LINES}
            | (?<![\w.-]) (?-i:eyJ)[\w-]{{10,}}+ (?:\.[\w-]++)++ )
      | (?P<url> (?<![A-Za-z0-9]) {_SCHEME} {_REST} )
      | (?P<lines> (?<![\w+/=%-]) [A-Za-z0-9+/]{{60,}}+ (?:\r?\n[A-Za-z0-9+/]{{40,}}+)++
            {_BASE64_END} =* )
      | (?P<target> \]\([ ]?(?: <[^<>\n]{{0,1000}}+> | <? (?: data:[^\s()<>]*+ {_BASE64_LINES}
                | (?: [^\s()<>] | \([^\s()<>]*+\) )*+ ) >? )
            (?: [ \t]{{1,8}} (?: "[^"\n]{{0,300}}" | '[^'\n]{{0,300}}' ) [ ]? \) | [ ]? \)? ) )
      | (?P<tag> <[a-zA-Z][\w:-]*+ (?> \s++ (?> {_ATTRIBUTE} ) )++ \s*+ /?> )
      | (?P<run> (?<![\w+/=%-]) (?:{_IN_RUN}){{24,}}+ )""",
    re.VERBOSE | re.IGNORECASE,
)
"""A token; a `run` is a token only if `is_data` says so."""

_UNFINISHED_TAG = re.compile(
    rf"""<(?: !-? | [a-zA-Z][\w:-]*+ (?> \s++ (?> {_ATTRIBUTE} ) )*+
        (?: \s*+ /? | \s++ [\w:@.-]{{1,40}}+ (?: \s*+ = \s*+ (?: "[^"]*+ | '[^']*+ )? )? ) )? \Z""",
    re.VERBOSE,
)
_TRAILING = ".,;:!?*_'`~|\u2026"
_LONGEST_WORD = 1024
_LEAST_DATA = 32
_LEAST_SEGMENT = 24
_SOME = 3
_SEPARATOR = re.compile(r"[-_/%]+")
_DIGITS = re.compile(r"\d")
_CAPITALS = re.compile(r"[a-z][A-Z]")
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2}){8,}")
_HOST = re.compile(
    r"[a-z]+:/{0,3}(?:[^/@\s]*@)?(?:www\.)?([\w.-]*\w)?|www\.([\w.-]*\w)", re.IGNORECASE
)


def end_of_url(found: re.Match[str]) -> int:
    """Return where an address ends: punctuation behind it belongs to the sentence."""
    text = found["url"]
    kept = text.rstrip(_TRAILING)
    while kept.endswith((")", "]", "}")) and kept.count(kept[-1]) > kept.count(
        {")": "(", "]": "[", "}": "{"}[kept[-1]]
    ):
        kept = kept[:-1].rstrip(_TRAILING)
    return found.start() + len(kept)


def is_data(run: str) -> bool:
    """Return whether letters without a blank are data: base64, a hash, a key, percent codes."""
    if len(run) >= _LONGEST_WORD or _ENCODED.search(run):
        return True
    if len(run) < _LEAST_DATA:
        return False
    longest = max(_SEPARATOR.split(run), key=len)
    if len(longest) < _LEAST_SEGMENT or longest.strip("=").isdigit():
        return False
    if len(_DIGITS.findall(longest)) >= _SOME:
        return True
    return len(longest) > 2 * _LEAST_DATA and len(_CAPITALS.findall(longest)) > 2 * _SOME


def host_of(url: str) -> str:
    """Return the spoken part of an address: its host; "" if it has no host."""
    if url.lower().startswith("mailto:"):
        return url[len("mailto:") :].partition("?")[0]
    if url.lower().startswith(("file:", "blob:", "sandbox:", "attachment:")):
        return ""
    found = _HOST.match(url)
    return (found[1] or found[2] or "") if found else ""


def is_unfinished_tag(text: str, at: int) -> bool:
    """Return whether a tag with attributes begins at a place and the text ends within the tag."""
    return bool(_UNFINISHED_TAG.match(text, at))


_MORE_BASE64 = re.compile(r"=*\r?\n?[A-Za-z0-9+/=]*\Z")
_MORE_PARENS = re.compile(r"\([^\s<>]*\Z")
_MORE_TITLE = re.compile(r"[ \t]{0,8}(?:\"[^\"\n]{0,300}\"?[ ]?|'[^'\n]{0,300}'?[ ]?)?\Z")


def may_go_on(token: re.Match[str]) -> bool:
    """Return whether a token may become longer when the text goes on."""
    text, end = token.string, token.end()
    if end == len(text) or ((token["target"] or token["url"]) and _MORE_PARENS.match(text, end)):
        return True
    if token["target"] and not token["target"].endswith(")") and _MORE_TITLE.match(text, end):
        return True
    long = end - token.start() >= _LEAST_BASE64
    return long and bool(_MORE_BASE64.match(text, end))


_LEAST_BASE64 = 60
