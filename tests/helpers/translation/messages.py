"""The messages in the code, and the catalogues that translate them.

    python tests/helpers/translation/messages.py

adds what is missing to each catalogue, untranslated, and takes out what nothing shows any more.
"""

from __future__ import annotations

import ast
import html.parser
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

import voice_assistant
from voice_assistant.translation import ENGLISH, LANGUAGES, LOCALES

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(voice_assistant.__file__).parent
PAGE = PACKAGE / "companion" / "page"

_LITERAL = r'"(?:[^"\\\n]|\\.)*"'
_CALL = re.compile(  # in JavaScript: _("…", { … }) and ngettext("…", "…", n, { … })
    rf"\b(?:_|ngettext)\(({_LITERAL})(?:, ({_LITERAL}), [\w.]+)?(?:, \{{ (.*?) \}})?\)"
)

DECLARES = {
    **dict.fromkeys(("N_", "at_once", "needs_restart", "_signal"), 0),
    **dict.fromkeys(("Argument", "Command", "ServerCommand", "_switch", "to"), 1),
    "_flag": 2,
}
"""Functions that mark a message by taking it, and which of their arguments it is."""


NOT_FOR_PEOPLE = (
    "server/",  # answers English, as its recogniser hears English
    "text/",
    "engines/recognition/",
    "engines/voices/",  # words that voices cannot read, and commands
    "history/rows.py",
    "history/search.py",
    "history/finding.py",
    "history/store.py",  # SQL
    "hearing/no_speech.py",  # what recognisers make up of silence, in many languages
    "cli/parsing/completion.py",  # shells' own languages
)
MARKS_OR_HIDES = re.compile(
    rf"(^|\.)(log|logger|_log)\.|^re\.|^({'|'.join(DECLARES)}|_|ngettext|told_by_the_server)$"
    r"|^(ValueError|TypeError|RuntimeError|AttributeError|KeyError|ProtocolError|DecodeError)$"
    r"|^(getLogger|logging\.getLogger|httpx\.\w+)$"
)
SENTENCE = re.compile(r"^[^/<\[{]*[A-Z][a-z]+[^a-z{]* [a-z]{2,}")
"""Two words of which the first has a capital, as a message begins."""


class Message(NamedTuple):
    """A message in the code: its English text, that for many of it (or ""), its values, its place.

    The values are None where the message is only marked, and shown elsewhere.
    """

    text: str
    many: str
    values: set[str] | None
    file: str


@cache
def in_code() -> tuple[Message, ...]:
    """Return every message of the package: marked in Python or in the page."""
    return (*_in_python(), *in_page())


def _in_python() -> Iterator[Message]:
    for file in sorted(PACKAGE.rglob("*.py")):
        name = str(file.relative_to(PACKAGE.parent))
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
                values = {one.arg for one in node.keywords if one.arg}
                if node.func.id == "_" and texts:
                    yield Message(texts[0], "", values, name)
                elif node.func.id in DECLARES:
                    marked = node.args[DECLARES[node.func.id]]
                    if isinstance(marked, ast.Constant) and marked.value:
                        yield Message(marked.value, "", None, name)
                elif node.func.id == "ngettext":
                    yield Message(texts[0], texts[1], values | {"n"}, name)


def in_page() -> Iterator[Message]:
    """Yield the messages of the window's page: in its HTML, then those that its scripts mark."""
    folder = PAGE.relative_to(PACKAGE.parent)
    markup = _Markup()
    markup.feed((PAGE / "index.html").read_text())
    for text in markup.texts:
        yield Message(text, "", None, f"{folder}/index.html")
    for file in sorted(PAGE.glob("*.js")):
        for one, many, values in _CALL.findall(file.read_text()):
            names = set(re.findall(r"(?:^|, )(\w+)(?=[:,]|$)", values)) | ({"n"} if many else set())
            many_of_it = json.loads(many) if many else ""
            yield Message(json.loads(one), many_of_it, names, f"{folder}/{file.name}")


