"""Which of several choices words mean: by their text, their place, or yes and no. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W_]+)*")
_FILLERS = frozenset({"please", "the", "i", "choose", "take", "want", "option", "button", "press"})
_ORDINALS = (
    ("first", "1st", "one", "1"),
    ("second", "2nd", "two", "2"),
    ("third", "3rd", "three", "3"),
    ("fourth", "4th", "four", "4"),
    ("fifth", "5th", "five", "5"),
)
_NAMED = 2  # of the forms of a number, those that name a place in a row beyond doubt
_YES = (
    *("yes", "yeah", "yep", "yes please", "sure", "ok", "okay", "of course", "go ahead", "do it"),
    *("do that", "correct", "right", "ja", "oui", "si", "sí", "да", "はい"),
    *("是", "是的", "好", "好的"),
)
_NO = (
    *("no", "nope", "no thanks", "no thank you", "don't", "nein", "non", "não", "нет", "いいえ"),
    *("不", "不是", "不要", "否"),
)
_YES_BUTTONS = (
    *("yes", "ok", "okay", "approve", "accept", "confirm", "agree", "allow", "continue"),
    *("submit", "send", "proceed", "ja", "oui", "sí", "да", "はい", "是"),
    *("同意", "确认", "批准"),
)
_NO_BUTTONS = (
    *("no", "cancel", "reject", "decline", "deny", "disagree", "refuse", "abort", "stop"),
    *("discard", "nein", "non", "não", "нет", "いいえ", "否"),
    *("取消", "拒绝", "不同意"),
)


def chosen(words: str, choices: Sequence[str], *, numbers: bool = True) -> int | None:
    """Return the place of the choice that the words mean; None for none, or for several.

    Args:
        words: what was said.
        choices: the choices, in their order.
        numbers: "two" is a choice, too, and not only "the second".
    """
    said = _words(words)
    for at, choice in enumerate(choices):
        if said == _words(choice):
            return at
    core = [word for word in said if word not in _FILLERS and word not in ("number", "that")]
    core = core[:-1] if len(core) > 1 and core[-1] == "one" else core
    if len(core) == 1:
        for at, forms in enumerate(_ORDINALS[: len(choices)]):
            if core[0] in (forms if numbers else forms[:_NAMED]):
                return at
        if core[0] == "last" and choices:
            return len(choices) - 1
    text = f" {' '.join(said)} "
    within = [at for at, one in enumerate(choices) if f" {' '.join(_words(one))} " in text]
    short = len(said) <= max((len(_words(one)) for one in choices), default=0) + 3
    return within[0] if len(within) == 1 and short else None


def agreed(words: str, buttons: Sequence[tuple[str, str]]) -> int | None:
    """Return the place of the button that a yes or a no means; None for none, or for several.

    Args:
        words: what was said.
        buttons: id and text of each button.
    """
    said = " ".join(_words(words))
    for wanted, names in ((_YES, _YES_BUTTONS), (_NO, _NO_BUTTONS)):
        if said in wanted:
            meant = [
                at
                for at, (id_, title) in enumerate(buttons)
                if {id_.casefold(), *_words(title)} & set(names)
            ]
            return meant[0] if len(meant) == 1 else None
    return None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
