"""Splits an answer's text into sentences while the text is still being written."""

from __future__ import annotations

import re

from voice_assistant.text.addresses import TOKEN, end_of_url, is_data, is_unfinished_tag, may_go_on
from voice_assistant.text.blocks import (
    BLOCK_SIGNS,
    HIDDEN,
    ITEM,
    LEAST_BLOCK,
    LONGEST_FORMULA,
    UNDECIDED,
    closing_of,
    end_of,
    is_optional,
    opening_end,
)
from voice_assistant.text.full_stops import CLOSERS, KNOWN, MARKS, ends_by_marks, may_be_complete
from voice_assistant.text.hidden import is_word
from voice_assistant.text.sentence_length import LONGEST, SpokenLength

_STEP = re.compile(
    rf"""(?![\ \u3040-\u9fff\uac00-\ud7af]) (?!(?<=[a-z0-9])[a-z0-9])  # most letters, at once
      (?: (?P<newline>\n)
      | (?P<marks>{MARKS}){CLOSERS}
      | (?P<code>`+)
      | (?P<formula>(?<!\\)\\\[)
      | (?P<hidden>(?<!`)<(?:(?P<name>{HIDDEN})(?=[\s>/])|!--))
      | (?={TOKEN.pattern})
      | (?P<angle><(?=[a-z!]|\Z)) )""",
    re.VERBOSE | re.IGNORECASE,
)
_VISIBLE = re.compile(r"\S")
_OVERLAP = 64  # letters: no end of a block is longer

_LONGEST_TABLE = 4000  # letters: to put more into words in one step would stop all else
_LETTERS_OF_TOKEN = 10  # of an address only its host is spoken
_SHORT_TAIL = re.compile(r"[^\s\u0e00-\u109f\u1780-\u17ff\u2e80-\ud7af\uf900-\uffef]{1,100}\Z")


