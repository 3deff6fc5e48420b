"""Collects an answer's files, and describes an answer that has no words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice_assistant.text.speakable import speakable
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_assistant.api.models import JsonObject
    from voice_assistant.api.stream.events import (
        MessageFile,
    )

_PICTURE = re.compile(r"!\[[^\]]*\]\(|<img\b", re.IGNORECASE)
_LONG = 2000
"""Letters: in a longer text, any letter counts as a word, and no sign, without the slow check."""
_WORD = re.compile(r"[^\W_]")


class AnswerFiles:
    """The files of one answer."""

    def __init__(self) -> None:
        self._types: list[str] = []
        self._addresses: dict[str, None] = {}

    @property
    def there(self) -> bool:
        """Return whether the answer has a file."""
        return bool(self._types or self._addresses)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return where the server has the files, each once."""
        return tuple(self._addresses)

    def note(self, file: MessageFile) -> None:
        """Add a file that the stream named in an event of its own."""
        if (file.url or file.type) and file.belongs_to != "user":
            self._types.append(file.type)
            self._note_address(file.url)

    def note_all(self, files: Iterable[JsonObject]) -> None:
        """Add the files that the answer's end names; the server may have named them before."""
        own = [file for file in files if file.get("belongs_to") != "user"]
        types = [str(file.get("type", "")) for file in own]
        for file in own:
            self._note_address(file.get("remote_url") or file.get("url"))
        if len(types) > len(self._types):
            self._types = types

    def _note_address(self, address: object) -> None:
        if isinstance(address, str) and address:
            self._addresses[address] = None

    def instead_of_words(self, text: str) -> str:
        """Return a sentence that describes an answer without words; "" if it has words."""
        if speakable(text) if len(text) <= _LONG else _WORD.search(text):
            return ""
        types = self._types or ["image"] * len(_PICTURE.findall(text))
        if not types:
            return _("The answer has no words.")
        match tuple(set(types)):
            case ("image",):
                one, many = N_("The answer is a picture."), N_("The answer is {n} pictures.")
            case ("audio",):
                one, many = N_("The answer is a recording."), N_("The answer is {n} recordings.")
            case ("video",):
                one, many = N_("The answer is a video."), N_("The answer is {n} videos.")
            case _:
                one, many = N_("The answer is a file."), N_("The answer is {n} files.")
        return _(one) if len(types) == 1 else _(many, n=len(types))
