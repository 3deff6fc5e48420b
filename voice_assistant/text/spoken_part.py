"""The part of an answer that is read aloud: no front matter, and of an agent's steps the answer.

Front matter is what some models put before a text for other programs: YAML between lines of `---`,
or TOML between lines of `+++`. An agent that reasons in steps (ReAct,
https://arxiv.org/abs/2210.03629) writes lines that begin with "Thought:", "Action:",
"Observation:", and at last "Final Answer:"; some apps send all of them as their answer.
"""

from __future__ import annotations

import json
import re
from enum import Enum

FINAL = ("Final Answer", "Final answer", "最终答案", "最终回答")
"""Labels of the answer."""

PROOF = ("Action Input", "Action input", "Observation", "动作输入", "行动输入", "观察")
"""Labels that agents alone write."""

THOUGHTS = ("Thought", "思考")
STEPS = (*THOUGHTS, "Action", "Question", "行动", "动作", "问题")
"""Labels that stand in texts of people, too: what begins with one may be an agent's. Behind all but
thoughts an agent's next line begins with the next label."""

_EMPHASIS = r"(?:\*\*|__)?"
_LABEL = re.compile(
    rf"[ \t]*(?:#{{1,6}}[ ])?{_EMPHASIS}(?P<label>{'|'.join((*FINAL, *PROOF, *STEPS))})"
    rf"[ ]?\d{{0,2}}{_EMPHASIS}[ ]?[:\uff1a]{_EMPHASIS}[ \t]*"
)
_LONGEST_LABEL = 40
_SIGNS = "*_# \t"
"""May stand before a label."""

_LONGEST_STEP = 2000
"""Letters behind the first label within which an agent goes on to its next step."""

_JSON = re.compile(r"\s*(?:```\w*\s*)?(\{.*\})\s*(?:```\s*)?", re.DOTALL)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")

_KEY = {
    "---": re.compile(r"[\"']?[a-z_][\w.-]*[\"']?[ \t]*:(?:[ \t].*)?"),
    "+++": re.compile(r"[A-Za-z_][\w.-]*[ \t]*=.*|\[{1,2}[\w. -]+\]{1,2}"),
}
"""A line that front matter begins with, by the line before and behind it."""

_MORE = re.compile(r"[ \t].*|#.*|-(?: .*)?|[\]}].*|")
"""Another line of front matter: of a list, of a text in several lines, a comment."""

_ENDS = {"---": ("---", "..."), "+++": ("+++",)}
_LONGEST_MATTER = 4000


class _Phase(Enum):
    BEGIN = "it is not known yet what the answer begins with"
    MATTER = "it begins like front matter"
    STEPS = "it begins like an agent's steps"
    OPEN = "all that comes is spoken"


