"""Words that stand in for what is not read aloud: code blocks, formulas, ticks in a table."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from voice_assistant.text.formulas import with_formulas_read
from voice_assistant.text.languages import script_of

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)


class StandIns(NamedTuple):
    """The words of one language."""

    code: str
    formula: str
    yes: str
    no: str


_ENGLISH = StandIns("code block", "formula", "yes", "no")
_NAMED = {
    "ja": StandIns("コードブロック", "数式", "あり", "なし"),
    "ko": StandIns("코드 블록", "수식", "예", "아니요"),
    "ru": StandIns("блок кода", "формула", "да", "нет"),
    "zh": StandIns("代码块", "公式", "是", "否"),
}


@lru_cache(maxsize=4)
def stand_ins(text: str) -> StandIns:
    """Return the words for code, formulas and ticks in the language of a text."""
    words = with_formulas_read(_CODE.sub("", text), None)
    return _NAMED.get(script_of(words), _ENGLISH)
