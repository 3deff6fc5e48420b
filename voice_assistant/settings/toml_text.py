"""Reads TOML that people write: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import tomllib
from typing import Any


def table_in(text: str) -> dict[str, Any]:
    """Return the table in a text of TOML.

    Raises:
        ValueError: the text is no TOML, or has numbers or brackets beyond all use.
    """
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
