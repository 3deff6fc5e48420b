"""Turns the Markdown of an answer into HTML that can do no harm."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from voice_assistant.companion.formulas import add_formulas
from voice_assistant.text.printable import printable
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

MOST_SIGNS = 100_000
"""A longer text is shown as it was written: to read its Markdown takes a second for each megabyte
(ten, where it is brackets alone), again and again while it grows."""

_SCHEMES = ("http://", "https://", "mailto:")


def rendered(text: str) -> str:
    """Return the HTML of a text that a server wrote.

    HTML in the text is shown as text. Links lead to web pages and mail addresses only, and open a
    page of their own. A picture is a link to it, with its address for the page's script: nothing is
    loaded. The address may be one at the app's own server, "/files/cat.png".
    """
    safe = printable(text)
    if len(safe) > MOST_SIGNS:
        return f"<pre>{html.escape(safe)}</pre>"
    return str(_markdown().render(safe))


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"])
    add_formulas(markdown)
    markdown.validateLink = lambda url: url.strip().lower().startswith((*_SCHEMES, "/"))  # type: ignore[method-assign]
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("image", _image)
    for cell in ("th_open", "td_open"):
        markdown.add_render_rule(cell, _cell_open)
    return markdown


def _link_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    if str(token.attrs["href"]).startswith("/"):  # at the app's server: here it is another page
        del token.attrs["href"]
    else:
        token.attrSet("target", "_blank")
        token.attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, index, options, env))


def _cell_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Write the alignment of a cell as a class: the page takes no styles from answers."""
    token = tokens[index]
    if style := token.attrs.pop("style", None):
        token.attrSet("class", f"to-{str(style).partition(':')[2]}")
    return str(renderer.renderToken(tokens, index, options, env))


def _image(_renderer: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    address = str(tokens[index].attrs["src"])
    name = tokens[index].content.strip()
    link = f' href="{html.escape(address)}"' if address.startswith(_SCHEMES) else ""
    title = html.escape(_("Picture: {name}", name=name) if name else _("A picture"))
    return (
        f'<a class="picture" data-address="{html.escape(address)}"{link} target="_blank"'
        f' rel="noopener noreferrer">{title}</a>'
    )
