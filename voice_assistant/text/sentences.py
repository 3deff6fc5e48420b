"""An answer's text in sentences, while it is still being written."""
# ruff: noqa: RUF001 - the punctuation of Chinese and of print is meant

from __future__ import annotations

import re

from voice_assistant.text.abbreviations import awaits_word, is_part

_CITATION = r"\[\^?\d[\d,; –-]*\]|【\d[^】\n]*】"
# „Ja!“ closes with what opens “Yes!”; a French quotation has a space before its end.
_CLOSING_QUOTE = r"(?:[“«]|[ \u00a0\u202f]?»)(?=[\s.,;:)*_]|\Z)"
_CLOSERS = rf"(?:[\"'”’)\]}}*_~`」』）】》〉]|{_CLOSING_QUOTE}|{_CITATION})*"
_CITATION_BEGUN = re.compile(r"(?:\[\^?[\d,; –-]*|【[^】\n]*)\Z")
_CANDIDATE = re.compile(rf"\n|(?P<marks>[.!?…؟۔।॥։።။។。！？｡]+){_CLOSERS}")
_VISIBLE = re.compile(r"\S")
_FULL_WIDTH = frozenset("。！？｡")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")

_OPERATORS = frozenset("=≈≠≤≥+×÷/&|→")  # 7! = 5040
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)

# What is one portion whatever it holds: from its first line to the line that closes it.
_ITEM = re.compile(r"\s*(?:(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])[ \t]*)*")
_BLOCKS = (
    (re.compile(_ITEM.pattern + "`{4,}"), re.compile(r"\n[ \t>]*`{4,}[ \t]*(?=\n|$)")),
    (re.compile(_ITEM.pattern + "`{3}"), re.compile(r"\n[ \t>]*`{3,}[ \t]*(?=\n|$)")),
    (re.compile(_ITEM.pattern + "~{3}"), re.compile(r"\n[ \t>]*~{3,}[ \t]*(?=\n|$)")),
    (re.compile(r"\s*<think>"), re.compile(r"</think>")),
    (re.compile(r"\s*<details\b"), re.compile(r"</details>")),
    (re.compile(r"\s*<!--"), re.compile(r"-->")),
    (re.compile(r"\s*\\begin\{"), re.compile(r"\\end\{\w+\*?\}")),
    (re.compile(r"\s*\\\["), re.compile(r"\\\]")),
    (re.compile(r"\s*\$\$"), re.compile(r"\$\$")),
)
_BLOCK_SIGNS = ("`", "~", "<", "\\", "$")
# In code it is a word like others: "Use `<details>` for this."
_UNCLOSED = re.compile(
    r"(?<!`)(?:<(think|details)\b(?!.*</\1>)|<!--(?!.*-->)|(?<!\\)\\\[(?!.*\\\]))", re.DOTALL
)

# What never ends is cut, or nothing would be heard of it for long.
_LONGEST = 240  # Latin letters: 15 s
_LETTERS_IN_ONE = 3  # a Chinese character sounds as long as so many letters
_RESTS = (
    re.compile(r"[.!?;:—–؛](?=\s)|[；：]"),
    re.compile(r"[,،](?=\s)|，"),
    re.compile(r"、"),
    re.compile(r"(?<=\S)(?=\s)"),
)


