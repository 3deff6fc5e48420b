from __future__ import annotations

import pytest

from voice_assistant.text.choice import either


@pytest.mark.parametrize(
    ("names", "shown"),
    [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")],
)
def test_names_are_written_as_a_choice(names, shown):
    assert either(names) == shown
