"""The part of an answer that is for people: the answer alone, without a model's thinking."""

from __future__ import annotations

import re
from functools import reduce
from typing import NamedTuple

from voice_assistant.text.hidden import UNDECIDED, mark_at

_STOP = re.compile(r"(?P<run>`{1,40}|~{1,40})|<(?=[/|\uff5ca-zA-Z]|\Z)|\[(?=[/tTrRaAI]|\Z)|\u25c1")
_ANY_CLOSING = re.compile(r"</\s?\w+\s?>")
_LONGEST_RUN = 40  # signs: a longer run does not mark code
_LINE_START = re.compile(r"[ \t>]*(?:(?:[*+-]|\d{1,9}[.)])[ \t]+)*\Z")
_LONGEST_PREFIX = 60  # letters before a fence in its line: those of quotes and lists
_LONGEST_CODE = 1000  # letters between two backticks
_OVERLAP = 128  # letters: no end of a block is longer
_LEAST_FENCE = 3
_PORTION = 2048
"""Letters taken in one step: the pending text is copied in each step."""

# The first words of models that think without a tag before the thinking, only </think> after it.
_DELIBERATES = re.compile(
    r"\s*(?:(?:okay|ok|alright|hmm|well|so|first|right|好的?|嗯|首先)[,，.\s]{1,3}){0,2}"  # noqa: RUF001
    r"(?:the user\b(?:'s| (?:is|has|was|wants|asks|asked|says|said|just|wrote|seems|would|needs))\b"
    r"|用户(?:问|说|想|要|在|正|提|给|发|希))",
    re.IGNORECASE,
)
_BEGINNING = 60


class Change(NamedTuple):
    """The next change of the visible text.

    Attributes:
        text: the text to add.
        anew: whether all text that was visible before is void.
    """

    text: str
    anew: bool = False

    def then(self, later: Change) -> Change:
        """Return this change and a later one as one change."""
        return later if later.anew else Change(self.text + later.text, self.anew)