class SpokenPart:
    """The part of an answer that is read aloud, fed piece by piece; the same for every way to cut.

    What proves to be neither front matter nor steps is spoken whole, and so is an answer that has
    nothing else. Of steps without an answer behind them the last one is spoken.
    """

    def __init__(self) -> None:
        self._phase = _Phase.BEGIN
        self._held: list[str] = []  # what came before the phase `OPEN`
        self._length = 0  # of what is held
        self._line: str | None = ""  # the newest one, while it is not known what it is
        self._fence = ""
        self._has_key = False
        self._labels = 0
        self._needs_label = False  # the next line, or it is no agent's
        self._proven = False  # that an agent has written it
        self._last = 0  # where the text of the last step begins
        self._spoken = False  # any word

    @property
    def leaves_out(self) -> bool:
        """Return whether a part of the answer is left out, or held back for now."""
        return self._phase in (_Phase.MATTER, _Phase.STEPS) or bool(
            self._phase is _Phase.OPEN and self._held
        )

    @property
    def waits_at_begin(self) -> bool:
        """Return whether the answer begins with what may be left out."""
        return self._phase is not _Phase.OPEN and self._length > 0

    def feed(self, delta: str) -> str:
        """Take the next piece of the visible text; return what of it is spoken, as far as known."""
        return "".join(map(self._take, _LINES.findall(delta)))

    def finish(self) -> str:
        """End the answer; return the rest of what is spoken."""
        if self._spoken:
            return ""
        held = "".join(self._held)
        last = held[self._last :]
        answer = _answer_in(last) if self._labels > 1 else ""
        self._release()
        if answer or (self._proven and last.strip()):
            return answer or last
        return held

    def _take(self, text: str) -> str:
        """Take a line, or a part of one; return what is spoken now."""
        if self._phase is _Phase.OPEN:
            self._spoken = self._spoken or not text.isspace()
            return text
        self._held.append(text)
        self._length += len(text)
        match self._phase:
            case _Phase.BEGIN:
                return self._begin(text)
            case _Phase.MATTER:
                return self._matter(text)
        return self._step(text)

    def _release(self) -> str:
        """Return all that was held back: it is spoken after all."""
        self._phase = _Phase.OPEN
        text = "".join(self._held)
        self._held.clear()
        self._spoken = True
        return text

    def _begin(self, text: str) -> str:
        line = self._line = f"{self._line}{text}".lstrip()
        words, whole = line.rstrip(), line.endswith("\n")
        if whole and words in _ENDS:
            self._phase, self._fence, self._line = _Phase.MATTER, words, ""
            return ""
        found = _LABEL.match(line)
        if found and found["label"] in STEPS:
            if _is_known(line, found):
                self._phase, self._line = _Phase.STEPS, line[: -len(text)]
                return self._step(text)
            return ""
        begun = line.lstrip(_SIGNS)
        may_be = any(fence.startswith(words) for fence in _ENDS) or any(
            label.startswith(begun[: len(label)]) for label in STEPS
        )
        return "" if may_be and not whole and len(line) <= _LONGEST_LABEL else self._release()

    def _matter(self, text: str) -> str:
        if self._length > _LONGEST_MATTER:
            return self._release()
        self._line = f"{self._line}{text}"
        if not self._line.endswith("\n"):
            return ""
        line, self._line = self._line.rstrip(), ""
        if _KEY[self._fence].fullmatch(line):
            self._has_key = True
        elif not self._has_key or (line not in _ENDS[self._fence] and not _MORE.fullmatch(line)):
            return self._release()
        elif line in _ENDS[self._fence]:
            self._phase = _Phase.OPEN
        return ""

    def _step(self, text: str) -> str:
        whole = text.endswith("\n")
        if self._line is not None:
            line = self._line = f"{self._line}{text}"
            found = _LABEL.match(line)
            if found and _is_known(line, found):
                if found["label"] in FINAL:
                    self._phase = _Phase.OPEN
                    self._spoken = bool(line[found.end() :].strip())
                    return line[found.end() :]
                self._note(found["label"], self._length - len(line) + found.end())
                self._line = None
            elif not found and (whole or len(line) > _LONGEST_LABEL):
                if self._needs_label and line.strip():
                    return self._release()
                self._line = None
        if whole:
            self._line = ""
            if self._labels == 1 and self._length > _LONGEST_STEP:
                return self._release()
        return ""

    def _note(self, label: str, begin: int) -> None:
        """Note a step, whose text begins at this place."""
        self._needs_label = not self._labels and label not in THOUGHTS
        self._labels += 1
        self._proven = self._proven or label in PROOF
        self._last = begin


def _answer_in(action: str) -> str:
    """Return the answer in an action that some prompts ask for; "" in another one.

    It is JSON: {"action": "Final Answer", "action_input": "..."}.
    """
    found = _JSON.fullmatch(action)
    try:
        told = json.loads(found[1]) if found else {}
    except (ValueError, RecursionError):
        return ""
    answer = told.get("action_input") if told.get("action") in FINAL else ""
    return answer if isinstance(answer, str) else ""


def _is_known(line: str, found: re.Match[str]) -> bool:
    """Return whether more text makes no difference to where a label ends."""
    return bool(line[found.end() : found.end() + 3].strip("*_"))


def spoken_part(text: str) -> str:
    """Return the part of a whole answer that is read aloud."""
    part = SpokenPart()
    return f"{part.feed(text)}{part.finish()}"