class Sentences:
    """The sentences of a text that is still being written.

    However the text is cut, the sentences are the same, and joined they are the text again, less
    white space at its end. White space between two sentences belongs to the second. Fenced code,
    a model's `<think>` part and a table are each one sentence; a line's end ends one too. What is
    longer than some 15 s of speech is cut where a reader would breathe.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._seen = 0

    def feed(self, delta: str) -> list[str]:
        """The sentences that `delta` makes whole."""
        self._pending += delta
        return self._take(final=False)

    def pause(self) -> list[str]:
        """No more has come for a while: what could be a whole sentence is taken for one."""
        text = self._pending.rstrip()
        ends = [
            found for found in _CANDIDATE.finditer(text, self._seen) if found.end() == len(text)
        ]
        if (
            not ends
            or _ITEM.sub("", text, count=1).startswith((*_BLOCK_SIGNS, "|"))
            or _goes_on(text)
        ):
            return []
        self._pending = self._pending[len(text) :]
        self._seen = 0
        return [text]

    def finish(self) -> list[str]:
        """The text is whole: what is left of it."""
        whole = self._take(final=True)
        if self._pending.strip():
            whole.append(self._pending)
        self._pending = ""
        return whole

    def _take(self, *, final: bool) -> list[str]:
        whole = []
        while (end := self._end(final=final)) is not None:
            whole.append(self._pending[:end])
            self._pending = self._pending[end:]
            self._seen = 0
        return whole

    def _end(self, *, final: bool) -> int | None:
        """Where the first pending sentence ends; None if that cannot be told yet."""
        first = _VISIBLE.search(self._pending)
        if first is None:
            return None
        start = first.start()
        text = _ITEM.sub("", self._pending, count=1)
        if text.startswith(_BLOCK_SIGNS):
            if not final and len(text) < len("<details>"):
                return None
            for opening, closing in _BLOCKS:
                if opened := opening.match(self._pending):
                    closed = closing.search(self._pending, opened.end())
                    return closed.end() if closed and (final or self._after(closed)) else None
        return self._end_of_text(start, final=final)

    def _end_of_text(self, start: int, *, final: bool) -> int | None:
        """Where a sentence or a table ends that begins there; None if that cannot be told yet."""
        table = self._pending[start] == "|"
        limit = len(self._pending) if table else _limit(self._pending, start)
        for found in _CANDIDATE.finditer(self._pending, max(start, self._seen)):
            if found.start() >= limit:
                break
            self._seen = found.start()
            if table and found["marks"]:
                continue
            ends = self._ends_row(found, final=final) if table else self._ends(found, final=final)
            if ends is None:
                return None
            if ends:
                return found.end() if found["marks"] else found.start()
        if limit < len(self._pending):
            return _cut(self._pending, start, limit)
        self._seen = len(self._pending)
        return None

    def _after(self, found: re.Match[str]) -> str:
        return self._pending[found.end() :]

    def _ends_row(self, found: re.Match[str], *, final: bool) -> bool | None:
        """Whether a table ends with this row: the next line is none of its own."""
        after = self._after(found).lstrip(" \t")
        if not after:
            return True if final else None
        return after[0] != "|"

    def _ends(self, found: re.Match[str], *, final: bool) -> bool | None:
        """Whether a sentence ends with these marks, or this line; None: more must be known."""
        if _UNCLOSED.search(self._pending, 0, found.start()):
            return False
        marks = found["marks"]
        if marks is None:
            return True
        in_code = _in_code(self._pending[: found.start()])
        return not in_code and self._ends_by_marks(found, marks, final=final)

    def _ends_by_marks(self, found: re.Match[str], marks: str, *, final: bool) -> bool | None:
        after = self._after(found)
        if _CITATION_BEGUN.match(after) and not final:
            return None
        following = after.lstrip(" \t\u00a0\u202f(")
        if not following:
            return True if final else None
        if _FULL_WIDTH & set(marks):
            return True
        before = self._pending[: found.start("marks") + len(marks)]
        if not final and following.isalpha() and awaits_word(before):
            return None
        if not after[0].isspace():
            ended = marks[-1] in "!?" or (marks == "." and _CJK.match(before[-2:]))
            return bool(ended and _CJK.match(after))
        goes_on = following[0].islower() or following[0] in _OPERATORS
        return not (goes_on or (marks == "." and is_part(before, following)))


def _in_code(text: str) -> bool:
    """Whether a text ends within code, as in "Run `git add . && git push`."."""
    return "`" in _CODE.sub("", text)


def _goes_on(text: str) -> bool:
    """Whether a text that stops here is not likely to be whole."""
    if text[-2:-1].isdigit() or is_part(text, " ") or _in_code(text):
        return True
    return bool(_UNCLOSED.search(text))


def _limit(text: str, start: int) -> int:
    """Where a sentence that begins there has become too long; the text's end if it has not."""
    letters = 0
    for at in range(start, len(text)):
        letters += _LETTERS_IN_ONE if _CJK.match(text[at]) else 1
        if letters > _LONGEST:
            return len(text) if _UNCLOSED.search(text[:at]) else at
    return len(text)


def _cut(text: str, start: int, limit: int) -> int:
    """Where to cut a sentence that is too long: at a rest, else between words."""
    middle = (start + limit) // 2
    for place in _RESTS:
        if ends := [found.end() for found in place.finditer(text, middle, limit)]:
            return ends[-1]
    return limit
