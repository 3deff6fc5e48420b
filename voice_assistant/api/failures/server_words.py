"""Makes one sentence for people from a server's message for developers.

A provider's reason arrives wrapped in several layers: `Run failed: ... PluginInvokeError: {"args":
{}, "error_type": ..., "message": "..."}`, a Python dictionary in words, a stack of calls. People
hear the innermost message, without braces, paths, ids, hosts and addresses; the log has the rest.
"""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from voice_assistant.api.models import Json

LONGEST = 200
"""The most characters of a sentence that people can listen to."""

_LONGEST_NAME = 60
_MOST_WORDS = 2_000  # of the innermost ones: more than one sentence has
_MOST = 20_000  # characters that are looked at: the innermost message stands far before
_DEEPEST = 8
_KEYS = (
    *("message", "msg", "error_message", "errorMessage", "detail", "details", "description"),
    *("error_description", "reason", "error", "errors"),
)
"""The keys under which a provider's object may have its message, the likeliest first."""

_QUOTED_MESSAGE = re.compile(
    r"""["'](?:message|msg|detail|description)["']\s*:\s*(["'])((?:\\.|(?!\1)[^\\])*)"""
)
_STACK = re.compile(
    r"\s*(?:at\s+\S+.*|File \".*|Traceback \(most.*|Node\.js v\S+|.*errors\.pydantic\.dev.*|\^+)"
)
_LABEL = re.compile(
    r"\s*(?:\[[^\]]*\]\s*"
    r"|an error occurred in the \S{1,200} please contact the author of \S{1,200} for help,?\s*"
    r"|error (?:type: \w+|details:)[,\s]*|File \"[^\"]*\", line \d+(?:, in \S+)?:?\s*"
    r"|req(?:uest)?[_ ]?id\s*[:=]\s*\S+\s*[,;:]?\s*"
    r"|(?:run failed|failed to transform agent message|api request failed(?: with status code \d+)?"
    r"|bad request error|(?:error|status) code:? \d+|http error \d+|caused by|\w)"
    r"\s*(?:[:\-]\s+|[:\-]?\Z)"
    r"|(?:[A-Za-z_][\w.]*)?(?:Error|Exception|error|exception)\s*(?:\(\d+\))?\s*[:\-]\s*"
    r"|[-:,;.\s]+)",
    re.IGNORECASE,
)
_IDS = (
    re.compile(r"<[^<>]*\b0x[0-9a-fA-F]+[^<>]*>?"),  # <... object at 0x7f...>
    re.compile(r"\b0x[0-9a-fA-F]{4,}\b"),
    re.compile(r"\(?\b(?:request|req|trace|log)[ _-]?id\b[:= ]*\S*\)?", re.IGNORECASE),
    re.compile(
        r"\(?\b(?:tenant|workspace|app|account|user|session|project|organi[sz]ation|conversation"
        r"|message)[ _-]?id\b[:= ]+(?=\S*\d)\S+\)?",
        re.IGNORECASE,
    ),
    re.compile(
        r"\s*\b(?:in|of|for) (?:organi[sz]ation|project|tenant|account)\s+\S+", re.IGNORECASE
    ),
    re.compile(r"\b\w+://[^\s\"'<>)]+"),
    re.compile(r"\b[\w.-]+/[\w.-]+:\d+\.\d+\S*"),  # plugins: langgenius/openai:0.0.7@hash
    re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"),
    re.compile(r"\b(?:[\w-]+\.)+[A-Za-z]{2,}:\d+\S*|\blocalhost\b\S*|\b[A-Za-z][\w-]*:\d{2,5}\b"),
    re.compile(r"\b(?:[\w-]+\.)+(?:com|net|org|io|ai|app|dev|cloud|internal|local|lan|cn)\b\S*"),
    re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[\\/][\w.@+-]+)+[\\/]?(?::\d+)*"),  # paths
    re.compile(r"\b(?=\S*[A-Za-z])[\w.@-]+(?:/[\w.@:-]+){2,}"),  # paths without a begin
    re.compile(r"\[[0-9a-fA-F:]{3,}\](?::\d+)?"),
    re.compile(r"\b(?:sk|org|req|proj|user|key|app|run|chatcmpl|msg)[-_](?=\w*\d|\w*\*)[\w*-]{6,}"),
    re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    re.compile(r"\b(?=[A-Za-z_]*\d)(?=\d*[A-Za-z_])[A-Za-z0-9_]{20,}\b|\b[0-9a-fA-F]{16,}\b"),
)
_EMPTY = re.compile(r"\(\s*[,.;:]*\s*\)|\"\s*\"|'\s*'|\[\s*\]")
_BRACES = re.compile(r"[{}\[\]<>|\\`]+")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+(?=\S)|(?<=[\d)\"'][.!?])\s+(?=[A-Z])")
_STRAY = re.compile(r"[:,;]+\s*(?=[.!?](?:\s|\Z))")
_WORD = re.compile(r"[^\W\d_]{2}")
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?)])(?=\W|\Z)")


