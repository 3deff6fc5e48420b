"""The pictures that a Markdown text shows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MOST_SIGNS = 100_000
"""In the rest of a longer text no pictures are looked for: to read it takes a second a
megabyte, and ten times that for a text of brackets alone."""


def picture_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of the pictures of a Markdown text, each once, as HTML would have them.

    An address in a code block shows no picture. One without a server is the server's own.
    """
    if "![" not in text:
        return ()  # most texts: nothing of the library is imported
    tokens = _markdown().parse(text[:MOST_SIGNS])
    inline = (child for token in tokens for child in token.children or ())
    found = (str(child.attrs.get("src", "")) for child in inline if child.type == "image")
    return tuple(dict.fromkeys(filter(None, found)))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415  (only for a text that has a picture)

    return MarkdownIt("commonmark").enable("table")
