"""Shows formulas in TeX as MathML, which browsers draw and screen readers read."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from latex2mathml.converter import convert_to_element
from mdit_py_plugins.dollarmath import dollarmath_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MOST_SIGNS = 2000
"""A longer formula is shown as it was written."""

MOST_FORMULAS = 500
"""Those after so many in one text are, too: each takes 0.1 ms, while nothing else goes on."""

_TAGS = frozenset(
    {
        *("math", "mi", "mn", "mo", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot"),
        *("mstyle", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
        *("mtable", "mtr", "mtd", "mpadded", "mphantom"),
    }
)
_ATTRIBUTES = frozenset(
    {
        *("display", "displaystyle", "scriptlevel", "stretchy", "fence", "separator", "form"),
        *("accent", "accentunder", "linethickness", "columnalign", "mathvariant"),
        *("minsize", "maxsize", "lspace", "rspace", "width", "height", "depth"),
    }
)
_PLAIN = re.compile(r"[\w .%+-]*")


def add_formulas(markdown: MarkdownIt) -> None:
    r"""Let a Markdown parser know formulas: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`."""
    dollarmath_plugin(markdown, allow_space=False, allow_digits=False, double_inline=True)
    markdown.inline.ruler.before("escape", "bracketed_formula", _bracketed)
    for name in ("math_inline", "math_inline_double", "math_block"):
        markdown.add_render_rule(name, _block if name == "math_block" else _inline)


def _bracketed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  (markdown-it's signature)
    """Find a formula between brackets with backslashes, here."""
    begin = state.pos + 2
    close = {"\\(": "\\)", "\\[": "\\]"}.get(state.src[state.pos : begin])
    end = state.src.find(close, begin, begin + MOST_SIGNS) if close else -1
    if end < 0:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = state.src[begin:end]
    state.pos = end + 2
    return True


@lru_cache(maxsize=1000)  # an answer is shown again with each of its words
def mathml(tex: str, *, block: bool = False) -> str | None:
    """Return a formula as MathML that can do no harm; None if it is not understood.

    The converter passes on what it finds: markup in texts, addresses, names of classes. So its tree
    is written from known elements alone.
    """
    if len(tex) > MOST_SIGNS:
        return None
    try:
        tree = convert_to_element(tex, display="block" if block else "inline")
    except Exception:  # noqa: BLE001  (what a server writes is any text: each error has its own kind)
        return None
    return _written(tree)


def _written(element: Element) -> str:
    inner = html.escape(html.unescape(element.text or "")) + "".join(map(_written, element))
    tail = html.escape(html.unescape(element.tail or ""))
    if element.tag not in _TAGS:
        return inner + tail
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _PLAIN.fullmatch(value)
    )
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>{tail}"


def _inline(_: Any, tokens: Sequence[Token], index: int, __: Any, env: dict[str, int]) -> str:
    return _shown(tokens[index].content, env, block=False)


def _block(_: Any, tokens: Sequence[Token], index: int, __: Any, env: dict[str, int]) -> str:
    return f"<p>{_shown(tokens[index].content, env, block=True)}</p>"


def _shown(tex: str, env: dict[str, int], *, block: bool) -> str:
    env["formulas"] = env.get("formulas", 0) + 1
    drawn = mathml(tex.strip(), block=block) if env["formulas"] <= MOST_FORMULAS else None
    return drawn or f"<code>{html.escape(tex.strip())}</code>"