def sentence(message: Json) -> str:
    """Return the innermost words of a server's message as one sentence without a full stop.

    Args:
        message: the message, in any number of layers.

    Returns:
        At most `LONGEST` characters; "" if no useful words are left.
    """
    text = _innermost(message, 0)[:_MOST_WORDS]
    lines = [
        line.partition(" [type=")[0].strip() for line in text.splitlines() if not _STACK.match(line)
    ]
    said = ": ".join(line.rstrip(":") for line in lines if line)
    said = _without_labels(said)
    for pattern in _IDS:
        said = pattern.sub("", said)
    said = _without_labels(_BRACES.sub(" ", said))
    said = _SPACE_BEFORE.sub(r"\1", " ".join(_EMPTY.sub("", said).split()))
    said = _STRAY.sub("", said)
    said = _SENTENCE_END.split(said, maxsplit=1)[0].strip(" ,;:-").rstrip(".")
    said = "".join(sign for sign in said if sign.isprintable())
    if not _WORD.search(said):
        return ""
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rsplit(' ', 1)[0]}…"


def name(text: str) -> str:
    """Return the name that an app's author gave to a thing, on one line, without signs of code."""
    plain = "".join(sign if sign.isprintable() else " " for sign in _BRACES.sub(" ", text[:_MOST]))
    return " ".join(plain.split())[:_LONGEST_NAME]


def _innermost(message: Any, depth: int) -> str:
    """Return the words in an object, or in an object that is part of a text."""
    if depth > _DEEPEST or message is None:
        return ""
    if isinstance(message, dict):
        found = (_innermost(message[key], depth + 1) for key in _KEYS if key in message)
        words = next((words for words in found if _WORD.search(words)), "")
        return words or ": ".join(f"{key} {value}" for key, value in _plain(message))
    if isinstance(message, list | tuple):
        found = (_innermost(item, depth + 1) for item in message[:_DEEPEST])
        return next((words for words in found if _WORD.search(words)), "")
    text = str(message)[:_MOST]
    before, brace, after = text.partition("{")
    if not brace:
        return text
    within = _innermost(_object(brace + after), depth + 1)
    if not _WORD.search(within):
        quoted = list(_QUOTED_MESSAGE.finditer(text))
        within = re.sub(r"\\(.)", r"\1", quoted[-1][2]) if quoted else ""
    return within if _WORD.search(within) else before


def _plain(message: dict[Any, Any]) -> list[tuple[str, str]]:
    """Return the first text in an object without known keys, such as `{"user": "is wrong"}`."""
    return [(str(key), value) for key, value in message.items() if isinstance(value, str)][:1]


def _object(text: str) -> Any:
    """Return the JSON object or Python dictionary that `text` begins with; None for neither."""
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError):
        end = text.rfind("}")
        try:
            return ast.literal_eval(text[: end + 1])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            return None


def _without_labels(text: str) -> str:
    for _ in range(_DEEPEST):
        label = _LABEL.match(text)
        if not label or not label.end():
            return text
        text = text[label.end() :]
    return text