class VisibleText:
    """The visible text of an answer that is still being written, fed piece by piece.

    Thinking, calls of tools and the signs of chat formats are left out; so is everything before a
    `</think>` without a begin. In code, and as words of a sentence, such signs stay visible. The
    visible text is the same for every way to cut the answer.

    Args:
        withheld: show nothing before thinking, or the answer, has ended: for models that begin with
            thinking and send no sign before it.
        begun: whether visible words came before.

    Attributes:
        unannounced: whether thinking without a begin was left out.
    """

    def __init__(self, *, withheld: bool = False, begun: bool = False) -> None:
        self.unannounced = False
        self._hides = False
        self._withheld: list[str] | None = [] if withheld else None
        self._shown: list[str] = []
        self._length = 0  # of what was shown, as far as it tells whether the model deliberates
        self._hidden: list[str] = []
        self._doubtful_from: int | None = None  # in `_hidden`: it is the answer, if nothing else is
        self._blank = ""  # at the answer's begin
        self._has_begun, self._begins_hidden = begun, False
        self._pending = ""
        self._line = ""  # the current line so far, or its begin
        self._before = ""
        self._until: re.Pattern[str] | None = None
        self._fence: re.Pattern[str] | None = None

    @property
    def text(self) -> str:
        """Return the visible text so far."""
        return "".join(self._shown)

    @property
    def hides(self) -> bool:
        """Return whether a part of the answer was left out, or is held back for now."""
        return self._hides or self._withheld is not None

    @property
    def waits_at_begin(self) -> bool:
        """Return whether the answer begins with what may be the sign of thinking."""
        return bool(self._pending) and not self._has_begun

    def feed(self, delta: str) -> Change:
        """Take the next piece of the answer; return the change of the visible text."""
        if len(delta) <= _PORTION:
            self._pending += delta
            return self._change(final=False)
        pieces = [delta[at : at + _PORTION] for at in range(0, len(delta), _PORTION)]
        return reduce(Change.then, map(self.feed, pieces))

    def finish(self) -> Change:
        """End the answer; return the last change of the visible text."""
        change = self._change(final=True)
        if self._doubtful_from is not None and not self.text.strip():
            change = Change(_ANY_CLOSING.sub("", "".join(self._hidden[self._doubtful_from :])))
            self._shown.append(change.text)
        if not self._shown and not self._hides and self._blank:
            self._shown.append(self._blank)
            change = Change(self._blank, anew=change.anew)
        return change

    def _change(self, *, final: bool) -> Change:
        seen: list[str] = []
        anew = False
        while self._pending:
            waits, bare = self._step(seen, final=final)
            if bare:
                self._forget(seen)
                seen.clear()
                anew = True
            if waits:
                break
        text = self._after_blank("".join(seen))
        if self._withheld is None and not anew and self._deliberates(text):
            self._withheld = []
        if self._withheld is not None:
            self._withheld.append(text)
            if not (final or anew):
                return Change("")
            text, self._withheld = "".join(self._withheld), None
        if text:
            self._shown.append(text)
        return Change(text, anew)

    def _deliberates(self, text: str) -> bool:
        """Return whether the answer begins like thinking, with `text` as its newest words."""
        if self._length > _BEGINNING or not text:
            return False
        self._length += len(text)
        return bool(_DELIBERATES.match(f"{self.text}{text}"))

    def _forget(self, seen: list[str]) -> None:
        """Hide all text that was visible: it was thinking."""
        self._hidden += [*self._shown, *(self._withheld or ()), *seen]
        self._shown.clear()
        self._withheld = None if self._withheld is None else []
        self._blank = ""
        self._has_begun, self._begins_hidden = False, True
        self.unannounced = True

    def _after_blank(self, text: str) -> str:
        """Return the text without blanks before the answer's first word."""
        if self._shown or self._withheld or not text:
            return text
        words = text.lstrip()
        self._blank += text[: len(text) - len(words)]
        if not words:
            return ""
        blank, self._blank = self._blank, ""
        return words if self._begins_hidden else blank + words

    def _step(self, seen: list[str], *, final: bool) -> tuple[bool, bool]:  # noqa: PLR0911 (each kind is a way out)
        """Take the next part of the pending text.

        Returns:
            Whether the next step needs more text, and whether this part ends thinking without a
            begin.
        """
        if self._until:
            return self._hide(final=final), False
        if self._fence:
            return self._show_code(seen, final=final), False
        found = _STOP.search(self._pending)
        if not found:
            self._show(seen, len(self._pending))
            return True, False
        if found.start():
            self._show(seen, found.start())
            return False, False
        if found["run"]:
            return self._show_run(seen, found["run"], final=final), False
        first = not self._has_begun
        mark = mark_at(self._pending, 0, before=self._before, final=final, first=first)
        if mark is UNDECIDED:
            return True, False
        if not mark:
            self._show(seen, 1)
            return False, False
        self._hides = True
        self._begins_hidden = self._begins_hidden or not self._has_begun
        if mark.doubtful:
            self._doubtful_from = len(self._hidden) + 1
        elif mark.until:
            self._doubtful_from = None
        self._hidden.append(self._pending[: mark.length])
        self._pending = self._pending[mark.length :]
        self._until = mark.until
        return False, mark.bare

    def _show(self, seen: list[str], length: int) -> None:
        text, self._pending = self._pending[:length], self._pending[length:]
        seen.append(text)
        self._has_begun = self._has_begun or not text.isspace()
        self._before = (self._before + text)[-2:]
        *_, line = f"{self._line}{text}".rsplit("\n", 1)
        self._line = line[: _LONGEST_PREFIX + 1]

    def _hide(self, *, final: bool) -> bool:
        """Leave out the block's text; return whether the block's end has not come yet."""
        assert self._until  # noqa: S101 - only then
        end = self._until.search(self._pending)
        at = end.end() if end else len(self._pending) - (0 if final else _OVERLAP)
        if at > 0:
            self._hidden.append(self._pending[:at])
            self._pending = self._pending[at:]
        if end:
            self._until = None
        return end is None

    def _show_run(self, seen: list[str], run: str, *, final: bool) -> bool:  # noqa: PLR0911 (each kind is a way out)
        """Show code in a line, the begin of a fence, or other signs."""
        text, size = self._pending, len(run)
        line_end = text.find("\n", size, size + _LONGEST_CODE)
        known = final or line_end >= 0 or len(text) > size + _LONGEST_CODE
        rest = text[size : line_end if line_end >= 0 else size + _LONGEST_CODE]
        if size == _LONGEST_RUN:
            self._show(seen, size)
            return False
        if not rest and not known:
            return True
        if run[0] == "~" and size < _LEAST_FENCE:
            self._show(seen, size)
            return False
        if run[0] == "`" and (closed := re.search(rf"(?<!`){run}(?!`)", rest)):
            if closed.end() == len(rest) and not known:
                return True
            self._show(seen, size + closed.end())
            return False
        if not known:
            return True
        at_start = len(self._line) <= _LONGEST_PREFIX and _LINE_START.fullmatch(self._line)
        if size >= _LEAST_FENCE and at_start and run[0] not in rest and line_end >= 0:
            self._fence = re.compile(rf"[ \t>]*{run[0]}{{{size},}}[ \t]*")
            self._show(seen, line_end + 1)
        else:
            self._show(seen, size)
        return False

    def _show_code(self, seen: list[str], *, final: bool) -> bool:
        """Show a line of fenced code; return whether the line is not complete yet."""
        assert self._fence  # noqa: S101 - only then
        line_end = self._pending.find("\n")
        if line_end < 0 and not final:
            if self._line or self._pending.lstrip(" \t>")[:1] not in {"", "`", "~"}:
                self._show(seen, len(self._pending))
            return True
        length = line_end if line_end >= 0 else len(self._pending)
        if not self._line and self._fence.fullmatch(self._pending, 0, length):
            self._fence = None
        self._show(seen, line_end + 1 if line_end >= 0 else length)
        return not self._pending


def visible(text: str, *, begun: bool = False) -> str:
    """Return the visible text of a whole answer, or of a part of one.

    Args:
        text: the answer, or the part.
        begun: whether visible words come before the part.
    """
    if not _STOP.search(text):
        return text
    parser = VisibleText(begun=begun)
    parser.feed(text)
    parser.finish()
    return parser.text