class Sentences:
    """Splits a text into sentences while it is still being written.

    The sentences are the same for every way to cut the text, and joined they are the text again,
    except white space at its end. White space between two sentences belongs to the second. Fenced
    code, a model's `<think>` part and a table (of a very long one, some hundred rows) are each one
    sentence; a line's end also ends a sentence. A sentence longer than some 15 s of speech is cut
    where a reader would breathe, but never within an address or other letters that are not read
    one by one.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._until = 0  # pending letters that are needed before the next look
        self._begin()

    def feed(self, delta: str) -> list[str]:
        """Return the sentences that `delta` completes."""
        whole = []
        for at in range(0, len(delta), _PORTION):
            portion = delta[at : at + _PORTION]
            self._pending += portion
            if len(self._pending) < self._until and not _ENDS_WORD.search(portion):
                continue  # within a long address: do not read it from its begin each time
            whole += self._take(final=False)
            length = len(self._pending)
            self._until = length + length // _GROWTH if length > _SHORT else 0
        return whole

    def pause(self) -> list[str]:
        """Return the pending text if it could be a complete sentence: the text has paused."""
        text = self._pending.rstrip()
        block = ITEM.sub("", text, count=1).startswith((*BLOCK_SIGNS, "|"))
        if block or not may_be_complete(text):
            return []
        self._pending = self._pending[len(text) :]
        self._begin()
        return [text]

    def finish(self) -> list[str]:
        """End the text; return the sentences that are left of it."""
        whole = self._take(final=True)
        if self._pending.strip():
            whole.append(self._pending)
        self._pending = ""
        self._begin()
        return whole

    def _begin(self) -> None:
        """Forget all that was found about the first pending sentence."""
        self._blanks = 0  # white space before it
        self._seen = 0  # how far it was looked through
        self._length = SpokenLength()
        self._sought = 0  # how far the end of a block was looked for

    def _take(self, *, final: bool) -> list[str]:
        whole = []
        while (end := self._end(final=final)) is not None:
            whole.append(self._pending[:end])
            self._pending = self._pending[end:]
            self._begin()
        return whole

    def _end(self, *, final: bool) -> int | None:
        """Return where the first pending sentence ends; None if that cannot be told yet."""
        first = _VISIBLE.search(self._pending, self._blanks)
        self._blanks = first.start() if first else len(self._pending)
        if first is None:
            return None
        item = ITEM.match(self._pending)
        text_at = item.end() if item else first.start()
        if self._pending.startswith(BLOCK_SIGNS, text_at):
            if not final and len(self._pending) - text_at < LEAST_BLOCK:
                return None
            closing = closing_of(self._pending, final=final)
            if closing is UNDECIDED:
                return None
            if closing:
                closed = self._closed(closing, text_at)
                if closed:
                    return closed.end() if final or closed.end() < len(self._pending) else None
                if not final or not is_optional(closing):
                    return None
        return self._end_of_text(first.start(), final=final)

    def _closed(self, closing: re.Pattern[str], begin: int) -> re.Match[str] | None:
        """Return the end of a block, if it has come."""
        first = opening_end(self._pending) or begin
        found = closing.search(self._pending, max(first, self._sought))
        if not found:
            line = self._pending.rfind("\n")
            self._sought = max(first, min(line, len(self._pending) - _OVERLAP))
        return found

    def _end_of_text(self, start: int, *, final: bool) -> int | None:  # noqa: PLR0911 (cases)
        """Return where a sentence or a table ends that begins there; None if not yet known."""
        if self._pending[start] == "|":
            return self._end_of_table(start, final=final)
        self._seen = max(start, self._seen)
        self._length.begin(start)
        while found := self._next_step():
            if (limit := self._length.passes(self._pending, found.start())) is not None:
                return self._length.cut(self._pending, start, limit)
            self._seen = found.start()
            if found["newline"]:
                return found.start()
            if found["marks"]:
                ends = ends_by_marks(self._pending, found, final=final)
                if ends is None:
                    return None
                if ends:
                    return found.end()
                self._seen = found.end()
            elif not self._pass(found, final=final):
                return self._too_long(start, final=final)[0] if found["code"] else None
        end, self._seen = self._too_long(start, final=final)
        return end

    def _next_step(self) -> re.Match[str] | None:
        """Return the next place to look at, if one may come before the sentence is too long."""
        horizon = max(self._length.weighed, self._seen) + LONGEST + _TAIL
        found = _STEP.search(self._pending, self._seen, horizon)
        return _STEP.match(self._pending, found.start()) or found if found else None

    def _too_long(self, start: int, *, final: bool) -> tuple[int | None, int]:
        """Return where to cut a sentence of which no end is known, if it has become too long.

        The second number is the place up to which no letter can begin a longer token.
        """
        known = len(self._pending)
        if not final and (tail := _SHORT_TAIL.search(self._pending, max(start, known - _TAIL))):
            known = tail.start()
        limit = self._length.passes(self._pending, max(known, self._length.weighed))
        cut = None if limit is None else self._length.cut(self._pending, start, limit)
        return cut, max(self._seen, known)

    def _end_of_table(self, start: int, *, final: bool) -> int | None:
        """Return where a table ends: behind its last row, or behind many of them."""
        self._seen = max(start, self._seen)
        while (end := self._pending.find("\n", self._seen)) >= 0:
            self._seen = end
            if end - start > _LONGEST_TABLE:
                return end
            following = _AFTER_ROW.match(self._pending, end + 1)
            after = following.end() if following else end + 1
            if after == len(self._pending):
                return end if final else None
            if self._pending[after] != "|":
                return end
            self._seen = end + 1
        return None

    def _pass(self, found: re.Match[str], *, final: bool) -> bool:
        """Go on behind code, a formula, a hidden part or a token.

        Returns:
            Whether the end of that part is known.
        """
        begin, end = found.span()
        if signs := found["code"]:
            return self._pass_code(signs, found.end(), final=final)
        if found["formula"]:
            at = self._pending.find("\\]", end, end + LONGEST_FORMULA)
            if at < 0 and not final and len(self._pending) - end <= LONGEST_FORMULA:
                return False
            end = end if at < 0 else at + 2
        elif found["hidden"]:
            spoken_of = self._is_word(found, final=final)
            if spoken_of:
                self._seen = end
            if spoken_of is not False:
                return bool(spoken_of)
            closed = end_of(found["name"]).search(self._pending, max(end, self._sought))
            if not closed and not final:
                self._sought = max(end, len(self._pending) - _OVERLAP)
                return False
            end = closed.end() if closed else len(self._pending)
        else:
            return self._pass_token(begin, final=final)
        self._seen = self._length.skip(begin, end, 0)
        return True

    def _is_word(self, found: re.Match[str], *, final: bool) -> bool | None:
        """Return whether a tag is a word of the answer; None if that is not known yet."""
        tag_end = self._pending.find(">", found.end(), found.end() + KNOWN)
        if not found["name"] or tag_end < 0:
            return False
        after = self._pending[tag_end + 1 : tag_end + 3]
        if len(after) < 2 and not final:  # noqa: PLR2004 - as `is_word` looks at
            return None
        return is_word(self._pending[max(0, found.start() - 2) : found.start()], after)

    def _pass_code(self, signs: str, end: int, *, final: bool) -> bool:
        """Go on behind code, whose full stops end no sentence; unclosed code ends with its line."""
        line_end = self._pending.find("\n", end)
        known = final or line_end >= 0
        line_end = line_end if line_end >= 0 else len(self._pending)
        closing = re.compile(rf"(?<!`){signs}(?!`)")
        closed = closing.search(self._pending, end, line_end)
        if closed and (known or closed.end() < line_end):
            self._seen = closed.end()
        elif known:
            self._seen = line_end
        else:
            return False
        return True

    def _pass_token(self, begin: int, *, final: bool) -> bool:
        """Go on behind an address as one token; weigh other long words like all letters."""
        token = TOKEN.match(self._pending, begin)
        if token is None:  # "<", and perhaps a tag
            if not final and is_unfinished_tag(self._pending, begin):
                return False
            self._seen = begin + 1
            return True
        end = token.end()
        if not final and may_go_on(token):
            return False
        if token["url"]:
            end = end_of_url(token)
        elif token["run"] and not is_data(token["run"]):
            self._seen = end
            return True
        self._seen = self._length.skip(begin, max(end, begin + 1), _LETTERS_OF_TOKEN)
        return True


_PORTION = 1024
"""Letters taken in one step: the pending text is copied with each sentence."""

_TAIL = 100
"""Letters without a blank that may be the begin of an address, or of a long word."""

_SHORT = 500
_GROWTH = 16
_ENDS_WORD = re.compile(r"[\s)>\"'\u2e80-\uffff]")
_AFTER_ROW = re.compile(r"[ \t]*")
