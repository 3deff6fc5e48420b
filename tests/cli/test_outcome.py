"""What a command ends with."""

from __future__ import annotations

import pytest

from voice_assistant.cli import outcome
from voice_assistant.errors import INTERRUPTED


def of_a_library(cause):
    """What a library raises that forgets to import what it wants to catch."""
    try:
        raise cause
    except PackageNotFoundError:  # noqa: F821
        pass


@pytest.mark.parametrize(
    ("cause", "status", "told"), [(KeyboardInterrupt(), INTERRUPTED, False), (KeyError(), 1, True)]
)
def test_an_interruption_that_a_library_turns_into_another_error_is_one(
    cause, status, told, capsys
):
    with pytest.raises(NameError) as raised:
        of_a_library(cause)
    assert outcome.of_error(raised.value) == status
    assert ("Traceback" in capsys.readouterr().err) == told