def unmarked_in_page() -> Iterator[str]:
    """Yield each literal of the page's scripts that may be words, and that no function marks."""
    for file in sorted(PAGE.glob("*.js")):
        text = _CALL.sub("", re.sub(r"(^|\s)//.*", "", file.read_text(), flags=re.MULTILINE))
        for literal in re.findall(rf"{_LITERAL}|`[^`]*`", text):
            shown = re.sub(r"\$\{.*?\}", "", literal[1:-1])
            if re.search(r"^\W*[A-Z][a-z]+( |$)|^ ?[a-z]+( [a-z]+)+[.…]?$", shown):
                yield f"{file.name}: {literal}"


class _Markup(html.parser.HTMLParser):
    """Collects the texts of a page that `words.js` translates."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._translated = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._translated = given.get("translate") != "no"
        if self._translated:
            names = ("aria-label", "placeholder")
            self.texts.extend(text for name in names if (text := given.get(name)))

    def handle_endtag(self, tag: str) -> None:
        self._translated = True

    def handle_data(self, data: str) -> None:
        if self._translated and data.strip():
            self.texts.append(data.strip())


def shadowed() -> Iterator[str]:
    """Yield the place of every function that calls `_`, and also binds it."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                nodes = list(_own_nodes(function))
                called = {one.func for one in nodes if isinstance(one, ast.Call)}
                names = [one for one in nodes if isinstance(one, ast.Name) and one.id == "_"]
                bound = any(isinstance(one.ctx, ast.Store) for one in names)
                argument = any(isinstance(one, ast.arg) and one.arg == "_" for one in nodes)
                if (bound or argument) and called & set(names):
                    yield f"{file.name}:{function.lineno}"


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes within a function, without those that bind for themselves."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.comprehension | ast.Lambda):
            yield node
            yield from _own_nodes(node)


def unmarked() -> Iterator[str]:
    """Yield each sentence that people may read or hear, and that no function marks."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = str(file.relative_to(PACKAGE))
        if not name.startswith(NOT_FOR_PEOPLE):
            tree = ast.parse(file.read_text())
            skipped = set(_not_shown(tree))
            for node in ast.walk(tree):
                if node not in skipped and (text := _text(node)) and SENTENCE.search(text):
                    yield f"{name}: {text}"


def _not_shown(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of docstrings, enums, log messages, bugs, and of marked messages."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                yield docstring
            case ast.ClassDef(bases=bases) if any("Enum" in ast.unparse(base) for base in bases):
                yield from ast.walk(node)
            case ast.FunctionDef(name="__repr__"):
                yield from ast.walk(node)
            case ast.JoinedStr(values=values):
                yield from (one for one in values if isinstance(one, ast.Constant))
            case ast.Call(func=func) if MARKS_OR_HIDES.search(ast.unparse(func)):
                yield from ast.walk(node)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
        )
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def file_of(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "voice_assistant.po"


def catalogue(language: str) -> Catalog:
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def others() -> list[str]:
    return [one for one in LANGUAGES if one != ENGLISH]


def renewed(language: str) -> bytes:
    """Return the text of a catalogue with exactly the messages of the code, in their order."""
    known = catalogue(language)
    new = Catalog(locale=language)
    for message in in_code():
        ids = (message.text, message.many) if message.many else message.text
        translated = known.get(message.text)
        string = translated.string if translated else ""
        new.add(ids, string, locations=[] if message.text in new else [(message.file, 0)])
    text = io.BytesIO()
    write_po(text, new, width=100, include_lineno=False, omit_header=True)
    head, _, _ = file_of(language).read_text().partition("\n\n")
    return f"{head}\n\n".encode() + text.getvalue()


def main() -> None:
    for language in others():
        file_of(language).write_bytes(renewed(language))


if __name__ == "__main__":
    main()
