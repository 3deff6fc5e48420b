"""The templates of everything that is understood; `intents.yaml` holds them."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml


def templates() -> dict[str, Any]:
    """The file's contents."""
    text = resources.files(__package__).joinpath("intents.yaml").read_text("utf-8")
    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed
