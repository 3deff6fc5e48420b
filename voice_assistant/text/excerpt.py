"""Parts of a text for displays with little room. Pure."""

from __future__ import annotations

import re


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, cut between two words and then marked by "…".

    Where a word is very long, or the writing has no spaces, it is cut within.
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    last_word = re.search(r"\s\S{0,30}$", text[:limit])
    end = last_word.start() if last_word else limit - 1
    return text[:end].rstrip(" \n\t,;:") + "…"


def around(text: str, sentence: str, limit: int) -> str:
    """At most `limit` characters of `text`, with those of `sentence`; marked where it is cut.

    The end of the text is not left for the sake of a few characters more. If the sentence is not
    in the text, the part is its beginning.
    """
    text = text.strip()
    at = text.find(sentence.strip()) if sentence.strip() else 0
    if len(text) <= limit or at <= 0:
        return shortened(text, limit)
    start = min(at, len(text) - limit + 1)
    if start < at:  # from the beginning of a word
        space = re.search(r"\s", text[start:at])
        start += space.end() if space else at - start
    return shortened("…" + text[start:].lstrip(), limit)
