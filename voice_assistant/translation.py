"""The words that people read and hear, in their language: English, or a catalogue's.

    _("The microphone is lost")                      translated where it is shown
    _("{size} letters", size=3)                      values are put in after the translation
    ngettext("{n} minute", "{n} minutes", minutes)   one or many
    N_("Ready")                                      in a table: marked here, shown with `_` later

English is in the source. `locales/LANGUAGE/LC_MESSAGES/voice_assistant.po` holds another language;
the stdlib's gettext looks its messages up. Catalogues are read as they are written, so there is no
step of a build, and only for the first word that is shown: `press` shows none. Log messages are not
translated.
"""

from __future__ import annotations

import functools
import gettext
import io
import json
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOCALES = Path(__file__).with_name("locales")
AUTO = "auto"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh_CN")
_ALIASES = {"C": ENGLISH, "POSIX": ENGLISH} | dict.fromkeys(
    ("zh", "zh_SG", "zh_Hans", "zh_Hans_CN", "zh_Hans_SG"), "zh_CN"
)
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_language = AUTO


def choose(language: str) -> None:
    """Show words in this language from now on; `AUTO`: in that of the environment."""
    global _language  # noqa: PLW0603  (a process speaks one language, as it has one locale)
    _language = language


def chosen() -> str:
    """Return the language that was chosen, `AUTO` for that of the environment."""
    return _language


def language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the language in which words are shown, one of `LANGUAGES`."""
    return _of_environment(environ) if _language == AUTO else _language


def _(message: str, /, **values: Any) -> str:
    """Return `message` in the user's language, with `values` in its {places}."""
    shown = message and _catalogue(language()).gettext(message)  # "" would find the head
    return shown.format(**values) if values else shown


def ngettext(one: str, many: str, n: int, /, **values: Any) -> str:
    """Return one of two messages by the number `n`, with {n} and `values` in their places."""
    return _catalogue(language()).ngettext(one, many, n).format(n=n, **values)


def tag() -> str:
    """Return the language in which words are shown as HTML names it, such as "zh-CN"."""
    return language().replace("_", "-")


def messages(language: str) -> dict[str, str]:
    """Return all messages of one of `LANGUAGES` with their translations; none for English.

    One and many are one message, and their forms one translation, with NULs between them.
    """
    if language == ENGLISH:
        return {}
    file = LOCALES / language / "LC_MESSAGES" / "voice_assistant.po"
    return dict(_messages(file.read_text(encoding="utf-8")))


def into(language: str, message: str) -> str:
    """Return `message` in this language, one of `LANGUAGES`."""
    return _catalogue(language).gettext(message)


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Mark a message that is shown elsewhere, by `_`; returns it as it is."""
    return message


def _of_environment(environ: Mapping[str, str]) -> str:
    """Return the first language that the environment wants and that is here, else English."""
    wanted = next(filter(None, map(environ.get, _VARIABLES)), "")
    for name in wanted.split(":"):
        plain = name.partition(".")[0].partition("@")[0].replace("-", "_")
        known = _ALIASES.get(plain, plain)
        if known in LANGUAGES:
            return known
        if known.partition("_")[0] == ENGLISH:
            return ENGLISH
    return ENGLISH


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(_compiled(messages(language))))


def _messages(text: str) -> Iterator[tuple[str, str]]:
    """Yield the messages of a .po file with their translations, as a .mo file holds them."""
    entries: list[dict[str, str]] = []
    field = ""
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            field, _space, line = line.partition(" ")  # noqa: PLW2901  (the quoted rest)
            if field == "msgid":
                entries.append({})
            entries[-1][field] = ""
        entries[-1][field] += json.loads(line)  # its escapes are those of a .po file
    for entry in entries:
        ids = (entry[name] for name in ("msgid", "msgid_plural") if name in entry)
        translations = [value for name, value in entry.items() if name.startswith("msgstr")]
        if all(translations):
            yield "\0".join(ids), "\0".join(translations)


def _compiled(messages: Mapping[str, str]) -> bytes:
    """Return messages as a .mo file, which is what gettext reads.

    Its form is told in GNU gettext's manual, "The Format of GNU MO Files".
    """
    pairs = sorted((one.encode(), other.encode()) for one, other in messages.items())
    columns = ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    tables, texts = [], b""
    texts_at = 28 + 16 * len(pairs)
    for column in columns:
        for text in column:
            tables.append(struct.pack("<II", len(text), texts_at + len(texts)))
            texts += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, texts_at)
    return head + b"".join(tables) + texts
